"""Composition of MIME messages in SES's format."""

from __future__ import annotations

import base64 as b64
import binascii
import re
from typing import TYPE_CHECKING

from pytest_ses.domain.addresses import parse_list
from pytest_ses.domain.mime.headers import internet_date
from pytest_ses.domain.mime.reading import decode_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.mime.content import Attachment

    Bodies = dict[str, tuple[str, str]]  # text and charset, by "plain" and "html"

_UTF_8 = "UTF-8"
_LINE_LENGTH = 76
_WORD_LENGTH = 11  # characters of up to 4 bytes: an encoded word has at most 75 characters
_ADDRESS_HEADERS = frozenset({"from", "sender", "reply-to", "to", "cc"})
_LINE_ENDS = re.compile(r"[\r\n]+[ \t]*")
_INVALID_IN_NAME = re.compile(r"[^!-9;-~]")
_NEEDS_NO_ENCODING = re.compile(r"(?!.*=\?)(?:[!-~]{1,900}(?: +[!-~]{1,900})*)?")
_CHUNK = re.compile(r" +[^ ]*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN_FILENAME = re.compile(r"[ !#-\[\]-~]{0,200}")
_NAMED_ADDRESS = re.compile(r"(.*)(<[^<>]*>)", re.DOTALL)
_SEVEN_BIT = re.compile(rb"(?:[\t -~]{0,998}(?:\n|\Z))*")
_SEVEN_BIT_FILE = re.compile(rb"(?:[\t -~]{0,998}(?:\r?\n|\Z))*")
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_CHARSET = re.compile(r"[A-Za-z0-9_.:+-]+")
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"  # noqa: S105 - a token of RFC 2045
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:[ ]*;[ -~]*)?")


def compose(
    *,
    headers: Iterable[tuple[str, str]],
    subject: str | None,
    text: str | None,
    html: str | None,
    attachments: Sequence[Attachment] = (),
    charsets: Mapping[str, str] | None = None,
    seed: str,
) -> bytes:
    r"""Compose a message as SES does: `headers`, Subject, MIME-Version and the body.

    Text and HTML are encoded as 7bit if possible and as quoted-printable otherwise, with `\r\n`
    line endings. A line break in a header is replaced with a space. `charsets` are those of
    `subject`, `text` and `html`; UTF-8 replaces a charset that is unknown or cannot encode the
    text. The boundaries are derived from `seed`.
    """
    charsets = charsets or {}
    lines = [_header(name, value) for name, value in headers]
    if subject is not None:
        lines.append(_header("Subject", subject, charsets.get("subject", _UTF_8)))
    bodies: Bodies = {}
    if text is not None or html is None:
        bodies["plain"] = text or "", charsets.get("text", _UTF_8)
    if html is not None:
        bodies["html"] = html, charsets.get("html", _UTF_8)
    lines.append("MIME-Version: 1.0\r\n")
    return "".join(lines).encode() + _body(bodies, attachments, seed)


def compose_rendered(
    subject: str | None, text: str | None, html: str | None, date: datetime
) -> str:
    """Return the MIME text of TestRenderTemplate: Date, Subject and the rendered parts."""
    seed = f"{int(date.timestamp() * 1000)}"
    headers = [("Date", internet_date(date))]
    return compose(headers=headers, subject=subject, text=text, html=html, seed=seed).decode()


def _header(name: str, value: str, charset: str = _UTF_8) -> str:
    name = _INVALID_IN_NAME.sub("", name)
    if "\n" in value or "\r" in value:
        value = _LINE_ENDS.sub(" ", value)
    if not name:
        return ""
    if name == "Subject":
        if not _NEEDS_NO_ENCODING.fullmatch(value):
            return f"{name}: {_encoded_words(value, charset)}\r\n"
    elif not value.isascii():
        if name.lower() not in _ADDRESS_HEADERS:
            return f"{name}: {_encoded_words(value, charset)}\r\n"
        value = ", ".join(_mailbox(address) for address in parse_list(value))
    return _folded(name, value)


def _folded(name: str, value: str) -> str:
    start, rest = f"{name}:", f" {value}".rstrip(" ")
    if len(start) + len(rest) <= _LINE_LENGTH:
        return f"{start}{rest}\r\n"
    lines = [start]
    for chunk in _CHUNK.findall(rest):
        if len(lines[-1]) + len(chunk) > _LINE_LENGTH and lines[-1] != start:
            lines.append(chunk)
        else:
            lines[-1] += chunk
    return "\r\n".join(lines) + "\r\n"


def _mailbox(address: str) -> str:
    match = _NAMED_ADDRESS.fullmatch(address.rstrip())
    if address.isascii() or match is None:
        return address
    name, angle = match[1].rstrip(), match[2]
    if name.startswith('"') and name.endswith('"'):
        name = _ESCAPED.sub(r"\1", name[1:-1])
    return f"{_encoded_words(decode_header(name), _UTF_8)} {angle}"


def _encoded_words(text: str, charset: str) -> str:
    """Return RFC 2047 encoded words, one per line, each decodable on its own."""
    _, charset = _encoded(text, charset)
    chunks = (text[start : start + _WORD_LENGTH] for start in range(0, len(text), _WORD_LENGTH))
    words = (binascii.b2a_base64(_encoded(chunk, charset)[0], newline=False) for chunk in chunks)
    return "\r\n ".join(f"=?{charset}?B?{word.decode()}?=" for word in words)


def _encoded(text: str, charset: str) -> tuple[bytes, str]:
    """Encode a text, and return the charset used: UTF-8 if the requested one is not suitable."""
    try:
        # Charsets that encode a line break differently, such as UTF-16, are invalid in text/plain.
        if _CHARSET.fullmatch(charset) and "\n".encode(charset) == b"\n":
            data = text.encode(charset)
            if data.decode(charset) == text:
                return data, charset
    except (LookupError, ValueError):
        pass
    return text.encode("utf-8", "replace"), _UTF_8


def _body(bodies: Bodies, attachments: Sequence[Attachment], seed: str) -> bytes:
    """Return the simplest MIME structure for the bodies and attachments, with its headers."""
    images = [file for file in attachments if "html" in bodies and file.inline and file.content_id]
    files = [file for file in attachments if not any(file is image for image in images)]
    parts = {kind: _text(kind, *body) for kind, body in bodies.items()}
    if images:
        related = [parts["html"], *map(_file, images)]
        parts["html"] = _multipart("related", related, f"----=_Part_2_{seed}")
    alternatives = _multipart("alternative", list(parts.values()), f"----=_Part_1_{seed}")
    return _multipart("mixed", [alternatives, *map(_file, files)], f"----=_Part_0_{seed}")


def _multipart(kind: str, parts: list[bytes], boundary: str) -> bytes:
    if len(parts) == 1:
        return parts[0]
    head = f'Content-Type: multipart/{kind}; \r\n\tboundary="{boundary}"\r\n\r\n'.encode()
    separator = f"--{boundary}\r\n".encode()
    body = b"".join(separator + part + b"\r\n" for part in parts)
    return head + body + f"--{boundary}--\r\n".encode()


def _text(kind: str, text: str, charset: str) -> bytes:
    data, charset = _encoded(text.replace("\r\n", "\n"), charset)
    encoding = "7bit" if _SEVEN_BIT.fullmatch(data) else "quoted-printable"
    if encoding != "7bit":
        data = b"\n".join(_quoted_printable(line) for line in data.split(b"\n"))
    head = (
        f"Content-Type: text/{kind}; charset={charset}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + data.replace(b"\n", b"\r\n")


def _file(file: Attachment) -> bytes:
    media_type = _LINE_ENDS.sub(" ", file.content_type)
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    encoding, data = _transfer(file, media_type)
    disposition = "inline" if file.inline else "attachment"
    head = [
        f"Content-Type: {media_type}\r\n",
        f"Content-Transfer-Encoding: {encoding}\r\n",
        f"Content-Disposition: {disposition}{_filename(file.filename)}\r\n",
    ]
    if file.content_id is not None:
        head.append(_header("Content-ID", f"<{file.content_id}>"))
    if file.description is not None:
        head.append(_header("Content-Description", file.description))
    head.append("\r\n")
    return "".join(head).encode() + data


def _filename(name: str | None) -> str:
    if name is None:
        return ""
    if _PLAIN_FILENAME.fullmatch(name):
        return f'; filename="{name}"'
    return f"; filename*=UTF-8''{_percent_encoded(name)}"


def _percent_encoded(text: str) -> str:
    data = text.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in data)


def _transfer(file: Attachment, media_type: str) -> tuple[str, bytes]:
    """Return a file's transfer encoding and encoded content.

    The default is 7bit, even if it does not suit the content; then the file arrives damaged.
    https://docs.aws.amazon.com/ses/latest/dg/attachments.html,
    https://github.com/aws/aws-sdk-net/issues/3796
    """
    if media_type.startswith("message/"):
        seven_bit = _SEVEN_BIT_FILE.fullmatch(file.content) is not None
        return ("7bit" if seven_bit else "8bit"), file.content
    if file.transfer_encoding == "BASE64":
        return "base64", b64.encodebytes(file.content).rstrip().replace(b"\n", b"\r\n")
    if file.transfer_encoding == "QUOTED_PRINTABLE":
        return "quoted-printable", _quoted_printable(file.content).replace(b"\n", b"\r\n")
    return "7bit", file.content


def _quoted_printable(data: bytes) -> bytes:
    """Encode data that has no line breaks; all line breaks in the result are soft ones."""
    return binascii.b2a_qp(data, istext=False)
