"""The region codes in message IDs, and the partitions of regions."""

from __future__ import annotations

import pytest

from pytest_ses.domain import regions


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("us-east-1", "0100"),
        ("us-west-2", "0101"),
        ("eu-west-1", "0102"),
        ("eu-central-1", "0107"),
        ("eu-north-1", "0110"),
        ("us-west-1", "0111"),
        ("xx-nowhere-1", "0100"),
    ],
)
def test_region_code(region, code):
    """A message ID begins with the code of its region; an unknown region has that of us-east-1."""
    assert code == regions.region_code(region)
