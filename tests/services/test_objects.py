"""Files of jobs, read and written through S3."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from mailing import accepted
from moto import mock_aws

from pytest_ses.domain import errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.jobs import export_jobs, import_jobs
from pytest_ses.domain.jobs.export_jobs import InsightsSource
from pytest_ses.services import objects
from pytest_ses.services.clients import ServiceClients

KEY = "lists/some addresses.csv"
URL = f"s3://imports/{KEY}"
DAY = timedelta(days=1)


@pytest.fixture(name="s3")
def _s3():
    """A client of moto's S3, with the bucket `imports`."""
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="imports")
        yield client


@pytest.fixture(name="connected")
def _connected(account):
    """An account whose jobs use S3."""
    objects.connect(account, ServiceClients())
    return account


def exported(account):
    """A finished export of the messages sent today."""
    now = account.now()
    source = InsightsSource(now - DAY, now + DAY, {}, {})
    job = export_jobs.create(account, source, "JSON", requested_source={})
    account.clock.advance(seconds=3)
    return job


def imported(account, url=URL):
    """A finished import into the suppression list."""
    job = import_jobs.create(account, url, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    return job


def test_import(connected, s3):
    """An import reads the object at its URL."""
    s3.put_object(Bucket="imports", Key=KEY, Body=b"ada@example.com,BOUNCE\n")
    assert "COMPLETED" == imported(connected).status
    assert ["ada@example.com"] == list(connected.suppressed_destinations)


def test_missing_object(connected, s3):
    """An import of an object that does not exist fails with the message of S3."""
    job = imported(connected)
    assert ("FAILED", "The specified key does not exist.") == (job.status, job.error)


def test_missing_bucket(connected, s3):
    """An import from a bucket that does not exist fails with the message of S3."""
    job = imported(connected, "s3://elsewhere/file")
    assert ("FAILED", "The specified bucket does not exist") == (job.status, job.error)


def test_export(connected, s3):
    """The file of an export can be fetched by its URL, without credentials."""
    message = accepted(connected)
    first, second = exported(connected), exported(connected)
    for job in (first, second):
        [row] = requests.get(job.url, timeout=5).json()
        assert message.message_id == row["MessageId"]
        [expires_at] = parse_qs(urlsplit(job.url).query)["Expires"]
        assert 290 < int(expires_at) - time.time() <= 300


def test_other_region(s3):
    """The bucket for exports is created in the region of the account."""
    from pytest_ses.clock import Clock

    account = Account("123456789012", "eu-west-1", clock=Clock())
    objects.connect(account, ServiceClients())
    assert "COMPLETED" == exported(account).status
    location = s3.get_bucket_location(Bucket="ses-jobs-123456789012-eu-west-1")
    assert "eu-west-1" == location["LocationConstraint"]


def test_no_s3(connected):
    """Without a fake of S3, a job fails, and nothing is sent to AWS."""
    jobs = [imported(connected), exported(connected)]
    assert [
        (
            "FAILED",
            "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3.",
        )
    ] * 2 == [(job.status, job.error) for job in jobs]


@pytest.mark.parametrize("url", ["", "https://example.com/file", "s3://bucket", "s3://bucket/"])
def test_invalid_url(account, url):
    """An invalid S3 URL is rejected with a message of our own."""
    with pytest.raises(errors.JobFailed) as caught:
        objects.read(account, ServiceClients(), url)
    assert f"{url} is not an S3 URL." == caught.value.message


def test_other_exception(account, monkeypatch):
    """Any other exception fails the job with the message of the exception."""
    clients = ServiceClients()

    def client(*_args, **_kwargs):
        raise OSError("the wire is cut")

    monkeypatch.setattr(clients, "client", client)
    for call in (lambda: objects.read(account, clients, URL), lambda: objects.write(account, clients, URL, b"")):  # fmt: skip
        with pytest.raises(errors.JobFailed, match="the wire is cut"):
            call()


def test_through_boto3(ses_backend, sesv2_client, s3):
    """A job created through boto3 is finished by the next call after its time."""
    objects.connect(ses_backend.account(), ServiceClients())
    s3.put_object(Bucket="imports", Key=KEY, Body=b"ada@example.com,BOUNCE\n")
    destination = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
    job_id = sesv2_client.create_import_job(
        ImportDestination=destination, ImportDataSource={"S3Url": URL, "DataFormat": "CSV"}
    )["JobId"]
    ses_backend.clock.sleep(5)
    job = sesv2_client.get_import_job(JobId=job_id)
    assert ("COMPLETED", 1) == (job["JobStatus"], job["ProcessedRecordsCount"])
