"""The forms and parts of ARNs."""

from __future__ import annotations

import re
from typing import NamedTuple

_SERVICE, _PLACE = r"arn:aws[a-z0-9-]*", r"[a-z0-9-]+:[0-9]{12}"
# The names are those that the API references of the services allow. The names of FIFO topics
# contain a full stop.
TOPIC = re.compile(rf"{_SERVICE}:sns:{_PLACE}:[A-Za-z0-9_-]{{1,256}}")
DELIVERY_STREAM = re.compile(rf"{_SERVICE}:firehose:{_PLACE}:deliverystream/[A-Za-z0-9_.-]{{1,64}}")
ROLE = re.compile(rf"{_SERVICE}:iam::[0-9]{{12}}:role/[A-Za-z0-9_+=,.@/-]+")
KMS_KEY = re.compile(rf"{_SERVICE}:kms:{_PLACE}:(?:key|alias)/[A-Za-z0-9_/-]+")

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
