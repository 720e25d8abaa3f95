"""What does a raw mail say about its own sending?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, errors, mime
from pytest_ses.domain.mail import message_tags
from pytest_ses.domain.mail.requests import Destination, SendRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mime import Headers

# https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html
CONFIGURATION_SET_HEADER = "X-SES-CONFIGURATION-SET"
LIST_HEADER = "X-SES-LIST-MANAGEMENT-OPTIONS"
TAGS_HEADER = "X-SES-MESSAGE-TAGS"
TENANT_HEADER = "X-SES-TENANT"
_RECIPIENT_HEADERS = ("To", "Cc", "Bcc")


def read(
    raw: bytes,
    *,
    source: str | None,
    envelope: Destination,
    configuration_set: str | None,
    tags: Sequence[Mapping[str, str]] | None,
    return_path: str | None = None,
    contact_list: str | None = None,
    topic: str | None = None,
    tenant: str | None = None,
    **more: Any,
) -> tuple[SendRequest, Destination]:
    """The mail to send and who gets it: what the call names wins over the headers.

    An envelope, where there is one, replaces the recipients of the headers; tags of the call replace
    those of the header as a whole.

    Raises:
        InvalidParameterValue: for headers that SES refuses, or without any sender.
    """
    headers = mime.Headers(mime.scan(raw))
    written = _addresses(headers, "From")
    if not source and not written:
        raise errors.InvalidParameterValue("Missing required header 'From'.")
    if not source and more["service"] == "sesv2":
        _check_from(written[0])
    if not envelope.recipients():
        envelope = Destination(*(_addresses(headers, name) for name in _RECIPIENT_HEADERS))
    if contact_list is None:
        contact_list, topic = _list_options(headers.get(LIST_HEADER, ""))
    mail = SendRequest(
        contact_list=contact_list,
        topic=topic,
        tenant=tenant or headers.get(TENANT_HEADER) or None,
        source=source or written[0],
        senders=(*written, *_addresses(headers, "Sender")),
        return_path=return_path or next(iter(_addresses(headers, "Return-Path")), None),
        configuration_set=configuration_set or headers.get(CONFIGURATION_SET_HEADER),
        tags=message_tags.checked(tags)
        if tags
        else message_tags.from_header(headers.get(TAGS_HEADER, "")),
        raw=raw,
        **more,
    )
    return mail, envelope


def _list_options(header: str) -> tuple[str | None, str | None]:
    """Contact list and topic of a header such as `news; topic=weekly`."""
    name, _, words = header.partition(";")
    topic = words.partition("topic=")[2].strip()
    return name.strip() or None, topic or None


def _check_from(address: str) -> None:
    """v2 sums up what is wrong with a From header, but for a missing domain."""
    try:
        addresses.parse(address)
    except errors.InvalidParameterValue as error:
        if error.message == addresses.NO_DOMAIN:
            raise
        raise errors.InvalidParameterValue("Invalid From address provided.") from None


def _addresses(headers: Headers, name: str) -> list[str]:
    return addresses.parse_list(headers.get(name, ""))
