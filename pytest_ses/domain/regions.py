"""Region codes and partitions."""

from __future__ import annotations

# The first four digits of message IDs recorded from SES; other regions use those of us-east-1.
_CODES = {
    "us-east-1": "0100",
    "us-west-2": "0101",
    "eu-west-1": "0102",
    "sa-east-1": "0103",
    "ap-northeast-1": "0106",
    "eu-central-1": "0107",
    "ap-southeast-2": "0108",
    "ap-south-1": "0109",
    "eu-west-2": "010b",
    "ap-northeast-2": "010c",
    "ca-central-1": "010d",
    "ap-southeast-1": "010e",
    "us-east-2": "010f",
    "eu-north-1": "0110",
    "us-west-1": "0111",
}


def region_code(region: str) -> str:
    """Return the first four digits of the IDs of a region."""
    return _CODES.get(region, "0100")


_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


def arn(region: str, account_id: str, kind: str, name: str) -> str:
    """Return the ARN of a resource of an account in a region."""
    return f"arn:{partition_of(region)}:ses:{region}:{account_id}:{kind}/{name}"


def partition_of(region: str) -> str:
    """Return the AWS partition of a region: `aws`, `aws-cn` or `aws-us-gov`."""
    for prefix, partition in _PARTITIONS.items():
        if region.startswith(prefix + "-"):
            return partition
    return "aws"
