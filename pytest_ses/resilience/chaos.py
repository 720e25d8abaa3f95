"""Chaos: failures that happen to the calls of a test at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.matching import Term
from pytest_ses.faults import plans, reading, targets
from pytest_ses.faults.planned import PlannedFailure
from pytest_ses.resilience import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.calls import Call
    from pytest_ses.faults.planned import Candidate
    from pytest_ses.origins import Origin


class Chaos(NamedTuple):
    """How often calls fail, and how.

    Attributes:
        rate: the probability that a call fails.
        kinds: the kinds of failures, which are equally probable.
    """

    rate: float
    kinds: Sequence[str]


def parse(text: str) -> Chaos:
    """Return what a text such as `0.05` or `0.05:throttle,timeout` describes.

    Raises:
        ValueError: if the rate is not a number from 0 to 1, or a kind is unknown.
    """
    rate_text, colon, names = text.partition(":")
    try:
        rate = float(rate_text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise ValueError(f"the rate {rate_text!r} is invalid; expected a number from 0 to 1")
    if colon and not names:
        raise ValueError(f"no kind of failure follows {text!r}; add one, or remove the colon")
    return Chaos(rate, kinds.named(names))


class Injection:
    """The failures of a test.

    Attributes:
        failures: the planned failures; which of them applies to a call is drawn.
        is_suspended: True while calls are not the test's, so that none is drawn for them.
    """

    def __init__(self, chaos: Chaos, *, seed: str) -> None:
        self._rate = chaos.rate
        self._plans = {kind: _plans(kind) for kind in chaos.kinds}
        self._random = random.Random(seed)
        # What was drawn for a request, for which each failure asks, as does each destination of a
        # bulk send. Its origin is kept, so that no other has the same identity.
        self._draws: dict[int, tuple[_Draw | None, Origin | None]] = {}
        self._outages: set[str | None] = set()
        self.is_suspended = False
        self.failures = [
            PlannedFailure(
                name,
                targets=targets.everything(),
                options={"optional": True},
                label=name,
                effect=plan._effect,
                entry_effect=plan._entry_effect,
                network=plan.network,
                terms=[Term("chaos", name, self._drawn_for, lambda name, drawn: name == drawn)],
            )
            for plans_of_kind in self._plans.values()
            for name, plan in plans_of_kind.items()
        ]

    def _drawn_for(self, candidate: Candidate) -> str | None:
        """Return the name of the failure of a call or of a destination, or None."""
        origin = candidate.origin
        if id(origin) not in self._draws:
            self._draws[id(origin)] = self._draw(candidate.call, origin), origin
        draw, _ = self._draws[id(origin)]
        return draw.name if draw and draw.destination == candidate.index else None

    def _draw(self, call: Call, origin: Origin | None) -> _Draw | None:
        if self.is_suspended or origin is None or origin.is_of_test:
            return None
        if origin.invocation in self._outages:
            return _Draw("chaos: outage")
        member = reading.BULK.get((call.service, call.operation or ""), "")
        destinations = len(call.params.get(member, ()))
        possible = [kind for kind in self._plans if destinations or kind != "bulk_status"]
        if self._random.random() >= self._rate or not possible:
            return None
        kind = self._random.choice(possible)
        if kind == "outage" and origin.invocation:
            self._outages.add(origin.invocation)
        name = self._random.choice([*self._plans[kind]])
        return _Draw(name, self._random.randrange(destinations) if kind == "bulk_status" else None)


class _Draw(NamedTuple):
    """The failure that was drawn for a call or for one of its destinations, by position."""

    name: str
    destination: int | None = None


def _plans(kind: str) -> Mapping[str, PlannedFailure]:
    """Return the plans of a kind, whose effects are the same for every operation, by name."""
    method, args, _ = kinds.KINDS[kind]
    plan = getattr(plans, method)
    if kind == "bulk_status":
        return {f"chaos: {kind}({status})": plan(status) for status in plans.FAILING_STATUSES}
    return {f"chaos: {kind}": plan("SendEmail", *args)}
