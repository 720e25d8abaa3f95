"""The parts of raw messages and the headers that describe them, including malformed ones."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from pytest_ses.domain.mime.headers import field_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINE_END = re.compile(rb"\r\n?|\n")
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]*(?=[\r\n]|\Z)")
_DEFAULT_TYPE: Final = "text/plain"
UNENCODED = frozenset({"", "7bit", "8bit", "binary"})
"""The transfer encodings that leave content unchanged."""


class PartHeaders:
    """The headers of a part that describe its content, parsed by the standard library.

    A header that cannot be parsed raises an exception when it is read.
    """

    def __init__(self, fields: Iterable[tuple[bytes, bytes]], default_type: str) -> None:
        from email.message import Message  # noqa: PLC0415 - slow to import and rarely needed

        self._message = Message()
        self._message.set_default_type(default_type)
        for name, value in fields:
            self._message[name.decode("ascii")] = value.decode("ascii", "surrogateescape")

    @cached_property
    def content_type(self) -> str:
        """The media type in lower case; a part without one has the default type."""
        return self._message.get_content_type()

    @cached_property
    def charset(self) -> str | None:
        """The charset in lower case."""
        return self._message.get_content_charset()

    @cached_property
    def transfer_encoding(self) -> str:
        """The transfer encoding in lower case, or an empty string."""
        return str(self._message.get("Content-Transfer-Encoding", "")).strip().lower()

    @cached_property
    def disposition(self) -> str | None:
        """`attachment`, `inline` or another disposition in lower case."""
        return self._message.get_content_disposition()

    @cached_property
    def filename(self) -> str | None:
        """The file name, of which encoded words are not decoded."""
        return self._message.get_filename()

    @cached_property
    def content_id(self) -> str | None:
        """The content ID without angle brackets."""
        content_id = self._message["Content-ID"]
        return content_id and str(content_id).strip("<> \t\r\n")

    @cached_property
    def description(self) -> str | None:
        """The description, of which encoded words are not decoded."""
        description = self._message["Content-Description"]
        return None if description is None else str(description)

    @cached_property
    def kind_of_body(self) -> str | None:
        """The kind of a body, "plain" or "html", or None for an attachment."""
        if self.disposition == "attachment" or self.filename is not None:
            return None
        return {"text/plain": "plain", "text/html": "html"}.get(self.content_type)

    @cached_property
    def boundary(self) -> bytes | None:
        """The boundary of a multipart."""
        if not self.content_type.startswith("multipart/"):
            return None
        boundary = self._message.get_boundary()
        return None if boundary is None else boundary.encode("utf-8", "surrogateescape")

    @property
    def default_type_of_parts(self) -> str:
        """The type of parts without a Content-Type."""
        return "message/rfc822" if self.content_type == "multipart/digest" else _DEFAULT_TYPE


def leaves(raw: bytes, default_type: str = _DEFAULT_TYPE) -> Iterator[tuple[PartHeaders, bytes]]:
    """Yield the headers and the encoded content of each part that is not a multipart.

    A multipart without any parts counts as a leaf.
    """
    headers, body = split(raw, default_type)
    parts = [piece for piece, is_part in pieces(body, headers.boundary) if is_part]
    if not parts:
        yield headers, body
    for part in parts:
        yield from leaves(part, headers.default_type_of_parts)


def split(raw: bytes, default_type: str = _DEFAULT_TYPE) -> tuple[PartHeaders, bytes]:
    """Return the headers of a message or part, and its body."""
    fields, end = [], 0
    for match in field_matches(raw):
        end = match.end()
        if match[1].lower().startswith(b"content-"):
            fields.append(match.groups())
    return _part_headers(tuple(fields), default_type), raw[_past_line_end(raw, end) :]


def pieces(body: bytes, boundary: bytes | None) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces of a multipart body, and whether each is a part.

    The line breaks around a boundary do not belong to a part. As in the standard library, there is
    no part between two delimiters on consecutive lines.
    """
    if boundary is None:
        yield body, False
        return
    position, is_part = 0, False
    for first, last, closes in _delimiters(body, boundary):
        start = _past_line_end(body, position)
        yield body[position : min(start, first)], False
        yield body[start:first], is_part and start <= first
        yield body[first:last], False
        position, is_part = last, not closes
        if closes:
            break
    start = _past_line_end(body, position)
    end = max(start, len(body) - _length_of_line_end(body, len(body)))
    yield body[position:start], False
    yield body[start:end], is_part
    yield body[end:], False


@lru_cache(maxsize=64)
def _part_headers(fields: tuple[tuple[bytes, bytes], ...], default_type: str) -> PartHeaders:
    """Return the headers of a part, which are often the same in many parts."""
    return PartHeaders(fields, default_type)


def _past_line_end(raw: bytes, position: int) -> int:
    match = _LINE_END.match(raw, position)
    return match.end() if match else position


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each delimiter line, and whether it closes the multipart.

    The line break before a delimiter belongs to it. (A regular expression would be slow: nested
    multiparts are searched once for each level.)
    """
    dashes = b"--" + boundary
    position = body.find(dashes)
    while position >= 0:
        end = _END_OF_DELIMITER.match(body, position + len(dashes))
        line_end = _length_of_line_end(body, position)
        if end and (line_end or position == 0):
            yield position - line_end, end.end(), end[1] is not None
        position = body.find(dashes, position + len(dashes))


def _length_of_line_end(body: bytes, position: int) -> int:
    """Return the length of the line break that ends at a position, or 0."""
    before = body[max(position - 2, 0) : position]
    return 2 if before == b"\r\n" else int(before.endswith((b"\r", b"\n")))
