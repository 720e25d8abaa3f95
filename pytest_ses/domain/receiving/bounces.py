"""Bounces of received messages.

The parts of a bounce are those of RFC 3462 and RFC 3464. Texts that the request does not supply are
our own.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors, mime
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.mail.requests import Destination, Submission
from pytest_ses.domain.receiving import receipt_actions
from pytest_ses.domain.receiving.arrivals import ArrivalState
from pytest_ses.domain.sending.sending import SendingState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.receiving.arrivals import Arrival

    Fields = Sequence[tuple[str, str]]

# https://docs.aws.amazon.com/ses/latest/APIReference/API_SendBounce.html
BOUNCE_PERIOD = timedelta(hours=24)

SUBJECT = "Delivery Status Notification (Failure)"

_INTRODUCTION = "An error occurred while trying to deliver the mail to the following recipients:"
_LINE_ENDS = re.compile(r"[\r\n]+[ \t]*")


class BounceState(ArrivalState, SendingState, Protocol):
    """The received messages of an account, and the state that sending a bounce requires."""


class Reason(NamedTuple):
    """The DSN fields and the human-readable text for a bounce type."""

    action: str
    status: str
    text: str


# SES derives these fields from the bounce type; the status codes are those of RFC 3463.
REASONS: Mapping[str, Reason] = {
    "DoesNotExist": Reason("failed", "5.1.1", "The mailbox does not exist."),
    "MessageTooLarge": Reason("failed", "5.3.4", "The message is too large."),
    "ExceededQuota": Reason("failed", "5.2.2", "The mailbox is full."),
    "ContentRejected": Reason("failed", "5.6.1", "The content was rejected."),
    "Undefined": Reason("failed", "5.0.0", "The message could not be delivered."),
    "TemporaryFailure": Reason("delayed", "4.0.0", "The message cannot be delivered at present."),
}


class BouncedRecipient(NamedTuple):
    """A recipient for which a message bounces.

    Attributes:
        address: the recipient.
        action: the DSN action, such as `failed`.
        status: the DSN status code, such as `5.1.1`.
        text: the human-readable reason.
        final_address: the final recipient, if it is a different one.
        remote_mta: the server that rejected the message.
        diagnostic: the diagnostic code of that server.
        last_attempt: the time of the last delivery attempt.
        extra: further DSN fields.
    """

    address: str
    action: str
    status: str
    text: str
    final_address: str | None = None
    remote_mta: str | None = None
    diagnostic: str | None = None
    last_attempt: datetime | None = None
    extra: Fields = ()


class Report(NamedTuple):
    """The part of a bounce that concerns the message as a whole.

    Attributes:
        explanation: the human-readable text; defaults to the reasons for the recipients.
        reporting_mta: the server that reports the bounce; defaults to SES's.
        arrived_at: the reported arrival time; defaults to that of the message.
        extra: further DSN fields.
    """

    explanation: str | None = None
    reporting_mta: str | None = None
    arrived_at: datetime | None = None
    extra: Fields = ()


def find(account: BounceState, message_id: str) -> Arrival:
    """Return the message with the given ID, if it arrived in the last 24 hours.

    Raises:
        OriginalMessageUnknown: if there is no such message.
    """
    arrival = account.arrivals.get(message_id)
    if arrival is None or account.now() - arrival.at > BOUNCE_PERIOD:
        raise errors.OriginalMessageUnknown(name=message_id)
    return arrival


def send_for_action(
    account: BounceState,
    arrival: Arrival,
    recipients: Sequence[str],
    action: receipt_actions.BounceAction,
) -> Message:
    """Send the bounce that a rule's bounce action defines. Raises the errors of `send`."""
    code, status = action.smtp_reply_code, action.status_code
    codes = f"SMTP Reply Code = {code}" + (f", SMTP Status Code = {status}" if status else "")
    bounced = [
        BouncedRecipient(
            address,
            action="delayed" if code.startswith("4") else "failed",
            status=status or f"{code[0]}.0.0",
            text=f"{action.message}\n\n{codes}",
            diagnostic=f"smtp; {' '.join(filter(None, (code, status, action.message)))}",
        )
        for address in recipients
    ]
    return send(
        account,
        arrival,
        bounced,
        sender=action.sender,
        report=Report(),
        operation="BounceAction",
    )


def send(
    account: BounceState,
    arrival: Arrival,
    recipients: Sequence[BouncedRecipient],
    *,
    sender: str,
    report: Report,
    operation: str,
) -> Message:
    """Send a bounce of a message to its envelope sender; quotas and the sandbox do not apply.

    Raises:
        InvalidParameterValue: if the name or the value of an extension field is invalid.
        NotVerified: if the sender of the bounce is not verified.
        NotARecipient: if an address is not a recipient of the message.
        SenderUnknown: if the message has no envelope sender.
    """
    _check_extension_fields([report.extra, *(recipient.extra for recipient in recipients)])
    if not receipt_actions.may_bounce(account, sender):
        raise errors.NotVerified(region=account.region.upper(), identities=sender)
    accepted = {recipient.lower() for recipient in arrival.recipients}
    for recipient in recipients:
        if not accepted & {recipient.address.lower(), (recipient.final_address or "").lower()}:
            raise errors.NotARecipient(recipient=recipient.address, name=arrival.message_id)
    if not arrival.sender:
        raise errors.SenderUnknown(name=arrival.message_id)
    now = account.now()
    message_id = account.new_message_id(now)
    submission = Submission(
        "ses",
        operation,
        account.region,
        account.account_id,
        sender,
        now,
        raw=_composed(arrival, recipients, sender=sender, report=report, seed=message_id),
    )
    message = Message(submission, message_id, Destination([arrival.sender]))
    account.history.record(message)
    account.outbox.append(message)
    account.event_log.accept(account, message)
    return message


def _check_extension_fields(groups: Sequence[Fields]) -> None:
    """Check extension fields by the rules of the action that adds a header.

    The service model has the same rules for both; the texts are assumed to be the same, too.
    """
    for fields in groups:
        for name, value in fields:
            receipt_actions.check_header(name, value)


def _composed(
    arrival: Arrival,
    recipients: Sequence[BouncedRecipient],
    *,
    sender: str,
    report: Report,
    seed: str,
) -> bytes:
    """Return a bounce: a human-readable part, a DSN part, and the headers of the message."""
    boundary = f"----=_Part_0_{seed}"
    original = mime.Headers(mime.fields(arrival.raw))
    bounce_headers = [
        ("From", sender),
        ("To", arrival.sender),
        ("Subject", SUBJECT),
        ("In-Reply-To", original.get("Message-ID")),
        ("MIME-Version", "1.0"),
        (
            "Content-Type",
            f'multipart/report; report-type=delivery-status; boundary="{boundary}"',
        ),
    ]
    groups = [
        _message_fields(arrival, report),
        *(_recipient_fields(recipient) for recipient in recipients),
    ]
    original_headers = "".join(f"{name}: {value}\r\n" for name, value in mime.fields(arrival.raw))
    parts = [
        ("text/plain; charset=UTF-8", _explanation(recipients, report)),
        ("message/delivery-status", "\r\n".join(_block(group) for group in groups)),
        ("text/rfc822-headers", original_headers),
    ]
    body = "".join(
        f"--{boundary}\r\n{_block([('Content-Type', content_type)])}"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{content}\r\n"
        for content_type, content in parts
    )
    message = f"{_block(bounce_headers)}\r\n{body}--{boundary}--\r\n"
    return message.encode("utf-8", "replace")


def _explanation(recipients: Sequence[BouncedRecipient], report: Report) -> str:
    text = report.explanation
    if text is None:
        reasons = "\n".join(dict.fromkeys(recipient.text for recipient in recipients))
        text = f"{_INTRODUCTION} {', '.join(recipient.address for recipient in recipients)}\n\n{reasons}"
    return "\r\n".join([*text.splitlines(), ""])


def _message_fields(arrival: Arrival, report: Report) -> list[tuple[str, str | None]]:
    host = f"dns; inbound-smtp.{arrival.region}.amazonaws.com"
    arrived = report.arrived_at or arrival.at
    return [
        ("Reporting-MTA", report.reporting_mta or host),
        ("Arrival-Date", mime.internet_date(arrived)),
        *report.extra,
    ]


def _recipient_fields(recipient: BouncedRecipient) -> list[tuple[str, str | None]]:
    return [
        ("Final-Recipient", f"rfc822; {recipient.final_address or recipient.address}"),
        ("Action", recipient.action),
        ("Status", recipient.status),
        ("Remote-MTA", recipient.remote_mta),
        ("Diagnostic-Code", recipient.diagnostic),
        (
            "Last-Attempt-Date",
            mime.internet_date(recipient.last_attempt) if recipient.last_attempt else None,
        ),
        *recipient.extra,
    ]


def _block(fields: Sequence[tuple[str, str | None]]) -> str:
    """Return header fields as text; a line break in a value cannot start another field."""
    return "".join(
        f"{name}: {_LINE_ENDS.sub(' ', value)}\r\n" for name, value in fields if value is not None
    )
