"""The events of sent messages and their records."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from botocore_models import needs
from senders import addresses

from pytest_ses import SESBackend

NOW = datetime(2026, 3, 26, 2, 13, 35, 500000, tzinfo=timezone.utc)
SOURCE = "News <news@example.com>"
ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = '<p><a href="https://example.com/a?b=1">a</a><a ses:tags="k:v;" href="http://x.example/">x</a></p>'
MTA = {
    "remoteMtaIp": "203.0.113.25",
    "reportingMTA": "dns; a48-102.smtp-out.amazonses.com",
}


@pytest.fixture
def backend(monkeypatch):
    """A backend with a frozen clock and a configuration set."""
    backend = SESBackend(verified=["example.com"])
    monkeypatch.setattr("pytest_ses.clock.datetime", FrozenDatetime)
    backend._call("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "letters"})
    return backend


class FrozenDatetime(datetime):
    """A datetime class whose current time is frozen."""

    @classmethod
    def now(cls, _zone):
        return NOW


def send(backend, *to, content=None, **changes):
    simple = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}}
    params = {
        "FromEmailAddress": SOURCE,
        "Destination": addresses(to or ["ada@example.org"]),
        "Content": content or simple,
        "ConfigurationSetName": "letters",
        **changes,
    }
    backend._call("sesv2", "SendEmail", params)
    return backend.outbox.last


def html(text=HTML):
    return {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Html": {"Data": text}}}}


def mail_object(message, *, headers=True, **tags):
    """The `mail` object that the records of the simple message above contain."""
    headers_shown = {
        "headersTruncated": False,
        "headers": [
            {"name": "From", "value": SOURCE},
            {"name": "To", "value": "ada@example.org"},
            {"name": "Subject", "value": "Hello"},
            {"name": "MIME-Version", "value": "1.0"},
            {"name": "Content-Type", "value": "text/plain; charset=UTF-8"},
            {"name": "Content-Transfer-Encoding", "value": "7bit"},
        ],
        "commonHeaders": {
            "from": [SOURCE],
            "to": ["ada@example.org"],
            "messageId": message.message_id,
            "subject": "Hello",
        },
    }
    return {
        "timestamp": "2026-03-26T02:13:35.500Z",
        "source": SOURCE,
        "sourceArn": ARN,
        "sendingAccountId": "123456789012",
        "messageId": message.message_id,
        "destination": ["ada@example.org"],
        **(headers_shown if headers else {"headersTruncated": False}),
        "tags": {
            "ses:source-tls-version": ["TLSv1.3"],
            "ses:operation": ["SendEmail"],
            "ses:configuration-set": ["letters"],
            **tags.get("outgoing_tls", {}),
            "ses:source-ip": ["127.0.0.1"],
            "ses:from-domain": ["example.com"],
            **tags.get("custom", {}),
            "ses:caller-identity": ["pytest-ses"],
            **tags.get("outgoing_ip", {}),
        },
    }


def assert_same(expected, record):
    """Assert that a record has the expected members in the expected order."""
    assert expected == record
    assert json.dumps(expected) == json.dumps(record)


class TestRecords:
    def test_send(self, backend):
        """The record of a Send contains the tags of the request in SES's order."""
        message = send(backend, EmailTags=[{"Name": "genre", "Value": "scifi"}])
        expected = mail_object(message, custom={"genre": ["scifi"]})
        assert_same({"eventType": "Send", "mail": expected, "send": {}}, message.events[0].record)
        assert message.events[0].notification is None

    def test_delivery(self, backend):
        """The record of a Delivery contains the outgoing IP address and TLS version."""
        message = send(backend)
        expected = mail_object(
            message,
            outgoing_tls={"ses:outgoing-tls-version": ["TLSv1.3"]},
            outgoing_ip={"ses:outgoing-ip": ["54.240.48.102"]},
        )
        delivery = {
            "timestamp": "2026-03-26T02:13:36.101Z",
            "processingTimeMillis": 601,
            "recipients": ["ada@example.org"],
            "smtpResponse": "250 Ok",
            "remoteMtaIp": "203.0.113.25",
            "reportingMTA": "a48-102.smtp-out.amazonses.com",
        }
        assert_same(
            {"eventType": "Delivery", "mail": expected, "delivery": delivery},
            message.events[1].record,
        )

    def test_bounce(self, backend):
        """The record of a Bounce and the notification of the identity have SES's format."""
        message = send(backend)
        event = backend.bounce(message, "ada@example.org")
        bounce = {
            "feedbackId": event.record["bounce"]["feedbackId"],
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": "ada@example.org",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
            ],
            "timestamp": "2026-03-26T02:13:36.102Z",
            **MTA,
        }
        assert_same(
            {"eventType": "Bounce", "bounce": bounce, "mail": mail_object(message)}, event.record
        )
        assert event is message.events[-1]
        assert_same(
            {
                "notificationType": "Bounce",
                "bounce": {**bounce, "timestamp": "2026-03-26T02:13:36.000Z"},
                "mail": {
                    "timestamp": "2026-03-26T02:13:35.500Z",
                    "source": SOURCE,
                    "sourceArn": ARN,
                    "sourceIp": "127.0.0.1",
                    "callerIdentity": "pytest-ses",
                    "sendingAccountId": "123456789012",
                    "messageId": message.message_id,
                    "destination": ["ada@example.org"],
                },
            },
            event.notification,
        )

    def test_complaint(self, backend):
        """The record of a Complaint has SES's format."""
        message = send(backend)
        event = backend.complain(message)
        complaint = {
            "feedbackId": event.record["complaint"]["feedbackId"],
            "complaintSubType": None,
            "complainedRecipients": [{"emailAddress": "ada@example.org"}],
            "timestamp": "2026-03-26T02:13:36.102Z",
            "userAgent": "Mozilla/5.0 (pytest-ses)",
            "complaintFeedbackType": "abuse",
            "arrivalDate": "2026-03-26T02:13:36.102Z",
        }
        expected = {"eventType": "Complaint", "complaint": complaint, "mail": mail_object(message)}
        assert_same(expected, event.record)

    @needs("sesv2", "SendEmail", "Content.Simple.Attachments")
    def test_reject(self, backend):
        """A message with a virus is rejected, and the record contains the reason."""
        attached = {**html()["Simple"], "Attachments": [{"FileName": "a.txt", "RawContent": EICAR}]}
        message = send(backend, content={"Simple": attached})
        assert ["Send", "Reject"] == [event.type for event in message.events]
        record = message.events[1].record
        assert ["eventType", "mail", "reject"] == list(record)
        assert ("Reject", {"reason": "Bad content"}) == (record["eventType"], record["reject"])

    def test_open(self, backend):
        """The record of an Open has SES's format."""
        message = send(backend, content=html())
        record = backend.open(message).record
        assert ["eventType", "mail", "open"] == list(record)
        assert_same(
            {
                "timestamp": "2026-03-26T02:13:36.102Z",
                "userAgent": "Mozilla/5.0 (pytest-ses)",
                "ipAddress": "192.0.2.1",
            },
            record["open"],
        )

    def test_click(self, backend):
        """The record of a Click contains the link and its tags, if it has any."""
        message = send(backend, content=html())
        assert ["https://example.com/a?b=1", "http://x.example/"] == message.links
        click = {
            "timestamp": "2026-03-26T02:13:36.102Z",
            "ipAddress": "192.0.2.1",
            "userAgent": "Mozilla/5.0 (pytest-ses)",
            "link": "https://example.com/a?b=1",
            "linkTags": None,
        }
        first, second = (backend.click(message, link).record for link in message.links)
        assert_same(click, first["click"])
        assert ["eventType", "mail", "click"] == list(first)
        assert ("http://x.example/", {"k": ["v"]}) == (
            second["click"]["link"],
            second["click"]["linkTags"],
        )

    def test_rendering_failure(self, backend):
        """The record of a Rendering Failure contains the error, but no headers."""
        content = {"Subject": "{{name}}", "Text": "x"}
        backend._call(
            "sesv2", "CreateEmailTemplate", {"TemplateName": "t", "TemplateContent": content}
        )
        message = send(backend, content={"Template": {"TemplateName": "t", "TemplateData": "{}"}})
        sent, failed = message.events
        assert "Send" == sent.type
        failure = {
            "errorMessage": "Attribute 'name' is not present in the rendering data.",
            "templateName": "t",
        }
        assert_same(
            {
                "eventType": "Rendering Failure",
                "mail": mail_object(message, headers=False),
                "failure": failure,
            },
            failed.record,
        )

    def test_delivery_delay(self, backend):
        """The record of a DeliveryDelay contains the delay, but no headers."""
        message = send(backend)
        event = backend.delay(message, type="MailboxFull")
        delay = {
            "timestamp": "2026-03-26T02:13:36.102Z",
            "delayType": "MailboxFull",
            "expirationTime": "2026-03-26T16:13:35.500Z",
            "delayedRecipients": [
                {
                    "emailAddress": "ada@example.org",
                    "status": "4.4.1",
                    "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
                }
            ],
        }
        assert_same(
            {
                "eventType": "DeliveryDelay",
                "mail": mail_object(message, headers=False),
                "deliveryDelay": delay,
            },
            event.record,
        )

    def test_subscription(self, backend):
        """The record of a Subscription contains the old and new topic preferences."""
        topics = [
            {"TopicName": name, "DisplayName": name, "DefaultSubscriptionStatus": "OPT_IN"}
            for name in ("weekly", "offers")
        ]
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l", "Topics": topics})
        message = send(
            backend, ListManagementOptions={"ContactListName": "l", "TopicName": "weekly"}
        )
        event = backend.unsubscribe(message)

        def preferences(weekly):
            return {
                "unsubscribeAll": False,
                "topicSubscriptionStatus": [
                    {"topicName": "weekly", "subscriptionStatus": weekly},
                    {"topicName": "offers", "subscriptionStatus": "OptIn"},
                ],
            }

        assert_same(
            {
                "contactList": "l",
                "timestamp": "2026-03-26T02:13:36.102Z",
                "source": "UnsubscribeHeader",
                "newTopicPreferences": preferences("OptOut"),
                "oldTopicPreferences": preferences("OptIn"),
            },
            event.record["subscription"],
        )
        assert ["eventType", "mail", "subscription"] == list(event.record)

    def test_templated_message(self, backend):
        """A templated message's Send lacks the subject and the identity; its Delivery has both."""
        content = {"Subject": "Hi {{name}}", "Text": "x"}
        backend._call(
            "sesv2", "CreateEmailTemplate", {"TemplateName": "t", "TemplateContent": content}
        )
        data = {"TemplateName": "t", "TemplateData": '{"name": "Ada"}'}
        sent, delivered = send(backend, content={"Template": data}).events
        before, after = sent.record["mail"], delivered.record["mail"]
        assert ["From", "To", "MIME-Version"] == [header["name"] for header in before["headers"]]
        assert ["from", "to", "messageId"] == list(before["commonHeaders"])
        assert "sourceArn" not in before
        assert ["Date", "From", "To", "Subject", "MIME-Version"] == [
            header["name"] for header in after["headers"]
        ][:5]
        assert "Hi Ada" == after["commonHeaders"]["subject"]
        assert "Thu, 26 Mar 2026 02:13:35 +0000" == after["commonHeaders"]["date"]
        assert ARN == after["sourceArn"]

    def test_raw_message(self, backend):
        """A raw message's records show its headers; notifications show its own Message-ID."""
        raw = (
            b"From: news@example.com\nTo: Ada <ada@example.org>, bob@example.org\n"
            b"Message-ID: <own@example.com>\nX-SES-MESSAGE-TAGS: a=1\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nHi"
        )
        message = send(
            backend,
            content={"Raw": {"Data": raw}},
            Destination={},
            FromEmailAddress="news@example.com",
        )
        mail_record = message.events[0].record["mail"]
        assert ["From", "To", "Message-ID", "X-SES-MESSAGE-TAGS", "Subject"] == [
            header["name"] for header in mail_record["headers"]
        ]
        assert {
            "from": ["news@example.com"],
            "to": ["Ada <ada@example.org>", "bob@example.org"],
            "messageId": message.message_id,
            "subject": "Grüße",
        } == mail_record["commonHeaders"]
        assert ["1"] == mail_record["tags"]["a"]
        identity = backend.account().identities["example.com"]
        identity.headers_in_notifications.add("Bounce")
        mail = backend.bounce(message).notification["mail"]
        assert "<own@example.com>" == mail["commonHeaders"]["messageId"]
        assert not mail["headersTruncated"]

    @pytest.mark.parametrize("event", ["Send", "Delivery"])
    def test_raw_envelope(self, backend, event):
        """The destination of a raw message is its envelope, not its headers."""
        raw = b"From: news@example.com\nTo: list@example.org\nCc: ada@example.org\n\nHi"
        message = send(backend, "Ada <ada@example.org>", content={"Raw": {"Data": raw}})
        record = next(item.record for item in message.events if item.type == event)
        assert ["Ada <ada@example.org>"] == record["mail"]["destination"]
        assert ["list@example.org"] == record["mail"]["commonHeaders"]["to"]

    @pytest.mark.parametrize(
        ("header", "expected"),
        [(b"", None), (b"From: Ann <ann@sub.example.com>\n", ["sub.example.com"])],
    )
    def test_from_domain(self, backend, header, expected):
        """The tag `ses:from-domain` is the domain of the From header, and missing without it."""
        raw = header + b"To: ada@example.org\n\nHi"
        options = {"FromEmailAddress": "news@example.com"}
        message = send(backend, content={"Raw": {"Data": raw}}, **options)
        assert expected == message.events[0].record["mail"]["tags"].get("ses:from-domain")

    @needs("sesv2", "CreateTenant")
    def test_tenant(self, backend):
        """The records of a tenant's messages have the tag `ses:tenant-name`."""
        backend._call("sesv2", "CreateTenant", {"TenantName": "acme"})
        account = backend.account()
        for kind, name in (("identity", "example.com"), ("configuration-set", "letters")):
            params = {"TenantName": "acme", "ResourceArn": account.arn(kind, name)}
            backend._call("sesv2", "CreateTenantResourceAssociation", params)
        message = send(backend, TenantName="acme")
        tags = [event.record["mail"]["tags"].get("ses:tenant-name") for event in message.events]
        assert [["acme"], ["acme"]] == tags
        assert "ses:tenant-name" not in send(backend).events[0].record["mail"]["tags"]

    def test_delivery_notification(self, backend):
        """The notification of a Delivery starts with the `mail` object, which has no tags."""
        notification = backend.deliver(send(backend)).notification
        assert ["notificationType", "mail", "delivery"] == list(notification)
        assert "tags" not in notification["mail"]
        assert "ses:outgoing-ip" in backend.events[-1].record["mail"]["tags"]

    @needs("sesv2", "SendEmail", "Content.Simple.Headers")
    def test_many_headers(self, backend):
        """Headers are truncated at 10 KB."""
        headers = [{"Name": f"X-{n}", "Value": "x" * 800} for n in range(15)]
        simple = {**html()["Simple"], "Headers": headers}
        mail = send(backend, content={"Simple": simple}).events[0].record["mail"]
        assert mail["headersTruncated"]
        assert len(mail["headers"]) < 15

    @pytest.mark.parametrize(
        ("region", "name"),
        [
            ("us-east-1", "a48-102.smtp-out.amazonses.com"),
            ("eu-west-1", "b8-29.smtp-out.eu-west-1.amazonses.com"),
            ("ap-northeast-1", "e234-11.smtp-out.ap-northeast-1.amazonses.com"),
        ],
    )
    def test_reporting_mta(self, region, name):
        """The reporting MTA's name contains the end of the outgoing IP address and the region."""
        backend = SESBackend(region=region, verified=["example.com"])
        backend._call("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "letters"})
        record = send(backend).events[1].record
        assert name == record["delivery"]["reportingMTA"]
        octets = ".".join(record["mail"]["tags"]["ses:outgoing-ip"][0].split(".")[2:])
        assert octets.replace(".", "-") in name


def types_and_recipients(message):
    return [(event.type, list(event.recipients)) for event in message.events]


class TestSimulator:
    @pytest.mark.parametrize(
        ("local", "expected"),
        [
            ("success", ["Send", "Delivery"]),
            ("bounce", ["Send", "Bounce"]),
            ("ooto", ["Send", "Delivery", "Bounce"]),
            ("complaint", ["Send", "Delivery", "Complaint"]),
            ("suppressionlist", ["Send", "Bounce"]),
            ("somebody", ["Send", "Delivery"]),
        ],
    )
    @pytest.mark.parametrize("label", ["", "+label"])
    def test_addresses(self, backend, local, label, expected):
        """Each mailbox simulator address has its own events, with or without a label."""
        address = f"{local}{label}@simulator.amazonses.com"
        message = send(backend, address)
        assert [(type_, [address]) for type_ in expected] == types_and_recipients(message)

    def test_details(self, backend):
        """The simulator's bounces and complaints have the details that SES sends."""
        domain = "@simulator.amazonses.com"
        to = [f"{local}{domain}" for local in ("bounce", "ooto", "complaint", "suppressionlist")]
        events = send(backend, *to).events
        bounced, _, _, suppressed, out_of_office, complained = events[1:]
        assert (
            "smtp; 550 5.1.1 As requested: user unknown <bounce@simulator.amazonses.com>"
            == (bounced.record["bounce"]["bouncedRecipients"][0]["diagnosticCode"])
        )
        assert (
            "(suppressed address: suppressionlist@simulator.amazonses.com)"
            in (suppressed.record["bounce"]["bouncedRecipients"][0]["diagnosticCode"])
        )
        assert ("Permanent", "General") == (
            suppressed.record["bounce"]["bounceType"],
            suppressed.record["bounce"]["bounceSubType"],
        )
        assert {"bouncedRecipients": [{"emailAddress": f"ooto{domain}"}]}.items() <= (
            out_of_office.record["bounce"].items()
        )
        assert "remoteMtaIp" not in out_of_office.record["bounce"]
        assert "Amazon SES Mailbox Simulator" == complained.record["complaint"]["userAgent"]

    def test_no_effect_on_reputation(self, backend):
        """Simulator bounces and complaints are not counted and suppress no address."""
        for local in ("bounce", "complaint"):
            send(backend, f"{local}@simulator.amazonses.com")
        account = backend.account()
        assert [] == list(account.suppressed_destinations)
        points = backend._call("ses", "GetSendStatistics")["SendDataPoints"]
        assert [(0, 0)] == [(point["Bounces"], point["Complaints"]) for point in points]


class TestOrder:
    def test_groups(self, backend):
        """A message has one Send, a Delivery per recipient domain and a Bounce per cause."""
        to = ["a@x.example", "b@y.example", "c@x.example", "bounce@simulator.amazonses.com"]
        backend.recipient("b@y.example").bounces()
        assert [
            ("Send", to),
            ("Delivery", ["a@x.example", "c@x.example"]),
            ("Bounce", ["b@y.example"]),
            ("Bounce", ["bounce@simulator.amazonses.com"]),
        ] == types_and_recipients(send(backend, *to))

    def test_order_across_messages(self, backend):
        """The backend's events are in the order in which they happened."""
        first, second = send(backend, "a@x.example"), send(backend, "b@x.example")
        backend.bounce(first)
        backend.open(send(backend, "c@x.example", content=html()))
        assert [
            (first, "Send"),
            (first, "Delivery"),
            (second, "Send"),
            (second, "Delivery"),
            (first, "Bounce"),
            (backend.outbox.last, "Send"),
            (backend.outbox.last, "Delivery"),
            (backend.outbox.last, "Open"),
        ] == [(event.message, event.type) for event in backend.events]
        assert backend.events[0].summary().startswith("Send of 0100019d")
        assert "<Event Send of 0100019d" in repr(backend.events[0])

    def test_ids(self, backend):
        """Feedback ids have the format of message IDs, are unique and do not change."""
        message = send(backend, "bounce@simulator.amazonses.com", "x@x.example")
        backend.complain(message, "x@x.example")
        ids = [
            event.detail["feedbackId"] for event in message.events if "feedbackId" in event.detail
        ]
        assert 2 == len(set(ids))
        assert ids == [e.detail["feedbackId"] for e in message.events if "feedbackId" in e.detail]
        assert {len(message.message_id)} == {len(feedback_id) for feedback_id in ids}

    def test_reset(self, backend):
        """A reset removes the events and the planned outcomes."""
        backend.recipient("ada@example.org").bounces()
        send(backend)
        backend.reset()
        backend._call("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "letters"})
        assert [] == list(backend.events)
        assert ["Send", "Delivery"] == [event.type for event in send(backend).events]


class TestSuppression:
    def test_hard_bounce(self, backend):
        """A hard bounce suppresses the address; the next message to it bounces."""
        first = send(backend)
        bounced = backend.bounce(first)
        entry = backend._call(
            "sesv2", "GetSuppressedDestination", {"EmailAddress": "ada@example.org"}
        )["SuppressedDestination"]
        assert "BOUNCE" == entry["Reason"]
        assert {
            "MessageId": first.message_id,
            "FeedbackId": bounced.detail["feedbackId"],
        } == entry["Attributes"]
        _, suppressed = send(backend, "ADA@example.org").events
        bounce = suppressed.record["bounce"]
        assert ("Permanent", "OnAccountSuppressionList") == (
            bounce["bounceType"],
            bounce["bounceSubType"],
        )
        assert "dns; amazonses.com" == bounce["reportingMTA"]
        assert "remoteMtaIp" not in bounce
        assert (
            "on the suppression list for your account"
            in (bounce["bouncedRecipients"][0]["diagnosticCode"])
        )

    def test_soft_bounce(self, backend):
        """A soft bounce does not suppress the address."""
        backend.bounce(send(backend), type="Transient", subtype="MailboxFull")
        assert ["Send", "Delivery"] == [event.type for event in send(backend).events]

    def test_complaint(self, backend):
        """A complaint suppresses the address; the next message to it causes a complaint."""
        backend.complain(send(backend))
        complaint = send(backend).events[1].record["complaint"]
        assert "OnAccountSuppressionList" == complaint["complaintSubType"]
        assert "complaintFeedbackType" not in complaint

    @pytest.mark.parametrize(
        ("account_reasons", "set_reasons", "expected"),
        [
            (["BOUNCE", "COMPLAINT"], None, "Bounce"),
            (["COMPLAINT"], None, "Delivery"),
            (["COMPLAINT"], ["BOUNCE"], "Bounce"),
            (["BOUNCE"], [], "Delivery"),
        ],
    )
    def test_suppressed_reasons(self, backend, account_reasons, set_reasons, expected):
        """The configuration set's reasons override the account's, even if they are empty."""
        backend._call(
            "sesv2",
            "PutSuppressedDestination",
            {"EmailAddress": "ada@example.org", "Reason": "BOUNCE"},
        )
        backend.account().suppressed_reasons = account_reasons
        if set_reasons is not None:
            backend._call(
                "sesv2",
                "PutConfigurationSetSuppressionOptions",
                {"ConfigurationSetName": "letters", "SuppressedReasons": set_reasons},
            )
        assert expected == send(backend).events[1].type

    def test_earlier_messages(self, backend):
        """A complaint or a planned outcome does not change the events of earlier messages."""
        plain = {"ConfigurationSetName": ""}
        first, second = (send(backend, **plain), send(backend, **plain))
        backend.complain(first)
        backend.recipient("ada@example.org").bounces()
        assert ["Send", "Delivery"] == [event.type for event in second.events]

    def test_no_reasons(self, backend):
        """Without suppressed reasons, a bounce adds no entry to the suppression list."""
        backend.account().suppressed_reasons = []
        backend.bounce(send(backend))
        assert [] == list(backend.account().suppressed_destinations)


class TestStatistics:
    def test_counts(self, backend):
        """Bounces, complaints and rejects are counted."""
        message = send(backend, "a@x.example", "b@x.example")
        backend.bounce(message, "a@x.example")
        backend.complain(message, "b@x.example")
        backend.reject(send(backend))
        (point,) = backend._call("ses", "GetSendStatistics")["SendDataPoints"]
        assert (3, 1, 1, 1) == (
            point["DeliveryAttempts"],
            point["Bounces"],
            point["Complaints"],
            point["Rejects"],
        )

    def test_suppressed(self, backend):
        """Bounces caused by the suppression list are not counted."""
        backend.bounce(send(backend))
        send(backend)
        (point,) = backend._call("ses", "GetSendStatistics")["SendDataPoints"]
        assert 1 == point["Bounces"]


class TestPlannedOutcomes:
    @pytest.mark.parametrize(
        ("plan", "expected"),
        [
            (lambda recipient: recipient.delivers(), ["Send", "Delivery"]),
            (lambda recipient: recipient.bounces(), ["Send", "Bounce"]),
            (lambda recipient: recipient.bounces("Transient", "MailboxFull"), ["Send", "Bounce"]),
            (lambda recipient: recipient.complains("fraud"), ["Send", "Delivery", "Complaint"]),
            (lambda recipient: recipient.delays("SpamDetected"), ["Send", "DeliveryDelay"]),
            (lambda recipient: recipient.suppressed(), ["Send", "Bounce"]),
            (lambda recipient: recipient.suppressed("COMPLAINT"), ["Send", "Complaint"]),
        ],
    )
    def test_immediate(self, backend, plan, expected):
        """A planned outcome applies to each message; the case of the address is ignored."""
        plan(backend.recipient("Ada@example.org"))
        assert expected == [event.type for event in send(backend).events]

    @pytest.mark.parametrize(
        ("plan", "at_once", "later"),
        [
            (lambda recipient, after: recipient.bounces(after=after), "Delivery", "Bounce"),
            (
                lambda recipient, after: recipient.bounces("Transient", "MailboxFull", after=after),
                "DeliveryDelay",
                "Bounce",
            ),
            (lambda recipient, after: recipient.complains(after=after), "Delivery", "Complaint"),
            (lambda recipient, after: recipient.delays(after=after), "DeliveryDelay", "Delivery"),
        ],
    )
    def test_later(self, backend, plan, at_once, later):
        """A delayed outcome happens once the backend's clock reaches its time."""
        plan(backend.recipient("ada@example.org"), timedelta(hours=3))
        message = send(backend)
        backend.clock.advance(hours=2)
        assert ["Send", at_once] == [event.type for event in message.events]
        backend.clock.advance(hours=2)
        assert ["Send", at_once, later] == [event.type for event in message.events]
        assert message.sent_at + timedelta(hours=3) == message.events[-1].at
        assert message.events[-1] is backend.events[-1]

    def test_real_time(self, backend, monkeypatch):
        """A delayed outcome also happens once the real clock reaches its time."""
        backend.recipient("ada@example.org").complains(after=timedelta(minutes=5))
        message = send(backend)
        monkeypatch.setattr(
            FrozenDatetime, "now", classmethod(lambda *_: NOW + timedelta(minutes=6))
        )
        assert "Complaint" == message.events[-1].type
        assert message.sent_at + timedelta(minutes=5) == message.events[-1].at
        assert 3 == len(backend.events)

    def test_opted_out(self, backend):
        """A recipient becomes a contact; messages to an unsubscribed recipient bounce."""
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l"})
        options = {"ListManagementOptions": {"ContactListName": "l"}}
        first = send(backend, **options)
        contacts = backend._call("sesv2", "ListContacts", {"ContactListName": "l"})["Contacts"]
        assert ["ada@example.org"] == [contact["EmailAddress"] for contact in contacts]
        backend.unsubscribe(first)
        _, bounced = send(backend, **options).events
        assert "UnsubscribedRecipient" == bounced.record["bounce"]["bounceSubType"]


class TestDeliveredContent:
    def test_unsubscribe_link(self, backend):
        """A templated message with list management has an unsubscribe link and headers."""
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l"})
        content = {"Subject": "s", "Html": '<a href="{{amazonSESUnsubscribeUrl}}">u</a>'}
        backend._call(
            "sesv2", "CreateEmailTemplate", {"TemplateName": "t", "TemplateContent": content}
        )
        data = {"TemplateName": "t", "TemplateData": "{}"}
        message = send(
            backend,
            content={"Template": data},
            ListManagementOptions={"ContactListName": "l"},
        )
        assert "{{amazonSESUnsubscribeUrl}}" in message.html
        assert message.unsubscribe_url in message.raw.decode()
        assert "{{" not in message.raw.decode()
        assert "List-Unsubscribe=One-Click" == message.headers["List-Unsubscribe-Post"]

    def test_several_recipients(self, backend):
        """A message to several recipients has no unsubscribe link."""
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l"})
        message = send(
            backend, "a@x.example", "b@x.example", ListManagementOptions={"ContactListName": "l"}
        )
        assert message.unsubscribe_url is None
        assert "List-Unsubscribe" not in message.headers

    def test_raw_message_header(self, backend):
        """A header of a raw message can name list and topic; options of the request override it."""
        topics = [{"TopicName": "t", "DisplayName": "T", "DefaultSubscriptionStatus": "OPT_IN"}]
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l", "Topics": topics})
        raw = b"From: news@example.com\nTo: ada@example.org\nX-SES-LIST-MANAGEMENT-OPTIONS: l; topic=t\n\nHi"
        message = send(backend, content={"Raw": {"Data": raw}})
        assert ("l", "t") == (message.contact_list, message.topic)
        options = {"ListManagementOptions": {"ContactListName": "l"}}
        message = send(backend, content={"Raw": {"Data": raw}}, **options)
        assert ("l", None) == (message.contact_list, message.topic)

    @pytest.mark.parametrize(
        ("types", "opens", "clicks"),
        [
            (["OPEN"], True, False),
            (["CLICK"], False, True),
            (["OPEN", "CLICK"], True, True),
            (["SEND"], False, False),
        ],
    )
    @needs(
        "sesv2", "CreateConfigurationSetEventDestination", "EventDestination.EventBridgeDestination"
    )
    def test_tracking(self, backend, types, opens, clicks):
        """Links and opens are tracked only if an enabled event destination has the event type."""
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        definition = {
            "Enabled": True,
            "MatchingEventTypes": types,
            "EventBridgeDestination": {"EventBusArn": bus},
        }
        names = {"ConfigurationSetName": "letters", "EventDestinationName": "d"}
        backend._call(
            "sesv2",
            "CreateConfigurationSetEventDestination",
            {**names, "EventDestination": definition},
        )
        message = send(backend, content=html())
        content = message.mime.get_content()
        assert HTML == message.html
        assert opens == ("awstrack.me/I0/" in content)
        assert clicks == ("awstrack.me/L0/https:%2F%2Fexample.com%2Fa%3Fb=1/" in content)
        if clicks:
            link = content.partition('href="')[2].partition('"')[0]
            assert "https://example.com/a?b=1" == backend.click(message, link).detail["link"]

    @needs(
        "sesv2", "CreateConfigurationSetEventDestination", "EventDestination.EventBridgeDestination"
    )
    def test_custom_redirect_domain(self, backend):
        """Tracked links use the custom redirect domain."""
        params = {"ConfigurationSetName": "letters", "CustomRedirectDomain": "example.com"}
        backend._call("sesv2", "PutConfigurationSetTrackingOptions", params)
        bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
        backend._call(
            "sesv2",
            "CreateConfigurationSetEventDestination",
            {
                "ConfigurationSetName": "letters",
                "EventDestinationName": "d",
                "EventDestination": {
                    "Enabled": True,
                    "MatchingEventTypes": ["CLICK"],
                    "EventBridgeDestination": {"EventBusArn": bus},
                },
            },
        )
        assert "//example.com/" in send(backend, content=html()).mime.get_content()


@pytest.mark.parametrize(
    "feedback_type", ["abuse", "auth-failure", "fraud", "not-spam", "other", "virus"]
)
def test_feedback_types(ses_backend, ses_client, feedback_type):
    """A complaint can have each feedback type that AWS documents."""
    ses_backend.verify("example.com")
    ses_client.send_email(
        Source="news@example.com",
        Destination={"ToAddresses": ["ada@example.org"]},
        Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
    )
    event = ses_backend.complain(ses_backend.outbox.last, feedback_type=feedback_type)
    assert feedback_type == event.record["complaint"]["complaintFeedbackType"]
    event = ses_backend.complain(ses_backend.outbox.last, "ada@example.org", feedback_type)
    assert feedback_type == event.record["complaint"]["complaintFeedbackType"]


class TestMisuse:
    @pytest.mark.parametrize(
        ("simulate", "text"),
        [
            (lambda b, _: b.bounce("no-such-id"), "'no-such-id' is not in the outbox"),
            (lambda b, _: b.bounce(b.outbox), "pass one message, such as ses_backend.outbox.last"),
            (lambda b, m: b.bounce([m]), "expected one message, not [<Message"),
            (lambda b, _: b.bounce(5), "5 is not in the outbox"),
            (lambda b, m: b.bounce(m, "adda@example.org"), "did you mean 'ada@example.org'"),
            (lambda b, m: b.deliver(m, 5), "5 is not a recipient of the message"),
            (lambda b, m: b.bounce(m, type="Permanant"), "did you mean 'Permanent'"),
            (
                lambda b, m: b.bounce(m, subtype="Genral"),
                "unknown Permanent bounce subtype 'Genral'; did you mean 'General'",
            ),
            (
                lambda b, m: b.bounce(m, subtype="MailboxFull"),
                "unknown Permanent bounce subtype 'MailboxFull'",
            ),
            (lambda b, m: b.complain(m, feedback_type="abus"), "did you mean 'abuse'"),
            (lambda b, m: b.delay(m, type="Genral"), "did you mean 'General'"),
            (lambda b, m: b.open(m), "has no HTML; send a message with HTML"),
            (lambda b, m: b.click(m, "https://x.example"), "cannot simulate opens or clicks"),
            (lambda b, m: b.unsubscribe(m), "send a message with ListManagementOptions"),
            (lambda b, _: b.recipient("Ada <ada@example.org>"), "is not a bare address"),
            (lambda b, _: b.recipient(5), "5 is not a bare address"),
            (lambda b, _: b.recipient("a@b.c").bounces("Hard"), "unknown bounce type 'Hard'"),
            (lambda b, _: b.recipient("a@b.c").suppressed("SPAM"), "unknown reason 'SPAM'"),
            (
                lambda b, _: b.recipient("a@b.c").bounces(after=3),
                "after=3 is invalid; expected a timedelta",
            ),
            (lambda b, _: b.recipient("a@b.c").delays(after=timedelta(-1)), "not negative"),
        ],
    )
    def test_rejected(self, backend, simulate, text):
        """An invalid argument is rejected, often with a suggestion, and records no event."""
        message = send(backend)
        with pytest.raises(ValueError) as caught:  # noqa: PT011  (the text is checked below)
            simulate(backend, message)
        assert text in str(caught.value)
        assert 2 == len(backend.events)

    def test_foreign_message(self, backend):
        """A message of another backend is not in this backend's outbox."""
        other = SESBackend(verified=["*"])
        other._call("sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "letters"})
        with pytest.raises(ValueError, match="is not in the outbox"):
            backend.bounce(send(other))

    def test_links(self, backend):
        """An unknown link is rejected with the closest link of the message."""
        message = send(backend, content=html())
        with pytest.raises(ValueError, match=r"did you mean 'https://example.com/a\?b=1'"):
            backend.click(message, "https://example.com/a?b=2")
        with pytest.raises(ValueError, match="its HTML has no web links"):
            backend.click(send(backend, content=html("<p>none</p>")), "https://example.com/")

    def test_topic(self, backend):
        """An unknown topic is rejected with the closest topic of the list."""
        topics = [{"TopicName": "news", "DisplayName": "N", "DefaultSubscriptionStatus": "OPT_IN"}]
        backend._call("sesv2", "CreateContactList", {"ContactListName": "l", "Topics": topics})
        message = send(backend, ListManagementOptions={"ContactListName": "l"})
        with pytest.raises(ValueError, match="has no topic 'nws'; did you mean 'news'"):
            backend.unsubscribe(message, "nws")
        backend.unsubscribe(message)
        assert backend.events[-1].detail["newTopicPreferences"]["unsubscribeAll"]
