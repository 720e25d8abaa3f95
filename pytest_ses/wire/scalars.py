"""What do the scalar texts of the wire mean, and how are such values written?"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone
from typing import Final

BOOLEANS: Final = {"true": True, "false": False}
"""The texts, in lower case, of a boolean in a form, a query string or a header."""

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
    """What came over the wire means no value; its argument, if any, is what the service says."""


def words(error: ValueError) -> str | None:
    """Give what the service says of an error in reading, None if it says nothing."""
    return error.args[0] if isinstance(error, UnreadableError) and error.args else None


def fit_integer(value: int, *, type_name: str) -> int:
    """Give the number back.

    Raises:
        UnreadableError: it is wider than an `integer` or a `long` of the model.
    """
    limit = 1 << (_BITS[type_name] - 1)
    if not -limit <= value < limit:
        raise UnreadableError
    return value


def read_integer(text: str, *, type_name: str) -> int:
    """Give the number that a text of ASCII digits means.

    Raises:
        UnreadableError: it is none, or wider than an `integer` or a `long` of the model.
    """
    if not _INTEGER.fullmatch(text):
        raise UnreadableError
    return fit_integer(int(text), type_name=type_name)


def read_double(text: str) -> float:
    """Give the finite number that a text means.

    Raises:
        UnreadableError: it means none.
    """
    value = float(text) if _NUMBER.fullmatch(text) else float("inf")
    if value in (float("inf"), float("-inf")):
        raise UnreadableError
    return value


def read_iso_8601(text: str) -> datetime:
    """Give the moment, in UTC, that a text such as `2026-11-20T12:00:00.000Z` means.

    Raises:
        UnreadableError: it means none.
    """
    match = _ISO_8601.fullmatch(text)
    if match is None:
        raise UnreadableError
    moment, fraction, offset = match.groups(default="")
    normal = f"{moment}.{fraction[:6].ljust(6, '0')}{offset or '+00:00'}"
    try:
        return datetime.fromisoformat(normal).astimezone(timezone.utc)
    except OverflowError as error:
        raise UnreadableError from error


def read_epoch(seconds: float) -> datetime:
    """Give the moment, in UTC, so many seconds after the epoch.

    Raises:
        UnreadableError: it is out of range.
    """
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise UnreadableError from error


def read_base64(text: str) -> bytes:
    """Give the bytes that a text of the standard alphabet means.

    Raises:
        ValueError: it means none.
    """
    return base64.b64decode(text, validate=True)


def write_base64(value: bytes) -> str:
    """Give the text of the standard alphabet that means these bytes."""
    return base64.b64encode(value).decode("ascii")


def write_iso_8601(moment: datetime) -> str:
    """Give a moment that has a time zone in UTC, cut off at the millisecond.

    Raises:
        TypeError: it has no time zone.
    """
    utc = _EPOCH + (moment - _EPOCH)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def write_epoch(moment: datetime) -> float:
    """Give the seconds from the epoch to a moment that has a time zone, cut off likewise.

    Raises:
        TypeError: it has no time zone.
    """
    return (moment - _EPOCH) // _MILLISECOND / 1000
