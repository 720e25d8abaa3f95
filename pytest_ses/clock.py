"""What time is it for SES? The real time, moved as far as the test has asked for."""

from __future__ import annotations

import heapq
import itertools
import threading
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")


class Clock:
    """Virtual time: the computer's clock plus what the test has advanced it by.

    It reads the computer's clock each time, so a library that freezes or moves that clock is obeyed.

    Attributes:
        sleeps: seconds of each wait: those of botocore between its attempts, and `sleep`'s.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._planned: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number = itertools.count()
        self._lock = threading.Lock()
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
        arrival = self._ahead + step
        while due := self._taken(self.now() + arrival - self._ahead):
            when, action = due
            self._ahead += max(when - self.now(), timedelta(0))
            action()
        self._ahead = max(self._ahead, arrival)

    def call_at(self, when: datetime, action: Callable[[], object]) -> None:
        """Do something once the clock passes a time: within `advance`, or when `run_due` looks."""
        with self._lock:
            heapq.heappush(self._planned, (when, next(self._number), action))

    @property
    def is_awaited(self) -> bool:
        """Whether something is planned for a time."""
        return bool(self._planned)

    def run_due(self) -> None:
        """Do what was planned for a time that has passed meanwhile."""
        while due := self._taken(self.now()):
            due[1]()

    def _taken(self, until: datetime) -> tuple[datetime, Callable[[], object]] | None:
        """What is planned next, if its time comes until then; nobody else gets it."""
        with self._lock:
            if not self._planned or self._planned[0][0] > until:
                return None
            when, _, action = heapq.heappop(self._planned)
            return when, action

    def sleep(self, seconds: float, /) -> None:
        """Wait without waiting: note the seconds in `sleeps` and move the clock by them.

        It may stand in for `time.sleep` in the code under test.

        Raises:
            ValueError: for a negative time.
        """
        self.advance(seconds=seconds)
        self.sleeps.append(seconds)

    def reset(self) -> None:
        """Go back to the computer's own time, and forget the waits and what was planned."""
        self._ahead = timedelta(0)
        self._planned.clear()
        self.sleeps.clear()
