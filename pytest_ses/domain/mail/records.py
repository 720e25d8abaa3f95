"""How does the JSON of an event look? In the form of event destinations, and of identity topics.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.formats import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message

CALLER = "pytest-ses"
SOURCE_IP = "127.0.0.1"
TLS_VERSION = "TLSv1.3"
HEADERS_LIMIT = 10 * 1024

_NOTIFIED = ("Bounce", "Complaint", "Delivery")
_DETAIL_FIRST = ("Bounce", "Complaint")
_WITHOUT_HEADERS = ("Rendering Failure", "DeliveryDelay")
_DETAIL = {"Rendering Failure": "failure", "DeliveryDelay": "deliveryDelay"}
# What a mail that SES composed shows of its own only once it is on its way.
_OF_DELIVERY = ("date", "message-id")
# A template is not rendered yet when its Send is told.
_OF_SENT_TEMPLATE = ("from", "to", "cc", "reply-to", "mime-version")


class Host(NamedTuple):
    """A mail server of SES: the letter of its name, and its address."""

    letter: str
    ip: str


_HOSTS = {"us-east-1": Host("a", "54.240.48.102"), "eu-west-1": Host("b", "54.240.8.29")}
_OTHER_HOST = Host("e", "23.251.234.11")


def record(event: Event) -> dict[str, Any]:
    """The form of event destinations."""
    headers = event.type not in _WITHOUT_HEADERS
    mail = {
        **_mail_start(event),
        **_mail_ids(event),
        **(_headers(event, original_id=False) if headers else {"headersTruncated": False}),
        "tags": tags(event),
    }
    return _whole("eventType", event.type, mail, event.detail)


def notification(event: Event) -> dict[str, Any] | None:
    """The form of identity topics, which know Bounce, Complaint and Delivery."""
    if event.type not in _NOTIFIED:
        return None
    mail = {
        **_mail_start(event),
        "sourceIp": SOURCE_IP,
        "callerIdentity": CALLER,
        **_mail_ids(event),
        **(_headers(event, original_id=True) if event.with_headers else {}),
    }
    detail = event.detail
    if event.type in _DETAIL_FIRST:
        # To the second, so that it may be earlier than the mail.
        detail = {**detail, "timestamp": f"{detail['timestamp'][:19]}.000Z"}
    return _whole("notificationType", event.type, mail, detail)


def host(region: str) -> Host:
    """The server that a region's mail leaves by."""
    return _HOSTS.get(region, _OTHER_HOST)


def host_name(region: str) -> str:
    """The name of that server, which has the end of its address in it."""
    letter, ip = host(region)
    third, fourth = ip.split(".")[2:]
    place = "" if region == "us-east-1" else f"{region}."
    return f"{letter}{third}-{fourth}.smtp-out.{place}amazonses.com"


def tags(event: Event) -> dict[str, list[str]]:
    """The tags of the mail, SES's own among them; each has a list of values."""
    message = event.message
    delivered = event.type == "Delivery"
    found = {
        "ses:source-tls-version": TLS_VERSION,
        "ses:operation": message.operation,
        "ses:configuration-set": message.configuration_set,
        "ses:outgoing-tls-version": TLS_VERSION if delivered else None,
        "ses:source-ip": SOURCE_IP,
        "ses:from-domain": message.sender.rpartition("@")[2],
        **message.tags,
        "ses:caller-identity": CALLER,
        "ses:outgoing-ip": host(message.region).ip if delivered else None,
    }
    return {name: [value] for name, value in found.items() if value}


def headers(message: Message, type_: str) -> list[dict[str, str]]:
    """The headers that an event shows: as submitted, or as SES had composed them by then."""
    if message.submitted is not None:
        fields = mime.fields(message.submitted)
    else:
        hidden = _OF_DELIVERY if message.template_data is None else ("message-id",)
        fields = [
            (name, value.replace("\t", " "))
            for name, value in mime.fields(message.raw)
            if name.lower() not in hidden
        ]
        if message.template_data is not None and type_ == "Send":
            fields = [pair for pair in fields if pair[0].lower() in _OF_SENT_TEMPLATE]
    return [{"name": name, "value": value} for name, value in fields]


def _whole(
    word: str, type_: str, mail: Mapping[str, Any], detail: Mapping[str, Any]
) -> dict[str, Any]:
    name = _DETAIL.get(type_, type_.lower())
    parts = {"mail": mail, name: dict(detail)}
    order = (name, "mail") if type_ in _DETAIL_FIRST else ("mail", name)
    return {word: type_, **{part: parts[part] for part in order}}


def _mail_start(event: Event) -> dict[str, Any]:
    message = event.message
    start = {"timestamp": timestamp(message.sent_at), "source": message.source}
    # The Send of a template is told before SES knows its mail.
    if event.type == "Send" and message.template_data is not None:
        return start
    return {**start, "sourceArn": event.source_arn}


def _mail_ids(event: Event) -> dict[str, Any]:
    message = event.message
    return {
        "sendingAccountId": message.account_id,
        "messageId": message.message_id,
        "destination": [*message.to, *message.cc, *message.bcc],
    }


def _headers(event: Event, *, original_id: bool) -> dict[str, Any]:
    found = headers(event.message, event.type)
    kept = _up_to_limit(found)
    return {
        "headersTruncated": len(kept) < len(found),
        "headers": kept,
        "commonHeaders": _common(event, found, original_id=original_id),
    }


def _up_to_limit(found: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    kept, size = [], 0
    for one in found:
        size += len(one["name"]) + len(one["value"])
        if size >= HEADERS_LIMIT:
            break
        kept.append(one)
    return kept


def _common(
    event: Event, found: Sequence[Mapping[str, str]], *, original_id: bool
) -> dict[str, Any]:
    named = mime.Headers((one["name"], one["value"]) for one in found)
    message_id = named.get("Message-ID") if original_id else event.message.message_id
    common = {
        "returnPath": named.get("Return-Path"),
        "sender": named.get("Sender"),
        "from": _addresses(named, "From"),
        "date": named.get("Date"),
        "to": _addresses(named, "To"),
        "cc": _addresses(named, "Cc"),
        "bcc": _addresses(named, "Bcc"),
        "replyTo": _addresses(named, "Reply-To"),
        "messageId": message_id,
        "subject": mime.decoded(named["Subject"]) if "Subject" in named else None,
    }
    return {name: value for name, value in common.items() if value}


def _addresses(named: Mapping[str, str], name: str) -> list[str]:
    return [
        mime.decoded(compact_json) for compact_json in addresses.parse_list(named.get(name, ""))
    ]
