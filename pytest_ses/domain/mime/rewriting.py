"""How is a raw mail rewritten, so that every byte which is not meant stays?"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from pytest_ses.domain.mime.headers import joined, matches
from pytest_ses.domain.mime.reading import kind_of_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from email.message import Message

    Rewrite = Callable[[str, str], str]  # "plain" or "html", and the text

_LINE_END = re.compile(rb"\r\n?|\n")
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary"})


def rewritten(raw: bytes, rewrite: Rewrite) -> bytes:
    """A raw mail with its bodies rewritten, in the charset and transfer encoding that they have.

    `rewrite` gets "plain" or "html" and the text. Every byte but those of a body that changes stays,
    and so does a body that cannot be decoded; a mail that cannot be taken apart stays as a whole.
    """
    try:
        return _part(raw, rewrite, _line_end(raw))
    except Exception:  # noqa: BLE001 - the parser raises whatever a broken mail makes it stumble on
        return raw


def with_headers(raw: bytes, ours: Sequence[tuple[str, str]]) -> bytes:
    """A raw mail with these headers in the place of its own of their names, or after the last one."""
    names = {name.lower().encode() for name, _ in ours}
    line_end = _line_end(raw)
    block = b"".join(f"{name}: {value}".encode() + line_end for name, value in ours)
    kept, end = [], 0
    for match in matches(raw):
        end = match.end()
        if match[1].lower() not in names:
            kept.append(match[0])
        elif block:
            kept.append(block)
            block = b""
    if block:
        if kept and not kept[-1].endswith((b"\r", b"\n")):
            kept.append(line_end)
        kept.append(block)
    return joined(b"".join(kept), raw[end:], line_end)


def _line_end(raw: bytes) -> bytes:
    found = _LINE_END.search(raw)
    return b"\n" if found and found[0] == b"\n" else b"\r\n"


def _part(raw: bytes, rewrite: Rewrite, line_end: bytes) -> bytes:
    from email import message_from_bytes  # noqa: PLC0415 - slow to import, and seldom needed

    start = _start_of_body(raw)
    head, body = message_from_bytes(raw[:start]), raw[start:]
    if head.get_content_maintype() == "multipart":
        pieces = _pieces(body, head.get_boundary())
        body = b"".join(
            _part(piece, rewrite, line_end) if is_part else piece for piece, is_part in pieces
        )
    elif body and (kind := kind_of_body(head)):
        body = _body(body, head, kind, rewrite, line_end)
    return raw[:start] + body


def _start_of_body(raw: bytes) -> int:
    end = 0
    for match in matches(raw):
        end = match.end()
    return _past_line_end(raw, end)


def _past_line_end(raw: bytes, at: int) -> int:
    found = _LINE_END.match(raw, at)
    return found.end() if found else at


def _pieces(body: bytes, boundary: str | None) -> Iterator[tuple[bytes, bool]]:
    """A multipart body cut up, and which of the pieces are parts.

    The line ends around a boundary are no part's.
    """
    if not boundary:
        yield body, False
        return
    at, inside = 0, False
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    for match in re.finditer(rb"(?:\A|\r\n?|\n)--" + mark + rb"(--)?[ \t]*(?=[\r\n]|\Z)", body):
        start = min(_past_line_end(body, at), match.start())
        yield body[at:start], False
        yield body[start : match.start()], inside
        yield match[0], False
        at, inside = match.end(), not match[1]
        if not inside:
            break
    start = _past_line_end(body, at)
    yield body[at:start], False
    yield body[start:], inside


def _body(body: bytes, head: Message, kind: str, rewrite: Rewrite, line_end: bytes) -> bytes:
    encoding = str(head.get("Content-Transfer-Encoding", "")).strip().lower()
    data = _decoded(body, encoding)
    if data is None:
        return body
    text, charset = _text(data, head.get_content_charset())
    new = rewrite(kind, text)
    if new == text:
        return body
    return _encoded(new.encode(charset), encoding, body, line_end)


def _decoded(body: bytes, encoding: str) -> bytes | None:
    """What a body holds, or None where it cannot be known."""
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return None
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body if encoding in _AS_IT_IS else None


def _encoded(data: bytes, encoding: str, body: bytes, line_end: bytes) -> bytes:
    """`data` as `body` is encoded."""
    if encoding == "base64":
        lines = base64.encodebytes(data).rstrip().replace(b"\n", line_end)
        return lines + body[len(body.rstrip()) :]
    if encoding == "quoted-printable":
        quoted = (binascii.b2a_qp(line, istext=False) for line in data.split(line_end))
        return line_end.join(line.replace(b"\n", line_end) for line in quoted)
    return data


def _text(data: bytes, charset: str | None) -> tuple[str, str]:
    """A text and the charset it can be written in again; any byte has a place in Latin-1."""
    charset = charset or "utf-8"
    try:
        return data.decode(charset), charset
    except (LookupError, ValueError, Warning):  # a codec may warn
        return data.decode("latin-1"), "latin-1"
