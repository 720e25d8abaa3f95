"""How are objects of S3 read and written? Through boto3, where something answers for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import errors
from pytest_ses.services.clients import UnansweredError, refusal

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.services.clients import ServiceClients

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ExportDestination.html
URL_SECONDS = 300

_URL = re.compile(r"s3://([^/]+)/(.+)", re.DOTALL)


def connect(account: Account, clients: ServiceClients) -> None:
    """Let the jobs of an account services S3."""
    account.connections.read_object = lambda url: read(account, clients, url)
    account.connections.write_object = lambda url, data: write(account, clients, url, data)


def read(account: Account, clients: ServiceClients, url: str) -> bytes:
    """What an object holds.

    Raises:
        JobFailed: it cannot be read, with what S3 says.
    """
    bucket, key = _place(url)
    try:
        found = s3(account, clients).get_object(Bucket=bucket, Key=key)
        return bytes(found["Body"].read())
    except Exception as error:
        raise _failure(error) from error


def write(account: Account, clients: ServiceClients, url: str, data: bytes) -> str:
    """Write an object, in a bucket of SES's own; gives a URL that anybody can fetch it by.

    Raises:
        JobFailed: it cannot be written, with what S3 says.
    """
    bucket, key = _place(url)
    try:
        client = s3(account, clients)
        _make_bucket(client, bucket, account.region)
        client.put_object(Bucket=bucket, Key=key, Body=data)
        place = {"Bucket": bucket, "Key": key}
        return str(client.generate_presigned_url("get_object", Params=place, ExpiresIn=URL_SECONDS))
    except Exception as error:
        raise _failure(error) from error


def s3(account: Account, clients: ServiceClients) -> Any:
    """A client for the S3 of an account."""
    return clients.client("s3", region=account.region, account_id=account.account_id)


def _make_bucket(client: Any, bucket: str, region: str) -> None:
    """Make the bucket unless it is there; us-east-1 is the region that may not be named."""
    if bucket in [one["Name"] for one in client.list_buckets()["Buckets"]]:
        return
    where = {"LocationConstraint": region}
    words = {} if region == "us-east-1" else {"CreateBucketConfiguration": where}
    client.create_bucket(Bucket=bucket, **words)


def _place(url: str) -> tuple[str, str]:
    match = _URL.fullmatch(url)
    if match is None:
        raise errors.JobFailed(f"{url} is no URL of S3.")
    return match[1], match[2]


def _failure(error: Exception) -> errors.JobFailed:
    """What a job shows of an error, whatever stands in for S3."""
    if isinstance(error, UnansweredError):
        return errors.ObjectsUnreachable()
    return errors.JobFailed(refusal(error).get("Message") or str(error))
