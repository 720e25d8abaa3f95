"""How is an answer put together?"""

from __future__ import annotations

from typing import Any


def given(**members: Any) -> dict[str, Any]:
    """The members that have a value; SES leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}
