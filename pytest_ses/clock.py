"""What time is it for SES? The real time, moved as far as the test has asked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pytest_ses.wording import with_nearest

_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")


class Clock:
    """Virtual time: the computer's clock plus what the test has advanced it by.

    It reads the computer's clock each time, so a library that freezes or moves that clock is obeyed.

    Attributes:
        sleeps: seconds of each wait: those of botocore between its attempts, and `sleep`'s.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        """The time of the fake account, aware and in UTC."""
        return datetime.now(timezone.utc) + self._ahead

    def advance(self, by: timedelta | None = None, /, **units: float) -> None:
        """Move the clock forward by a timedelta or by its units: `advance(hours=24)`.

        Raises:
            TypeError: for something else than a timedelta, or an unknown unit.
            ValueError: if it would move the clock back.
        """
        if by is not None and not isinstance(by, timedelta):
            msg = f"advance({by!r}): give a timedelta, or units by name: advance(seconds={by!r})"
            raise TypeError(msg)
        for unit in units:
            if unit not in _UNITS:
                raise TypeError(with_nearest(f"advance has no unit {unit!r}", unit, _UNITS))
        step = (by or timedelta(0)) + timedelta(**units)
        if step < timedelta(0):
            msg = f"a clock does not run backwards, and would by {-step}; give a positive time"
            raise ValueError(msg)
        self._ahead += step

    def sleep(self, seconds: float, /) -> None:
        """Wait without waiting: note the seconds in `sleeps` and move the clock by them.

        It may stand in for `time.sleep` in the code under test.

        Raises:
            ValueError: for a negative time.
        """
        self.advance(seconds=seconds)
        self.sleeps.append(seconds)

    def reset(self) -> None:
        """Go back to the computer's own time, and forget the waits."""
        self._ahead = timedelta(0)
        self.sleeps.clear()
