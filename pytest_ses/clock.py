"""What time is it for SES? The real time, moved as far as the test has asked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


class Clock:
    """Virtual time: the computer's clock plus what the test has advanced it by.

    It reads the computer's clock each time, so a library that freezes or moves that clock is obeyed.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The time of the fake account, aware and in UTC."""
        return datetime.now(timezone.utc) + self._ahead

    def advance(self, by: timedelta | None = None, /, **units: float) -> None:
        """Move the clock forward by a timedelta or by its units: `advance(hours=24)`.

        Raises:
            ValueError: if it would move the clock back.
        """
        step = (by or timedelta(0)) + timedelta(**units)
        if step < timedelta(0):
            msg = f"a clock does not run backwards: {step!r}; give a positive amount of time"
            raise ValueError(msg)
        self._ahead += step

    def reset(self) -> None:
        """Go back to the computer's own time."""
        self._ahead = timedelta(0)
