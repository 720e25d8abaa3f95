"""Which planned failure does a call meet, and how often did each happen?"""

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
    from pytest_ses.domain.errors import EntryRefused
    from pytest_ses.wire.http import Response

    Effect = Callable[[Call, Callable[[], Response]], Response]
    Refusal = Callable[[Call], EntryRefused | None]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rule is held against: a call, or one entry of a bulk send."""

    call: Call
    index: int | None = None
    entry: tuple[str, ...] = ()

    @property
    def recipients(self) -> Sequence[str]:
        """Everyone the call, or the entry, goes to."""
        return reading.recipients(self.call) if self.index is None else self.entry


# The predicate comes last, so that it sees only calls that fit otherwise.
_WORDS: dict[str, tuple[Callable[[Occasion], Any], Callable[[Any, Any], bool]]] = {
    "to": (lambda occasion: occasion.recipients, matching.has_address),
    "sender": (lambda occasion: reading.senders(occasion.call), matching.has_address),
    "template": (lambda occasion: reading.template(occasion.call), matching.equals),
    "configuration_set": (
        lambda occasion: reading.configuration_set(occasion.call),
        matching.equals,
    ),
    "region": (lambda occasion: occasion.call.region, matching.equals),
    "when": (lambda occasion: occasion.call, lambda predicate, call: bool(predicate(call))),
}


class PlannedFailure:
    """A planned failure: it answers the calls that match, as often as it is planned.

    `throttle`, `not_found`, `fail` and `bulk_status` of `SESBackend` make rules, and so do the
    markers. As a context manager a rule ends with its block.

    Attributes:
        planned: how it was planned, as text.
        fired: how often it happened; of a bulk status, to how many entries.
        calls: the calls that met it, as they stand in `SESBackend.calls`.
    """

    __module__ = "pytest_ses"

    def __init__(
        self,
        planned: str,
        *,
        targets: Sequence[Target],
        words: Mapping[str, Any],
        effect: Effect | None = None,
        refusal: Refusal | None = None,
        terms: Sequence[Term] = (),
    ) -> None:
        self.planned = planned
        self.fired = 0
        self.calls: list[Call] = []
        self.targets = targets
        self.words = words
        self.effect = effect
        self.refusal = refusal
        self.terms = [
            Term("operation", targets, _target, lambda targets, target: target in targets),
            *terms,
            *(Term(word, words[word], *_WORDS[word]) for word in _WORDS if word in words),
        ]
        self._passed = 0
        self._drawn = 0
        self._chance = random.Random()
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
        self.end()

    def remove(self) -> None:
        """Take the plan back: it answers no more calls, and nobody asks whether it did."""
        self.end()
        self._withdrawn = True

    def end(self) -> None:
        """Answer no more calls; that it did so far still counts at the end of the test."""
        self._ended = True

    def seed(self, default: str) -> None:
        """Draw chances from the rule's own seed, or else from this one."""
        self._chance.seed(self.words.get("seed", default))

    def meets(self, occasion: Occasion) -> bool:
        """Whether it answers this time; what matches is counted."""
        times = self.words.get("times")
        if self._ended or (times is not None and self.fired >= times):
            return False
        if not all(term.fits(occasion) for term in self.terms) or not self._is_due():
            return False
        self.fired += 1
        return True

    def summary(self) -> str:
        """What was planned and how often it happened, in one line."""
        times = self.words.get("times")
        often = str(self.fired) if times is None else f"{self.fired} of {times}"
        plural = "" if (times or self.fired) == 1 else "s"
        return f"{self.planned} happened {often} time{plural}"

    @property
    def let_pass(self) -> int:
        """How many matched and were let pass by `after`, `every` or `probability`."""
        return self._passed - self.fired

    @property
    def unmet(self) -> bool:
        """Whether it did not happen as often as planned.

        Where chance decides it is enough that it had one.
        """
        if self._withdrawn or self.words.get("optional"):
            return False
        if "probability" in self.words:
            return not self._drawn
        return self.fired < (self.words.get("times") or 1)

    def _is_due(self) -> bool:
        self._passed += 1
        number = self._passed - self.words.get("after", 0)
        if number <= 0 or number % self.words.get("every", 1):
            return False
        if "probability" not in self.words:
            return True
        self._drawn += 1
        return self._chance.random() < float(self.words["probability"])


class PlannedFailures:
    """All plans of a backend, in the order in which they were made."""

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._rules: list[PlannedFailure] = []

    def __bool__(self) -> bool:
        return bool(self._rules)

    def __iter__(self) -> Iterator[PlannedFailure]:
        return iter(self._rules)

    def add(self, rule: PlannedFailure) -> PlannedFailure:
        """Plan a failure."""
        rule.seed(f"{self._seed}/{len(self._rules)}")
        self._rules.append(rule)
        return rule

    def end(self) -> None:
        """End all of them."""
        for rule in self._rules:
            rule.end()

    def for_call(self, call: Call) -> tuple[PlannedFailure, Effect] | None:
        """The first rule that answers a call, and what it does to it."""
        occasion = Occasion(call)
        for rule in self._rules:
            if rule.effect and rule.meets(occasion):
                return rule, rule.effect
        return None

    def for_entries(
        self, call: Call, met: list[PlannedFailure]
    ) -> Callable[[int, Sequence[str]], EntryRefused | None]:
        """What decides on each entry of a bulk send; the rules that did are added to `met`."""

        def refusal(index: int, recipients: Sequence[str]) -> EntryRefused | None:
            occasion = Occasion(call, index, tuple(recipients))
            for rule in self._rules:
                if rule.refusal and rule.meets(occasion):
                    met.extend([] if rule in met else [rule])
                    return rule.refusal(call)
            return None

        return refusal


def _target(occasion: Occasion) -> Target:
    return Target(occasion.call.service, occasion.call.operation or "")
