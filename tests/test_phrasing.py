"""Suggestions and counts in the package's own messages."""

from __future__ import annotations

import pytest

from pytest_ses import phrasing


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["times", "after"], "unknown argument 'tims'; did you mean 'times'?"),
        (["sender", "to"], "unknown argument 'tims'; expected one of sender, to"),
        (["sender"], "unknown argument 'tims'; expected sender"),
        ([], "unknown argument 'tims'"),
        (
            [str(number) for number in range(20)],
            "unknown argument 'tims'; expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
            "… and 6 more",
        ),
    ],
)
def test_with_nearest(names, expected):
    """A message names the closest valid name, or the first ones, or nothing if there are none."""
    assert expected == phrasing.with_nearest("unknown argument 'tims'", "tims", names)


@pytest.mark.parametrize(("number", "expected"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_counted(number, expected):
    """A number is followed by the noun in the singular or the plural."""
    assert expected == phrasing.counted([None] * number, "call")
