"""Received messages: arrival, matching rules, delivered form, notifications and bounces."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from pytest_ses.domain import errors, mime
from pytest_ses.domain.receiving import arrivals, bounces, receipt_filters, receipt_rules
from pytest_ses.domain.receiving.arrivals import ActionInput, Envelope, Match, ScanVerdicts
from pytest_ses.domain.receiving.bounces import BouncedRecipient, Report
from pytest_ses.domain.receiving.receipt_actions import (
    BounceAction,
    ConnectAction,
    LambdaAction,
    S3Action,
    SnsAction,
    StopAction,
    WorkmailAction,
)
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
from pytest_ses.domain.receiving.receipt_rules import ReceiptRule

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mail"
MESSAGE = (
    b"From: Ada <ada@example.org>\r\n"
    b"To: =?UTF-8?Q?B=C3=B6b?= <bob@example.com>, Eve@example.com\r\n"
    b"Cc: carl@elsewhere.example\r\n"
    b"Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Message-ID: <1@example.org>\r\n"
    b"Date: Mon, 1 Jun 2026 10:00:00 +0000\r\n"
    b"\r\n"
    b"Hello\r\n"
)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
RECEIVED = ActionInput(MESSAGE, mime.fields(MESSAGE))
SCANNED = ReceiptRule("r", enabled=True, scan_enabled=True)


@pytest.fixture(autouse=True)
def verified(account):
    """Verify the domain of the recipients."""
    account.verify("example.com")


@pytest.fixture(name="arrive")
def _arrive(account):
    """A function that creates an arrival from a raw message."""

    def arrive(raw=MESSAGE, *, verdicts=arrivals.ALL_PASS, **envelope):
        return arrivals.accept(account, raw, Envelope(**envelope), verdicts)

    return arrive


@pytest.fixture(name="match_rules")
def _match_rules(account, arrive):
    """A function that creates rules and returns those that match, with their recipients."""

    def match_rules(*rules, active="main", **options):
        receipt_rules.create_set(account, "main")
        for rule in reversed(rules):
            receipt_rules.create(account, "main", rule)
        receipt_rules.activate(account, active)
        matches = arrivals.matches(account, arrive(**options))
        return [(match.rule.name, *match.recipients) for match in matches]

    return match_rules


class TestArrival:
    def test_by_headers(self, account, arrive):
        """Sender and recipients default to those of the headers, and the ID has SES's format."""
        arrival = arrive()

        assert "ada@example.org" == arrival.sender
        assert ("bob@example.com", "Eve@example.com", "carl@elsewhere.example") == (
            arrival.recipients
        )
        assert (arrivals.SOURCE_IP, "us-east-1", ScanVerdicts()) == (
            arrival.source_ip,
            arrival.region,
            arrival.verdicts,
        )
        assert (40, "1", set()) == (
            len(arrival.message_id),
            arrival.message_id[-1],
            set(arrival.message_id) - set("0123456789abcdefghijklmnopqrstuv"),
        )
        assert arrival.at <= account.now()

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            (b"From: a@x.org\r\nSender: b@x.org\r\nReturn-Path: <c@x.org>\r\n", "c@x.org"),
            (b"From: a@x.org\r\nSender: b@x.org\r\n", "b@x.org"),
            (b"", ""),
        ],
    )
    def test_sender(self, arrive, headers, expected):
        """The sender is that of Return-Path, or else of Sender, or else of From."""
        assert expected == arrive(headers + b"\r\n", recipients=["bob@example.com"]).sender

    def test_envelope(self, arrive):
        """The envelope takes precedence over the headers, and has no duplicate recipients."""
        arrival = arrive(recipients=["Bob <bob@example.com>", "bob@example.com"], sender="")

        assert ("", ("bob@example.com",)) == (arrival.sender, arrival.recipients)

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"raw": b"Subject: x\r\n\r\n"}, "no recipient"),
            ({"recipients": []}, "no recipient"),
            ({"recipients": ["bob"]}, "recipients: 'bob' is invalid; expected an address"),
            ({"source_ip": "nowhere"}, "^source_ip='nowhere' is invalid; expected an IPv4 or IPv6"),
            ({"verdicts": ScanVerdicts(spam="MAYBE")}, "unknown verdict spam='MAYBE'"),
        ],
    )
    def test_invalid(self, arrive, options, text):
        """A message without recipients, or an invalid address, IP or verdict is rejected."""
        with pytest.raises(ValueError, match=text):
            arrive(**options)

    @pytest.mark.parametrize(
        ("recipients", "text"),
        [
            ("bob@example.com", "such as recipients=['bob@example.com']"),
            (5, "recipients=5 is invalid; expected a list of addresses"),
            ([5], "recipients: 5 is invalid; expected an address"),
        ],
    )
    def test_not_a_list(self, arrive, recipients, text):
        """The recipients must be a list of strings, like the identities of the backend."""
        with pytest.raises(TypeError, match=re.escape(text)):
            arrive(recipients=recipients)

    @pytest.mark.parametrize(
        ("raw", "verdict", "expected"),
        [
            (MESSAGE, "PASS", "PASS"),
            (MESSAGE + EICAR, "PASS", "FAIL"),
            (MESSAGE + EICAR, "GRAY", "GRAY"),
            (MESSAGE, "FAIL", "FAIL"),
        ],
    )
    def test_virus(self, arrive, raw, verdict, expected):
        """The EICAR test file fails the virus check unless the test sets another verdict."""
        assert expected == arrive(raw, verdicts=ScanVerdicts(virus=verdict)).verdicts.virus

    def test_blocked(self, account, arrive):
        """An IP filter blocks a message."""
        receipt_filters.create(account, ReceiptFilter("all", "Block", "0.0.0.0/0"))

        assert "all" == arrivals.blocked_by(account, arrive()).name

    def test_unverified(self, account, arrive):
        """Recipients in unverified domains are rejected unless every domain is accepted."""
        assert ("carl@elsewhere.example",) == arrivals.unverified(account, arrive())
        account.verify("*")
        assert () == arrivals.unverified(account, arrive())


class TestMatches:
    @pytest.mark.parametrize(
        ("recipients", "address", "expected"),
        [
            ((), "bob@example.com", True),
            (("bob@example.com",), "Bob@Example.com", True),
            (("bob@example.com",), "bob+x@example.com", False),
            (("bob@example.com",), "eve@example.com", False),
            (("example.com",), "bob@example.com", True),
            (("example.com",), "bob@mail.example.com", False),
            ((".example.com",), "bob@mail.example.com", True),
            ((".example.com",), "bob@a.b.example.com", True),
            ((".example.com",), "bob@example.com", False),
            (("eve@x.org", "example.com"), "bob@example.com", True),
        ],
    )
    def test_means(self, recipients, address, expected):
        """A recipient of a rule is an address, a domain, or all subdomains of a domain."""
        assert expected is arrivals.applies_to(ReceiptRule("r", recipients=recipients), address)

    def test_order_and_recipients(self, match_rules):
        """Matching rules are in order, each with its own recipients."""
        assert [
            ("all", "bob@example.com", "Eve@example.com"),
            ("eve", "Eve@example.com"),
        ] == match_rules(
            ReceiptRule("all", enabled=True),
            ReceiptRule("off"),
            ReceiptRule("eve", enabled=True, recipients=("eve@example.com",)),
            ReceiptRule("none", enabled=True, recipients=("elsewhere.example",)),
        )

    def test_none_active(self, match_rules):
        """Without an active rule set, no rule matches."""
        assert [] == match_rules(ReceiptRule("all", enabled=True), active=None)


class TestDeliveredMessage:
    def test_headers(self, arrive):
        """SES's headers come first, then those added by rules, then those of the message."""
        at = datetime(2026, 6, 1, 10, tzinfo=timezone.utc)
        arrival = replace(arrive(verdicts=ScanVerdicts(spam="GRAY")), at=at)

        received = arrivals.action_input(
            arrival, Match(SCANNED, ("bob@example.com",)), [("X-A", "é")]
        )
        raw = received.raw

        assert mime.fields(raw) == received.fields
        assert raw.endswith("X-A: é\r\n".encode() + MESSAGE)
        headers = raw[: -len(MESSAGE)].decode().split("\r\n")
        assert [
            "Return-Path: <ada@example.org>",
            "Received: from [203.0.113.25] ([203.0.113.25]) by inbound-smtp.us-east-1.amazonaws.com "
            f"with SMTP id {arrival.message_id} for bob@example.com; "
            "Mon, 1 Jun 2026 10:00:00 +0000 (UTC)",
            "X-SES-Spam-Verdict: GRAY",
            "X-SES-Virus-Verdict: PASS",
            "Received-SPF: pass client-ip=203.0.113.25; envelope-from=ada@example.org;",
            "Authentication-Results: amazonses.com; spf=pass client-ip=203.0.113.25; "
            "envelope-from=ada@example.org; dkim=pass; dmarc=pass;",
        ] == headers[:-2]

    def test_not_scanned(self, arrive):
        """A rule without scanning adds no scan verdicts; the line ends are those of the message."""
        arrival = arrive(MESSAGE.replace(b"\r\n", b"\n"))

        raw = arrivals.action_input(arrival, Match(ReceiptRule("r"), ("bob@example.com",))).raw

        assert b"X-SES-" not in raw
        assert b"\r" not in raw


class TestNotifications:
    def test_complete(self, arrive):
        """A notification contains message, receipt and action in SES's order."""
        at = datetime(2026, 6, 1, 10, 0, 0, 123456, tzinfo=timezone.utc)
        arrival = replace(arrive(), at=at)
        match = Match(SCANNED, ("bob@example.com",))

        notification = arrivals.notification(
            arrival, match, S3Action("mail", "in", topic_arn=TOPIC), RECEIVED
        )

        assert ["notificationType", "mail", "receipt"] == list(notification)
        assert "Received" == notification["notificationType"]
        assert {
            "timestamp": "2026-06-01T10:00:00.123Z",
            "source": "ada@example.org",
            "messageId": arrival.message_id,
            "destination": ["bob@example.com", "Eve@example.com", "carl@elsewhere.example"],
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": "Ada <ada@example.org>"},
                {
                    "name": "To",
                    "value": "=?UTF-8?Q?B=C3=B6b?= <bob@example.com>, Eve@example.com",
                },
                {"name": "Cc", "value": "carl@elsewhere.example"},
                {"name": "Subject", "value": "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?="},
                {"name": "Message-ID", "value": "<1@example.org>"},
                {"name": "Date", "value": "Mon, 1 Jun 2026 10:00:00 +0000"},
            ],
            "commonHeaders": {
                "returnPath": "ada@example.org",
                "from": ["Ada <ada@example.org>"],
                "date": "Mon, 1 Jun 2026 10:00:00 +0000",
                "to": ["Böb <bob@example.com>", "Eve@example.com"],
                "cc": ["carl@elsewhere.example"],
                "messageId": "<1@example.org>",
                "subject": "Grüße",
            },
        } == notification["mail"]
        assert {
            "timestamp": "2026-06-01T10:00:00.123Z",
            "processingTimeMillis": 500,
            "recipients": ["bob@example.com"],
            "spamVerdict": {"status": "PASS"},
            "virusVerdict": {"status": "PASS"},
            "spfVerdict": {"status": "PASS"},
            "dkimVerdict": {"status": "PASS"},
            "dmarcVerdict": {"status": "PASS"},
            "action": {
                "type": "S3",
                "topicArn": TOPIC,
                "bucketName": "mail",
                "objectKeyPrefix": "in",
                "objectKey": f"in/{arrival.message_id}",
            },
        } == notification["receipt"]

    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            (SnsAction(TOPIC), {"type": "SNS", "topicArn": TOPIC, "encoding": "UTF8"}),
            (SnsAction(TOPIC, "Base64"), {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"}),
            (
                LambdaAction(FUNCTION),
                {"type": "Lambda", "functionArn": FUNCTION, "invocationType": "Event"},
            ),
            (
                BounceAction("550", "No.", "m@example.com", "5.1.1", TOPIC),
                {
                    "type": "Bounce",
                    "topicArn": TOPIC,
                    "smtpReplyCode": "550",
                    "statusCode": "5.1.1",
                    "message": "No.",
                    "sender": "m@example.com",
                },
            ),
            (
                WorkmailAction("arn:x", TOPIC),
                {"type": "WorkMail", "topicArn": TOPIC, "organizationArn": "arn:x"},
            ),
            (StopAction(topic_arn=TOPIC), {"type": "Stop", "topicArn": TOPIC}),
            (ConnectAction("arn:c", "arn:r"), {"type": "Connect"}),
        ],
    )
    def test_actions(self, arrive, action, expected):
        """The notification contains the relevant parameters of each kind of action."""
        notification = arrivals.notification(
            arrive(), Match(SCANNED, ("bob@example.com",)), action, RECEIVED
        )

        assert expected == notification["receipt"]["action"]

    def test_content(self, arrive):
        """Only the notification of an SNS action contains the message itself."""
        match = Match(SCANNED, ("bob@example.com",))

        assert (
            MESSAGE.decode()
            == (arrivals.notification(arrive(), match, SnsAction(TOPIC), RECEIVED)["content"])
        )

    def test_verdicts(self, arrive):
        """Without a scan, the scan verdicts are disabled; a failed DMARC check adds its policy."""
        arrival = arrive(verdicts=ScanVerdicts(dmarc="FAIL"))

        receipt = arrivals.notification(
            arrival, Match(ReceiptRule("r"), ("bob@example.com",)), StopAction(), RECEIVED
        )["receipt"]

        assert ("DISABLED", "DISABLED", "FAIL", "none") == (
            receipt["spamVerdict"]["status"],
            receipt["virusVerdict"]["status"],
            receipt["dmarcVerdict"]["status"],
            receipt["dmarcPolicy"],
        )

    def test_many_headers(self, arrive):
        """Headers are truncated at 10 KB; without To, the destination is that of the envelope."""
        raw = b"Subject: x\r\nX-Long: " + b"x" * 11_000 + b"\r\n\r\n"
        arrival = arrive(raw, recipients=["bob@example.com"])

        mail = arrivals.notification(
            arrival,
            Match(SCANNED, arrival.recipients),
            StopAction(),
            ActionInput(raw, arrival.fields),
        )["mail"]

        assert (True, ["Subject"], ["bob@example.com"]) == (
            mail["headersTruncated"],
            [header["name"] for header in mail["headers"]],
            mail["destination"],
        )

    def test_lambda(self, arrive):
        """A Lambda function is invoked with one record that contains message and receipt."""
        arrival, match = arrive(), Match(SCANNED, ("bob@example.com",))
        action = LambdaAction(FUNCTION, "RequestResponse")

        event = arrivals.lambda_event(arrival, match, action, RECEIVED)

        (record,) = event["Records"]
        notification = arrivals.notification(arrival, match, action, RECEIVED)
        assert {
            "eventSource": "aws:ses",
            "eventVersion": "1.0",
            "ses": {"mail": notification["mail"], "receipt": notification["receipt"]},
        } == record


class TestBounces:
    def test_bounce_action(self, account, arrive):
        """A bounce action sends its text to the sender."""
        action = BounceAction("450", "Come\nback.", "mailer@example.com")

        message = bounces.send_for_action(account, arrive(), ["bob@example.com"], action)

        assert [message] == account.outbox
        assert ("mailer@example.com", ["ada@example.org"], "BounceAction") == (
            message.source,
            message.recipients,
            message.operation,
        )
        assert "multipart/report" == message.mime.get_content_type()
        assert (
            "An error occurred while trying to deliver the mail to the following recipients: "
            "bob@example.com\n\nCome\nback.\n\nSMTP Reply Code = 450\n"
        ) == message.text
        assert b"Action: delayed\r\nStatus: 4.0.0\r\n" in message.raw
        assert b"Diagnostic-Code: smtp; 450 Come back.\r\n" in message.raw
        assert ["Send", "Delivery"] == [event.type for event in message.events]

    def test_no_sender(self, account, arrive):
        """A bounce message itself cannot be bounced."""
        with pytest.raises(errors.SenderUnknown):
            bounces.send(
                account,
                arrive(sender=""),
                [BouncedRecipient("bob@example.com", "failed", "5.0.0", "")],
                sender="mailer@example.com",
                report=Report(),
                operation="SendBounce",
            )
        assert [] == account.outbox
