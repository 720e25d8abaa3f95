"""Single faults: one failure of one call, as a planned failure and as the marker that plans it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.faults import plans
from pytest_ses.faults.reading import BULK
from pytest_ses.resilience.kinds import KINDS, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.resilience.runs import RecordedCall

_BULK_STATUS = "bulk_status"


class SingleFault(NamedTuple):
    """A failure of one call of a test.

    Attributes:
        call: the number of the call among those of the code under test, from 1.
        operation: the operation, such as `sesv2:SendEmail`.
        kind: a key of `KINDS`.
        number: the number of the call among those that the planned failure matches, from 1; these
            include calls of the test's own clients.
    """

    call: int
    operation: str
    kind: str
    number: int

    def planned(self) -> PlannedFailure:
        """Return the failure; it may apply once or, for an outage, to all attempts of the call."""
        plan = getattr(plans, KINDS[self.kind].method)
        failure: PlannedFailure = plan(*self._args(), **self._options())
        return failure

    def marker(self) -> str:
        """Return the marker that plans the failure, without needing an import."""
        return f"@pytest.mark.ses_{self._plan()}"

    def method(self) -> str:
        """Return the call of the backend's method that plans the failure."""
        return f"backend.{self._plan()}"

    def _plan(self) -> str:
        args = [json.dumps(arg) for arg in self._args()]
        options = [f"{name}={value}" for name, value in self._options().items()]
        return f"{KINDS[self.kind].method}({', '.join([*args, *options])})"

    def _args(self) -> Sequence[Any]:
        kind = KINDS[self.kind]
        return kind.args if self.kind == _BULK_STATUS else (self.operation, *kind.args)

    def _options(self) -> Mapping[str, int]:
        times = KINDS[self.kind].times
        return {"call": self.number, **({} if times is None else {"times": times})}


def of_calls(calls: Iterable[RecordedCall], kinds: Sequence[str]) -> Iterator[SingleFault]:
    """Yield the single faults of a test, in the order of its calls and then of the kinds.

    Calls that are left out have none, but are counted.
    """
    matching: Counter[str] = Counter()
    number = 0
    for call in calls:
        matches = [str(call.target)]
        # A planned status applies to the bulk operations of both APIs, once SES looks at their entries.
        if call.target in BULK and call.has_response:
            matches.append(_BULK_STATUS)
        matching.update(matches)
        if call.is_of_test:
            continue
        number += 1
        for kind in () if call.is_left_out else kinds:
            match = _BULK_STATUS if kind == _BULK_STATUS else matches[0]
            if match in matches:
                yield SingleFault(number, matches[0], kind, matching[match])


def worst(faults: Sequence[SingleFault], count: int | None) -> Sequence[SingleFault]:
    """Return at most `count` faults, in their order: those of the worst kinds, for the first calls."""
    ranked = sorted(faults, key=lambda fault: WORST_FIRST.index(fault.kind))
    kept = set(ranked[:count])
    return [fault for fault in faults if fault in kept]
