"""What does SES accept, in both APIs, and what does it say to the rest?"""

from __future__ import annotations

import re
from email.message import EmailMessage

import boto3
import pytest
from asking import refused
from botocore.config import Config
from botocore.exceptions import ClientError

ID = re.compile(r"0100[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000")
ONCE = Config(retries={"total_max_attempts": 1})


def addresses(to=("ada@example.org",), cc=(), bcc=()):
    words = {"ToAddresses": list(to), "CcAddresses": list(cc), "BccAddresses": list(bcc)}
    return {word: value for word, value in words.items() if value}


class V1:
    """Sends in the words of v1."""

    service = "ses"
    codes = {
        "invalid": ("InvalidParameterValue", 400),
        "unverified": ("MessageRejected", 400),
        "no set": ("ConfigurationSetDoesNotExist", 400),
        "set paused": ("ConfigurationSetSendingPausedException", 400),
        "account paused": ("AccountSendingPausedException", 400),
        "no template": ("TemplateDoesNotExist", 400),
        "throttled": ("Throttling", 400),
        "default set": ("ConfigurationSetDoesNotExist", 400),
        "mail from": ("MailFromDomainNotVerifiedException", 400),
    }

    def __init__(self):
        self.client = boto3.client(self.service, region_name="us-east-1", config=ONCE)

    def simple(self, source="news@example.com", text="Hi", html=None, **more):
        body = {"Text": text, "Html": html}
        return self.client.send_email(
            Source=source,
            Destination=more.pop("destination", addresses()),
            Message={
                "Subject": {"Data": more.pop("subject", "Hello")},
                "Body": {part: {"Data": data} for part, data in body.items() if data is not None},
            },
            **self._words(more),
        )["MessageId"]

    def templated(self, source="news@example.com", template="t", data="{}", **more):
        return self.client.send_templated_email(
            Source=source,
            Destination=more.pop("destination", addresses()),
            Template=template,
            TemplateData=data,
            **self._words(more),
        )["MessageId"]

    def raw(self, data, source=None, envelope=None, **more):
        words = {"Source": source, "Destinations": envelope}
        return self.client.send_raw_email(
            RawMessage={"Data": data},
            **{word: value for word, value in words.items() if value},
            **self._words(more),
        )["MessageId"]

    names = {
        "tags": "Tags",
        "set": "ConfigurationSetName",
        "reply_to": "ReplyToAddresses",
        "path": "ReturnPath",
    }

    def _words(self, more):
        return {self.names[word]: value for word, value in more.items()}


class V2(V1):
    """The same in the words of v2."""

    service = "sesv2"
    codes = {
        "invalid": ("BadRequestException", 400),
        "unverified": ("MessageRejected", 400),
        "no set": ("NotFoundException", 404),
        "set paused": ("SendingPausedException", 400),
        "account paused": ("SendingPausedException", 400),
        "no template": ("NotFoundException", 404),
        "throttled": ("TooManyRequestsException", 429),
        "default set": ("BadRequestException", 400),
        "mail from": ("MailFromDomainNotVerifiedException", 400),
    }
    names = {
        "tags": "EmailTags",
        "set": "ConfigurationSetName",
        "reply_to": "ReplyToAddresses",
        "path": "FeedbackForwardingEmailAddress",
        "headers": "Headers",
        "attachments": "Attachments",
    }

    def simple(self, source="news@example.com", text="Hi", html=None, **more):
        body = {"Text": text, "Html": html}
        content = {
            "Subject": {"Data": more.pop("subject", "Hello")},
            "Body": {part: {"Data": data} for part, data in body.items() if data is not None},
        }
        for word in ("headers", "attachments"):
            if word in more:
                content[self.names[word]] = more.pop(word)
        return self._send(source, {"Simple": content}, more)

    def templated(self, source="news@example.com", template="t", data="{}", **more):
        content = {"TemplateName": template, "TemplateData": data}
        return self._send(source, {"Template": content}, more)

    def raw(self, data, source=None, envelope=None, **more):
        more["destination"] = addresses(envelope) if envelope else {}
        return self._send(source, {"Raw": {"Data": data}}, more)

    def _send(self, source, content, more):
        return self.client.send_email(
            **({"FromEmailAddress": source} if source else {}),
            Destination=more.pop("destination", addresses()),
            Content=content,
            **self._words(more),
        )["MessageId"]


@pytest.fixture(params=[V1, V2], ids=["v1", "v2"])
def api(request, ses_backend):
    ses_backend.verify("example.com")
    return request.param()


@pytest.fixture
def template(ses_client):
    ses_client.create_template(
        Template={
            "TemplateName": "t",
            "SubjectPart": "Hi {{name}}",
            "TextPart": "Dear {{name}} of {{place.city}}",
            "HtmlPart": "<p>{{name}}</p>",
        }
    )
    return "t"


def unverified(*identities, region="US-EAST-1"):
    return (
        "Email address is not verified. The following identities failed the check in region "
        f"{region}: {', '.join(identities)}"
    )


class TestAccepted:
    def test_simple(self, api, ses_backend):
        """A simple mail is in the outbox with all that the caller said."""
        message_id = api.simple(
            "News <news@example.com>",
            text="Hi",
            html="<p>Hi</p>",
            destination=addresses(["Ada <ada@example.org>"], ["c@example.org"], ["d@example.org"]),
            reply_to=["help@example.com"],
            path="bounces@example.com",
            tags=[{"Name": "campaign", "Value": "spring.1@x"}],
        )
        assert ID.fullmatch(message_id)
        message = ses_backend.outbox.one()
        assert message_id == message.message_id
        assert (api.service, "SendEmail") == (message.service, message.operation)
        assert ("us-east-1", "123456789012") == (message.region, message.account_id)
        assert ("News <news@example.com>", "news@example.com") == (message.source, message.sender)
        assert ["Ada <ada@example.org>"] == list(message.to)
        assert (["c@example.org"], ["d@example.org"]) == (list(message.cc), list(message.bcc))
        assert ["ada@example.org", "c@example.org", "d@example.org"] == list(message.recipients)
        assert ["help@example.com"] == list(message.reply_to)
        assert "bounces@example.com" == message.return_path
        assert ("Hello", "Hi", "<p>Hi</p>") == (message.subject, message.text, message.html)
        assert {"campaign": "spring.1@x"} == message.tags
        assert message.configuration_set is None
        assert "d@example.org" not in message.raw.decode()

    def test_templated(self, api, ses_backend, template):
        """A templated mail is rendered; the data is at hand."""
        api.templated(data='{"name": "Ada", "place": {"city": "Oslo"}}')
        message = ses_backend.outbox.one(template_name="t")
        assert ("Hi Ada", "Dear Ada of Oslo") == (message.subject, message.text)
        assert "<p>Ada</p>" == message.html
        assert {"name": "Ada", "place": {"city": "Oslo"}} == message.template_data

    @pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning")
    def test_templated_without_an_attribute(self, api, ses_backend, template):
        """A mail whose template lacks an attribute is accepted, with the error and without a body."""
        assert ID.fullmatch(api.templated(data='{"name": "Ada"}'))
        message = ses_backend.outbox.one()
        assert (
            "Attribute 'place.city' is not present in the rendering data."
            == message.rendering_error
        )
        assert (None, None, None) == (message.subject, message.text, message.html)

    def test_raw(self, api, ses_backend):
        """A raw mail says who gets it; Bcc goes to the envelope and not into the mail."""
        mail = EmailMessage()
        mail["From"] = "News <news@example.com>"
        mail["To"] = "Ada <ada@example.org>, bob@example.org"
        mail["Bcc"] = "eve@example.org"
        mail["Subject"] = "Grüße"
        mail["X-SES-MESSAGE-TAGS"] = "campaign=spring, kind=news"
        mail.set_content("Hallo")
        mail.add_attachment(b"\x00\xff", maintype="image", subtype="png", filename="a.png")
        api.raw(mail.as_bytes())
        message = ses_backend.outbox.one()
        assert "news@example.com" == message.sender
        assert ["ada@example.org", "bob@example.org", "eve@example.org"] == list(message.recipients)
        assert ["eve@example.org"] == list(message.bcc)
        assert ("Grüße", "Hallo") == (message.subject, message.text.strip())
        assert [("a.png", b"\x00\xff")] == [(a.filename, a.content) for a in message.attachments]
        assert {"campaign": "spring", "kind": "news"} == message.tags
        assert b"eve@" not in message.raw
        assert b"X-SES" not in message.raw

    def test_raw_with_envelope(self, api, ses_backend):
        """What the call names wins over the headers: recipients, sender and tags."""
        api.raw(
            b"From: news@example.com\r\nTo: ada@example.org\r\nX-SES-MESSAGE-TAGS: a=1\r\n\r\nHi",
            source="other@example.com",
            envelope=["list@example.org"],
            tags=[{"Name": "b", "Value": "2"}],
        )
        message = ses_backend.outbox.one()
        assert ["list@example.org"] == list(message.recipients)
        assert ["ada@example.org"] == list(message.to)
        assert "other@example.com" == message.source
        assert {"b": "2"} == message.tags

    def test_configuration_set(self, api, ses_backend, sesv2_client):
        """A mail names its set, in the call or in a header, or has that of its sender."""
        for name in ("one", "two", "three"):
            sesv2_client.create_configuration_set(ConfigurationSetName=name)
        ses_backend.account().identities["example.com"].configuration_set_name = "three"
        api.simple(set="one")
        api.raw(b"From: a@example.com\r\nTo: b@example.org\r\nX-Ses-Configuration-Set: two\r\n\r\n")
        api.simple()
        assert ["one", "two", "three"] == [m.configuration_set for m in ses_backend.outbox]

    def test_every_sender(self, ses_backend):
        """`verify("*")` accepts every sender, in the sandbox recipients are checked all the same."""
        ses_backend.verify("*")
        V2().simple("anyone@anywhere.example")
        ses_backend.account().sandbox = True
        api = V2()
        refused(api, "unverified", unverified("ada@example.org"), api.simple)

    def test_parent_domain(self, api, ses_backend):
        """A verified domain covers its subdomains."""
        api.simple("a@deep.sub.example.com")
        assert 1 == len(ses_backend.outbox)

    def test_label(self, api, ses_backend):
        """A verified address covers its labels, and one that was verified with a label itself."""
        ses_backend.verify("joe@else.example", "ann+news@else.example")
        api.simple("joe+x@else.example")
        api.simple("ann+news@else.example")
        refused(api, "unverified", unverified("ann@else.example"), api.simple, "ann@else.example")

    def test_simulator_in_the_sandbox(self, api, ses_backend):
        """The mailbox simulator needs no verification."""
        ses_backend.account().sandbox = True
        api.simple(destination=addresses(["bounce+label@simulator.amazonses.com"]))
        assert 1 == len(ses_backend.outbox)

    def test_delegated_sender(self, ses_backend):
        """An identity of another account covers its sender where the call names its ARN."""
        client = boto3.client("ses", region_name="us-east-1")
        client.send_email(
            Source="a@owner.example",
            SourceArn="arn:aws:ses:us-east-1:999988887777:identity/owner.example",
            Destination=addresses(),
            Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        )
        assert 1 == len(ses_backend.outbox)


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "text"),
        [
            ("ada", "Missing final '@domain'"),
            ("ada@", "Missing domain"),
            ("ädä@example.org", "Local address contains control or whitespace"),
            ("ada@exämple.org", "Domain contains control or whitespace"),
        ],
    )
    @pytest.mark.parametrize("where", ["source", "to", "cc", "bcc", "reply_to", "path"])
    def test_syntax(self, api, address, text, where):
        """An address that is none is refused wherever it stands."""
        words = {}
        if where in ("to", "cc", "bcc"):
            words["destination"] = addresses(**{where: [address]})
        else:
            words[where] = [address] if where == "reply_to" else address
        refused(api, "invalid", text, api.simple, **words)

    def test_length(self, api):
        """An address has at most 320 characters."""
        address = "x" * 310 + "@example.com"
        refused(
            api,
            "invalid",
            f"Address length is more than 320 characters long: '{address}'.",
            api.simple,
            destination=addresses([address]),
        )

    def test_no_recipients(self, api):
        """A mail needs a recipient."""
        nobody = {"ToAddresses": []}
        refused(api, "invalid", "Missing required header 'To'.", api.simple, destination=nobody)
        refused(
            api, "invalid", "Missing required header 'To'.", api.raw, b"From: a@example.com\n\n"
        )

    def test_count(self, api, ses_backend):
        """A mail has at most fifty recipients, whatever their kind."""
        people = [f"a{number}@example.org" for number in range(51)]
        api.simple(destination=addresses(people[:20], people[20:40], people[40:50]))
        refused(
            api,
            "invalid",
            "Recipient count exceeds 50.",
            api.simple,
            destination=addresses(people[:20], people[20:40], people[40:]),
        )
        assert 50 == len(ses_backend.outbox.one().recipients)


class TestVerification:
    def test_sender(self, api):
        """The text names region and sender as supplied."""
        refused(
            api,
            "unverified",
            unverified("Eve <eve@evil.example>"),
            api.simple,
            "Eve <eve@evil.example>",
        )

    def test_return_path(self, api):
        """The return path has to be verified too."""
        refused(
            api, "unverified", unverified("eve@evil.example"), api.simple, path="eve@evil.example"
        )

    def test_sandbox(self, api, ses_backend):
        """In the sandbox one text names sender and recipients."""
        ses_backend.account().sandbox = True
        ses_backend.verify("known@example.org")
        refused(
            api,
            "unverified",
            unverified("eve@evil.example", "ada@example.org", "c@example.org"),
            api.simple,
            "eve@evil.example",
            destination=addresses(["ada@example.org", "known@example.org"], ["c@example.org"]),
        )

    @pytest.mark.parametrize("header", ["From", "Sender", "Return-Path"])
    def test_raw(self, api, header):
        """Every sender that a raw mail names has to be verified."""
        lines = {"From": "news@example.com", "To": "ada@example.org", header: "eve@evil.example"}
        mail = "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\nHi"
        refused(
            api,
            "unverified",
            unverified("eve@evil.example"),
            api.raw,
            mail.encode(),
            source="news@example.com",
        )

    def test_pending(self, api, ses_client):
        """An identity that was not confirmed yet does not count."""
        ses_client.verify_email_identity(EmailAddress="eve@evil.example")
        refused(api, "unverified", unverified("eve@evil.example"), api.simple, "eve@evil.example")

    def test_broken_mail_from_domain(self, api, ses_client):
        """With a MAIL FROM domain that is not verified, the identity may ask to reject."""
        ses_client.set_identity_mail_from_domain(
            Identity="example.com",
            MailFromDomain="mail.example.com",
            BehaviorOnMXFailure="RejectMessage",
        )
        with pytest.raises(ClientError) as caught:
            api.simple()
        assert api.codes["mail from"][0] == caught.value.response["Error"]["Code"]


class TestPauses:
    def test_missing_set(self, api):
        """A set that is not there is refused."""
        refused(api, "no set", "Configuration set <nil> does not exist.", api.simple, set="nil")

    def test_paused_set(self, api, sesv2_client):
        """A paused set refuses its mail."""
        sesv2_client.create_configuration_set(ConfigurationSetName="s")
        sesv2_client.put_configuration_set_sending_options(ConfigurationSetName="s")
        refused(api, "set paused", "Sending is paused for configuration set s", api.simple, set="s")

    def test_deleted_default_set(self, api, ses_backend):
        """A sender whose default set was deleted cannot send."""
        ses_backend.account().identities["example.com"].configuration_set_name = "gone"
        refused(api, "default set", "Configuration set <gone> does not exist.", api.simple)

    def test_paused_account(self, api, ses_client):
        """A paused account refuses all mail."""
        ses_client.update_account_sending_enabled(Enabled=False)
        with pytest.raises(ClientError) as caught:
            api.simple()
        assert api.codes["account paused"][0] == caught.value.response["Error"]["Code"]


class TestTags:
    @pytest.mark.parametrize(
        ("name", "value", "text"),
        [
            ("", "", "The tag name must be specified."),
            ("n", "", "The tag value must be specified."),
            ("n" * 256, "v", "Tag name cannot exceed 255 characters."),
            (
                "n.n",
                "v" * 256,
                "Invalid tag name <n.n>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
            ),
            ("n", "v" * 256, "Tag value cannot exceed 255 characters."),
            (
                "n",
                "v!",
                "Invalid tag value <v!>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' "
                "are allowed.",
            ),
        ],
    )
    def test_refused(self, api, name, value, text):
        """Bad tags are refused, before the sender is looked at."""
        tags = [{"Name": name, "Value": value}]
        refused(api, "invalid", text, api.simple, "eve@evil.example", tags=tags)

    def test_feedback_ids(self, api, ses_backend):
        """Two names with a colon are allowed."""
        api.simple(tags=[{"Name": "ses:feedback-id-a", "Value": "x"}])
        assert {"ses:feedback-id-a": "x"} == ses_backend.outbox.one().tags


class TestTemplated:
    def test_missing(self, api):
        """A template that is not there is refused."""
        refused(api, "no template", "Template nil does not exist.", api.templated, template="nil")

    @pytest.mark.parametrize("data", ["[1]", "{", '"x"'])
    def test_data(self, api, template, data):
        """The data has to be a JSON object."""
        refused(api, "invalid", "The template data is invalid", api.templated, data=data)

    def test_order_of_checks(self, api):
        """Addresses come before the set, the set before the length, the length before the template."""
        words = {
            "template": "nil",
            "destination": addresses(["x" * 320 + "@example.org"]),
            "set": "nil",
        }
        refused(api, "invalid", "Missing final '@domain'", api.templated, source="eve", **words)
        refused(api, "no set", "Configuration set <nil> does not exist.", api.templated, **words)
        del words["set"]
        with pytest.raises(ClientError, match="Address length is more than 320"):
            api.templated(**words)
        del words["destination"]
        refused(
            api,
            "no template",
            "Template nil does not exist.",
            api.templated,
            source="e@evil.example",
            **words,
        )


class TestRaw:
    @pytest.mark.parametrize(
        ("mail", "text"),
        [
            (b"To: ada@example.org\r\n\r\nHi", "Missing required header 'From'."),
            (
                b"From: a@example.com\r\nTo: b@example.org\r\nSubject: 1\r\nSubject: 2\r\n\r\nHi",
                "Duplicate header 'Subject'.",
            ),
            (b"From: a@example.com\r\nTo: nobody\r\n\r\nHi", "Missing final '@domain'"),
        ],
    )
    def test_refused(self, api, mail, text):
        """A raw mail that SES cannot send is refused with its reason."""
        refused(api, "invalid", text, api.raw, mail)

    @pytest.mark.parametrize(
        ("sender", "v1", "v2"),
        [
            ("eve", "Missing final '@domain'", "Missing final '@domain'"),
            (
                "e ve@example.com",
                "Local address contains control or whitespace",
                "Invalid From address provided.",
            ),
        ],
    )
    def test_bad_from(self, api, sender, v1, v2):
        """Of a bad From header v2 says no more than that, but for a missing domain."""
        mail = f"From: {sender}\r\nTo: b@example.org\r\n\r\nHi".encode()
        refused(api, "invalid", v1 if api.service == "ses" else v2, api.raw, mail)

    @pytest.mark.parametrize(("version", "limit"), [(V1, 10485760), (V2, 41943040)])
    def test_size(self, ses_backend, version, limit):
        """v1 takes ten megabytes and v2 forty."""
        ses_backend.verify("*")
        api = version()
        head = b"From: a@example.com\r\nTo: b@example.org\r\n\r\n"
        api.raw(head + b"x" * (limit - 1000))
        with pytest.raises(ClientError, match=f"Message length is more than {limit} bytes long: '"):
            api.raw(head + b"x" * limit)


class TestQuota:
    def test_not_enforced_unless_set(self, ses_backend):
        """The reported quota of a sandbox is not enforced by itself."""
        ses_backend.verify("*", "example.org")
        ses_backend.account().sandbox = True
        api = V2()
        for _ in range(5):
            api.simple(destination=addresses([f"a{n}@example.org" for n in range(50)]))
        assert 250.0 == api.client.get_account()["SendQuota"]["SentLast24Hours"]

    @pytest.mark.ses(daily_quota=3)
    def test_daily(self, api, ses_backend):
        """The quota counts recipients, lets the last mail over it pass, and is back after a day."""
        api.simple(destination=addresses(["a@example.org", "b@example.org"]))
        api.simple(destination=addresses(["a@example.org", "b@example.org"]))
        refused(api, "throttled", "Daily message quota exceeded.", api.simple)
        ses_backend.clock.advance(hours=24)
        api.simple()
        assert 3 == len(ses_backend.outbox)

    @pytest.mark.ses(send_rate=2)
    def test_rate(self, api, ses_backend):
        """The rate counts recipients a second."""
        api.simple()
        api.simple()
        refused(api, "throttled", "Maximum sending rate exceeded.", api.simple)
        ses_backend.clock.advance(seconds=1)
        api.simple()
        assert 3 == len(ses_backend.outbox)


class TestV2Only:
    @pytest.fixture(autouse=True)
    def verified(self, ses_backend):
        ses_backend.verify("example.com")

    def test_headers_and_attachments(self, ses_backend):
        """Headers and attachments arrive as they were given."""
        V2().simple(
            html="<img src='cid:logo'>",
            headers=[{"Name": "X-Campaign", "Value": "spring"}],
            attachments=[
                {"FileName": "a.txt", "RawContent": b"text"},
                {
                    "FileName": "logo.png",
                    "RawContent": b"\x89PNG",
                    "ContentId": "logo",
                    "ContentDisposition": "INLINE",
                    "ContentTransferEncoding": "BASE64",
                    "ContentDescription": "our logo",
                },
                {"FileName": "thing", "RawContent": b"?", "ContentType": "application/x-thing"},
                {"FileName": "unknown", "RawContent": b"?"},
            ],
        )
        message = ses_backend.outbox.one()
        assert "spring" == message.headers["x-campaign"]
        assert ["text/plain", "image/png", "application/x-thing", "application/octet-stream"] == [
            a.content_type for a in message.attachments
        ]
        assert ("logo", True) == (message.attachments[1].content_id, message.attachments[1].inline)
        parts = [part.get_filename() for part in message.mime.walk() if part.get_filename()]
        assert {"a.txt", "logo.png", "thing", "unknown"} == set(parts)

    @pytest.mark.parametrize("name", ["Subject", "from", "Content-Type"])
    def test_headers_of_the_mail_itself(self, name):
        """A header that the mail has already is refused."""
        api = V2()
        headers = [{"Name": name, "Value": "x"}]
        refused(api, "invalid", f"Duplicate header '{name}'.", api.simple, headers=headers)

    def test_inline_template(self, ses_backend):
        """A template that comes along fills in plain variables."""
        V2()._send(
            "a@example.com",
            {
                "Template": {
                    "TemplateContent": {"Subject": "Hi {{name}}", "Text": "T", "Html": "H"},
                    "TemplateData": '{"name": "Ada"}',
                }
            },
            {},
        )
        message = ses_backend.outbox.one()
        assert ("Hi Ada", None) == (message.subject, message.template_name)

    @pytest.mark.parametrize("part", ["{{#if a}}x{{/if}}", "{{a.b}}", "{{snake_case}}"])
    def test_inline_template_with_more(self, part):
        """It may do no more than that."""
        api = V2()
        content = {"Template": {"TemplateContent": {"Subject": part}, "TemplateData": "{}"}}
        refused(
            api,
            "invalid",
            "Template contains unsupported operations.",
            api._send,
            "a@example.com",
            content,
            {},
        )

    def test_template_by_arn(self, ses_backend, template):
        """A stored template can be named by its ARN."""
        arn = ses_backend.account().arn("template", template)
        content = {"TemplateArn": arn, "TemplateData": '{"name": "A", "place": {"city": "B"}}'}
        V2()._send("a@example.com", {"Template": content}, {})
        assert "Hi A" == ses_backend.outbox.one(template_name="t").subject

    @pytest.mark.parametrize(
        ("content", "given"),
        [
            ({}, "none"),
            ({"Template": {}}, "none"),
            ({"Template": {"TemplateData": "{}"}}, "TemplateData"),
            (
                {"Template": {"TemplateName": "t", "TemplateContent": {}}},
                "TemplateName, TemplateContent",
            ),
            ({"Raw": {"Data": b""}, "Template": {"TemplateName": "t"}}, "Raw, Template"),
        ],
    )
    def test_one_kind_of_content(self, content, given):
        """A mail has exactly one kind of content."""
        api = V2()
        text = f"Give exactly one kind of content; given: {given}."
        refused(api, "invalid", text, api._send, "a@example.com", content, {})

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ({"Simple": {"Subject": {"Data": "s"}, "Body": {}}}, None),
            ({"Template": {"TemplateName": "t"}}, "Source cannot be empty"),
            ({"Raw": {"Data": b"To: a@example.org\n\n"}}, "Missing required header 'From'."),
        ],
    )
    def test_without_sender(self, content, text):
        """A mail without a sender is refused; of a simple one no text is given."""
        api = V2()
        with pytest.raises(ClientError) as caught:
            api._send(None, content, {})
        error = caught.value.response["Error"]
        assert ("BadRequestException", text) == (error["Code"], error["Message"])

    @pytest.mark.parametrize(
        ("words", "code", "text"),
        [
            (
                {"TenantName": "acme"},
                "NotFoundException",
                "Tenant acme for AwsAccountId 123456789012 not found.",
            ),
            (
                {"ListManagementOptions": {"ContactListName": "l"}},
                "NotFoundException",
                "List with name: l doesn't exist.",
            ),
        ],
    )
    def test_what_is_not_there(self, words, code, text):
        """A tenant or contact list that is not there is refused."""
        with pytest.raises(ClientError) as caught:
            V2().client.send_email(
                FromEmailAddress="a@example.com",
                Destination=addresses(),
                Content={"Simple": {"Subject": {"Data": "s"}, "Body": {}}},
                **words,
            )
        error = caught.value.response["Error"]
        assert (code, text) == (error["Code"], error["Message"])

    def test_endpoint(self, ses_backend):
        """A multi-region endpoint that is not there is refused."""
        from pytest_ses.wire.http import Fault

        with pytest.raises(Fault, match=r"NotFoundException") as caught:
            ses_backend.call(
                "sesv2", "SendEmail", {"Content": {"Raw": {"Data": b""}}, "EndpointId": "e.1"}
            )
        assert 404 == caught.value.status

    @pytest.mark.parametrize(
        ("headers", "text"),
        [
            (
                [{"Name": "X", "Value": "1"}] * 16,
                "Member must have length less than or equal to 15",
            ),
            ([{"Name": "a:b", "Value": "1"}], "Member must satisfy regular expression pattern"),
            ([{"Name": "X", "Value": "ü"}], "Member must satisfy regular expression pattern"),
        ],
    )
    def test_bad_headers(self, headers, text):
        """Headers that the model forbids are refused."""
        with pytest.raises(ClientError, match=text):
            V2().simple(headers=headers)
