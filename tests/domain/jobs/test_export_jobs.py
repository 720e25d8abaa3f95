"""Export jobs and the contents of their files."""

import json
from datetime import timedelta

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import errors, formats
from pytest_ses.domain.events import simulation
from pytest_ses.domain.jobs import export_jobs, jobs
from pytest_ses.domain.jobs.export_jobs import InsightsSource, MetricsSource


@pytest.fixture(name="written")
def _written(account):
    """The files that jobs have written, by URL."""
    written = {}

    def write(url, data):
        written[url] = data.decode()
        return "https://example.com/file"

    account.connections.write_object = write
    return written


@pytest.fixture(name="span")
def _span(account):
    """A start and an end around the current time."""
    return account.now() - timedelta(days=1), account.now() + timedelta(days=9)


def run(account, source, data_format="JSON"):
    """A finished job."""
    job = export_jobs.create(account, source, data_format, requested_source={})
    account.clock.advance(seconds=3)
    return job


def result(job):
    """The status, counts, URL and error of a job."""
    return job.status, job.processed, job.exported, job.url, job.error


class TestInsights:
    def test_csv(self, account, written, span):
        """The file has a line for each recipient of a message."""
        message = accepted(account, subject="Hello, you")
        accepted(account, BOB)
        source = InsightsSource(*span, {"Isp": ["Other"]}, {})
        job = run(account, source, "CSV")
        assert ("COMPLETED", 2, 1, "https://example.com/file", None) == result(job)
        url = f"s3://ses-jobs-123456789012-us-east-1/{job.job_id}/export.csv"
        line = (
            f"{message.message_id},{formats.timestamp(message.sent_at)},news@example.com,"
            f'{ADA},"Hello, you",Other,DELIVERY,\n'
        )
        header = (
            "MessageId,SendTimestamp,FromEmailAddress,Destination,Subject,Isp,"
            "LastDeliveryEvent,LastEngagementEvent\n"
        )
        assert {url: header + line} == written

    def test_max_results(self, account, written, span):
        """The file has no more lines than requested."""
        for _ in range(3):
            accepted(account)
        job = run(account, InsightsSource(*span, {}, {}, 2))
        assert (3, 2) == (job.processed, job.exported)
        assert 2 == len(json.loads(*written.values()))

    def test_default_max_results(self, account, written, span):
        """By default, the file has at most 1,000 lines."""
        accepted(account, *(f"r{number}@example.org" for number in range(1001)))
        job = run(account, InsightsSource(*span, {}, {}))
        assert (1001, 1000) == (job.processed, job.exported)

    def test_time(self, account, written, span):
        """Messages outside the requested time are not processed."""
        accepted(account)
        start = account.now() + timedelta(days=1)
        assert 0 == run(account, InsightsSource(start, start, {}, {})).processed


class TestMetrics:
    def test_rows(self, account, written, span):
        """The file has a line for each day, value and metric, with volumes and rates."""
        simulation.complain(account, accepted(account))
        accepted(account, BOB)
        metrics = [("SEND", "VOLUME"), ("COMPLAINT", "RATE")]
        job = run(account, MetricsSource(*span, {"ISP": ["*"]}, metrics))
        assert ("COMPLETED", 5, 4) == result(job)[:3]
        today = f"{account.now():%Y-%m-%d}"
        rows = [tuple(row.values()) for row in json.loads(*written.values())]
        assert [
            (today, "Gmail", "SEND", "VOLUME", 1),
            (today, "Gmail", "COMPLAINT", "RATE", 0.0),
            (today, "Other", "SEND", "VOLUME", 1),
            (today, "Other", "COMPLAINT", "RATE", 1.0),
        ] == rows

    def test_values(self, account, written, span):
        """`*` selects every value of a dimension, but not messages that have no value."""
        accepted(account, configuration_set="letters")
        accepted(account)
        source = MetricsSource(*span, {"CONFIGURATION_SET": ["*"]}, [("DELIVERY", "VOLUME")])
        run(account, source, "CSV")
        today = f"{account.now():%Y-%m-%d}"
        assert (
            f"Date,CONFIGURATION_SET,Metric,Aggregation,Value\n{today},letters,DELIVERY,VOLUME,1\n"
        ) == next(iter(written.values()))

    def test_days_without_sends(self, account, written, span):
        """The rate on a day without sends is zero."""
        message = accepted(account)
        account.clock.advance(days=2)
        simulation.complain(account, message)
        source = MetricsSource(*span, {"ISP": ["Other"]}, [("COMPLAINT", "RATE")])
        run(account, source)
        assert [0.0, 0.0] == [row["Value"] for row in json.loads(*written.values())]

    @pytest.mark.parametrize(
        "dimensions",
        [{"ISP": ["*", "Gmail"]}, {"ISP": ["*"], "CONFIGURATION_SET": ["a", "b"]}],
    )
    def test_every_value(self, account, span, dimensions):
        """`*` can be combined only with a single value of the other dimensions."""
        source = MetricsSource(*span, dimensions, [("SEND", "VOLUME")])
        with pytest.raises(errors.InvalidParameterValue, match="If ISP has the value"):
            export_jobs.create(account, source, "CSV", requested_source={})


def test_no_s3(account, span):
    """Without a fake of S3, a job fails, and its error says so."""
    job = run(account, InsightsSource(*span, {}, {}))
    assert (
        "FAILED",
        None,
        "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3.",
    ) == (
        job.status,
        job.url,
        job.error,
    )


@pytest.mark.parametrize("seconds", [0, 1.5])
def test_cancel(account, written, span, seconds):
    """A cancelled job writes nothing and stays cancelled."""
    job = export_jobs.create(account, InsightsSource(*span, {}, {}), "CSV", requested_source={})
    account.clock.advance(seconds=seconds)
    jobs.cancel(account, job)
    account.clock.advance(seconds=3)
    assert ("CANCELLED", {}) == (job.status, written)
    with pytest.raises(errors.InvalidParameterValue):
        jobs.cancel(account, job)
