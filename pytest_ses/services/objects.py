"""The S3 objects that jobs read and write, through boto3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import errors
from pytest_ses.services.clients import UnavailableServiceError, error_of

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.services.clients import ServiceClients

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ExportDestination.html
URL_SECONDS = 300

_URL = re.compile(r"s3://([^/]+)/(.+)", re.DOTALL)


def connect(account: Account, clients: ServiceClients) -> None:
    """Connect the jobs of an account to S3."""
    account.connections.read_object = lambda url: read(account, clients, url)
    account.connections.write_object = lambda url, data: write(account, clients, url, data)


def read(account: Account, clients: ServiceClients, url: str) -> bytes:
    """Return the content of an object.

    Raises:
        JobFailed: if it cannot be read, with the error of S3.
    """
    bucket, key = _bucket_and_key(url)
    try:
        response = s3(account, clients).get_object(Bucket=bucket, Key=key)
        return bytes(response["Body"].read())
    except Exception as error:
        raise _failure(error) from error


def write(account: Account, clients: ServiceClients, url: str, data: bytes) -> str:
    """Write an object to a bucket of SES and return a URL to download it from.

    Raises:
        JobFailed: if it cannot be written, with the error of S3.
    """
    bucket, key = _bucket_and_key(url)
    try:
        client = s3(account, clients)
        _make_bucket(client, bucket, account.region)
        client.put_object(Bucket=bucket, Key=key, Body=data)
        params = {"Bucket": bucket, "Key": key}
        return str(client.generate_presigned_url("get_object", params, ExpiresIn=URL_SECONDS))
    except Exception as error:
        raise _failure(error) from error


def s3(account: Account, clients: ServiceClients) -> Any:
    """Return an S3 client for an account."""
    return clients.client("s3", region=account.region, account_id=account.account_id)


def _make_bucket(client: Any, bucket: str, region: str) -> None:
    """Create the bucket unless it exists. S3 rejects us-east-1 as a LocationConstraint."""
    if bucket in [existing["Name"] for existing in client.list_buckets()["Buckets"]]:
        return
    location = {"LocationConstraint": region}
    options = {} if region == "us-east-1" else {"CreateBucketConfiguration": location}
    client.create_bucket(Bucket=bucket, **options)


def _bucket_and_key(url: str) -> tuple[str, str]:
    match = _URL.fullmatch(url)
    if match is None:
        raise errors.JobFailed(f"{url} is not an S3 URL.")
    return match[1], match[2]


def _failure(error: Exception) -> errors.JobFailed:
    """Return the error that a job reports for an exception."""
    if isinstance(error, UnavailableServiceError):
        return errors.ObjectsUnreachable()
    return errors.JobFailed(error_of(error).get("Message") or str(error))
