"""Times, which depend only on Faker's seed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker.providers import BaseProvider

# Faker's own times are relative to the current time, so the same seed would give different ones.
_EARLIEST = datetime(2025, 1, 1, tzinfo=timezone.utc)
_MILLISECONDS = timedelta(days=365) // timedelta(milliseconds=1)


def time(fake: BaseProvider) -> datetime:
    """Return a time in 2025, aware and in UTC, to the millisecond."""
    return _EARLIEST + timedelta(milliseconds=fake.generator.random.randrange(_MILLISECONDS))
