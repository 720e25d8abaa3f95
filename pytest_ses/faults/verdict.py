"""What did not happen as planned, and why? The text for the end of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import matching
from pytest_ses.faults import reading, targets
from pytest_ses.faults.planned import Occasion
from pytest_ses.phrasing import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_ses.calls import Call
    from pytest_ses.domain.matching import Term
    from pytest_ses.faults.planned import PlannedFailure

_SHOWN = 3
_SCHEDULE = ("after", "every", "probability")


def complaints(rules: Iterable[PlannedFailure], calls: Sequence[Call]) -> list[str]:
    """A paragraph for each rule that did not happen as often as planned."""
    return ["\n".join(_complaint(rule, calls)) for rule in rules if rule.unmet]


def _complaint(rule: PlannedFailure, calls: Sequence[Call]) -> list[str]:
    head = rule.summary()
    if not calls:
        return [head, "  there was no call at all"]
    met = {id(call) for call in rule.calls}
    missed = [_nearest(rule, call) for call in calls if id(call) not in met]
    if not missed:
        return [head, "  every call met it"]
    best = min(len(_misfits(rule, occasion)) for occasion in missed)
    nearest = [occasion for occasion in missed if len(_misfits(rule, occasion)) == best]
    lines = [head, f"  the nearest of {counted(missed, 'other call')}:"]
    for occasion in nearest[:_SHOWN]:
        lines.append(f"    {occasion.call.summary()}")
        lines += [f"      {reason}" for reason in _reasons(rule, occasion)]
    more = len(nearest) - _SHOWN
    return [*lines, f"    … and {more} like these"] if more > 0 else lines


def _nearest(rule: PlannedFailure, call: Call) -> Occasion:
    """The call, or that of its entries which comes nearest to the rule."""
    member = reading.BULK.get((call.service, call.operation or ""))
    entries = call.params.get(member or "", ()) if rule.refusal else ()
    occasions = [
        Occasion(call, index, tuple(reading.of_entry(entry))) for index, entry in enumerate(entries)
    ]
    return min(occasions or [Occasion(call)], key=lambda one: len(_misfits(rule, one)))


def _misfits(rule: PlannedFailure, occasion: Occasion) -> list[Term]:
    return [term for term in rule.terms if not _fits(term, occasion)]


def _fits(term: Term, occasion: Occasion) -> bool:
    return _said(term, occasion) is True


def _said(term: Term, occasion: Occasion) -> bool | Exception:
    try:
        return term.fits(occasion)
    except Exception as error:  # noqa: BLE001  (a predicate of the test, which may not know this call)
        return error


def _reasons(rule: PlannedFailure, occasion: Occasion) -> list[str]:
    misfits = _misfits(rule, occasion)
    if misfits:
        return [_difference(term, occasion) for term in misfits]
    met = occasion.call.fault
    if met is not None and met is not rule:
        return [f"an earlier plan answered it: {met.planned}"]
    if rule.let_pass:
        said = [f"{word}={value}" for word, value in rule.words.items() if word in _SCHEDULE]
        return [f"it was let pass by {', '.join(said)}"]
    return ["it came before the plan was made, or after its end"]


def _difference(term: Term, occasion: Occasion) -> str:
    if term.word == "operation":
        expected = targets.shown(term.expected[:_SHOWN])
        more = ", …" if len(term.expected) > _SHOWN else ""
        return f"operation: expected {expected}{more}, was {term.actual(occasion)}"
    if term.word == "resource":
        return f"resource: it names no {term.expected or 'thing that could be missing'}"
    if term.word == "when":
        said = _said(term, occasion)
        answer = "said no" if said is False else f"raised {said!r}"
        return f"when: {matching.shown(term.expected)} {answer}"
    return term.difference(occasion)
