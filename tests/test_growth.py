"""The benchmark of growth, with few messages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.slow

FILE = Path(__file__).parents[1] / "benchmarks" / "growth.py"
COUNTS = (100, 1_000, 10_000)


@pytest.fixture(name="growth", scope="module")
def _growth():
    spec = importlib.util.spec_from_file_location("growth", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="times", scope="module")
def _times(growth):
    return growth.curves(COUNTS)


def test_nothing_grows_faster_than_its_result(growth, times):
    """A send and a page of a list take as long as before, and all else grows with the messages at most."""
    assert {} == growth.too_steep(times, COUNTS)


def test_table(growth, times):
    """The table has a row for each operation and a column for each number of messages."""
    header, _, *rows = growth.table(times, COUNTS).splitlines()
    assert "| messages | 100 | 1,000 | 10,000 |" == header
    assert [operation.name for operation in growth.OPERATIONS] == [
        row.split(" | ")[0].removeprefix("| ") for row in rows
    ]


def test_picture(growth, times):
    """The picture has a labelled curve for each operation."""
    root = ET.fromstring(growth.picture(times, COUNTS))
    lines = root.findall(".//{*}polyline")
    assert [3] * len(growth.OPERATIONS) == [len(line.get("points").split()) for line in lines]
    texts = {text.text for text in root.findall(".//{*}text")}
    assert {operation.name for operation in growth.OPERATIONS} <= texts


def test_a_curve_that_is_too_steep(growth):
    """An operation whose time grows faster than its result is named, with the factor."""
    times = {operation.name: [1e-3, 1e-2] for operation in growth.OPERATIONS}
    steep = growth.too_steep(times, (100, 1_000))
    assert {"send": 10.0, "one page of a list": 10.0} == steep
