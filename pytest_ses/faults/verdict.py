"""Reports about planned failures that did not happen as often as planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import matching
from pytest_ses.faults import codes, reading
from pytest_ses.faults.planned import Candidate
from pytest_ses.faults.targets import Target
from pytest_ses.phrasing import counted, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_ses.calls import Call
    from pytest_ses.domain.matching import Term
    from pytest_ses.faults.planned import PlannedFailure

_MAX_SHOWN = 3
_SCHEDULE = ("call", "after", "every", "probability")


def reports(failures: Iterable[PlannedFailure], calls: Sequence[Call]) -> list[str]:
    """Return a paragraph for each failure that happened less often than planned."""
    return ["\n".join(_report(failure, calls)) for failure in failures if failure.unmet]


def _report(failure: PlannedFailure, calls: Sequence[Call]) -> list[str]:
    summary = failure.summary()
    if not calls:
        return [summary, "  there were no calls"]
    applied = {id(call) for call in failure.calls}
    candidates = [_closest(failure, call) for call in calls if id(call) not in applied]
    if not candidates:
        return [summary, "  it applied to every call"]
    fewest = min(len(_mismatches(failure, candidate)) for candidate in candidates)
    closest = [
        candidate for candidate in candidates if len(_mismatches(failure, candidate)) == fewest
    ]
    lines = [summary, f"  it did not apply to {counted(candidates, 'call')}; the closest:"]
    for candidate in closest[:_MAX_SHOWN]:
        lines.append(f"    {candidate.call.summary()}")
        lines += [f"      {reason}" for reason in _reasons(failure, candidate)]
    more = len(closest) - _MAX_SHOWN
    return [*lines, f"    … and {more} more"] if more > 0 else lines


def _closest(failure: PlannedFailure, call: Call) -> Candidate:
    """Return the call or, for a bulk status, its entry with the fewest mismatches."""
    member = reading.BULK.get((call.service, call.operation or ""))
    entries = call.params.get(member or "", ()) if failure._entry_effect else ()
    candidates = [
        Candidate(call, index, tuple(reading.entry_recipients(entry)))
        for index, entry in enumerate(entries)
    ]
    return min(
        candidates or [Candidate(call)],
        key=lambda candidate: len(_mismatches(failure, candidate)),
    )


def _mismatches(failure: PlannedFailure, candidate: Candidate) -> list[Term]:
    return [term for term in failure._terms if _result(term, candidate) is not True]


def _result(term: Term, candidate: Candidate) -> bool | Exception:
    try:
        return term.matches(candidate)
    except Exception as error:  # noqa: BLE001  (a predicate of the test may not expect this call)
        return error


def _reasons(failure: PlannedFailure, candidate: Candidate) -> list[str]:
    mismatches = _mismatches(failure, candidate)
    if mismatches:
        differences = [_difference(term, candidate) for term in mismatches]
        return [*differences, *_other_code(failure, candidate)]
    applied = candidate.call.fault
    if applied is not None and applied is not failure:
        return [f"an earlier planned failure applied: {applied.planned}"]
    if failure._skipped:
        schedule = [
            f"{name}={value}" for name, value in failure.options.items() if name in _SCHEDULE
        ]
        return [f"the call was skipped because of {', '.join(schedule)}"]
    return ["the call was made before the failure was planned or after it ended"]


def _other_code(failure: PlannedFailure, candidate: Candidate) -> list[str]:
    """Return the code of the planned error in the API of a call, if the plan is for the other API."""
    called = Target(candidate.call.service, candidate.call.operation or "")
    is_same_operation = called.operation in {target.operation for target in failure._targets}
    if failure._error_code is None or called in failure._targets or not is_same_operation:
        return []
    own_codes = codes.equivalents(called, failure._error_code)
    return [f"{called} has another code for this error: {one_of(own_codes)}"] if own_codes else []


def _difference(term: Term, candidate: Candidate) -> str:
    if term.argument == "operation":
        expected = " or ".join(map(str, term.expected[:_MAX_SHOWN]))
        more = " or …" if len(term.expected) > _MAX_SHOWN else ""
        return f"operation: expected {expected}{more}, was {term.read_actual(candidate)}"
    if term.argument == "resource":
        return f"resource: the call names no {term.expected or 'resource that can be missing'}"
    if term.argument == "when":
        result = _result(term, candidate)
        outcome = "was false" if result is False else f"raised {result!r}"
        return f"when: {matching.describe(term.expected)} {outcome}"
    return term.difference(candidate)
