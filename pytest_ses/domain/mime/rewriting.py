"""Changes to raw messages that keep all other bytes unchanged."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_ses.domain.mime.headers import field_matches, join_header_and_body
from pytest_ses.domain.mime.reading import kind_of_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from email.message import Message

    Rewrite = Callable[[str, str], str]  # "plain" or "html", and the text

_LINE_END = re.compile(rb"\r\n?|\n")
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]*(?=[\r\n]|\Z)")
_UNENCODED = frozenset({"", "7bit", "8bit", "binary"})


def rewrite_bodies(raw: bytes, rewrite: Rewrite) -> bytes:
    """Return a raw message with rewritten bodies, in their original charset and transfer encoding.

    `rewrite` receives "plain" or "html" and the text. Bodies whose text it does not
    change keep their bytes. A body that cannot be decoded, or a message that cannot be parsed, stays
    unchanged.
    """
    try:
        return _rewrite_part(raw, rewrite, _line_end(raw))
    except Exception:  # noqa: BLE001 - a malformed message can make the parser raise anything
        return raw


def with_headers(raw: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """Return a raw message with these headers, which replace its own or follow the last one."""
    names = {name.lower().encode() for name, _ in headers}
    line_end = _line_end(raw)
    new_lines = b"".join(f"{name}: {value}".encode() + line_end for name, value in headers)
    lines, end = [], 0
    for match in field_matches(raw):
        end = match.end()
        if match[1].lower() not in names:
            lines.append(match[0])
        elif new_lines:
            lines.append(new_lines)
            new_lines = b""
    if new_lines:
        if lines and not lines[-1].endswith((b"\r", b"\n")):
            lines.append(line_end)
        lines.append(new_lines)
    return join_header_and_body(b"".join(lines), raw[end:], line_end)


def _line_end(raw: bytes) -> bytes:
    match = _LINE_END.search(raw)
    return b"\n" if match and match[0] == b"\n" else b"\r\n"


def _rewrite_part(raw: bytes, rewrite: Rewrite, line_end: bytes) -> bytes:
    start = _start_of_body(raw)
    body = raw[start:]
    if not body:
        return raw
    head = _head(raw[:start])
    if head.get_content_maintype() == "multipart":
        pieces = _pieces(body, head.get_boundary())
        body = b"".join(
            _rewrite_part(piece, rewrite, line_end) if is_part else piece
            for piece, is_part in pieces
        )
    elif kind := kind_of_body(head):
        body = _body(body, head, kind, rewrite, line_end)
    return raw[:start] + body


@lru_cache(maxsize=64)
def _head(headers: bytes) -> Message:
    """Parse the headers of a part, which are often the same in many parts; do not modify them."""
    from email import message_from_bytes  # noqa: PLC0415 - slow to import and rarely needed

    return message_from_bytes(headers)


def _start_of_body(raw: bytes) -> int:
    end = 0
    for match in field_matches(raw):
        end = match.end()
    return _past_line_end(raw, end)


def _past_line_end(raw: bytes, position: int) -> int:
    match = _LINE_END.match(raw, position)
    return match.end() if match else position


def _pieces(body: bytes, boundary: str | None) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces of a multipart body, and whether each is a part.

    The line breaks around a boundary do not belong to a part.
    """
    if not boundary:
        yield body, False
        return
    position, is_part = 0, False
    for first, last, closes in _delimiters(body, boundary.encode("utf-8", "surrogateescape")):
        start = min(_past_line_end(body, position), first)
        yield body[position:start], False
        yield body[start:first], is_part
        yield body[first:last], False
        position, is_part = last, not closes
        if closes:
            break
    start = _past_line_end(body, position)
    yield body[position:start], False
    yield body[start:], is_part


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each delimiter line, and whether it closes the multipart.

    The line break before a delimiter belongs to it. (A regular expression would be slow: nested
    multiparts are searched once for each level.)
    """
    dashes = b"--" + boundary
    position = body.find(dashes)
    while position >= 0:
        end = _END_OF_DELIMITER.match(body, position + len(dashes))
        before = body[max(position - 2, 0) : position]
        if end and (not before or before.endswith((b"\r", b"\n"))):
            line_end = 2 if before == b"\r\n" else len(before[-1:])
            yield position - line_end, end.end(), end[1] is not None
        position = body.find(dashes, position + len(dashes))


def _body(body: bytes, head: Message, kind: str, rewrite: Rewrite, line_end: bytes) -> bytes:
    encoding = str(head.get("Content-Transfer-Encoding", "")).strip().lower()
    data = _decoded(body, encoding)
    if data is None:
        return body
    text, charset = _text(data, head.get_content_charset())
    new_text = rewrite(kind, text)
    if new_text == text:
        return body
    return _encoded(new_text.encode(charset), encoding, body, line_end)


def _decoded(body: bytes, encoding: str) -> bytes | None:
    """Decode a body, or return None if that is not possible."""
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return None
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body if encoding in _UNENCODED else None


def _encoded(data: bytes, encoding: str, body: bytes, line_end: bytes) -> bytes:
    """Encode data in the same way as the original body."""
    if encoding == "base64":
        lines = base64.encodebytes(data).rstrip().replace(b"\n", line_end)
        return lines + body[len(body.rstrip()) :]
    if encoding == "quoted-printable":
        quoted = (binascii.b2a_qp(line, istext=False) for line in data.split(line_end))
        return line_end.join(line.replace(b"\n", line_end) for line in quoted)
    return data


def _text(data: bytes, charset: str | None) -> tuple[str, str]:
    """Decode a text, and return it with the charset to encode it in; Latin-1 decodes any byte."""
    charset = charset or "utf-8"
    try:
        return data.decode(charset), charset
    except (LookupError, ValueError, Warning):  # a codec can issue a warning
        return data.decode("latin-1"), "latin-1"
