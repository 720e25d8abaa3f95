"""Which headers does a mail have, and which does it keep on its way?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

HEADER_LIMIT = 262_144
"""Bytes a header section may have. SES refuses some size in these words; which is not published."""

ONCE = frozenset(
    """
    from sender reply-to to cc bcc subject date message-id in-reply-to references
    mime-version content-type content-transfer-encoding content-disposition content-id
    content-description list-unsubscribe list-unsubscribe-post dkim-signature delivered-to
    return-path
    """.split()  # noqa: SIM905 - one name a line would hide the groups
)
"""Headers, in lower case, that a raw mail may carry once."""

_FIELD = re.compile(
    rb"([!-9;-~]*):[ \t]*([^\r\n]*(?:(?:\r\n?|\n)[ \t][^\r\n]*)*)(?:\r\n?|\n|\Z)",
)
_LINE_END = re.compile(rb"\r\n?|\n")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Headers(Mapping[str, str]):
    """The headers of a mail by name, in any case; of a repeated header the first one."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), (name, value))

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Headers({list(self._fields.values())!r})"


def fields(raw: bytes) -> list[tuple[str, str]]:
    """The header block of a raw mail: names and unfolded values, still encoded, never an error.

    As in the standard library, the first line that is no header ends the block.
    """
    return [(match[1].decode("ascii"), _unfolded(match[2])) for match in matches(raw)]


def scan(raw: bytes) -> list[tuple[str, str]]:
    """The header block of a raw mail, or `InvalidParameterValue` for one that SES refuses."""
    seen: set[str] = set()
    end = 0
    for match in matches(raw):
        name, end = match[1].decode("ascii"), match.end()
        if not name:
            raise InvalidParameterValue("Empty header names are illegal.")
        if (lower := name.lower()) in seen:
            raise InvalidParameterValue(f"Duplicate header '{name}'.", header=name)
        if lower in ONCE:
            seen.add(lower)
    if end > HEADER_LIMIT:
        raise InvalidParameterValue("Header section too long.")
    return fields(raw)


def redact(raw: bytes, *, message_id_header: str, date: datetime) -> bytes:
    """A raw mail as it is delivered: without Bcc and X-SES headers, with SES's Message-ID and Date.

    These two take the place of the mail's own, or follow its last header; all else stays.
    """
    found = _LINE_END.search(raw)
    line_end = b"\n" if found and found[0] == b"\n" else b"\r\n"
    ours = {b"date": internet_date(date).encode(), b"message-id": message_id_header.encode()}
    kept, end = [], 0
    for match in matches(raw):
        end = match.end()
        name = match[1].lower()
        if name in ours:
            kept.append(match[1] + b": " + ours.pop(name) + line_end)
        elif name not in {b"bcc", b"date", b"message-id"} and not name.startswith(b"x-ses-"):
            kept.append(match[0])
    if kept and not kept[-1].endswith((b"\r", b"\n")):
        kept.append(line_end)
    names = {b"date": b"Date: ", b"message-id": b"Message-ID: "}
    kept += [names[name] + value + line_end for name, value in ours.items()]
    return joined(b"".join(kept), raw[end:], line_end)


def joined(head: bytes, rest: bytes, line_end: bytes) -> bytes:
    """Headers and what follows them, with an empty line between that a reader takes for one."""
    apart = _LINE_END.match(rest) and not (head.endswith(b"\r") and rest.startswith(b"\n"))
    return head + (b"" if apart else line_end) + rest


def internet_date(date: datetime) -> str:
    """An aware date as RFC 5322 writes it, in English whatever the locale."""
    day, month = _DAYS[date.weekday()], _MONTHS[date.month - 1]
    return f"{day}, {date.day} {month} {date:%Y %H:%M:%S %z}"


def matches(raw: bytes) -> Iterator[re.Match[bytes]]:
    """The fields of the header block: name and value, folded, still encoded."""
    match = _FIELD.match(raw)
    while match:
        yield match
        match = _FIELD.match(raw, match.end())


def _unfolded(value: bytes) -> str:
    value = _LINE_END.sub(b"", value).strip()
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
