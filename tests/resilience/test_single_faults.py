"""The single faults of a test, and which of them a limit keeps."""

from __future__ import annotations

import pytest

from pytest_ses.faults.targets import Target
from pytest_ses.resilience import single_faults
from pytest_ses.resilience.kinds import KINDS, WORST_FIRST
from pytest_ses.resilience.runs import RecordedCall

SEND = Target("sesv2", "SendEmail")


def faults(*calls, kinds=tuple(KINDS)):
    """The faults of calls."""
    return list(single_faults.of_calls(calls, kinds))


def test_order_of_kinds():
    """Each kind has its place among the worst ones."""
    assert sorted(KINDS) == sorted(WORST_FIRST)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, [(1, "outage")]),
        (2, [(1, "outage"), (2, "outage")]),
        (3, [(1, "response_lost"), (1, "outage"), (2, "outage")]),
    ],
)
def test_worst(count, expected):
    """A limit keeps the worst kinds, each for the calls in turn, in the order of the re-runs."""
    of_two = faults(RecordedCall(SEND, is_of_test=False), RecordedCall(SEND, is_of_test=False))
    worst = single_faults.worst(of_two, count)
    assert expected == [(fault.call, fault.kind) for fault in worst]


def test_no_limit():
    """Without a limit, all faults are kept."""
    all_faults = faults(RecordedCall(SEND, is_of_test=False))
    assert all_faults == single_faults.worst(all_faults, None)


@pytest.mark.parametrize("failure", ["was_rejected", "is_planned"])
def test_left_out(failure):
    """A call with a failure has no fault, but the numbers of later calls include it."""
    calls = [
        RecordedCall(SEND, is_of_test=False, **{failure: True}),
        RecordedCall(SEND, is_of_test=False),
    ]
    assert [True, False] == [call.is_left_out for call in calls]
    (fault,) = faults(*calls, kinds=("throttle",))
    assert (2, 2) == (fault.call, fault.number)
