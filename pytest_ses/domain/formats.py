"""The formats in which SES writes times and JSON."""

from __future__ import annotations

import json
from datetime import timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def timestamp(at: datetime) -> str:
    """Return a time as SES writes it: in UTC, to the millisecond."""
    return f"{at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def compact_json(content: Mapping[str, Any]) -> str:
    """Return JSON as SES writes it, without spaces."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
