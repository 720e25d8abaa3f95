"""Do jobs read and write what stands in for S3?"""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
import requests
from mailing import accepted
from moto import mock_aws

from pytest_ses import objects
from pytest_ses.domain import errors, export_jobs, import_jobs
from pytest_ses.domain.account import Account
from pytest_ses.domain.export_jobs import InsightsSource
from pytest_ses.transports.aws import Neighbours

KEY = "lists/some addresses.csv"
URL = f"s3://imports/{KEY}"
DAY = timedelta(days=1)


@pytest.fixture(name="s3")
def _s3():
    """A client of moto's S3 with the bucket `imports`."""
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="imports")
        yield client


@pytest.fixture(name="connected")
def _connected(account):
    """An account whose jobs reach S3."""
    objects.connect(account, Neighbours())
    return account


def exported(account):
    """An export of the mails of today that is done."""
    now = account.now()
    source = InsightsSource(now - DAY, now + DAY, {}, {})
    job = export_jobs.create(account, source, "JSON", asked={})
    account.clock.advance(seconds=3)
    return job


def imported(account, url=URL):
    """An import into the suppression list that is done."""
    job = import_jobs.create(account, url, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    return job


def test_import(connected, s3):
    """An import reads the object that it is told of."""
    s3.put_object(Bucket="imports", Key=KEY, Body=b"ada@example.com,BOUNCE\n")
    assert "COMPLETED" == imported(connected).status
    assert ["ada@example.com"] == list(connected.suppressed_destinations)


def test_missing_object(connected, s3):
    """An import of an object that is not there fails with the words of S3."""
    job = imported(connected)
    assert ("FAILED", "The specified key does not exist.") == (job.status, job.error)


def test_missing_bucket(connected, s3):
    """So does one from a bucket that is not there."""
    job = imported(connected, "s3://elsewhere/file")
    assert ("FAILED", "The specified bucket does not exist") == (job.status, job.error)


def test_export(connected, s3):
    """The file of an export is fetched by its URL, without any key."""
    message = accepted(connected)
    first, second = exported(connected), exported(connected)
    for job in (first, second):
        [row] = requests.get(job.url, timeout=5).json()
        assert message.message_id == row["MessageId"]


def test_other_region(s3):
    """A bucket of SES's own is in the region of the account."""
    from pytest_ses.clock import Clock

    account = Account("123456789012", "eu-west-1", clock=Clock(), outbox=[])
    objects.connect(account, Neighbours())
    assert "COMPLETED" == exported(account).status
    where = s3.get_bucket_location(Bucket="ses-jobs-123456789012-eu-west-1")
    assert "eu-west-1" == where["LocationConstraint"]


def test_nobody_answers(connected):
    """Nothing goes to AWS itself."""
    done = [imported(connected), exported(connected)]
    assert [("FAILED", "Nothing answers for S3.")] * 2 == [(job.status, job.error) for job in done]


@pytest.mark.parametrize("url", ["", "https://example.com/file", "s3://bucket", "s3://bucket/"])
def test_no_url(account, url):
    """What is no URL of S3 is refused in words of our own."""
    with pytest.raises(errors.JobFailed) as caught:
        objects.read(account, Neighbours(), url)
    assert f"{url} is no URL of S3." == caught.value.message


def test_other_trouble(account, monkeypatch):
    """Whatever goes wrong fails the job, in its own words."""
    neighbours = Neighbours()

    def client(*_args, **_words):
        raise OSError("the wire is cut")

    monkeypatch.setattr(neighbours, "client", client)
    for call in (lambda: objects.read(account, neighbours, URL), lambda: objects.write(account, neighbours, URL, b"")):  # fmt: skip
        with pytest.raises(errors.JobFailed, match="the wire is cut"):
            call()


def test_through_boto3(ses_backend, sesv2_client, s3):
    """A job that was begun through boto3 is done by the next call after its time."""
    objects.connect(ses_backend.account(), Neighbours())
    s3.put_object(Bucket="imports", Key=KEY, Body=b"ada@example.com,BOUNCE\n")
    destination = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
    job_id = sesv2_client.create_import_job(
        ImportDestination=destination, ImportDataSource={"S3Url": URL, "DataFormat": "CSV"}
    )["JobId"]
    ses_backend.clock.sleep(5)
    found = sesv2_client.get_import_job(JobId=job_id)
    assert ("COMPLETED", 1) == (found["JobStatus"], found["ProcessedRecordsCount"])
