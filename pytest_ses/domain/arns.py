"""What does an ARN say?"""

from __future__ import annotations

import re
from typing import NamedTuple

_PLACE = re.compile(r"arn:[^:]*:[^:]*:([^:]*):([^:]*):.*")
_RESOURCE = re.compile(r"arn:[^:]+:ses:([^:]*):([^:]*):([^:/]+)/(.+)")


class ResourceArn(NamedTuple):
    """A resource of SES: where it is, what it is and what it is called."""

    arn: str
    region: str
    account_id: str
    kind: str
    name: str


def place(arn: str) -> dict[str, str]:
    """The `region` and the `account_id` of anything in AWS.

    Raises:
        ValueError: this is no ARN.
    """
    match = _PLACE.match(arn)
    if match is None:
        raise ValueError(f"{arn!r} is no ARN")
    return {"region": match[1], "account_id": match[2]}


def resource_of(arn: str) -> ResourceArn | None:
    """The resource of SES that an ARN names; None if it names none."""
    match = _RESOURCE.fullmatch(arn)
    return ResourceArn(arn, *match.groups()) if match else None
