"""What does SES accept, in both APIs?"""

from __future__ import annotations

from email.message import EmailMessage

import boto3
import pytest
from asking import refused
from botocore.exceptions import ClientError
from senders import ID, V1, V2, addresses, unverified


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
