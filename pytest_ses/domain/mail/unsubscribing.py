"""Unsubscribe links and headers."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from pytest_ses.domain import mime

PLACEHOLDER = "{{amazonSESUnsubscribeUrl}}"
# https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html
_MAX_PLACEHOLDERS = 2


def url(message_id: str, region: str, contact_list: str, topic: str | None) -> str:
    """Return the URL at which a recipient unsubscribes from a topic or from the whole list.

    The format is our own; SES's is unknown. The host name cannot exist (RFC 6761). The path
    contains the message ID, the list and the topic, percent-encoded, so the URL needs no escaping
    in HTML.
    """
    segments = [message_id, contact_list, *([] if topic is None else [topic])]
    path = "/".join(quote(segment, safe="") for segment in segments)
    return f"https://unsubscribe.{region}.ses.invalid/{path}"


def with_url(text: str, url: str) -> str:
    """Replace the first two placeholders in a text with the URL; other placeholders stay."""
    return text.replace(PLACEHOLDER, url, _MAX_PLACEHOLDERS)


def headers(url: str) -> list[tuple[str, str]]:
    """Return the headers that let a mail client unsubscribe by HTTPS or by email.

    The email address is our own; the subject is the path of the URL.
    """
    parts = urlsplit(url)
    subject = quote(parts.path.lstrip("/"), safe="%")
    return [
        ("List-Unsubscribe", f"<{url}>, <mailto:unsubscribe@{parts.netloc}?subject={subject}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def raw_with_url(raw: bytes, url: str) -> bytes:
    """Return a raw message with SES's unsubscribe headers, and with the URL in its bodies.

    The headers replace those of the caller, or follow the last header. In each body, the first two
    placeholders are replaced. Everything else stays unchanged.
    """
    return mime.with_headers(
        mime.rewrite_bodies(raw, lambda _, text: with_url(text, url)), headers(url)
    )
