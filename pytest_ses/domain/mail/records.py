"""JSON records of events, in the formats of event destinations and identity topics.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.formats import compact_json, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message

CALLER = "pytest-ses"
SOURCE_IP = "127.0.0.1"
TLS_VERSION = "TLSv1.3"
HEADERS_LIMIT = 10 * 1024
SUBJECT = "Amazon SES Email Event Notification"

_NOTIFIED = ("Bounce", "Complaint", "Delivery")
_DETAIL_FIRST = ("Bounce", "Complaint")
_WITHOUT_HEADERS = ("Rendering Failure", "DeliveryDelay")
_DETAIL_MEMBERS = {"Rendering Failure": "failure", "DeliveryDelay": "deliveryDelay"}
# SES adds these headers to a composed message only on delivery, so records do not show them.
_DELIVERY_HEADERS = ("date", "message-id")
# SES publishes the Send event of a templated message before rendering it, with these headers only.
_TEMPLATED_SEND_HEADERS = ("from", "to", "cc", "reply-to", "mime-version")


class Host(NamedTuple):
    """An outgoing mail server of SES: the letter in its name, and its IP address."""

    letter: str
    ip: str


_HOSTS = {"us-east-1": Host("a", "54.240.48.102"), "eu-west-1": Host("b", "54.240.8.29")}
_OTHER_HOST = Host("e", "23.251.234.11")


def record(event: Event) -> dict[str, Any]:
    """Return the record for event destinations."""
    has_headers = event.type not in _WITHOUT_HEADERS
    mail = {
        **_mail_start(event),
        **_mail_ids(event),
        **(_headers(event, original_id=False) if has_headers else {"headersTruncated": False}),
        "tags": tags(event),
    }
    return _document("eventType", event.type, mail, event.detail)


def notification(event: Event) -> dict[str, Any] | None:
    """Return the record for identity topics, or None for types that identities do not publish."""
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
        # SES truncates this time to seconds, so it can be before the time of the message.
        detail = {**detail, "timestamp": f"{detail['timestamp'][:19]}.000Z"}
    return _document("notificationType", event.type, mail, detail)


def sns_message(document: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the text and the subject of the SNS message with a record or a notification.

    Only records of event destinations have a subject, and a newline at the end.
    """
    text = compact_json(document)
    return (f"{text}\n", SUBJECT) if "eventType" in document else (text, None)


def host(region: str) -> Host:
    """Return the outgoing mail server of a region."""
    return _HOSTS.get(region, _OTHER_HOST)


def host_name(region: str) -> str:
    """Return the name of a region's outgoing mail server, which contains part of its IP address."""
    letter, ip = host(region)
    third, fourth = ip.split(".")[2:]
    subdomain = "" if region == "us-east-1" else f"{region}."
    return f"{letter}{third}-{fourth}.smtp-out.{subdomain}amazonses.com"


def tags(event: Event) -> dict[str, list[str]]:
    """Return the tags of the message, including SES's own, each with a list of values."""
    message = event.message
    delivered = event.type == "Delivery"
    values = {
        "ses:source-tls-version": TLS_VERSION,
        "ses:operation": message.operation,
        "ses:configuration-set": message.configuration_set,
        "ses:outgoing-tls-version": TLS_VERSION if delivered else None,
        "ses:source-ip": SOURCE_IP,
        "ses:from-domain": message.from_domain,
        "ses:tenant-name": message.tenant,
        **message.tags,
        "ses:caller-identity": CALLER,
        "ses:outgoing-ip": host(message.region).ip if delivered else None,
    }
    return {name: [value] for name, value in values.items() if value}


def headers(message: Message, type_: str) -> list[dict[str, str]]:
    """Return the headers in a record: as submitted, or as composed at the time of the event."""
    if message.submitted is not None:
        fields = mime.fields(message.submitted)
    else:
        hidden = _DELIVERY_HEADERS if message.template_data is None else ("message-id",)
        fields = [
            (name, value.replace("\t", " "))
            for name, value in mime.fields(message.raw)
            if name.lower() not in hidden
        ]
        if message.template_data is not None and type_ == "Send":
            fields = [pair for pair in fields if pair[0].lower() in _TEMPLATED_SEND_HEADERS]
    return [{"name": name, "value": value} for name, value in fields]


def _document(
    type_member: str, type_: str, mail: Mapping[str, Any], detail: Mapping[str, Any]
) -> dict[str, Any]:
    detail_member = _DETAIL_MEMBERS.get(type_, type_.lower())
    members = {"mail": mail, detail_member: dict(detail)}
    order = (detail_member, "mail") if type_ in _DETAIL_FIRST else ("mail", detail_member)
    return {type_member: type_, **{member: members[member] for member in order}}


def _mail_start(event: Event) -> dict[str, Any]:
    message = event.message
    start = {"timestamp": timestamp(message.sent_at), "source": message.source}
    # SES publishes the Send event of a templated message before rendering it.
    if event.type == "Send" and message.template_data is not None:
        return start
    return {**start, "sourceArn": event.source_arn}


def _mail_ids(event: Event) -> dict[str, Any]:
    message = event.message
    return {
        "sendingAccountId": message.account_id,
        "messageId": message.message_id,
        "destination": message.envelope,
    }


def _headers(event: Event, *, original_id: bool) -> dict[str, Any]:
    all_headers = headers(event.message, event.type)
    shown = _up_to_limit(all_headers)
    return {
        "headersTruncated": len(shown) < len(all_headers),
        "headers": shown,
        "commonHeaders": _common_headers(event, all_headers, original_id=original_id),
    }


def _up_to_limit(all_headers: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    shown, size = [], 0
    for header in all_headers:
        size += len(header["name"]) + len(header["value"])
        if size >= HEADERS_LIMIT:
            break
        shown.append(header)
    return shown


def _common_headers(
    event: Event, all_headers: Sequence[Mapping[str, str]], *, original_id: bool
) -> dict[str, Any]:
    fields = [(header["name"], header["value"]) for header in all_headers]
    headers_by_name = mime.Headers(fields)
    message_id = headers_by_name.get("Message-ID") if original_id else event.message.message_id
    common = {
        "returnPath": headers_by_name.get("Return-Path"),
        "sender": headers_by_name.get("Sender"),
        "from": _addresses(fields, "From"),
        "date": headers_by_name.get("Date"),
        "to": _addresses(fields, "To"),
        "cc": _addresses(fields, "Cc"),
        "bcc": _addresses(fields, "Bcc"),
        "replyTo": _addresses(fields, "Reply-To"),
        "messageId": message_id,
        "subject": mime.decode_header(headers_by_name["Subject"])
        if "Subject" in headers_by_name
        else None,
    }
    return {name: value for name, value in common.items() if value}


def _addresses(fields: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [
        mime.decode_header(address)
        for address in addresses.parse_list(mime.joined_values(fields, name))
    ]
