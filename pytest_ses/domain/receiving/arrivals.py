"""Received messages: their envelopes, verdicts, matching rules and notifications.

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-concepts.html
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
The order and spelling of members follow notifications that users have published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, get_args

from pytest_ses.domain import addresses, formats, mime
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail import records
from pytest_ses.domain.mail.viruses import contains_virus
from pytest_ses.domain.receiving import receipt_filters, receipt_rules, setup_messages
from pytest_ses.domain.receiving.receipt_actions import (
    TYPES,
    BounceAction,
    LambdaAction,
    S3Action,
    SnsAction,
    WorkmailAction,
    object_key,
    topic_of,
)
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilterState
from pytest_ses.domain.receiving.receipt_rules import ReceiptRuleState
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.receiving.receipt_actions import Action
    from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
    from pytest_ses.domain.receiving.receipt_rules import ReceiptRule

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

ScanVerdict = Literal["PASS", "FAIL", "GRAY", "PROCESSING_FAILED"]
VERDICTS: tuple[ScanVerdict, ...] = get_args(ScanVerdict)
# The verdict of a scan that the rule does not enable.
NOT_SCANNED = "DISABLED"
# An address reserved for documentation (RFC 5737).
SOURCE_IP = "203.0.113.25"
# The processing time is our own; SES's varies.
PROCESSING_MILLISECONDS = 500
# The DMARC policy that is reported if DMARC fails; the value is our own.
DMARC_POLICY = "none"

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_ID_LENGTH = 39
_ENCODINGS = {"UTF-8": "UTF8", "Base64": "BASE64"}


class ScanVerdicts(NamedTuple):
    """The verdicts of SES's checks on a message."""

    spam: str = "PASS"
    virus: str = "PASS"
    spf: str = "PASS"
    dkim: str = "PASS"
    dmarc: str = "PASS"


class Envelope(NamedTuple):
    """The SMTP envelope of a message; missing addresses are taken from the headers."""

    recipients: Sequence[str] | None = None
    sender: str | None = None
    source_ip: str = SOURCE_IP


BY_HEADERS = Envelope()
ALL_PASS = ScanVerdicts()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A received message.

    Attributes:
        raw: the bytes as received.
        fields: the header fields of `raw`, parsed once.
        sender: the bare address of the envelope sender.
        recipients: the bare addresses of the envelope recipients.
    """

    message_id: str
    region: str
    raw: bytes
    fields: Sequence[tuple[str, str]]
    sender: str
    recipients: tuple[str, ...]
    source_ip: str
    at: datetime
    verdicts: ScanVerdicts


class ArrivalState(ReceiptRuleState, ReceiptFilterState, Protocol):
    """The rules and filters of an account, and its received messages by message ID."""

    arrivals: dict[str, Arrival]


class Match(NamedTuple):
    """A rule that applies to a message, and the recipients that it applies to."""

    rule: ReceiptRule
    recipients: tuple[str, ...]


class ActionInput(NamedTuple):
    """A message as an action receives it, with the headers that SES and earlier actions added."""

    raw: bytes
    fields: Sequence[tuple[str, str]]


def accept(
    account: ArrivalState,
    raw: bytes,
    envelope: Envelope = BY_HEADERS,
    verdicts: ScanVerdicts = ALL_PASS,
) -> Arrival:
    """Return a received message, with the verdict of the virus scanner.

    Raises:
        TypeError: if the recipients are not a list of strings.
        ValueError: if the message has no recipient, or an address, the IP address or a verdict is
            invalid.
    """
    fields = mime.fields(raw)
    headers = mime.Headers(fields)
    if envelope.recipients is not None:
        recipients = _checked_recipients(envelope.recipients)
    else:
        recipients = [
            address for name in ("To", "Cc", "Bcc") for address in _addresses(headers, name)
        ]
    if not recipients:
        raise ValueError("the message has no recipient; pass recipients=[…] or add a To header")
    sender = envelope.sender
    if sender is None:
        senders = (
            address
            for name in ("Return-Path", "Sender", "From")
            for address in _addresses(headers, name)
        )
        sender = next(senders, "")
    _check_verdicts(verdicts)
    return Arrival(
        message_id=account.new_token(_ALPHABET, _ID_LENGTH) + "1",
        region=account.region,
        raw=raw,
        fields=fields,
        sender=addresses.bare(sender),
        recipients=tuple(dict.fromkeys(addresses.bare(address) for address in recipients)),
        source_ip=_checked_ip(envelope.source_ip),
        at=account.now(),
        verdicts=_scanned(raw, verdicts),
    )


def blocked_by(account: ArrivalState, arrival: Arrival) -> ReceiptFilter | None:
    """Return the IP filter that blocks a message, or None."""
    return receipt_filters.blocking_filter(account.receipt_filters, ip_address(arrival.source_ip))


def unverified(account: ArrivalState, arrival: Arrival) -> tuple[str, ...]:
    """Return the recipients for which SES accepts no messages: their domains are not verified."""
    return tuple(
        recipient for recipient in arrival.recipients if not _is_verified(account, recipient)
    )


def matches(account: ArrivalState, arrival: Arrival) -> list[Match]:
    """Return the enabled rules of the active rule set that apply to a message, in order."""
    active = receipt_rules.active_set(account)
    verified = [recipient for recipient in arrival.recipients if _is_verified(account, recipient)]
    candidates = (
        Match(rule, tuple(recipient for recipient in verified if applies_to(rule, recipient)))
        for rule in (active.rules if active else ())
        if rule.enabled
    )
    return [match for match in candidates if match.recipients]


def applies_to(rule: ReceiptRule, recipient: str) -> bool:
    """Whether a rule applies to a recipient; a rule without recipients applies to all."""
    address = recipient.lower()
    domain = address.rpartition("@")[2]
    return not rule.recipients or any(
        domain.endswith(pattern) if pattern.startswith(".") else pattern in (address, domain)
        for pattern in rule.recipients
    )


def keep(arrivals: dict[str, Arrival], arrival: Arrival) -> None:
    """Store a received message, so that it can be bounced later."""
    arrivals[arrival.message_id] = arrival


def action_input(
    arrival: Arrival, match: Match, added: Sequence[tuple[str, str]] = ()
) -> ActionInput:
    """Return the message as an action receives it, with the headers that SES and rules added."""
    fields = [*_trace(arrival, match), *added]
    line_end = "\n" if b"\r\n" not in arrival.raw and b"\n" in arrival.raw else "\r\n"
    head = "".join(f"{name}: {value}{line_end}" for name, value in fields)
    stripped = [(name, value.strip()) for name, value in fields]
    return ActionInput(head.encode() + arrival.raw, [*stripped, *arrival.fields])


def notification(
    arrival: Arrival, match: Match, action: Action, received: ActionInput
) -> dict[str, Any]:
    """Return the notification about an action; for an SNS action, it contains the message."""
    content: dict[str, Any] = {
        "notificationType": "Received",
        **_description(arrival, match, action, received),
    }
    if isinstance(action, SnsAction):
        content["content"] = setup_messages.content(received.raw, action.encoding)
    return content


def lambda_event(
    arrival: Arrival, match: Match, action: LambdaAction, received: ActionInput
) -> dict[str, Any]:
    """Return the event that a Lambda function is invoked with."""
    record = {
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": _description(arrival, match, action, received),
    }
    return {"Records": [record]}


def _checked_recipients(recipients: object) -> list[str]:
    if isinstance(recipients, str):
        raise TypeError(
            f"recipients={recipients!r} is invalid; expected a list, such as "
            f"recipients=[{recipients!r}]"
        )
    if not isinstance(recipients, Iterable):
        raise TypeError(f"recipients={recipients!r} is invalid; expected a list of addresses")
    checked = list(recipients)
    for recipient in checked:
        if not isinstance(recipient, str) or "@" not in recipient:
            raise (ValueError if isinstance(recipient, str) else TypeError)(
                f"recipients: {recipient!r} is invalid; expected an address such as "
                "'ada@example.com'"
            )
    return checked


def _checked_ip(source_ip: str) -> str:
    try:
        return str(ip_address(source_ip))
    except ValueError:
        raise ValueError(
            f"source_ip={source_ip!r} is invalid; expected an IPv4 or IPv6 address, such as "
            f"{SOURCE_IP!r}"
        ) from None


def _check_verdicts(verdicts: ScanVerdicts) -> None:
    for name, verdict in zip(verdicts._fields, verdicts, strict=True):
        if verdict not in VERDICTS:
            error = f"unknown verdict {name}={verdict!r}"
            raise ValueError(with_nearest(error, str(verdict), VERDICTS))


def _scanned(raw: bytes, verdicts: ScanVerdicts) -> ScanVerdicts:
    """Return the verdicts, with that of the virus scanner unless the test set one."""
    if verdicts.virus != "PASS":
        return verdicts
    contents = (attachment.content for attachment in mime.read(raw).attachments)
    return verdicts._replace(virus="FAIL") if contains_virus(raw, *contents) else verdicts


def _is_verified(account: ArrivalState, recipient: str) -> bool:
    domain = recipient.rpartition("@")[2]
    return account.accepts_every_sender or identities.is_verified(account.identities, domain)


def _trace(arrival: Arrival, match: Match) -> Iterator[tuple[str, str]]:
    """Yield the headers that SES adds before those of the message."""
    verdicts, ip = arrival.verdicts, arrival.source_ip
    source = f"from [{ip}] ([{ip}]) by inbound-smtp.{arrival.region}.amazonaws.com"
    yield "Return-Path", f"<{arrival.sender}>"
    recipient, time = match.recipients[0], mime.internet_date(arrival.at)
    yield "Received", f"{source} with SMTP id {arrival.message_id} for {recipient}; {time} (UTC)"
    if match.rule.scan_enabled:
        yield "X-SES-Spam-Verdict", verdicts.spam
        yield "X-SES-Virus-Verdict", verdicts.virus
    spf = f"{verdicts.spf.lower()} client-ip={ip}; envelope-from={arrival.sender};"
    yield "Received-SPF", spf
    dkim, dmarc = verdicts.dkim.lower(), verdicts.dmarc.lower()
    yield "Authentication-Results", f"amazonses.com; spf={spf} dkim={dkim}; dmarc={dmarc};"


def _description(
    arrival: Arrival, match: Match, action: Action, received: ActionInput
) -> dict[str, Any]:
    return {
        "mail": _mail(arrival, received.fields),
        "receipt": _receipt(arrival, match, action),
    }


def _mail(arrival: Arrival, fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
    headers = mime.Headers(fields)
    visible_recipients = [
        addresses.bare(address) for name in ("To", "Cc") for address in _addresses(headers, name)
    ]
    shown, size = [], 0
    for name, value in fields:
        size += len(name) + len(value)
        if size < records.HEADERS_LIMIT:
            shown.append({"name": name, "value": value})
    return {
        "timestamp": formats.timestamp(arrival.at),
        "source": arrival.sender,
        "messageId": arrival.message_id,
        "destination": visible_recipients or list(arrival.recipients),
        "headersTruncated": len(shown) < len(fields),
        "headers": shown,
        "commonHeaders": _common(arrival, headers),
    }


def _common(arrival: Arrival, headers: mime.Headers) -> dict[str, Any]:
    common = {
        "returnPath": arrival.sender,
        "sender": headers.get("Sender"),
        "from": _decoded_addresses(headers, "From"),
        "date": headers.get("Date"),
        "to": _decoded_addresses(headers, "To"),
        "cc": _decoded_addresses(headers, "Cc"),
        "bcc": _decoded_addresses(headers, "Bcc"),
        "replyTo": _decoded_addresses(headers, "Reply-To"),
        "messageId": headers.get("Message-ID"),
        "subject": mime.decode_header(headers["Subject"]) if "Subject" in headers else None,
    }
    return {name: value for name, value in common.items() if value}


def _receipt(arrival: Arrival, match: Match, action: Action) -> dict[str, Any]:
    verdicts = arrival.verdicts
    if not match.rule.scan_enabled:
        verdicts = verdicts._replace(spam=NOT_SCANNED, virus=NOT_SCANNED)
    policy = {"dmarcPolicy": DMARC_POLICY} if verdicts.dmarc == "FAIL" else {}
    return {
        "timestamp": formats.timestamp(arrival.at),
        "processingTimeMillis": PROCESSING_MILLISECONDS,
        "recipients": list(match.recipients),
        **{
            f"{name}Verdict": {"status": verdict}
            for name, verdict in zip(verdicts._fields, verdicts, strict=True)
        },
        **policy,
        "action": _action(arrival, action),
    }


def _action(arrival: Arrival, action: Action) -> dict[str, Any]:
    details = _ACTION_DETAILS.get(type(action))
    members = {
        "type": TYPES[type(action)],
        "topicArn": topic_of(action),
        **(details(arrival, action) if details else {}),
    }
    return {name: value for name, value in members.items() if value is not None}


_ACTION_DETAILS: Mapping[type[Action], Callable[[Arrival, Any], dict[str, str | None]]] = {
    S3Action: lambda arrival, action: {
        "bucketName": action.bucket_name,
        "objectKeyPrefix": action.object_key_prefix,
        "objectKey": object_key(action, arrival.message_id),
    },
    SnsAction: lambda _, action: {"encoding": _ENCODINGS[action.encoding]},
    LambdaAction: lambda _, action: {
        "functionArn": action.function_arn,
        "invocationType": action.invocation_type or "Event",
    },
    BounceAction: lambda _, action: {
        "smtpReplyCode": action.smtp_reply_code,
        "statusCode": action.status_code,
        "message": action.message,
        "sender": action.sender,
    },
    WorkmailAction: lambda _, action: {"organizationArn": action.organization_arn},
}


def _addresses(headers: mime.Headers, name: str) -> list[str]:
    return addresses.parse_list(headers.get(name, ""))


def _decoded_addresses(headers: mime.Headers, name: str) -> list[str]:
    return [mime.decode_header(address) for address in _addresses(headers, name)]
