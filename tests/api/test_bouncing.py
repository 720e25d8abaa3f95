"""Bounces of received messages (SendBounce), through API v1."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from asking import error_of

from pytest_ses.domain.receiving import arrivals
from pytest_ses.wire.http import Fault

MESSAGE = (
    b"From: Ada <ada@example.org>\r\nTo: bob@example.com, eve@example.com\r\n"
    b"Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nSecret\r\n"
)
REJECTED = ("MessageRejected", 400)


@pytest.fixture(name="arrival")
def _arrival(ses_backend):
    """A received message."""
    ses_backend.verify("example.com")
    account = ses_backend.account()
    arrival = arrivals.accept(account, MESSAGE)
    arrivals.keep(account.arrivals, arrival)
    return arrival


@pytest.fixture(name="bounce")
def _bounce(ses_client, arrival):
    """A function that bounces the received message, by default for Bob."""

    def bounce(*recipients, **params):
        request = {
            "OriginalMessageId": arrival.message_id,
            "BounceSender": "mailer@example.com",
            "BouncedRecipientInfoList": list(recipients)
            or [{"Recipient": "Bob@example.com", "BounceType": "DoesNotExist"}],
            **params,
        }
        return ses_client.send_bounce(**request)["MessageId"]

    return bounce


@pytest.fixture(name="parts")
def _parts(ses_backend):
    """A function that returns the parts of the only message in the outbox, as text."""

    def parts():
        (message,) = ses_backend.outbox
        boundary = message.mime.get_boundary().encode()
        return [part.decode() for part in message.raw.split(b"--" + boundary)[1:-1]]

    return parts


def test_bounce(ses_backend, bounce, parts):
    """A bounce is sent to the envelope sender, with a text, a report and the original headers."""
    message_id = bounce()

    (message,) = ses_backend.outbox
    assert (message_id, "mailer@example.com", ["ada@example.org"], "SendBounce") == (
        message.message_id,
        message.source,
        message.recipients,
        message.operation,
    )
    assert "Delivery Status Notification (Failure)" == message.subject
    assert "<1@example.org>" == message.headers["In-Reply-To"]
    assert "delivery-status" == message.mime.get_param("report-type")
    text, report, headers = parts()
    assert "Bob@example.com\r\n\r\nThe mailbox does not exist.\r\n" in text
    assert "Reporting-MTA: dns; inbound-smtp.us-east-1.amazonaws.com\r\n" in report
    assert (
        "\r\n\r\nFinal-Recipient: rfc822; Bob@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    ) in report
    assert headers.endswith(
        "From: Ada <ada@example.org>\r\nTo: bob@example.com, eve@example.com\r\n"
        "Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\n"
    )
    assert b"Secret" not in message.raw


@pytest.mark.parametrize(
    ("bounce_type", "status"),
    [
        ("DoesNotExist", "Action: failed\r\nStatus: 5.1.1"),
        ("MessageTooLarge", "Action: failed\r\nStatus: 5.3.4"),
        ("ExceededQuota", "Action: failed\r\nStatus: 5.2.2"),
        ("ContentRejected", "Action: failed\r\nStatus: 5.6.1"),
        ("Undefined", "Action: failed\r\nStatus: 5.0.0"),
        ("TemporaryFailure", "Action: delayed\r\nStatus: 4.0.0"),
    ],
)
def test_bounce_types(bounce, parts, bounce_type, status):
    """Each bounce type sets an action and a status."""
    bounce({"Recipient": "bob@example.com", "BounceType": bounce_type})

    assert status in parts()[1]


def test_all_fields(bounce, parts):
    """Every field of the request is in the bounce, each on a separate line."""
    at = datetime(2026, 6, 1, 10, tzinfo=timezone.utc)
    bounce(
        {
            "Recipient": "bob@example.com",
            "RecipientDsnFields": {
                "FinalRecipient": "bobby@example.net",
                "Action": "delayed",
                "RemoteMta": "dns; mail.example.net",
                "Status": "4.2.2",
                "DiagnosticCode": "smtp; 452\nfull",
                "LastAttemptDate": at,
                "ExtensionFields": [{"Name": "X-Last", "Value": "é"}],
            },
        },
        {"Recipient": "eve@example.com", "BounceType": "Undefined"},
        Explanation="Böb is\nfull.",
        MessageDsn={
            "ReportingMta": "dns; mx.example.com",
            "ArrivalDate": at,
            "ExtensionFields": [{"Name": "X-First", "Value": "1"}],
        },
    )

    text, report, _ = parts()
    assert text.endswith("Böb is\r\nfull.\r\n\r\n")
    assert (
        "Reporting-MTA: dns; mx.example.com\r\n"
        "Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0000\r\n"
        "X-First: 1\r\n"
        "\r\n"
        "Final-Recipient: rfc822; bobby@example.net\r\n"
        "Action: delayed\r\n"
        "Status: 4.2.2\r\n"
        "Remote-MTA: dns; mail.example.net\r\n"
        "Diagnostic-Code: smtp; 452 full\r\n"
        "Last-Attempt-Date: Mon, 1 Jun 2026 10:00:00 +0000\r\n"
        "X-Last: é\r\n"
        "\r\n"
        "Final-Recipient: rfc822; eve@example.com\r\n"
    ) in report


def test_final_recipient(ses_backend, bounce):
    """A bounce is accepted if only its final recipient is a recipient of the original message."""
    fields = {"FinalRecipient": "eve@example.com", "Action": "failed", "Status": "5.0.0"}
    bounce({"Recipient": "x@example.net", "RecipientDsnFields": fields})

    assert 1 == len(ses_backend.outbox)


def test_bounce_counts_as_sent(ses_client, bounce):
    """A bounce counts as a sent message."""
    bounce()

    assert 1.0 == ses_client.get_send_quota()["SentLast24Hours"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"OriginalMessageId": "nope"},
            (*REJECTED, "No message with the id nope was received in the last 24 hours."),
        ),
        (
            {"BounceSender": "x@example.net"},
            (
                *REJECTED,
                "Email address is not verified. The following identities failed the check in "
                "region US-EAST-1: x@example.net",
            ),
        ),
        (
            {"BouncedRecipientInfoList": []},
            (
                "InvalidParameterValue",
                400,
                "BouncedRecipientInfoList must not be empty.",
            ),
        ),
        (
            {"BouncedRecipientInfoList": [{"Recipient": "bob@example.com"}]},
            (
                "InvalidParameterValue",
                400,
                "BounceType or RecipientDsnFields must be given for each recipient.",
            ),
        ),
    ],
)
def test_rejected(ses_backend, bounce, params, expected):
    """A bounce needs a received message, a verified sender, and recipients with a reason."""
    assert expected == error_of(bounce, **params)
    assert [] == list(ses_backend.outbox)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("", "1", "Invalid header name: "),
        ("X:Y", "1", "Invalid header name: X:Y"),
        ("X_Y", "1", "Invalid header name: X_Y"),
        ("X" * 51, "1", f"Invalid header name: {'X' * 51}"),
        ("X", "a\r\nb", "Invalid header value: a0x000d0x000ab"),
        ("X", "a" * 2049, f"Invalid header value: {'a' * 2049}"),
    ],
)
def test_invalid_extension_field(ses_backend, bounce, name, value, text):
    """An extension field has a short name of letters, digits and dashes, and one line of text."""
    fields = [{"Name": "X-First", "Value": ""}, {"Name": name, "Value": value}]
    recipient = {"Recipient": "bob@example.com", "BounceType": "Undefined"}
    dsn_fields = {"Action": "failed", "Status": "5.0.0", "ExtensionFields": fields}

    expected = ("InvalidParameterValue", 400, text)
    message_dsn = {"ReportingMta": "dns; example.com", "ExtensionFields": fields}
    assert expected == error_of(bounce, recipient, MessageDsn=message_dsn)
    assert expected == error_of(bounce, {**recipient, "RecipientDsnFields": dsn_fields})
    assert [] == list(ses_backend.outbox)


def test_longest_extension_field(bounce, parts):
    """An extension field can have a name of 50 characters and a value of 2,048."""
    field = {"Name": "X" * 50, "Value": "a" * 2048}
    bounce(MessageDsn={"ReportingMta": "dns; example.com", "ExtensionFields": [field]})

    assert f"\r\n{'X' * 50}: {'a' * 2048}\r\n" in parts()[1]


def test_missing_action(ses_backend, arrival):
    """DSN fields of a recipient need an action and a status."""
    recipient = {"Recipient": "bob@example.com", "RecipientDsnFields": {}}
    params = {
        "OriginalMessageId": arrival.message_id,
        "BounceSender": "mailer@example.com",
        "BouncedRecipientInfoList": [recipient],
    }
    with pytest.raises(Fault, match=r"2 validation errors .*\.action' .*must not be null"):
        ses_backend._call("ses", "SendBounce", params)


def test_not_a_recipient(bounce, arrival):
    """A bounce for an address that is not a recipient of the message is rejected."""
    text = f"x@example.com is not a recipient of the message {arrival.message_id}."
    recipient = {"Recipient": "x@example.com", "BounceType": "Undefined"}

    assert (*REJECTED, text) == error_of(bounce, recipient)


def test_no_sender(ses_backend, bounce):
    """A message without an envelope sender cannot be bounced."""
    account = ses_backend.account()
    arrival = arrivals.accept(account, MESSAGE, arrivals.Envelope(sender=""))
    arrivals.keep(account.arrivals, arrival)

    text = f"The message {arrival.message_id} has no sender to return it to."
    assert (*REJECTED, text) == error_of(bounce, OriginalMessageId=arrival.message_id)


def test_too_late(ses_backend, bounce, arrival):
    """A message can be bounced for 24 hours."""
    ses_backend.clock.advance(hours=23)
    bounce()
    ses_backend.clock.advance(hours=1)

    text = f"No message with the id {arrival.message_id} was received in the last 24 hours."
    assert (*REJECTED, text) == error_of(bounce)
