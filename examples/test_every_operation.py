"""The tests of `every_operation.py`: it uses all there is, and SES refuses none of it."""

from __future__ import annotations

import boto3
import every_operation
import pytest
from botocore import xform_name
from tour import NOT_THERE_YET, REFUSED

from pytest_ses.api import operations

MODELLED = {
    (service, operation)
    for service in ("ses", "sesv2")
    for operation in boto3.client(
        service, region_name="us-east-1"
    ).meta.service_model.operation_names
}
UNANSWERED = {
    (service, operation)
    for service, operation in MODELLED
    if xform_name(operation) not in operations(service)
}


@pytest.fixture(name="tour", scope="module")
def _tour():
    return every_operation.travel()


def test_every_operation(tour):
    """Every operation is called, and answered wherever pytest-ses has an answer."""
    asked = {outcome: set() for outcome in (REFUSED, NOT_THERE_YET)}
    for row in tour.rows:
        asked.setdefault(row.outcome, set()).add((row.service, row.operation))
    assert set().union(*asked.values()) == MODELLED
    assert asked[REFUSED] == set()
    assert asked[NOT_THERE_YET] == UNANSWERED


def test_table(tour, capsys):
    """The table has a line for each call, and the end of the script is a good one."""
    assert every_operation.main() == 0
    lines = capsys.readouterr().out.splitlines()
    printed = [tuple(line.split()[:2]) for line in lines[: len(tour.rows)]]
    assert printed == [(row.service, row.operation) for row in tour.rows]
    assert lines[-1].startswith(f"{len(tour.rows)} calls: 0 refused")
