"""Headers of raw messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar, overload

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

_T = TypeVar("_T")

HEADER_LIMIT = 262_144
"""The maximum size of a header section in bytes. This value is our own; SES's is not published."""

UNIQUE_HEADERS = frozenset(
    """
    from sender reply-to return-path errors-to bounces-to delivered-to
    subject date message-id in-reply-to references comments keywords
    original-from original-message-id original-recipient original-subject
    mime-version content-alternative content-base content-class content-description
    content-disposition content-duration content-id content-language content-length
    content-location content-md5 content-transfer-encoding content-type
    list-archive list-help list-id list-owner list-post list-subscribe list-unsubscribe
    list-unsubscribe-post
    accept-language acceptlanguage archived-at auto-submitted dkim-signature
    disposition-notification-options disposition-notification-to domainkey-signature importance
    message-context organization precedence priority return-receipt-to sensitivity solicitation
    thread-index thread-topic user-agent vbr-info
    """.split()  # noqa: SIM905 - one name per line would hide the groups
)
"""Headers, in lower case, that cannot occur more than once in a message.

https://docs.aws.amazon.com/ses/latest/dg/header-fields.html, which does not list To, Cc and Bcc.
"""

_FIELD = re.compile(
    rb"([!-9;-~]*):[ \t]*([^\r\n]*(?:(?:\r\n?|\n)[ \t][^\r\n]*)*)(?:\r\n?|\n|\Z)",
)
_LINE_END = re.compile(rb"\r\n?|\n")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Headers(Mapping[str, str]):
    """The headers of a message by name, ignoring case; a repeated header has its first value."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, tuple[str, str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), (name, value))

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, /, default: str) -> str: ...
    @overload
    def get(self, name: str, /, default: _T) -> str | _T: ...
    def get(self, name: str, /, default: object = None) -> object:
        """Return a header's value or the default; faster than `Mapping.get` if it is missing."""
        pair = self._fields.get(name.lower())
        return default if pair is None else pair[1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Headers({list(self._fields.values())!r})"


def fields(raw: bytes) -> list[tuple[str, str]]:
    """Return the names and the unfolded, still encoded values of a raw message's headers.

    Never fails. As in the standard library, the header section ends at the first line that is not a
    header.
    """
    return [(match[1].decode("ascii"), _unfolded(match[2])) for match in field_matches(raw)]


def validated_fields(raw: bytes) -> list[tuple[str, str]]:
    """Return the same as `fields`, but reject headers that SES does not accept.

    Raises:
        InvalidParameterValue: if a name is empty, a header occurs more often than allowed, or the
            header section is too long.
    """
    seen: set[str] = set()
    end = 0
    for match in field_matches(raw):
        name, end = match[1].decode("ascii"), match.end()
        if not name:
            raise InvalidParameterValue("Empty header names are illegal.")
        if (lower := name.lower()) in seen:
            raise InvalidParameterValue(f"Duplicate header '{name}'.", header=name)
        if lower in UNIQUE_HEADERS:
            seen.add(lower)
    if end > HEADER_LIMIT:
        raise InvalidParameterValue("Header section too long.")
    return fields(raw)


def joined_values(fields: Iterable[tuple[str, str]], name: str) -> str:
    """Return the values of all headers of a name, joined by commas as JavaMail joins addresses."""
    lower = name.lower()
    return ",".join(value for name, value in fields if name.lower() == lower)


def redact(raw: bytes, *, message_id_header: str, date: datetime) -> bytes:
    """Return a raw message as delivered, without Bcc, Return-Path and X-SES headers.

    SES's Message-ID and Date replace those of the message, or follow its last header. Everything
    else stays unchanged.
    """
    first_line_end = _LINE_END.search(raw)
    line_end = b"\n" if first_line_end and first_line_end[0] == b"\n" else b"\r\n"
    removed = {b"bcc", b"date", b"message-id", b"return-path"}
    replacements = {
        b"date": internet_date(date).encode(),
        b"message-id": message_id_header.encode(),
    }
    headers, end = [], 0
    for match in field_matches(raw):
        end = match.end()
        name = match[1].lower()
        if name in replacements:
            headers.append(match[1] + b": " + replacements.pop(name) + line_end)
        elif name not in removed and not name.startswith(b"x-ses-"):
            headers.append(match[0])
    if headers and not headers[-1].endswith((b"\r", b"\n")):
        headers.append(line_end)
    names = {b"date": b"Date: ", b"message-id": b"Message-ID: "}
    headers += [names[name] + value + line_end for name, value in replacements.items()]
    return join_header_and_body(b"".join(headers), raw[end:], line_end)


def join_header_and_body(head: bytes, rest: bytes, line_end: bytes) -> bytes:
    """Join a header section and the rest of a message, with an empty line between them."""
    separated = _LINE_END.match(rest) and not (head.endswith(b"\r") and rest.startswith(b"\n"))
    return head + (b"" if separated else line_end) + rest


def internet_date(date: datetime) -> str:
    """Return an aware date in the format of RFC 5322, in English regardless of the locale."""
    day, month = _DAYS[date.weekday()], _MONTHS[date.month - 1]
    text = date.isoformat()
    return f"{day}, {date.day} {month} {text[:4]} {text[11:19]} {text[-6:].replace(':', '')}"


# Several properties of a message read its headers, one after another.
@lru_cache(maxsize=1)
def field_matches(raw: bytes) -> list[re.Match[bytes]]:
    """Return a match for each header field: its name, and its folded and encoded value."""
    matches: list[re.Match[bytes]] = []
    end = 0
    while match := _FIELD.match(raw, end):
        matches.append(match)
        end = match.end()
    return matches


def _unfolded(value: bytes) -> str:
    if b"\n" in value or b"\r" in value:
        value = _LINE_END.sub(b"", value)
    value = value.strip()
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
