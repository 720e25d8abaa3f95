"""What becomes of a mail that comes in, without a wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from pytest_ses.domain import bouncing, errors, receipt_filters, receipt_rules, receiving
from pytest_ses.domain.bouncing import Report, Returned
from pytest_ses.domain.receipt_actions import (
    S3,
    SNS,
    Bounce,
    Connect,
    Lambda,
    Stop,
    Workmail,
)
from pytest_ses.domain.receipt_filters import ReceiptFilter
from pytest_ses.domain.receipt_rules import ReceiptRule
from pytest_ses.domain.receiving import Match, Verdicts

TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mail"
MAIL = (
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
SCANNED = ReceiptRule("r", enabled=True, scan_enabled=True)


@pytest.fixture(autouse=True)
def verified(account):
    """The domain whose mail is received."""
    account.verify("example.com")


@pytest.fixture(name="arrive")
def _arrive(account):
    """A mail at the door."""
    return lambda raw=MAIL, **words: receiving.arrive(account, raw, **words)


@pytest.fixture(name="met")
def _met(account, arrive):
    """The rules that a mail meets, each with its recipients."""

    def met(*rules, active="main", **words):
        receipt_rules.create_set(account, "main")
        for rule in reversed(rules):
            receipt_rules.create(account, "main", rule)
        receipt_rules.activate(account, active)
        found = receiving.matches(account, arrive(**words))
        return [(match.rule.name, *match.recipients) for match in found]

    return met


class TestArrival:
    def test_by_headers(self, account, arrive):
        """Who sent a mail to whom is in its headers, if nobody says so; the id is one of SES's."""
        arrival = arrive()

        assert "ada@example.org" == arrival.sender
        assert ("bob@example.com", "Eve@example.com", "carl@elsewhere.example") == (
            arrival.recipients
        )
        assert (receiving.SOURCE_IP, "us-east-1", Verdicts()) == (
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
        ("head", "expected"),
        [
            (b"From: a@x.org\r\nSender: b@x.org\r\nReturn-Path: <c@x.org>\r\n", "c@x.org"),
            (b"From: a@x.org\r\nSender: b@x.org\r\n", "b@x.org"),
            (b"", ""),
        ],
    )
    def test_sender(self, arrive, head, expected):
        """The path of return is asked first, then the sender, then the author."""
        assert expected == arrive(head + b"\r\n", recipients=["bob@example.com"]).sender

    def test_envelope(self, arrive):
        """An envelope wins over the headers; nobody is in it twice."""
        arrival = arrive(recipients=["Bob <bob@example.com>", "bob@example.com"], sender="")

        assert ("", ("bob@example.com",)) == (arrival.sender, arrival.recipients)

    @pytest.mark.parametrize(
        ("words", "text"),
        [
            ({"raw": b"Subject: x\r\n\r\n"}, "no recipient"),
            ({"recipients": []}, "no recipient"),
            ({"source_ip": "nowhere"}, "nowhere"),
            ({"verdicts": Verdicts(spam="MAYBE")}, "spam='MAYBE' is no verdict"),
        ],
    )
    def test_refused(self, arrive, words, text):
        """A mail to nobody is none; a verdict is one of four."""
        with pytest.raises(ValueError, match=text):
            arrive(**words)

    @pytest.mark.parametrize(
        ("raw", "given", "expected"),
        [
            (MAIL, "PASS", "PASS"),
            (MAIL + EICAR, "PASS", "FAIL"),
            (MAIL + EICAR, "GRAY", "GRAY"),
            (MAIL, "FAIL", "FAIL"),
        ],
    )
    def test_virus(self, arrive, raw, given, expected):
        """The scanner finds the test file, unless the test knows better."""
        assert expected == arrive(raw, verdicts=Verdicts(virus=given)).verdicts.virus

    def test_blocked(self, account, arrive):
        """An IP filter keeps a mail out."""
        receipt_filters.create(account, ReceiptFilter("all", "Block", "0.0.0.0/0"))

        assert "all" == receiving.blocked_by(account, arrive()).name

    def test_unverified(self, account, arrive):
        """For a domain that is not verified no mail is taken; for every one, if all are accepted."""
        assert ("carl@elsewhere.example",) == receiving.unverified(account, arrive())
        account.verify("*")
        assert () == receiving.unverified(account, arrive())


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
        """A recipient of a rule is an address, a domain, or all domains below one."""
        assert expected is receiving.means(ReceiptRule("r", recipients=recipients), address)

    def test_order_and_recipients(self, met):
        """Rules are met in order, each for the recipients that it is about."""
        assert [
            ("all", "bob@example.com", "Eve@example.com"),
            ("eve", "Eve@example.com"),
        ] == met(
            ReceiptRule("all", enabled=True),
            ReceiptRule("off"),
            ReceiptRule("eve", enabled=True, recipients=("eve@example.com",)),
            ReceiptRule("none", enabled=True, recipients=("elsewhere.example",)),
        )

    def test_none_active(self, met):
        """Without an active rule set no rule is met."""
        assert [] == met(ReceiptRule("all", enabled=True), active=None)


class TestMail:
    def test_accepted(self, arrive):
        """SES puts headers of its own before those of the mail, and rules put theirs between."""
        at = datetime(2026, 6, 1, 10, tzinfo=timezone.utc)
        arrival = replace(arrive(verdicts=Verdicts(spam="GRAY")), at=at)

        raw = receiving.accepted(arrival, Match(SCANNED, ("bob@example.com",)), [("X-A", "é")])

        assert raw.endswith("X-A: é\r\n".encode() + MAIL)
        head = raw[: -len(MAIL)].decode().split("\r\n")
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
        ] == head[:-2]

    def test_not_scanned(self, arrive):
        """A rule that asks for no scan gets no verdicts of one; line ends are those of the mail."""
        arrival = arrive(MAIL.replace(b"\r\n", b"\n"))

        raw = receiving.accepted(arrival, Match(ReceiptRule("r"), ("bob@example.com",)))

        assert b"X-SES-" not in raw
        assert b"\r" not in raw


class TestNotifications:
    def test_whole(self, arrive):
        """A notification tells of the mail, the receipt and the action, in SES's order."""
        at = datetime(2026, 6, 1, 10, 0, 0, 123456, tzinfo=timezone.utc)
        arrival = replace(arrive(), at=at)
        match = Match(SCANNED, ("bob@example.com",))

        told = receiving.notification(arrival, match, S3("mail", "in", topic_arn=TOPIC), MAIL)

        assert ["notificationType", "mail", "receipt"] == list(told)
        assert "Received" == told["notificationType"]
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
        } == told["mail"]
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
        } == told["receipt"]

    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            (SNS(TOPIC), {"type": "SNS", "topicArn": TOPIC, "encoding": "UTF8"}),
            (SNS(TOPIC, "Base64"), {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"}),
            (
                Lambda(FUNCTION),
                {"type": "Lambda", "functionArn": FUNCTION, "invocationType": "Event"},
            ),
            (
                Bounce("550", "No.", "m@example.com", "5.1.1", TOPIC),
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
                Workmail("arn:x", TOPIC),
                {"type": "WorkMail", "topicArn": TOPIC, "organizationArn": "arn:x"},
            ),
            (Stop(topic_arn=TOPIC), {"type": "Stop", "topicArn": TOPIC}),
            (Connect("arn:c", "arn:r"), {"type": "Connect"}),
        ],
    )
    def test_actions(self, arrive, action, expected):
        """Each kind of action is told with what matters of it."""
        told = receiving.notification(arrive(), Match(SCANNED, ("bob@example.com",)), action, MAIL)

        assert expected == told["receipt"]["action"]

    def test_content(self, arrive):
        """The mail itself is told of an SNS action alone."""
        match = Match(SCANNED, ("bob@example.com",))

        assert (
            MAIL.decode() == (receiving.notification(arrive(), match, SNS(TOPIC), MAIL)["content"])
        )

    def test_verdicts(self, arrive):
        """What is not scanned has no verdict; a broken DMARC comes with its policy."""
        arrival = arrive(verdicts=Verdicts(dmarc="FAIL"))

        receipt = receiving.notification(
            arrival, Match(ReceiptRule("r"), ("bob@example.com",)), Stop(), MAIL
        )["receipt"]

        assert ("DISABLED", "DISABLED", "FAIL", "none") == (
            receipt["spamVerdict"]["status"],
            receipt["virusVerdict"]["status"],
            receipt["dmarcVerdict"]["status"],
            receipt["dmarcPolicy"],
        )

    def test_many_headers(self, arrive):
        """Headers are told up to ten kilobytes; a mail without To names its envelope."""
        raw = b"Subject: x\r\nX-Long: " + b"x" * 11_000 + b"\r\n\r\n"
        arrival = arrive(raw, recipients=["bob@example.com"])

        mail = receiving.notification(arrival, Match(SCANNED, arrival.recipients), Stop(), raw)[
            "mail"
        ]

        assert (True, ["Subject"], ["bob@example.com"]) == (
            mail["headersTruncated"],
            [one["name"] for one in mail["headers"]],
            mail["destination"],
        )

    def test_lambda(self, arrive):
        """A function is invoked with one record, of the mail and the receipt."""
        arrival, match = arrive(), Match(SCANNED, ("bob@example.com",))
        action = Lambda(FUNCTION, "RequestResponse")

        event = receiving.lambda_event(arrival, match, action, MAIL)

        (record,) = event["Records"]
        told = receiving.notification(arrival, match, action, MAIL)
        assert {
            "eventSource": "aws:ses",
            "eventVersion": "1.0",
            "ses": {"mail": told["mail"], "receipt": told["receipt"]},
        } == record


class TestBounces:
    def test_of_a_rule(self, account, arrive):
        """A rule's bounce goes to the sender, with what the rule says."""
        action = Bounce("450", "Come\nback.", "mailer@example.com")

        message = bouncing.answer(account, arrive(), ["bob@example.com"], action)

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
        """A bounce is not bounced."""
        with pytest.raises(errors.SenderUnknown):
            bouncing.send(
                account,
                arrive(sender=""),
                [Returned("bob@example.com", "failed", "5.0.0", "")],
                sender="mailer@example.com",
                report=Report(),
                operation="SendBounce",
            )
        assert [] == account.outbox
