"""Sending options in the headers of raw messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, errors, mime
from pytest_ses.domain.mail import message_tags
from pytest_ses.domain.mail.requests import NO_ARNS, Destination, SenderArns, SendRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mime import Headers

# https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html
CONFIGURATION_SET_HEADER = "X-SES-CONFIGURATION-SET"
LIST_HEADER = "X-SES-LIST-MANAGEMENT-OPTIONS"
TAGS_HEADER = "X-SES-MESSAGE-TAGS"
TENANT_HEADER = "X-SES-TENANT"
RECIPIENT_HEADERS = ("To", "Cc", "Bcc")
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-delegate-sender-tasks-email.html
_SOURCE_ARN_HEADER = "X-SES-SOURCE-ARN"
_FROM_ARN_HEADER = "X-SES-FROM-ARN"
_RETURN_PATH_ARN_HEADER = "X-SES-RETURN-PATH-ARN"


def read(
    raw: bytes,
    *,
    source: str | None,
    envelope: Destination,
    configuration_set: str | None,
    tags: Sequence[Mapping[str, str]] | None,
    return_path: str | None = None,
    arns: SenderArns = NO_ARNS,
    contact_list: str | None = None,
    topic: str | None = None,
    tenant: str | None = None,
    **options: Any,
) -> tuple[SendRequest, Destination]:
    """Return the send request and the destination of a raw message.

    Arguments of the call take precedence over headers. If the envelope has recipients, they replace
    those in the headers; if the call has tags, they replace all tags in the header.

    Raises:
        InvalidParameterValue: if SES rejects a header, or the sender is missing.
    """
    fields = mime.validated_fields(raw)
    headers = mime.Headers(fields)
    from_addresses = _addresses(headers, "From")
    if not source and not from_addresses:
        raise errors.InvalidParameterValue("Missing required header 'From'.")
    if not source and options["service"] == "sesv2":
        _check_from(from_addresses[0])
    if not envelope.recipients():
        values = (mime.joined_values(fields, name) for name in RECIPIENT_HEADERS)
        envelope = Destination(*map(addresses.parse_list, values))
    if contact_list is None:
        contact_list, topic = _list_options(headers.get(LIST_HEADER, ""))
    request = SendRequest(
        contact_list=contact_list,
        topic=topic,
        tenant=tenant or headers.get(TENANT_HEADER) or None,
        source=source or from_addresses[0],
        arns=SenderArns(
            source=arns.source or headers.get(_SOURCE_ARN_HEADER),
            header=arns.header or headers.get(_FROM_ARN_HEADER),
            return_path=arns.return_path or headers.get(_RETURN_PATH_ARN_HEADER),
        ),
        senders=(*from_addresses, *_addresses(headers, "Sender")),
        return_path=return_path or next(iter(_addresses(headers, "Return-Path")), None),
        configuration_set=configuration_set or headers.get(CONFIGURATION_SET_HEADER),
        tags=message_tags.parse(tags)
        if tags
        else message_tags.parse_header(headers.get(TAGS_HEADER, "")),
        raw=raw,
        **options,
    )
    return request, envelope


def _list_options(header: str) -> tuple[str | None, str | None]:
    """Return the contact list and the topic in a header such as `news; topic=weekly`."""
    name, _, options = header.partition(";")
    topic = options.partition("topic=")[2].strip()
    return name.strip() or None, topic or None


def _check_from(address: str) -> None:
    """Reject an invalid From address as v2 does: only a missing domain has its own text."""
    try:
        addresses.parse(address)
    except errors.InvalidParameterValue as error:
        if error.message == addresses.NO_DOMAIN:
            raise
        raise errors.InvalidParameterValue("Invalid From address provided.") from None


def _addresses(headers: Headers, name: str) -> list[str]:
    return addresses.parse_list(headers.get(name, ""))
