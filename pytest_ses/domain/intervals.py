"""Days and periods of time, for reports and exports."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from datetime import datetime


def check_interval(start: datetime, end: datetime) -> None:
    """Reject a period that ends before it starts.

    Raises:
        InvalidParameterValue: if `end` is before `start`. The text is our own; SES's is unknown.
    """
    if end < start:
        raise errors.InvalidParameterValue("EndDate must not be before StartDate.")


def day(at: datetime) -> datetime:
    """Return the start of the UTC day that contains a time."""
    return at.astimezone(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
