"""How does a mail say where its reader can leave the list?"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from pytest_ses.domain import mime

PLACEHOLDER = "{{amazonSESUnsubscribeUrl}}"
# https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html
_REPLACED = 2


def url(message_id: str, region: str, contact_list: str, topic: str | None) -> str:
    """Where the reader of a mail leaves a topic, or the whole list.

    The shape is ours, for nobody has published SES's: a host that can be nowhere (RFC 6761), then
    message, list and topic, each percent-encoded, so that it stands in HTML as it is.
    """
    path = [message_id, contact_list, *([] if topic is None else [topic])]
    where = "/".join(quote(step, safe="") for step in path)
    return f"https://unsubscribe.{region}.ses.invalid/{where}"


def replaced(text: str, url: str) -> str:
    """A text with the URL in the place of its first two placeholders; any other stays."""
    return text.replace(PLACEHOLDER, url, _REPLACED)


def headers(url: str) -> list[tuple[str, str]]:
    """The headers that let a mail client unsubscribe, by HTTPS or by mail.

    The address of the mail is ours, too; its subject says what the path of the URL says.
    """
    parts = urlsplit(url)
    subject = quote(parts.path.lstrip("/"), safe="%")
    return [
        ("List-Unsubscribe", f"<{url}>, <mailto:unsubscribe@{parts.netloc}?subject={subject}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def replaced_bytes(raw: bytes, url: str) -> bytes:
    """A raw mail with SES's unsubscribe headers and the URL in its bodies; all else stays.

    The headers take the place of the caller's, or follow the last header. Each body has its first
    two placeholders replaced.
    """
    return mime.with_headers(mime.rewritten(raw, lambda _, text: replaced(text, url)), headers(url))
