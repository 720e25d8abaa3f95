"""How does a mail that came in go back to its sender?

The parts of the mail are those of RFC 3462 and RFC 3464; its words are ours, but for those that the
request brings.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors, mime
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.receiving import receipt_actions
from pytest_ses.domain.receiving.arrivals import ArrivalState
from pytest_ses.domain.sending.sending import SendingState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.receiving.arrivals import Arrival

    Fields = Sequence[tuple[str, str]]

# https://docs.aws.amazon.com/ses/latest/APIReference/API_SendBounce.html
KEPT = timedelta(hours=24)

SUBJECT = "Delivery Status Notification (Failure)"

_INTRODUCTION = "An error occurred while trying to deliver the mail to the following recipients:"
_LINE_ENDS = re.compile(r"[\r\n]+[ \t]*")
_NOT_IN_A_NAME = re.compile(r"[^!-9;-~]")


class BounceState(ArrivalState, SendingState, Protocol):
    """The messages that arrived, and what sending a bounce of one needs."""


class Reason(NamedTuple):
    """What a type of bounce says to a program, and to a reader."""

    action: str
    status: str
    text: str


# SES fills in what a type means; the status codes are those of RFC 3463.
REASONS: Mapping[str, Reason] = {
    "DoesNotExist": Reason("failed", "5.1.1", "The mailbox does not exist."),
    "MessageTooLarge": Reason("failed", "5.3.4", "The message is too large."),
    "ExceededQuota": Reason("failed", "5.2.2", "The mailbox is full."),
    "ContentRejected": Reason("failed", "5.6.1", "The content was rejected."),
    "Undefined": Reason("failed", "5.0.0", "The message could not be delivered."),
    "TemporaryFailure": Reason("delayed", "4.0.0", "The message cannot be delivered at present."),
}


class Returned(NamedTuple):
    """A recipient whom a mail did not reach, and where it was going in the end; `extra` are fields."""

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
    """What a bounce says of the mail as a whole."""

    explanation: str | None = None
    reporting_mta: str | None = None
    arrived_at: datetime | None = None
    extra: Fields = ()


def find(account: BounceState, message_id: str) -> Arrival:
    """The mail of that id that came in during the last day.

    Raises:
        OriginalMessageUnknown: there is none.
    """
    found = account.arrivals.get(message_id)
    if found is None or account.now() - found.at > KEPT:
        raise errors.OriginalMessageUnknown(name=message_id)
    return found


def answer(
    account: BounceState,
    arrival: Arrival,
    recipients: Sequence[str],
    action: receipt_actions.BounceAction,
) -> Message:
    """Put the bounce that a rule asks for into the outbox; refused like `send`."""
    code, status = action.smtp_reply_code, action.status_code
    words = f"SMTP Reply Code = {code}" + (f", SMTP Status Code = {status}" if status else "")
    returned = [
        Returned(
            address,
            action="delayed" if code.startswith("4") else "failed",
            status=status or f"{code[0]}.0.0",
            text=f"{action.message}\n\n{words}",
            diagnostic=f"smtp; {' '.join(filter(None, (code, status, action.message)))}",
        )
        for address in recipients
    ]
    return send(
        account,
        arrival,
        returned,
        sender=action.sender,
        report=Report(),
        operation="BounceAction",
    )


def send(
    account: BounceState,
    arrival: Arrival,
    recipients: Sequence[Returned],
    *,
    sender: str,
    report: Report,
    operation: str,
) -> Message:
    """Put a bounce of a mail into the outbox, for its envelope sender.

    Neither quotas nor the sandbox keep it back.

    Raises:
        NotVerified: the bounce may not come from that address.
        NotARecipient: the mail did not go to one of the recipients.
        SenderUnknown: the mail has no envelope sender.
    """
    if not receipt_actions.may_bounce(account, sender):
        raise errors.NotVerified(region=account.region.upper(), identities=sender)
    known = {one.lower() for one in arrival.recipients}
    for one in recipients:
        if not known & {one.address.lower(), (one.final_address or "").lower()}:
            raise errors.NotARecipient(recipient=one.address, name=arrival.message_id)
    if not arrival.sender:
        raise errors.SenderUnknown(name=arrival.message_id)
    now = account.now()
    message_id = account.new_message_id(now)
    message = Message(
        message_id=message_id,
        service="ses",
        operation=operation,
        region=account.region,
        account_id=account.account_id,
        source=sender,
        sent_at=now,
        to=[arrival.sender],
        submitted=_composed(arrival, recipients, sender=sender, report=report, seed=message_id),
    )
    account.history.record(now, 1)
    account.outbox.append(message)
    account.event_log.accepted(account, message)
    return message


def _composed(
    arrival: Arrival, recipients: Sequence[Returned], *, sender: str, report: Report, seed: str
) -> bytes:
    """The three parts: for a reader, for a program, and the headers of the mail."""
    boundary = f"----=_Part_0_{seed}"
    original = mime.Headers(mime.fields(arrival.raw))
    head = [
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
    groups = [_about(arrival, report), *(_about_recipient(one) for one in recipients)]
    headers = "".join(f"{name}: {value}\r\n" for name, value in mime.fields(arrival.raw))
    parts = [
        ("text/plain; charset=UTF-8", _explained(recipients, report)),
        ("message/delivery-status", "\r\n".join(_block(group) for group in groups)),
        ("text/rfc822-headers", headers),
    ]
    body = "".join(
        f"--{boundary}\r\n{_block([('Content-Type', kind)])}"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{content}\r\n"
        for kind, content in parts
    )
    whole = f"{_block(head)}\r\n{body}--{boundary}--\r\n"
    return whole.encode("utf-8", "replace")


def _explained(recipients: Sequence[Returned], report: Report) -> str:
    text = report.explanation
    if text is None:
        reasons = "\n".join(dict.fromkeys(one.text for one in recipients))
        text = f"{_INTRODUCTION} {', '.join(one.address for one in recipients)}\n\n{reasons}"
    return "\r\n".join([*text.splitlines(), ""])


def _about(arrival: Arrival, report: Report) -> list[tuple[str, str | None]]:
    host = f"dns; inbound-smtp.{arrival.region}.amazonaws.com"
    arrived = report.arrived_at or arrival.at
    return [
        ("Reporting-MTA", report.reporting_mta or host),
        ("Arrival-Date", mime.internet_date(arrived)),
        *report.extra,
    ]


def _about_recipient(one: Returned) -> list[tuple[str, str | None]]:
    return [
        ("Final-Recipient", f"rfc822; {one.final_address or one.address}"),
        ("Action", one.action),
        ("Status", one.status),
        ("Remote-MTA", one.remote_mta),
        ("Diagnostic-Code", one.diagnostic),
        ("Last-Attempt-Date", mime.internet_date(one.last_attempt) if one.last_attempt else None),
        *one.extra,
    ]


def _block(fields: Sequence[tuple[str, str | None]]) -> str:
    """Fields, one a line: nothing that they say begins another."""
    return "".join(
        f"{_NOT_IN_A_NAME.sub('', name)}: {_LINE_ENDS.sub(' ', value)}\r\n"
        for name, value in fields
        if value is not None
    )
