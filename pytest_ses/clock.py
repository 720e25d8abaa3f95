"""The virtual clock of SES."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from datetime import MAXYEAR, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
_LAST_YEAR = f"the last year of the clock is {MAXYEAR}"


def duration(**units: float) -> timedelta:
    """Return a duration in units such as `hours=24`.

    Raises:
        TypeError: if a unit is unknown, or its value is not a number.
        ValueError: if a number is not finite, or the duration is too large for a timedelta.
    """
    for unit, number in units.items():
        if unit not in _UNITS:
            raise TypeError(with_nearest(f"unknown unit {unit!r}", unit, _UNITS))
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            msg = f"{unit}={number!r} is invalid; expected a number"
            raise TypeError(msg)
        if isinstance(number, float) and not math.isfinite(number):
            msg = f"{unit}={number!r} is invalid; expected a finite number"
            raise ValueError(msg)
    try:
        return timedelta(**units)
    except OverflowError:
        shown = ", ".join(f"{unit}={number!r}" for unit, number in units.items())
        msg = f"{shown} is too large; {_LAST_YEAR}"
        raise ValueError(msg) from None


def check_reachable(now: datetime, length: timedelta) -> None:
    """Check that the time after a duration is one that a clock can show.

    Raises:
        ValueError: if it is not.
    """
    try:
        now + length
    except OverflowError:
        msg = f"{length} is too large; {_LAST_YEAR}"
        raise ValueError(msg) from None


class Clock:
    """Virtual time: the computer's time, plus the time by which the test has advanced the clock.

    The computer's time is read on each use, so libraries that freeze or change it work as usual.

    Attributes:
        sleeps: the length of each wait, between botocore's attempts or in `sleep`, in seconds.
    """

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._scheduled: list[tuple[datetime, int, Callable[[], object]]] = []
        # Keeps actions that are due at the same time in the order in which they were scheduled.
        self._counter = itertools.count()
        self._lock = threading.Lock()
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        """Return the current virtual time as an aware datetime in UTC."""
        return datetime.now(timezone.utc) + self._offset

    def advance(self, by: timedelta | None = None, /, **units: float) -> None:
        """Move the clock forward by a timedelta, or by units such as `advance(hours=24)`.

        Raises:
            TypeError: if the argument is not a timedelta, a unit is unknown, or its value is not a number.
            ValueError: if the duration is negative or too large.
        """
        if by is not None and not isinstance(by, timedelta):
            msg = (
                f"advance({by!r}) is invalid; expected a timedelta, or a unit such as "
                f"advance(seconds={by!r})"
            )
            raise TypeError(msg)
        length = (by or timedelta(0)) + duration(**units)
        if length < timedelta(0):
            msg = f"the clock cannot be moved back by {-length}; use a positive duration"
            raise ValueError(msg)
        check_reachable(self.now(), length)
        new_offset = self._offset + length
        while due := self._pop_due(self.now() + (new_offset - self._offset)):
            when, action = due
            self._offset += max(when - self.now(), timedelta(0))
            action()
        self._offset = max(self._offset, new_offset)

    def call_at(self, when: datetime, action: Callable[[], object]) -> None:
        """Schedule a function, which is called when it is due."""
        with self._lock:
            heapq.heappush(self._scheduled, (when, next(self._counter), action))

    @property
    def _has_scheduled(self) -> bool:
        """Whether a function is scheduled."""
        return bool(self._scheduled)

    def _run_due(self) -> None:
        """Call the scheduled functions that are due."""
        while due := self._pop_due(self.now()):
            _, action = due
            action()

    def _pop_due(self, until: datetime) -> tuple[datetime, Callable[[], object]] | None:
        """Remove and return the first scheduled function and its time, if it is due by `until`."""
        with self._lock:
            if not self._scheduled or self._scheduled[0][0] > until:
                return None
            when, _, action = heapq.heappop(self._scheduled)
            return when, action

    def sleep(self, seconds: float, /) -> None:
        """Advance the clock instead of waiting, and record the seconds in `sleeps`.

        Can replace `time.sleep` in the code under test.

        Raises:
            ValueError: if the time is negative.
        """
        self.advance(seconds=seconds)
        self.sleeps.append(seconds)

    def reset(self) -> None:
        """Return to the computer's time, and discard `sleeps` and the scheduled functions."""
        self._offset = timedelta(0)
        self._scheduled.clear()
        self.sleeps.clear()
