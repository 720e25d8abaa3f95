"""Export jobs: what is in their files."""

import json
from datetime import timedelta

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import errors, export_jobs, fates, jobs, records
from pytest_ses.domain.export_jobs import InsightsSource, MetricsSource


@pytest.fixture(name="written")
def _written(account):
    """What jobs have written, by URL."""
    written = {}

    def write(url, data):
        written[url] = data.decode()
        return "https://example.com/file"

    account.write_object = write
    return written


@pytest.fixture(name="span")
def _span(account):
    """A time around now."""
    return account.now() - timedelta(days=1), account.now() + timedelta(days=9)


def run(account, source, data_format="JSON"):
    """A job that is done."""
    job = export_jobs.create(account, source, data_format, asked={})
    account.clock.advance(seconds=3)
    return job


def shown(job):
    """What a job tells."""
    return job.status, job.processed, job.exported, job.url, job.error


class TestInsights:
    def test_csv(self, account, written, span):
        """A file has a line for each recipient of a mail."""
        message = accepted(account, subject="Hello, you")
        accepted(account, BOB)
        source = InsightsSource(*span, {"Isp": ["Other"]}, {})
        job = run(account, source, "CSV")
        assert ("COMPLETED", 2, 1, "https://example.com/file", None) == shown(job)
        place = f"s3://ses-jobs-123456789012-us-east-1/{job.job_id}/export.csv"
        line = (
            f"{message.message_id},{records.timestamp(message.sent_at)},news@example.com,"
            f'{ADA},"Hello, you",Other,DELIVERY,\n'
        )
        head = (
            "MessageId,SendTimestamp,FromEmailAddress,Destination,Subject,Isp,"
            "LastDeliveryEvent,LastEngagementEvent\n"
        )
        assert {place: head + line} == written

    def test_most(self, account, written, span):
        """A file has no more lines than were asked for."""
        for _ in range(3):
            accepted(account)
        job = run(account, InsightsSource(*span, {}, {}, 2))
        assert (3, 2) == (job.processed, job.exported)
        assert 2 == len(json.loads(*written.values()))

    def test_time(self, account, written, span):
        """Mails of another time are not looked at."""
        accepted(account)
        start = account.now() + timedelta(days=1)
        assert 0 == run(account, InsightsSource(start, start, {}, {})).processed


class TestMetrics:
    def test_rows(self, account, written, span):
        """A file has a line for each day, value and metric, with volumes and rates."""
        fates.complain(account, accepted(account))
        accepted(account, BOB)
        wanted = [("SEND", "VOLUME"), ("COMPLAINT", "RATE")]
        job = run(account, MetricsSource(*span, {"ISP": ["*"]}, wanted))
        assert ("COMPLETED", 5, 4) == shown(job)[:3]
        today = f"{account.now():%Y-%m-%d}"
        rows = [tuple(row.values()) for row in json.loads(*written.values())]
        assert [
            (today, "Gmail", "SEND", "VOLUME", 1),
            (today, "Gmail", "COMPLAINT", "RATE", 0.0),
            (today, "Other", "SEND", "VOLUME", 1),
            (today, "Other", "COMPLAINT", "RATE", 1.0),
        ] == rows

    def test_values(self, account, written, span):
        """Only what has one of the values counts; what has none at all has not every value."""
        accepted(account, configuration_set="letters")
        accepted(account)
        source = MetricsSource(*span, {"CONFIGURATION_SET": ["*"]}, [("DELIVERY", "VOLUME")])
        run(account, source, "CSV")
        today = f"{account.now():%Y-%m-%d}"
        assert (
            f"Date,CONFIGURATION_SET,Metric,Aggregation,Value\n{today},letters,DELIVERY,VOLUME,1\n"
        ) == next(iter(written.values()))

    def test_days_without_sends(self, account, written, span):
        """A rate of nothing is zero."""
        message = accepted(account)
        account.clock.advance(days=2)
        fates.complain(account, message)
        source = MetricsSource(*span, {"ISP": ["Other"]}, [("COMPLAINT", "RATE")])
        run(account, source)
        assert [0.0, 0.0] == [row["Value"] for row in json.loads(*written.values())]

    @pytest.mark.parametrize(
        "dimensions",
        [{"ISP": ["*", "Gmail"]}, {"ISP": ["*"], "CONFIGURATION_SET": ["a", "b"]}],
    )
    def test_every_value(self, account, span, dimensions):
        """Beside every value of a dimension there is one value of the others."""
        source = MetricsSource(*span, dimensions, [("SEND", "VOLUME")])
        with pytest.raises(errors.InvalidParameterValue, match="Where ISP has the value"):
            export_jobs.create(account, source, "CSV", asked={})


def test_no_s3(account, span):
    """Where nothing answers for S3 a job fails, and says so."""
    job = run(account, InsightsSource(*span, {}, {}))
    assert ("FAILED", None, "Nothing answers for S3.") == (job.status, job.url, job.error)


@pytest.mark.parametrize("seconds", [0, 1.5])
def test_cancel(account, written, span, seconds):
    """A job that is given up writes nothing, and stays so."""
    job = export_jobs.create(account, InsightsSource(*span, {}, {}), "CSV", asked={})
    account.clock.advance(seconds=seconds)
    jobs.cancel(account, job)
    account.clock.advance(seconds=3)
    assert ("CANCELLED", {}) == (job.status, written)
    with pytest.raises(errors.InvalidParameterValue):
        jobs.cancel(account, job)
