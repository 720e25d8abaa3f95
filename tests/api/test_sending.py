"""Sending single messages, in both APIs."""

from __future__ import annotations

from email.message import EmailMessage

import boto3
import pytest
from asking import assert_error
from botocore.exceptions import ClientError
from senders import ID, V1, V2, addresses, unverified

OWNER = "arn:aws:ses:us-east-1:999988887777:identity/owner.example"
PARTNER = "arn:aws:ses:us-east-1:999988887777:identity/partner.example"
SIMULATED = b"From: a@example.com\nTo: success@simulator.amazonses.com\n\nHi"


class TestAccepted:
    def test_simple(self, api, ses_backend):
        """A simple message is in the outbox with everything that the request contained."""
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
        """A templated message is rendered and keeps its template data."""
        api.templated(data='{"name": "Ada", "place": {"city": "Oslo"}}')
        message = ses_backend.outbox.one(template_name="t")
        assert ("Hi Ada", "Dear Ada of Oslo") == (message.subject, message.text)
        assert "<p>Ada</p>" == message.html
        assert {"name": "Ada", "place": {"city": "Oslo"}} == message.template_data

    @pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning")
    def test_templated_without_an_attribute(self, api, ses_backend, template):
        """A message with a missing attribute is accepted, with a rendering error and no content."""
        assert ID.fullmatch(api.templated(data='{"name": "Ada"}'))
        message = ses_backend.outbox.one()
        assert (
            "Attribute 'place.city' is not present in the rendering data."
            == message.rendering_error
        )
        assert (None, None, None) == (message.subject, message.text, message.html)

    def test_raw(self, api, ses_backend):
        """A raw message's headers set its recipients and tags; Bcc is removed from the message."""
        email = EmailMessage()
        email["From"] = "News <news@example.com>"
        email["To"] = "Ada <ada@example.org>, bob@example.org"
        email["Bcc"] = "eve@example.org"
        email["Subject"] = "Grüße"
        email["X-SES-MESSAGE-TAGS"] = "campaign=spring, kind=news"
        email.set_content("Hallo")
        email.add_attachment(b"\x00\xff", maintype="image", subtype="png", filename="a.png")
        api.raw(email.as_bytes())
        message = ses_backend.outbox.one()
        assert "news@example.com" == message.sender
        assert ["ada@example.org", "bob@example.org", "eve@example.org"] == list(message.recipients)
        assert ["eve@example.org"] == list(message.bcc)
        assert ("Grüße", "Hallo") == (message.subject, message.text.strip())
        assert [("a.png", b"\x00\xff")] == [
            (attachment.filename, attachment.content) for attachment in message.attachments
        ]
        assert {"campaign": "spring", "kind": "news"} == message.tags
        assert b"eve@" not in message.raw
        assert b"X-SES" not in message.raw

    def test_raw_with_envelope(self, api, ses_backend):
        """The recipients, sender and tags of the request override those of the headers."""
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
        """The configuration set comes from the request, a header or the sender's identity."""
        for name in ("one", "two", "three"):
            sesv2_client.create_configuration_set(ConfigurationSetName=name)
        ses_backend.account().identities["example.com"].configuration_set_name = "three"
        api.simple(set="one")
        api.raw(b"From: a@example.com\r\nTo: b@example.org\r\nX-Ses-Configuration-Set: two\r\n\r\n")
        api.simple()
        assert ["one", "two", "three"] == [
            message.configuration_set for message in ses_backend.outbox
        ]

    def test_every_sender(self, ses_backend):
        """`verify("*")` accepts every sender, but not every recipient in the sandbox."""
        ses_backend.verify("*")
        V2().simple("anyone@anywhere.example")
        ses_backend.account().sandbox = True
        api = V2()
        assert_error(api, "unverified", unverified("ada@example.org"), api.simple)

    def test_parent_domain(self, api, ses_backend):
        """A verified domain verifies its subdomains."""
        api.simple("a@deep.sub.example.com")
        assert 1 == len(ses_backend.outbox)

    def test_label(self, api, ses_backend):
        """A verified address verifies all its labels, but an address with a label only itself."""
        ses_backend.verify("joe@else.example", "ann+news@else.example")
        api.simple("joe+x@else.example")
        api.simple("ann+news@else.example")
        assert_error(
            api, "unverified", unverified("ann@else.example"), api.simple, "ann@else.example"
        )

    def test_simulator_in_the_sandbox(self, api, ses_backend):
        """The mailbox simulator needs no verification in the sandbox."""
        ses_backend.account().sandbox = True
        api.simple(destination=addresses(["bounce+label@simulator.amazonses.com"]))
        assert 1 == len(ses_backend.outbox)

    def test_delegated_sender(self, ses_backend):
        """A sender can use the identity of another account by its ARN."""
        client = boto3.client("ses", region_name="us-east-1")
        client.send_email(
            Source="a@owner.example",
            SourceArn="arn:aws:ses:us-east-1:999988887777:identity/owner.example",
            Destination=addresses(),
            Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        )
        assert 1 == len(ses_backend.outbox)


class TestArns:
    """The ARNs of identities of another account, as arguments or in headers of raw messages."""

    @pytest.mark.parametrize(
        ("arns", "rejected"),
        [
            ({}, ["a@owner.example", "b@partner.example", "c@partner.example"]),
            ({"SOURCE": OWNER}, ["b@partner.example", "c@partner.example"]),
            ({"SOURCE": OWNER, "FROM": PARTNER}, ["c@partner.example"]),
            ({"SOURCE": OWNER, "RETURN-PATH": PARTNER}, ["b@partner.example"]),
            ({"SOURCE": OWNER, "FROM": PARTNER, "RETURN-PATH": PARTNER}, None),
            ({"SOURCE": PARTNER}, ["a@owner.example"]),
        ],
    )
    def test_headers(self, api, ses_backend, arns, rejected):
        """Each header applies to its address; X-SES-SOURCE-ARN replaces those that are missing."""
        lines = [f"X-SES-{name}-ARN: {arn}" for name, arn in arns.items()]
        lines += [
            "From: b@partner.example",
            "Return-Path: c@partner.example",
            "To: ada@example.org",
        ]
        data = "\n".join([*lines, "", "Hi"]).encode()
        if rejected:
            text = unverified(*rejected)
            assert_error(api, "unverified", text, api.raw, data, source="a@owner.example")
        else:
            api.raw(data, source="a@owner.example")
            assert b"-ARN" not in ses_backend.outbox.one().raw

    def test_arguments_take_precedence(self, ses_client, sesv2_client):
        """The arguments of the call override the headers."""
        names = ("SOURCE", "FROM", "RETURN-PATH")
        lines = [f"X-SES-{name}-ARN: {PARTNER}" for name in names]
        lines += ["From: a@owner.example", "Return-Path: b@owner.example", "To: ada@example.org"]
        data = "\n".join([*lines, "", "Hi"]).encode()
        with pytest.raises(ses_client.exceptions.MessageRejected):
            ses_client.send_raw_email(RawMessage={"Data": data})
        ses_client.send_raw_email(
            RawMessage={"Data": data}, SourceArn=OWNER, FromArn=OWNER, ReturnPathArn=OWNER
        )
        sesv2_client.send_email(
            Content={"Raw": {"Data": data}},
            FromEmailAddressIdentityArn=OWNER,
            FeedbackForwardingEmailAddressIdentityArn=OWNER,
        )

    @pytest.mark.parametrize(
        ("of_source", "of_path", "rejected"),
        [
            (OWNER, None, "b@partner.example"),
            (OWNER, PARTNER, None),
            (PARTNER, None, "a@owner.example"),
            (None, PARTNER, "a@owner.example"),
        ],
    )
    def test_simple(self, api, of_source, of_path, rejected):
        """Source and return path each need the ARN of an identity that covers them."""
        arns = {"source_arn": of_source, "path_arn": of_path}
        options = {name: arn for name, arn in arns.items() if arn}
        options |= {"source": "a@owner.example", "path": "b@partner.example"}
        if rejected:
            assert_error(api, "unverified", unverified(rejected), api.simple, **options)
        else:
            api.simple(**options)


class TestTemplated:
    def test_missing_template(self, api):
        """A template that does not exist is rejected."""
        assert_error(
            api, "no template", "Template nil does not exist.", api.templated, template="nil"
        )

    @pytest.mark.parametrize("data", ["[1]", "{", '"x"'])
    def test_invalid_data(self, api, template, data):
        """Template data that is not a JSON object is rejected."""
        assert_error(api, "invalid", "The template data is invalid", api.templated, data=data)

    def test_order_of_checks(self, api):
        """Address syntax, configuration set, address length and template are checked in order."""
        arguments = {
            "template": "nil",
            "destination": addresses(["x" * 320 + "@example.org"]),
            "set": "nil",
        }
        assert_error(
            api, "invalid", "Missing final '@domain'", api.templated, source="eve", **arguments
        )
        assert_error(
            api, "no set", "Configuration set <nil> does not exist.", api.templated, **arguments
        )
        del arguments["set"]
        with pytest.raises(ClientError, match="Address length is more than 320"):
            api.templated(**arguments)
        del arguments["destination"]
        assert_error(
            api,
            "no template",
            "Template nil does not exist.",
            api.templated,
            source="e@evil.example",
            **arguments,
        )


class TestRaw:
    @pytest.mark.parametrize(
        ("data", "text"),
        [
            (b"To: ada@example.org\r\n\r\nHi", "Missing required header 'From'."),
            (
                b"From: a@example.com\r\nTo: b@example.org\r\nSubject: 1\r\nSubject: 2\r\n\r\nHi",
                "Duplicate header 'Subject'.",
            ),
            (b"From: a@example.com\r\nTo: nobody\r\n\r\nHi", "Missing final '@domain'"),
        ],
    )
    def test_rejected(self, api, data, text):
        """A raw message that SES cannot send is rejected with the reason."""
        assert_error(api, "invalid", text, api.raw, data)

    @pytest.mark.parametrize(
        "name", ["Precedence", "List-Id", "User-Agent", "acceptLanguage", "List-Unsubscribe-Post"]
    )
    def test_duplicate_header(self, api, name):
        """A header that the guide allows only once is rejected if it is repeated."""
        data = f"From: a@example.com\nTo: b@example.org\n{name}: 1\n{name.lower()}: 2\n\nHi"
        text = f"Duplicate header '{name.lower()}'."
        assert_error(api, "invalid", text, api.raw, data.encode())

    def test_repeated_recipient_headers(self, api, ses_backend):
        """To, Cc and Bcc can be repeated; the message is sent to all of their addresses."""
        api.raw(
            b"From: a@example.com\nTo: b@example.org\nTo: c@example.org\nCc: d@example.org\n"
            b"cc: e@example.org\nBcc: f@example.org\nBcc: g@example.org\n\nHi"
        )
        message = ses_backend.outbox.one()
        assert ["b@example.org", "c@example.org"] == message.to
        assert ["d@example.org", "e@example.org"] == message.cc
        assert ["f@example.org", "g@example.org"] == message.bcc
        assert 6 == len(message.recipients)

    def test_return_path(self, api, ses_backend):
        """The Return-Path header is the return path, and the delivered message does not have it."""
        api.raw(b"From: a@example.com\nReturn-Path: back@example.com\nTo: b@example.org\n\nHi")
        message = ses_backend.outbox.one()
        assert "back@example.com" == message.return_path
        assert "Return-Path" not in message.headers
        common = message.events[0].record["mail"]["commonHeaders"]
        assert "back@example.com" == common["returnPath"]

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
    def test_invalid_from(self, api, sender, v1, v2):
        """For an invalid From header, v2 gives a general text unless the domain is missing."""
        data = f"From: {sender}\r\nTo: b@example.org\r\n\r\nHi".encode()
        assert_error(api, "invalid", v1 if api.service == "ses" else v2, api.raw, data)

    @pytest.mark.parametrize(("version", "limit"), [(V1, 10485760), (V2, 41943040)])
    @pytest.mark.slow
    def test_size(self, ses_backend, version, limit):
        """v1 accepts messages of up to 10 MB, v2 of up to 40 MB."""
        ses_backend.verify("*")
        api = version()
        headers = b"From: a@example.com\r\nTo: b@example.org\r\n\r\n"
        api.raw(headers + b"x" * (limit - 1000))
        with pytest.raises(ClientError, match=f"Message length is more than {limit} bytes long: '"):
            api.raw(headers + b"x" * limit)


class TestQuota:
    def test_sandbox_quota_is_not_enforced(self, ses_backend):
        """The quota that a sandbox account reports is not enforced by default."""
        ses_backend.verify("*", "example.org")
        ses_backend.account().sandbox = True
        api = V2()
        for _ in range(5):
            api.simple(destination=addresses([f"a{n}@example.org" for n in range(50)]))
        assert 250.0 == api.client.get_account()["SendQuota"]["SentLast24Hours"]

    @pytest.mark.ses(daily_quota=3)
    def test_daily(self, api, ses_backend):
        """The quota counts recipients, allows the message that exceeds it and resets daily."""
        api.simple(destination=addresses(["a@example.org", "b@example.org"]))
        api.simple(destination=addresses(["a@example.org", "b@example.org"]))
        assert_error(api, "throttled", "Daily message quota exceeded.", api.simple)
        ses_backend.clock.advance(hours=24)
        api.simple()
        assert 3 == len(ses_backend.outbox)

    @pytest.mark.ses(daily_quota=1, send_rate=3)
    def test_simulator(self, api, ses_backend):
        """Messages to the mailbox simulator count towards the send rate, not the daily quota."""
        simulator = ["S <success@Simulator.amazonses.com>", "bounce@simulator.amazonses.com"]
        api.simple(destination=addresses(simulator))
        api.simple()
        assert_error(api, "throttled", "Maximum sending rate exceeded.", api.raw, SIMULATED)
        ses_backend.clock.advance(seconds=1)
        api.raw(SIMULATED)
        mixed = addresses(["ada@example.org", *simulator])
        assert_error(
            api, "throttled", "Daily message quota exceeded.", api.simple, destination=mixed
        )
        assert 3 == len(ses_backend.outbox)

    def test_simulator_statistics(self, api, ses_client, sesv2_client):
        """`SentLast24Hours` omits the mailbox simulator; the send statistics count it."""
        api.simple(destination=addresses(["ada@example.org", "ooto@simulator.amazonses.com"]))
        assert 1.0 == ses_client.get_send_quota()["SentLast24Hours"]
        assert 1.0 == sesv2_client.get_account()["SendQuota"]["SentLast24Hours"]
        (point,) = ses_client.get_send_statistics()["SendDataPoints"]
        assert 2 == point["DeliveryAttempts"]

    @pytest.mark.ses(send_rate=2)
    def test_rate(self, api, ses_backend):
        """The send rate counts recipients per second."""
        api.simple()
        api.simple()
        assert_error(api, "throttled", "Maximum sending rate exceeded.", api.simple)
        ses_backend.clock.advance(seconds=1)
        api.simple()
        assert 3 == len(ses_backend.outbox)
