"""Changes to raw messages that keep all other bytes unchanged."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from pytest_ses.domain.mime.headers import field_matches, join_header_and_body
from pytest_ses.domain.mime.parts import UNENCODED, pieces, split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_ses.domain.mime.parts import PartHeaders

    Rewrite = Callable[[str, str], str]  # "plain" or "html", and the text

_LINE_END = re.compile(rb"\r\n?|\n")


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
    headers, body = split(raw)
    if not body:
        return raw
    start = len(raw) - len(body)
    if headers.boundary is not None:
        body = b"".join(
            _rewrite_part(piece, rewrite, line_end) if is_part else piece
            for piece, is_part in pieces(body, headers.boundary)
        )
    elif kind := headers.kind_of_body:
        body = _body(body, headers, kind, rewrite, line_end)
    return raw[:start] + body


def _body(body: bytes, headers: PartHeaders, kind: str, rewrite: Rewrite, line_end: bytes) -> bytes:
    encoding = headers.transfer_encoding
    data = _decoded(body, encoding)
    if data is None:
        return body
    text, charset = _text(data, headers.charset)
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
    return body if encoding in UNENCODED else None


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
