"""The parts of an ARN."""

from __future__ import annotations

import re
from typing import NamedTuple

_LOCATION = re.compile(r"arn:[^:]*:[^:]*:([^:]*):([^:]*):.*")
_RESOURCE = re.compile(r"arn:[^:]+:ses:([^:]*):([^:]*):([^:/]+)/(.+)")


class ResourceArn(NamedTuple):
    """The ARN of an SES resource, and its parts."""

    arn: str
    region: str
    account_id: str
    kind: str
    name: str


def location(arn: str) -> dict[str, str]:
    """Return the `region` and the `account_id` in the ARN of any AWS resource.

    Raises:
        ValueError: if the text is not an ARN.
    """
    match = _LOCATION.match(arn)
    if match is None:
        raise ValueError(
            f"{arn!r} is not an ARN; expected one such as 'arn:aws:sns:us-east-1:123456789012:news'"
        )
    return {"region": match[1], "account_id": match[2]}


def resource_of(arn: str) -> ResourceArn | None:
    """Return the SES resource that an ARN names, or None if it does not name one."""
    match = _RESOURCE.fullmatch(arn)
    return ResourceArn(arn, *match.groups()) if match else None
