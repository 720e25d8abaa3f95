"""Parsing of raw messages, including malformed ones."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, cast

from pytest_ses.domain.mime.content import Attachment, Content
from pytest_ses.domain.mime.headers import Headers, fields
from pytest_ses.domain.mime.parts import UNENCODED, leaves

if TYPE_CHECKING:
    from pytest_ses.domain.mime.parts import PartHeaders

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
    cannot parse the headers of a part, the result contains only its subject and, as text, everything after
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
    bodies: dict[str, str] = {}
    attachments = []
    for headers, body in leaves(raw):
        kind = headers.kind_of_body
        data = _decoded(body, headers.transfer_encoding)
        if kind and kind not in bodies:
            bodies[kind] = _text(data, headers.charset)
        else:
            attachments.append(_attachment(headers, data))
    return Content(subject, bodies.get("plain"), bodies.get("html"), attachments)


def _attachment(headers: PartHeaders, content: bytes) -> Attachment:
    filename, description = headers.filename, headers.description
    disposition, content_id = headers.disposition, headers.content_id
    return Attachment(
        filename=None if filename is None else decode_header(filename),
        content_type=headers.content_type,
        content=content,
        content_id=content_id,
        inline=disposition == "inline" or (disposition is None and content_id is not None),
        description=None if description is None else decode_header(description),
        transfer_encoding=_TRANSFER_ENCODINGS.get(headers.transfer_encoding),
    )


def _decoded(body: bytes, transfer_encoding: str) -> bytes:
    if transfer_encoding in UNENCODED:
        return body
    from email.message import Message  # noqa: PLC0415 - slow to import and rarely needed

    part = Message()
    part["Content-Transfer-Encoding"] = transfer_encoding
    part.set_payload(body.decode("ascii", "surrogateescape"))
    return cast("bytes", part.get_payload(decode=True))


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
