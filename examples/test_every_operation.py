"""Tests of `every_operation.py`: it calls every operation, and SES rejects none of the calls."""

from __future__ import annotations

import boto3
import every_operation
import pytest
from botocore import xform_name
from tour import REJECTED, UNSUPPORTED

from pytest_ses.api import operations

MODELED = {
    (service, operation)
    for service in ("ses", "sesv2")
    for operation in boto3.client(
        service, region_name="us-east-1"
    ).meta.service_model.operation_names
}
# The script has arguments that an older botocore does not have.
pytestmark = pytest.mark.skipif(
    ("sesv2", "UpdateConfigurationSet") not in MODELED, reason="needs a newer botocore"
)
UNSUPPORTED_OPERATIONS = {
    (service, operation)
    for service, operation in MODELED
    if xform_name(operation) not in operations(service)
}


@pytest.fixture(name="tour", scope="module")
def _tour():
    return every_operation.call_every_operation()


def test_every_operation(tour):
    """Every operation is called, and succeeds if pytest-ses supports it."""
    operations_by_outcome = {outcome: set() for outcome in (REJECTED, UNSUPPORTED)}
    for row in tour.rows:
        operations_by_outcome.setdefault(row.outcome, set()).add((row.service, row.operation))
    assert set().union(*operations_by_outcome.values()) == MODELED
    assert operations_by_outcome[REJECTED] == set()
    assert operations_by_outcome[UNSUPPORTED] == UNSUPPORTED_OPERATIONS


def test_table(tour, capsys):
    """The table has a line for each call, and the script exits with 0."""
    assert every_operation.main() == 0
    lines = capsys.readouterr().out.splitlines()
    printed = [tuple(line.split()[:2]) for line in lines[: len(tour.rows)]]
    assert printed == [(row.service, row.operation) for row in tour.rows]
    assert lines[-1].startswith(f"{len(tour.rows)} calls: 0 rejected")
