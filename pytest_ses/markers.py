"""What does a marker plan? Knows the words of markers, and nothing of pytest."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain.events.event_log import EventLog
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.faults import plans
from pytest_ses.phrasing import with_nearest
from pytest_ses.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Before the name of the backend's method.
PREFIX = "ses_"


# Markers about a recipient, whom they name first, and the method of `Recipient`.
OF_RECIPIENTS = {"ses_bounce": "bounces", "ses_complaint": "complains"}


class Plan(NamedTuple):
    """A method of the backend, or of one of its recipients, and what to give it.

    `id` is that of the test's own run for it.
    """

    method: str
    args: tuple[Any, ...]
    words: Mapping[str, Any]
    id: str = ""
    recipient: str | None = None

    def make(self, backend: Any) -> None:
        """Plan it."""
        holder = backend if self.recipient is None else backend.recipient(self.recipient)
        getattr(holder, self.method)(*self.args, **self.words)


def check_account(args: tuple[Any, ...], words: Mapping[str, Any]) -> None:
    """Refuse what the marker `ses` cannot say of an account.

    Raises:
        TypeError, ValueError: with the value and the cure, or the closest right word.
    """
    known = list(inspect.signature(Settings).parameters)
    for name in words:
        if name not in known:
            raise ValueError(with_nearest(f"there is no word {name!r}", name, known))
    if args:
        raise ValueError(f"it takes its words by name, not {args!r}")
    Settings(**words)


def read(marker: str, args: tuple[Any, ...], words: Mapping[str, Any]) -> list[Plan]:
    """The plans of a marker: one; or of those in `CASES`, one for each run of the test.

    Raises:
        TypeError, ValueError: for what the method would refuse.
    """
    if marker in CASES:
        found = CASES[marker](*args, **words)
    elif marker in OF_RECIPIENTS:
        found = [_of_recipient(OF_RECIPIENTS[marker], *args, **words)]
    else:
        found = [Plan(marker.removeprefix(PREFIX), args, words)]
    for one in found:
        _check(one)
    return found


def each_error(operation: str, /, **words: Any) -> list[Plan]:
    """Every error that the model of an operation declares, for every attempt."""
    codes = plans.errors_of(operation)
    return [Plan("fail", (operation, code), words, code) for code in codes]


def each_bulk_status(**words: Any) -> list[Plan]:
    """Every status but success, for every destination."""
    return [Plan("bulk_status", (one,), words, one) for one in plans.FAILING_STATUSES]


def _of_recipient(method: str, address: str, /, *args: Any, **words: Any) -> Plan:
    return Plan(method, args, words, recipient=address)


CASES: Mapping[str, Callable[..., list[Plan]]] = {
    "ses_each_error": each_error,
    "ses_each_bulk_status": each_bulk_status,
}


def _check(one: Plan) -> None:
    """Make it in vain; what it warns of it will warn of in its test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if one.recipient is None:
            getattr(plans, one.method)(*one.args, **one.words)
        else:
            getattr(Recipient(EventLog(), one.recipient), one.method)(*one.args, **one.words)
