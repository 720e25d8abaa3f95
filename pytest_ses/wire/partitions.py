"""The partitions and regions of AWS, from botocore's data."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pytest_ses.wire.shapes import loader


@cache
def partitions() -> list[dict[str, Any]]:
    """Return the partitions, as in botocore's file."""
    data: list[dict[str, Any]] = loader().load_data("partitions")["partitions"]
    return data


@cache
def regions() -> frozenset[str]:
    """Return the names of all regions, such as `eu-west-1`."""
    return frozenset(region for partition in partitions() for region in partition["regions"])


def is_in_known_partition(region: str) -> bool:
    """Whether a name has the form of the regions of a partition that botocore knows."""
    return any(re.match(partition["regionRegex"], region) for partition in partitions())
