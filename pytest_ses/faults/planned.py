"""Planned failures: which calls they apply to, and how often they happened."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import matching
from pytest_ses.domain.matching import Term
from pytest_ses.faults import reading
from pytest_ses.faults.targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from pytest_ses.calls import Call
    from pytest_ses.domain.errors import EntryRejected
    from pytest_ses.faults.network import NetworkFault
    from pytest_ses.origins import Origin
    from pytest_ses.wire.http import Response

    Effect = Callable[[Call, Callable[[], Response]], Response]
    EntryEffect = Callable[[Call], EntryRejected | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call, or one entry of a bulk send, that a planned failure may apply to."""

    call: Call
    index: int | None = None
    entry_recipients: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def recipients(self) -> Sequence[str]:
        """The recipients of the call or, for an entry, of the entry."""
        return reading.recipients(self.call) if self.index is None else self.entry_recipients


# `when` comes last, so that the predicate receives only calls that match everything else.
_CRITERIA: dict[str, tuple[Callable[[Candidate], Any], Callable[[Any, Any], bool]]] = {
    "to": (lambda candidate: candidate.recipients, matching.has_address),
    "sender": (lambda candidate: reading.senders(candidate.call), matching.has_address),
    "template": (lambda candidate: reading.template(candidate.call), matching.matches_value),
    "configuration_set": (
        lambda candidate: reading.configuration_set(candidate.call),
        matching.matches_value,
    ),
    "region": (lambda candidate: candidate.call.region, matching.matches_value),
    "when": (lambda candidate: candidate.call, lambda predicate, call: bool(predicate(call))),
}


class PlannedFailure:
    """A failure that the test planned; it applies to matching calls, as often as planned.

    It is created by the markers and by the methods `throttle`, `not_found`, `fail` and
    `bulk_status` of `SESBackend`. In a `with` statement, it ends with the block.

    Attributes:
        planned: the plan as text, such as `throttle(times=1)`.
        fired: how often it happened; for a bulk status, for how many destinations.
        calls: the calls that it applied to, as in `SESBackend.calls`.
        label: what summaries of calls show, such as `planned failure: throttle(times=1)`.
        network: the network failure, such as `Timeout()`, or None.
        options: the keyword arguments of the plan that all planned failures share, such as `times`.
        warning: the text of the `UnmodelledErrorWarning` about the error code, or None.
    """

    __module__ = "pytest_ses"

    def __init__(
        self,
        planned: str,
        *,
        targets: Sequence[Target],
        options: Mapping[str, Any],
        effect: Effect | None = None,
        entry_effect: EntryEffect | None = None,
        terms: Sequence[Term] = (),
        error_code: str | None = None,
        network: NetworkFault | None = None,
        warning: str | None = None,
        label: str = "",
    ) -> None:
        self.planned = planned
        self.label = label or f"planned failure: {planned}"
        self.fired = 0
        self.calls: list[Call] = []
        self._targets = targets
        self.options = options
        self._effect = effect
        self._entry_effect = entry_effect
        self._error_code = error_code
        self.network = network
        self.warning = warning
        self._terms = [
            Term("operation", targets, _target, lambda targets, target: target in targets),
            *terms,
            *(Term(name, options[name], *_CRITERIA[name]) for name in _CRITERIA if name in options),
        ]
        # The number of each matching call, by what its attempts have in common.
        self._numbers: dict[object, tuple[int, Origin | None]] = {}
        self._matches = 0
        self._draws = 0
        self._random = random.Random()
        self._ended = False
        self._withdrawn = False

    def __repr__(self) -> str:
        return f"<PlannedFailure {self.planned}, fired {self.fired}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def remove(self) -> None:
        """Withdraw the failure; from now on it is neither applied nor checked."""
        self._end()
        self._withdrawn = True

    def _end(self) -> None:
        """Stop applying the failure; at the end of the test it is still checked."""
        self._ended = True

    def _seed_random(self, default: str) -> None:
        """Seed the random draws with the failure's own seed, or else with `default`."""
        self._random.seed(self.options.get("seed", default))

    def _selects(self, candidate: Candidate) -> bool:
        """Return whether the failure is for a candidate, and number its call."""
        if self._is_exhausted() and "call" not in self.options:
            return False
        if not all(term.matches(candidate) for term in self._terms):
            return False
        return "call" not in self.options or self.options["call"] == self._number(candidate.origin)

    def _happens(self) -> bool:
        """Return whether the failure applies this time to a candidate that it is for, and count it."""
        if self._is_exhausted() or not self._is_due():
            return False
        self.fired += 1
        return True

    def _is_exhausted(self) -> bool:
        times = self.options.get("times")
        return self._ended or (times is not None and self.fired >= times)

    def _number(self, origin: Origin | None) -> int:
        """Return the number of a call among those that match, from 1; its attempts have the same."""
        # Without the header of AWS's SDKs, each request is a call. Its origin is kept, so that no other
        # has the same identity.
        key = (origin and origin.invocation) or id(origin)
        return self._numbers.setdefault(key, (len(self._numbers) + 1, origin))[0]

    def summary(self) -> str:
        """Return what was planned and how often it happened, in one line."""
        times = self.options.get("times")
        count = str(self.fired) if times is None else f"{self.fired} of {times}"
        plural = "" if (times or self.fired) == 1 else "s"
        return f"{self.planned} happened {count} time{plural}"

    @property
    def ended(self) -> bool:
        """Whether it is no longer applied."""
        return self._ended

    @property
    def _skipped(self) -> int:
        """How many matches were skipped because of `call`, `after`, `every` or `probability`."""
        other_calls = [n for n, _ in self._numbers.values() if n != self.options["call"]]
        return self._matches - self.fired + len(other_calls)

    @property
    def unmet(self) -> bool:
        """Whether it happened less often than planned.

        A failure with a probability only needs one call that it could have applied to.
        """
        if self._withdrawn or self.options.get("optional"):
            return False
        if "probability" in self.options:
            return not self._draws
        return self.fired < (self.options.get("times") or 1)

    def _is_due(self) -> bool:
        self._matches += 1
        number = self._matches - self.options.get("after", 0)
        if number <= 0 or number % self.options.get("every", 1):
            return False
        if "probability" not in self.options:
            return True
        self._draws += 1
        return self._random.random() < float(self.options["probability"])


injected: list[PlannedFailure] = []
"""Failures that the run plans, not a test; they apply to calls of every backend, after all others."""


def is_injected(call: Call) -> bool:
    """Whether a failure that the run plans applied to a call, which has just been logged."""
    # It is not `fault` if a failure of the test applied to an earlier entry of the same bulk send.
    return any(failure is call.fault or failure.calls[-1:] == [call] for failure in injected)


class PlannedFailures:
    """The planned failures of a backend, in the order in which they were planned."""

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._failures: list[PlannedFailure] = []

    def __bool__(self) -> bool:
        return bool(self._failures or injected)

    def __iter__(self) -> Iterator[PlannedFailure]:
        return iter(self._failures)

    def add(self, failure: PlannedFailure) -> PlannedFailure:
        """Add a failure; those that were added before it take precedence."""
        failure._seed_random(f"{self._seed}/{len(self._failures)}")
        self._failures.append(failure)
        return failure

    def end(self) -> None:
        """End all failures."""
        for failure in self._failures:
            failure._end()

    def for_call(self, call: Call, origin: Origin) -> tuple[PlannedFailure, Effect] | None:
        """Return the first failure that applies to a call, and its effect."""
        failures = [failure for failure in (*self._failures, *injected) if failure._effect]
        failure = _first(failures, Candidate(call, origin=origin))
        return (failure, failure._effect) if failure and failure._effect else None

    def for_entries(
        self, call: Call, origin: Origin, applied: list[PlannedFailure]
    ) -> Callable[[int, Sequence[str]], EntryRejected | None]:
        """Return a function that decides whether an entry of a bulk send fails.

        Each failure that applies to an entry is added to `applied`.
        """

        def entry_error(index: int, recipients: Sequence[str]) -> EntryRejected | None:
            failures = [
                failure for failure in (*self._failures, *injected) if failure._entry_effect
            ]
            failure = _first(failures, Candidate(call, index, tuple(recipients), origin))
            if failure is None or failure._entry_effect is None:
                return None
            applied.extend([] if failure in applied else [failure])
            return failure._entry_effect(call)

        return entry_error


def _first(failures: Sequence[PlannedFailure], candidate: Candidate) -> PlannedFailure | None:
    """Return the first failure that applies; those for one numbered call precede all others.

    Each of these sees every candidate, so its numbers do not depend on other failures.
    """
    numbered = [
        failure for failure in failures if "call" in failure.options and failure._selects(candidate)
    ]
    for failure in numbered:
        if failure._happens():
            return failure
    for failure in failures:
        if "call" not in failure.options and failure._selects(candidate) and failure._happens():
            return failure
    return None


def _target(candidate: Candidate) -> Target:
    return Target(candidate.call.service, candidate.call.operation or "")
