"""What becomes of a mail that comes in: who keeps it out, which rules it meets, what is told of it?

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-concepts.html
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
Order and spelling of what is told are those of notifications that others have published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses.domain import addresses, formats, mime
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail import records, viruses
from pytest_ses.domain.mail.messages import Message
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.receiving.receipt_actions import Action
    from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
    from pytest_ses.domain.receiving.receipt_rules import ReceiptRule

VERDICTS = ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED")
# What stands for a scan that a rule does not ask for.
NOT_SCANNED = "DISABLED"
# An address for documentation, RFC 5737.
SOURCE_IP = "203.0.113.25"
# How long a mail takes is ours.
PROCESSING_MILLISECONDS = 500
# What the owner of a domain asks for where DMARC fails, if he asks for nothing. (Ours.)
DMARC_POLICY = "none"

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_ID_LENGTH = 39
_ENCODINGS = {"UTF-8": "UTF8", "Base64": "BASE64"}


class ScanVerdicts(NamedTuple):
    """What the checks of SES say of a mail."""

    spam: str = "PASS"
    virus: str = "PASS"
    spf: str = "PASS"
    dkim: str = "PASS"
    dmarc: str = "PASS"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that came in.

    `sender` and `recipients` are the envelope, bare; `raw` are the bytes as they came.
    """

    message_id: str
    region: str
    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    source_ip: str
    at: datetime
    verdicts: ScanVerdicts


class ArrivalState(ReceiptRuleState, ReceiptFilterState, Protocol):
    """The rules and filters of an account, and the messages that arrived by their ID."""

    arrivals: dict[str, Arrival]


class Match(NamedTuple):
    """A rule that a mail meets, and for which of its recipients."""

    rule: ReceiptRule
    recipients: tuple[str, ...]


def accept(
    account: ArrivalState,
    raw: bytes,
    *,
    recipients: Sequence[str] | None = None,
    sender: str | None = None,
    source_ip: str = SOURCE_IP,
    verdicts: ScanVerdicts | None = None,
) -> Arrival:
    """A mail at the door; what the envelope does not say, the headers do.

    Raises:
        ValueError: nobody is to get it, or a verdict or the IP address is none.
    """
    headers = mime.Headers(mime.fields(raw))
    if recipients is None:
        recipients = [text for name in ("To", "Cc", "Bcc") for text in _listed(headers, name)]
    if not recipients:
        raise ValueError("the mail has no recipient: give recipients, or a To header")
    if sender is None:
        senders = (_listed(headers, name) for name in ("Return-Path", "Sender", "From"))
        sender = next((found[0] for found in senders if found), "")
    arrival = Arrival(
        message_id=account.new_token(_ALPHABET, _ID_LENGTH) + "1",
        region=account.region,
        raw=raw,
        sender=addresses.bare(sender),
        recipients=tuple(dict.fromkeys(addresses.bare(text) for text in recipients)),
        source_ip=str(ip_address(source_ip)),
        at=account.now(),
        verdicts=verdicts or ScanVerdicts(),
    )
    return _scanned(account, arrival)


def blocked_by(account: ArrivalState, arrival: Arrival) -> ReceiptFilter | None:
    """The IP filter that keeps a mail out."""
    return receipt_filters.blocking(account.receipt_filters, ip_address(arrival.source_ip))


def unverified(account: ArrivalState, arrival: Arrival) -> tuple[str, ...]:
    """The recipients for whom SES takes no mail: their domains are not verified."""
    return tuple(one for one in arrival.recipients if not _is_served(account, one))


def matches(account: ArrivalState, arrival: Arrival) -> list[Match]:
    """The rules of the active set that a mail meets, in order."""
    active = receipt_rules.active_set(account)
    served = [one for one in arrival.recipients if _is_served(account, one)]
    found = []
    for rule in active.rules if active else ():
        meant = tuple(one for one in served if applies_to(rule, one))
        if rule.enabled and meant:
            found.append(Match(rule, meant))
    return found


def applies_to(rule: ReceiptRule, recipient: str) -> bool:
    """Whether a rule is about a recipient; one without recipients is about everyone."""
    address = recipient.lower()
    domain = address.rpartition("@")[2]
    return not rule.recipients or any(
        domain.endswith(one) if one.startswith(".") else one in (address, domain)
        for one in rule.recipients
    )


def keep(arrivals: dict[str, Arrival], arrival: Arrival) -> None:
    """Remember a mail: it can be bounced later."""
    arrivals[arrival.message_id] = arrival


def accepted(arrival: Arrival, match: Match, added: Sequence[tuple[str, str]] = ()) -> bytes:
    """The mail as an action gets it: with the headers that rules added, and those of SES."""
    fields = [*_trace(arrival, match), *added]
    line_end = "\n" if b"\r\n" not in arrival.raw and b"\n" in arrival.raw else "\r\n"
    return "".join(f"{name}: {value}{line_end}" for name, value in fields).encode() + arrival.raw


def notification(arrival: Arrival, match: Match, action: Action, raw: bytes) -> dict[str, Any]:
    """What a topic is told when an action was taken; of an SNS action, the mail too."""
    told: dict[str, Any] = {"notificationType": "Received", **_told(arrival, match, action, raw)}
    if isinstance(action, SnsAction):
        told["content"] = setup_messages.content(raw, action.encoding)
    return told


def lambda_event(
    arrival: Arrival, match: Match, action: LambdaAction, raw: bytes
) -> dict[str, Any]:
    """What a function is invoked with."""
    record = {
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": _told(arrival, match, action, raw),
    }
    return {"Records": [record]}


def _scanned(account: ArrivalState, arrival: Arrival) -> Arrival:
    """The mail with what the virus scanner finds; a verdict that was given stays."""
    verdicts = arrival.verdicts
    for name, verdict in zip(verdicts._fields, verdicts, strict=True):
        if verdict not in VERDICTS:
            raise ValueError(f"{name}={verdict!r} is no verdict; there are {', '.join(VERDICTS)}")
    if verdicts.virus != "PASS" or not viruses.has_virus(_as_message(account, arrival)):
        return arrival
    return replace(arrival, verdicts=verdicts._replace(virus="FAIL"))


def _as_message(account: ArrivalState, arrival: Arrival) -> Message:
    return Message(
        message_id=arrival.message_id,
        service="ses",
        operation="",
        region=account.region,
        account_id=account.account_id,
        source=arrival.sender,
        sent_at=arrival.at,
        to=arrival.recipients,
        submitted=arrival.raw,
    )


def _is_served(account: ArrivalState, recipient: str) -> bool:
    domain = recipient.rpartition("@")[2]
    return (
        account.accepts_every_sender or identities.covering(account.identities, domain) is not None
    )


def _trace(arrival: Arrival, match: Match) -> Iterator[tuple[str, str]]:
    """The headers that SES puts before those of the mail."""
    verdicts, ip = arrival.verdicts, arrival.source_ip
    came = f"from [{ip}] ([{ip}]) by inbound-smtp.{arrival.region}.amazonaws.com"
    yield "Return-Path", f"<{arrival.sender}>"
    recipient, time = match.recipients[0], mime.internet_date(arrival.at)
    yield "Received", f"{came} with SMTP id {arrival.message_id} for {recipient}; {time} (UTC)"
    if match.rule.scan_enabled:
        yield "X-SES-Spam-Verdict", verdicts.spam
        yield "X-SES-Virus-Verdict", verdicts.virus
    spf = f"{verdicts.spf.lower()} client-ip={ip}; envelope-from={arrival.sender};"
    yield "Received-SPF", spf
    dkim, dmarc = verdicts.dkim.lower(), verdicts.dmarc.lower()
    yield "Authentication-Results", f"amazonses.com; spf={spf} dkim={dkim}; dmarc={dmarc};"


def _told(arrival: Arrival, match: Match, action: Action, raw: bytes) -> dict[str, Any]:
    return {"mail": _mail(arrival, raw), "receipt": _receipt(arrival, match, action)}


def _mail(arrival: Arrival, raw: bytes) -> dict[str, Any]:
    fields = mime.fields(raw)
    headers = mime.Headers(fields)
    named = [addresses.bare(text) for name in ("To", "Cc") for text in _listed(headers, name)]
    shown, size = [], 0
    for name, value in fields:
        size += len(name) + len(value)
        if size < records.HEADERS_LIMIT:
            shown.append({"name": name, "value": value})
    return {
        "timestamp": formats.timestamp(arrival.at),
        "source": arrival.sender,
        "messageId": arrival.message_id,
        "destination": named or list(arrival.recipients),
        "headersTruncated": len(shown) < len(fields),
        "headers": shown,
        "commonHeaders": _common(arrival, headers),
    }


def _common(arrival: Arrival, headers: mime.Headers) -> dict[str, Any]:
    common = {
        "returnPath": arrival.sender,
        "sender": headers.get("Sender"),
        "from": _decoded(headers, "From"),
        "date": headers.get("Date"),
        "to": _decoded(headers, "To"),
        "cc": _decoded(headers, "Cc"),
        "bcc": _decoded(headers, "Bcc"),
        "replyTo": _decoded(headers, "Reply-To"),
        "messageId": headers.get("Message-ID"),
        "subject": mime.decoded(headers["Subject"]) if "Subject" in headers else None,
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
    describe = _DESCRIBED.get(type(action))
    words = {
        "type": TYPES[type(action)],
        "topicArn": topic_of(action),
        **(describe(arrival, action) if describe else {}),
    }
    return {name: value for name, value in words.items() if value is not None}


_DESCRIBED: Mapping[type[Action], Callable[[Arrival, Any], dict[str, str | None]]] = {
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


def _listed(headers: mime.Headers, name: str) -> list[str]:
    return addresses.parse_list(headers.get(name, ""))


def _decoded(headers: mime.Headers, name: str) -> list[str]:
    return [mime.decoded(text) for text in _listed(headers, name)]
