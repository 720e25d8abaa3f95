"""Reading and writing of scalar values as strings and numbers."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone
from typing import Final

BOOLEANS: Final = {"true": True, "false": False}
"""The booleans of a form, a query string or a header, by their lower-case spelling."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND: Final = timedelta(milliseconds=1)
_BITS: Final = {"integer": 32, "long": 64}
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ISO_8601 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?:Z|([+-][0-9]{2}:[0-9]{2}))"
)


class UnreadableError(ValueError):
    """A request contains an invalid value; the argument, if any, is the service's error text."""


def message_of(error: ValueError) -> str | None:
    """Return the service's text for an error in reading a value, or None if it has none."""
    return error.args[0] if isinstance(error, UnreadableError) and error.args else None


def checked_integer(value: int, *, type_name: str) -> int:
    """Return the number unchanged.

    Raises:
        UnreadableError: if it is out of the range of `type_name`, which is `integer` or `long`.
    """
    limit = 1 << (_BITS[type_name] - 1)
    if not -limit <= value < limit:
        raise UnreadableError
    return value


def read_integer(text: str, *, type_name: str) -> int:
    """Convert a string of ASCII digits to a number.

    Raises:
        UnreadableError: if it is not an integer, or out of the range of `type_name`.
    """
    if not _INTEGER.fullmatch(text):
        raise UnreadableError
    return checked_integer(int(text), type_name=type_name)


def read_double(text: str) -> float:
    """Convert a string to a finite number.

    Raises:
        UnreadableError: if it is not a finite number.
    """
    value = float(text) if _NUMBER.fullmatch(text) else float("inf")
    if value in (float("inf"), float("-inf")):
        raise UnreadableError
    return value


def read_iso_8601(text: str) -> datetime:
    """Convert a string such as `2026-11-20T12:00:00.000Z` to a time in UTC.

    Raises:
        ValueError: if it is not a time in that format.
    """
    match = _ISO_8601.fullmatch(text)
    if match is None:
        raise UnreadableError
    seconds, fraction, offset = match.groups(default="")
    normalized = f"{seconds}.{fraction[:6].ljust(6, '0')}{offset or '+00:00'}"
    try:
        return datetime.fromisoformat(normalized).astimezone(timezone.utc)
    except OverflowError as error:
        raise UnreadableError from error


def read_epoch(seconds: float) -> datetime:
    """Convert seconds since the epoch to a time in UTC.

    Raises:
        UnreadableError: if the time is out of range.
    """
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise UnreadableError from error


def read_base64(text: str) -> bytes:
    """Decode a string in the standard Base64 alphabet.

    Raises:
        ValueError: if it is not valid Base64.
    """
    return base64.b64decode(text, validate=True)


def write_base64(value: bytes) -> str:
    """Encode bytes in the standard Base64 alphabet."""
    return base64.b64encode(value).decode("ascii")


def write_iso_8601(timestamp: datetime) -> str:
    """Format a time in UTC, truncated to milliseconds.

    Raises:
        TypeError: if it has no time zone.
    """
    utc = _EPOCH + (timestamp - _EPOCH)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def write_epoch(timestamp: datetime) -> float:
    """Convert a time to seconds since the epoch, truncated to milliseconds.

    Raises:
        TypeError: if it has no time zone.
    """
    return (timestamp - _EPOCH) // _MILLISECOND / 1000
