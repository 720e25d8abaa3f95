"""Parsing of raw messages, including malformed ones."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, cast

from pytest_ses.domain.mime.content import Attachment, Content
from pytest_ses.domain.mime.headers import Headers, fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_ENCODED_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
_HEADER_SECTION = re.compile(rb".*?(?:\r\n\r\n|\n\n|\r\r|\Z)", re.DOTALL)
_TRANSFER_ENCODINGS = {
    "base64": "BASE64",
    "quoted-printable": "QUOTED_PRINTABLE",
    "7bit": "SEVEN_BIT",
}


def read(raw: bytes) -> Content:
    r"""Return the content of a raw message: subject, first plain text, first HTML, and attachments.

    All other parts are attachments. Line endings in text and HTML are `\n`. If the standard library
    cannot parse the message, the result contains only its subject and, as text, everything after
    the headers.
    """
    subject = Headers(fields(raw)).get("Subject")
    subject = None if subject is None else decode_header(subject)
    try:
        return _content(raw, subject)
    except Exception:  # noqa: BLE001 - a malformed message can make the parser raise anything
        return Content(subject, text=_text(_HEADER_SECTION.sub(b"", raw, count=1), None))


def decode_header(value: str) -> str:
    """Decode the RFC 2047 encoded words in a header value; words that cannot be decoded stay."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_decode_word, _BETWEEN_WORDS.sub("", value))


def _content(raw: bytes, subject: str | None) -> Content:
    from email import message_from_bytes  # noqa: PLC0415 - slow to import and rarely needed

    bodies: dict[str, str] = {}
    attachments = []
    for part in _leaves(message_from_bytes(raw)):
        kind = kind_of_body(part)
        if kind and kind not in bodies:
            bodies[kind] = _text(_payload(part), part.get_content_charset())
        else:
            attachments.append(_attachment(part))
    return Content(subject, bodies.get("plain"), bodies.get("html"), attachments)


def _leaves(part: Message) -> Iterator[Message]:
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in _children(part):
            yield from _leaves(child)
    else:
        yield part


def kind_of_body(part: Message) -> str | None:
    """Return "plain" or "html" for a body, and None for an attachment."""
    if part.get_content_disposition() == "attachment" or part.get_filename() is not None:
        return None
    return {"text/plain": "plain", "text/html": "html"}.get(part.get_content_type())


def _attachment(part: Message) -> Attachment:
    filename, content_id = part.get_filename(), part["Content-ID"]
    disposition, description = part.get_content_disposition(), part["Content-Description"]
    return Attachment(
        filename=None if filename is None else decode_header(filename),
        content_type=part.get_content_type(),
        content=_payload(part),
        content_id=content_id and str(content_id).strip("<> \t\r\n"),
        inline=disposition == "inline" or (disposition is None and content_id is not None),
        description=description and decode_header(str(description)),
        transfer_encoding=_TRANSFER_ENCODINGS.get(
            str(part["Content-Transfer-Encoding"]).strip().lower()
        ),
    )


def _payload(part: Message) -> bytes:
    if part.is_multipart():
        return b"".join(_source(child) for child in _children(part))
    return cast("bytes", part.get_payload(decode=True))


def _children(part: Message) -> list[Message]:
    return cast("list[Message]", part.get_payload())


def _source(part: Message) -> bytes:
    from email.policy import compat32  # noqa: PLC0415 - slow to import and rarely needed

    return part.as_bytes(policy=compat32.clone(mangle_from_=False, linesep="\r\n"))


def _text(data: bytes, charset: str | None) -> str:
    return _decode_bytes(data, charset).replace("\r\n", "\n")


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    try:
        if encoding in "bB":
            return _decode_bytes(binascii.a2b_base64(text + "==="), charset)
        return _decode_bytes(binascii.a2b_qp(text, header=True), charset)
    except ValueError:
        return match[0]


def _decode_bytes(data: bytes, charset: str | None) -> str:
    """Decode data whose charset may be missing, unknown or wrong."""
    try:
        if charset and charset.lower() not in {"us-ascii", "ascii", "utf-8"}:
            return data.decode(charset, "replace")
    except (LookupError, ValueError, Warning):  # a codec can issue a warning
        pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
