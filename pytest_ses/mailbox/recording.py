"""The recording of what a test does with all backends that are active during the test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_ses import backend as backends
from pytest_ses.backend import Position
from pytest_ses.domain.events.event_log import ordinary_events
from pytest_ses.domain.regions import arn
from pytest_ses.mailbox import entries
from pytest_ses.mailbox.entries import Activity, Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message

_LISTS = ("messages", "calls")
# Entries are trees, and a run makes many of them.
_TO_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Recorder:
    """Records the messages and calls of one test after another.

    A backend of a wider scope contributes only what happens during the test.

    Attributes:
        messages: the messages that the last entry contains.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._budget = Budget()
        self._starts: dict[SESBackend, Position] = {}
        self._before_resets: list[Mapping[str, Any]] = []

    def start(self) -> None:
        """Begin with a test."""
        self._starts = {backend: backend._position() for backend in backends.active}
        self._before_resets = []
        self.messages = []

    def entered(self, backend: SESBackend) -> None:
        """Record a backend from now on; see `pytest_ses.backend.Observer`."""
        self._starts.setdefault(backend, Position())

    def resets(self, backend: SESBackend) -> None:
        """Keep what a reset would delete, including the events; see `pytest_ses.backend.Observer`."""
        if backend in self._starts:
            messages, calls, sleeps = backend._since(self._starts[backend])
            self.messages += messages
            done = Activity(messages, calls, (), sleeps)
            self._before_resets.append(
                entries.of_test([done], nodeid="", outcome="running", budget=self._budget)
            )
            self._starts[backend] = Position()

    @property
    def has_backend(self) -> bool:
        """Whether a backend was active during the test."""
        return bool(self._starts)

    def entry(self, nodeid: str, about_test: Callable[[], dict[str, Any]]) -> Entry:
        """Return the entry of the test.

        Args:
            nodeid: the node ID of the test.
            about_test: returns further arguments of `entries.of_test`, such as the outcome.
        """
        activities = []
        for backend, start in self._starts.items():
            messages, calls, sleeps = backend._since(start)
            self.messages += messages
            kept = [_without_account(message) for message in messages]
            activities.append(Activity(kept, calls, backend.rules, sleeps))
        entry = Entry(nodeid, about_test, activities, self._before_resets, self._budget)
        if not self._starts.keys().isdisjoint(backends.active):
            entry.json()  # the next test may change what it is made from
        return entry


class _FormerAccount:
    """What an entry needs of the account that sent a message.

    If entries kept the accounts of many tests in memory, the tests that follow would take longer.
    """

    __slots__ = ("_events", "_region_and_id", "identities")

    def __init__(self, account: Any, message: Message) -> None:
        self.identities = account.identities
        self._region_and_id = account.region, account.account_id
        # Those of ordinary messages are computed on demand, as by the account.
        is_ordinary = account.event_log.is_ordinary(message)
        self._events = None if is_ordinary else message.events

    def events_of(self, message: Message) -> list[Event]:
        if self._events is None:
            return ordinary_events(self, message)
        return self._events

    def arn(self, kind: str, name: str) -> str:
        return arn(*self._region_and_id, kind, name)


def _without_account(message: Message) -> Message:
    return message._with_owner(_FormerAccount(message._account, message))


class Entry:
    """The entry of a test; its JSON is made on demand, since many at once take less time."""

    def __init__(
        self,
        nodeid: str,
        about_test: Callable[[], dict[str, Any]],
        activities: Sequence[Activity] = (),
        before_resets: Sequence[Mapping[str, Any]] = (),
        budget: Budget | None = None,
    ) -> None:
        self._nodeid = nodeid
        self._about_test = about_test
        self._activities = activities
        self._before_resets = before_resets
        self._budget = budget
        self._json = ""

    def json(self) -> str:
        """Return the JSON of the entry; from now on, it needs no backend."""
        if not self._json:
            self._json = _TO_JSON(self._made())
            self._activities, self._before_resets = (), ()
        return self._json

    def _made(self) -> dict[str, Any]:
        entry = entries.of_test(
            self._activities, nodeid=self._nodeid, budget=self._budget, **self._about_test()
        )
        for earlier in reversed(self._before_resets):
            entry.update({name: earlier[name] + entry[name] for name in _LISTS})
            omitted = entry["omitted"]
            entry["omitted"] = {name: earlier["omitted"][name] + omitted[name] for name in omitted}
        return entry
