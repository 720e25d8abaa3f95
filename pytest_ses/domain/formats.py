"""The formats of times and JSON, as SES reads and writes them."""

from __future__ import annotations

import json
from datetime import timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


# The events of a message and their records contain the same few times.
@lru_cache(maxsize=16)
def timestamp(at: datetime) -> str:
    """Return a time as SES writes it: in UTC, to the millisecond."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def compact_json(content: Mapping[str, Any]) -> str:
    """Return JSON as SES writes it, without spaces."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def json_object(text: str) -> dict[str, Any] | None:
    """Return a JSON object as a dict, or None if the text is not a JSON object."""
    text = text.strip(" \t\n\r")
    try:
        content, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and end == len(text) else None


def _reject_constant(constant: str) -> None:
    raise ValueError(constant)


_JSON = json.JSONDecoder(parse_constant=_reject_constant)
