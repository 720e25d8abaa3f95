"""The table of a sweep."""

from __future__ import annotations

import pytest

from pytest_ses.resilience import tables

ERROR = "TooManyRequestsException: An error occurred when calling the SendEmail operation: " * 4


def row(test, **changes):
    """A row of a re-run."""
    of_outage = {"kind": "outage", "outcome": "escaped", "exception": ERROR, "where": "mailer.py:4"}
    of_call = {"call": 1, "operation": "sesv2:SendEmail", "marker": "@throttle"}
    return {"test": test, **of_call, **of_outage, **changes}


def test_alike():
    """Re-runs that fail in the same way are one row, with the test and the marker of the first one."""
    rows = [row("test_a"), row("test_b"), row("test_c")]
    lines = list(tables.of_sweep(rows, width=80))
    assert "escaped      outage         test_a, call 1, sesv2:SendEmail" == lines[0]
    assert [
        "             at mailer.py:4",
        "             @throttle",
        "             and 2 more re-runs like this; -v lists all",
        "3 escaped, 0 failed, 0 double_send, 0 survived",
    ] == lines[-4:]


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "failed"},
        {"kind": "timeout"},
        {"operation": "ses:SendEmail"},
        {"where": "mailer.py:9"},
        {"exception": "KeyError: 'to'"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_different(changes):
    """Re-runs that differ in how or where they fail are rows of their own."""
    lines = list(tables.of_sweep([row("test_a"), row("test_b", **changes)], width=80))
    assert not any("more re-run" in line for line in lines)
    assert 2 == sum("call 1" in line for line in lines)


def test_verbose():
    """Without a width, each re-run is a row, those that survived as well, and nothing is cut."""
    survived = row("test_c", outcome="survived", exception=None, where=None)
    lines = list(tables.of_sweep([row("test_a"), row("test_b"), survived]))
    assert 3 == sum("call 1" in line for line in lines)
    assert f"             {ERROR}" in lines


@pytest.mark.parametrize(("width", "count"), [(80, 3), (200, 2)])
def test_exception(width, count):
    """An exception has at most three lines, each as long as the terminal is wide."""
    lines = list(tables.of_sweep([row("test_a")], width=width))[1 : 1 + count]
    assert all(width - 30 < len(line) <= width for line in lines[:-1])
    assert (count == 3) == lines[-1].endswith(" …")
