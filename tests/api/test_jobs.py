"""Import and export jobs, through API v2."""

import json
from datetime import timedelta

import boto3
import pytest
from asking import error_of, without_metadata
from senders import ONCE

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
ADA = "ada@example.com"
FILE = {"S3Url": "s3://imports/file.csv", "DataFormat": "CSV"}
TO_SUPPRESSION = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
TO_CONTACTS = {
    "ContactListDestination": {"ContactListName": "friends", "ContactListImportAction": "DELETE"}
}
DOWNLOAD_URL = "https://example.com/file"
FOUR_DIMENSIONS = {
    name: ["*"] for name in ("EMAIL_IDENTITY", "CONFIGURATION_SET", "ISP", "TENANT_NAME")
}


@pytest.fixture(name="objects")
def _objects(ses_backend):
    """The objects of a fake S3, by URL."""
    objects = {}
    account = ses_backend.account()
    account.connections.read_object = objects.__getitem__
    account.connections.write_object = lambda url, data: objects.update({url: data}) or DOWNLOAD_URL
    return objects


@pytest.fixture(name="period")
def _period(ses_backend):
    """A period from yesterday to tomorrow, in whole seconds."""
    now = ses_backend.clock.now().replace(microsecond=0)
    return {"StartDate": now - timedelta(days=1), "EndDate": now + timedelta(days=1)}


@pytest.fixture(name="create_import")
def _create_import(sesv2_client):
    """A function that starts an import job and returns its id."""

    def create(destination=TO_SUPPRESSION, source=FILE):
        params = {"ImportDestination": destination, "ImportDataSource": source}
        return sesv2_client.create_import_job(**params)["JobId"]

    return create


@pytest.fixture(name="create_export")
def _create_export(sesv2_client, period):
    """A function that starts an export job and returns its id."""

    def create(destination=None, **sources):
        source = sources or {"MessageInsightsDataSource": period}
        response = sesv2_client.create_export_job(
            ExportDataSource=source, ExportDestination=destination or {"DataFormat": "JSON"}
        )
        return response["JobId"]

    return create


def without_times(response):
    """The members of a response, without timestamps."""
    return {
        name: value for name, value in without_metadata(response).items() if "Timestamp" not in name
    }


class TestImport:
    def test_get(self, ses_backend, sesv2_client, objects, create_import):
        """An import shows its source and destination, and once completed its counts and time."""
        objects[FILE["S3Url"]] = f"{ADA},BOUNCE\n".encode()
        job_id = create_import()
        started = without_metadata(sesv2_client.get_import_job(JobId=job_id))
        assert "CompletedTimestamp" not in started
        assert {
            "JobId": job_id,
            "ImportDestination": TO_SUPPRESSION,
            "ImportDataSource": FILE,
            "JobStatus": "CREATED",
            "ProcessedRecordsCount": 0,
            "FailedRecordsCount": 0,
        } == without_times(started)

        ses_backend.clock.advance(seconds=3)

        done = without_metadata(sesv2_client.get_import_job(JobId=job_id))
        assert timedelta(0) < done["CompletedTimestamp"] - done["CreatedTimestamp"]
        assert ("COMPLETED", 1, 0) == (
            done["JobStatus"],
            done["ProcessedRecordsCount"],
            done["FailedRecordsCount"],
        )
        response = sesv2_client.get_suppressed_destination(EmailAddress=ADA)
        assert "BOUNCE" == response["SuppressedDestination"]["Reason"]

    def test_contacts(self, ses_backend, sesv2_client, objects, create_import):
        """An import into a contact list shows the list and changes its contacts."""
        sesv2_client.create_contact_list(ContactListName="friends")
        sesv2_client.create_contact(ContactListName="friends", EmailAddress=ADA)
        objects["s3://imports/file.json"] = f'{{"emailAddress": "{ADA}"}}'.encode()
        source = {"S3Url": "s3://imports/file.json", "DataFormat": "JSON"}
        job_id = create_import(TO_CONTACTS, source)
        ses_backend.clock.advance(seconds=3)
        job = sesv2_client.get_import_job(JobId=job_id)
        assert (TO_CONTACTS, "COMPLETED") == (job["ImportDestination"], job["JobStatus"])
        assert [] == sesv2_client.list_contacts(ContactListName="friends")["Contacts"]

    def test_failed_records(self, ses_backend, sesv2_client, objects, create_import):
        """Failed records are written to a file, one JSON object per line."""
        objects[FILE["S3Url"]] = b"nonsense"
        job_id = create_import()
        ses_backend.clock.advance(seconds=3)
        job = sesv2_client.get_import_job(JobId=job_id)
        assert {"FailedRecordsS3Url": DOWNLOAD_URL} == job["FailureInfo"]
        [line] = list(objects.values())[1:]
        problem = "The record must have 2 fields; it has 1."
        assert {"record": "nonsense", "error": problem} == json.loads(line)

    def test_without_s3(self, ses_backend, sesv2_client, create_import):
        """An import fails with a message if nothing handles S3."""
        job_id = create_import()
        ses_backend.clock.advance(seconds=3)
        job = sesv2_client.get_import_job(JobId=job_id)
        assert (
            "FAILED",
            {
                "ErrorMessage": "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3."
            },
        ) == (
            job["JobStatus"],
            job["FailureInfo"],
        )

    def test_list(self, sesv2_client, create_import):
        """Imports are listed latest first, optionally of one destination type."""
        sesv2_client.create_contact_list(ContactListName="friends")
        ids = [create_import(), create_import(TO_CONTACTS)]

        def list_page(**params):
            page = sesv2_client.list_import_jobs(**params)
            return [job["JobId"] for job in page["ImportJobs"]], page.get("NextToken")

        first, token = list_page(PageSize=1)
        assert (ids[1:], (ids[:1], None)) == (first, list_page(NextToken=token))
        assert (ids[:1], None) == list_page(ImportDestinationType="SUPPRESSION_LIST")
        shown = sesv2_client.list_import_jobs()["ImportJobs"][0]
        assert {
            "JobId",
            "ImportDestination",
            "JobStatus",
            "CreatedTimestamp",
            "ProcessedRecordsCount",
            "FailedRecordsCount",
        } == set(shown)

    @pytest.mark.parametrize(
        ("destination", "expected"),
        [
            ({}, (*BAD_REQUEST, "Give exactly one import destination.")),
            (
                {**TO_SUPPRESSION, **TO_CONTACTS},
                (*BAD_REQUEST, "Give exactly one import destination."),
            ),
            (TO_CONTACTS, (*NOT_FOUND, "ContactList <friends> doesn't exist")),
        ],
    )
    def test_rejected(self, create_import, destination, expected):
        """An import needs exactly one destination, which must exist."""
        assert expected == error_of(create_import, destination)

    def test_limit(self, ses_backend, create_import):
        """A twenty-first import is rejected until the others have completed."""
        ids = [create_import() for _ in range(20)]
        # With retries, boto3 would wait, and the clock would advance until the jobs complete.
        client = boto3.client("sesv2", config=ONCE)
        text = "The limit of 20 import jobs at a time is reached."
        assert ("LimitExceededException", 400, text) == error_of(
            client.create_import_job,
            ImportDestination=TO_SUPPRESSION,
            ImportDataSource=FILE,
        )

        ses_backend.clock.advance(seconds=60)
        assert create_import() not in ids

    @pytest.mark.ses(sandbox=True)
    def test_sandbox(self, sesv2_client, create_import):
        """An account in the sandbox cannot use import jobs."""
        expected = (*BAD_REQUEST, "An account in the sandbox cannot use import jobs.")
        assert expected == error_of(create_import)
        assert expected == error_of(sesv2_client.list_import_jobs)


class TestExport:
    def test_get(self, ses_backend, sesv2_client, objects, create_export, period):
        """An export shows its source, and once completed its statistics and its file."""
        job_id = create_export()
        started = sesv2_client.get_export_job(JobId=job_id)
        assert {
            "JobId": job_id,
            "ExportSourceType": "MESSAGE_INSIGHTS",
            "JobStatus": "CREATED",
            "ExportDestination": {"DataFormat": "JSON"},
        } == {
            name: value
            for name, value in without_times(started).items()
            if name != "ExportDataSource"
        }
        assert period == started["ExportDataSource"]["MessageInsightsDataSource"]

        ses_backend.clock.advance(seconds=3)

        done = without_metadata(sesv2_client.get_export_job(JobId=job_id))
        assert timedelta(0) < done["CompletedTimestamp"] - done["CreatedTimestamp"]
        assert {"ProcessedRecordsCount": 0, "ExportedRecordsCount": 0} == done["Statistics"]
        assert {"DataFormat": "JSON", "S3Url": DOWNLOAD_URL} == done["ExportDestination"]
        assert b"[]" == objects[f"s3://ses-jobs-123456789012-us-east-1/{job_id}/export.json"]

    def test_metrics(self, ses_backend, sesv2_client, objects, create_export, period):
        """An export of metrics contains volumes or rates, as requested."""
        ses_backend.verify("example.com")
        sesv2_client.send_email(
            FromEmailAddress="news@example.com",
            Destination={"ToAddresses": ["ada@gmail.com"]},
            Content={"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hi"}}}},
        )
        metrics = [{"Name": "SEND"}, {"Name": "DELIVERY", "Aggregation": "RATE"}]
        source = {"Dimensions": {"ISP": ["*"]}, "Namespace": "VDM", "Metrics": metrics, **period}
        job_id = create_export(MetricsDataSource=source)
        ses_backend.clock.advance(seconds=3)
        assert "METRICS_DATA" == sesv2_client.get_export_job(JobId=job_id)["ExportSourceType"]
        [written] = objects.values()
        rows = [(row["ISP"], row["Metric"], row["Value"]) for row in json.loads(written)]
        assert [("Gmail", "SEND", 1), ("Gmail", "DELIVERY", 1.0)] == rows

    def test_filters(self, ses_backend, sesv2_client, objects, create_export, period):
        """An export accepts filters and a maximum number of results."""
        source = {**period, "Include": {"Isp": ["Gmail"]}, "Exclude": {}, "MaxResults": 5}
        job_id = create_export(MessageInsightsDataSource=source)
        ses_backend.clock.advance(seconds=3)
        job = sesv2_client.get_export_job(JobId=job_id)
        assert source == job["ExportDataSource"]["MessageInsightsDataSource"]
        assert "COMPLETED" == job["JobStatus"]

    def test_failed(self, ses_backend, sesv2_client, objects, create_export):
        """An export that cannot be written fails with a message."""
        ses_backend.account().connections = ses_backend.account("eu-west-1").connections
        job_id = create_export()
        ses_backend.clock.advance(seconds=3)
        job = sesv2_client.get_export_job(JobId=job_id)
        assert (
            "FAILED",
            {
                "ErrorMessage": "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3."
            },
        ) == (
            job["JobStatus"],
            job["FailureInfo"],
        )

    def test_cancel(self, ses_backend, sesv2_client, objects, create_export):
        """An export can be cancelled before it completes, but only once."""
        job_id = create_export()
        assert {} == without_metadata(sesv2_client.cancel_export_job(JobId=job_id))
        ses_backend.clock.advance(seconds=3)
        assert "CANCELLED" == sesv2_client.get_export_job(JobId=job_id)["JobStatus"]
        assert {} == objects
        text = f"Job {job_id} is CANCELLED and cannot be cancelled."
        assert (*BAD_REQUEST, text) == error_of(sesv2_client.cancel_export_job, JobId=job_id)

    def test_list(self, ses_backend, sesv2_client, objects, create_export):
        """Exports are listed latest first, optionally of one source type or status."""
        ids = [create_export(), create_export()]
        sesv2_client.cancel_export_job(JobId=ids[0])

        def list_page(**params):
            page = sesv2_client.list_export_jobs(**params)
            return [job["JobId"] for job in page["ExportJobs"]], page.get("NextToken")

        first, token = list_page(PageSize=1)
        assert (ids[1:], (ids[:1], None)) == (first, list_page(NextToken=token))
        assert (ids[:1], None) == list_page(JobStatus="CANCELLED")
        assert ([], None) == list_page(ExportSourceType="METRICS_DATA")

    @pytest.mark.parametrize(
        ("sources", "expected"),
        [
            ({"MessageInsightsDataSource": {}, "MetricsDataSource": {}}, "one export data source."),
            ({"MessageInsightsDataSource": {"EndDate": 0}}, "must not be before StartDate."),
            (
                {"MetricsDataSource": {"Metrics": [{"Aggregation": "RATE"}]}},
                "Name is required for each metric of an export.",
            ),
            (
                {"MetricsDataSource": {"Dimensions": {}}},
                "Member must have length greater than or equal to 1",
            ),
            (
                {"MetricsDataSource": {"Dimensions": FOUR_DIMENSIONS}},
                "Member must have length less than or equal to 3",
            ),
            (
                {"MetricsDataSource": {"Dimensions": {"ISP": [str(n) for n in range(11)]}}},
                "Member must have length less than or equal to 10",
            ),
            (
                {"MetricsDataSource": {"Dimensions": {"ISP": ["*", "Gmail"]}}},
                "If ISP has the value *, each dimension must have exactly one value.",
            ),
        ],
    )
    def test_rejected(self, create_export, period, sources, expected):
        """An export needs exactly one valid source."""
        metrics = {"Dimensions": {"ISP": ["*"]}, "Namespace": "VDM", "Metrics": [{"Name": "SEND"}]}
        valid = {"MessageInsightsDataSource": {}, "MetricsDataSource": metrics}
        changed = {
            source: {**valid[source], **period, **changes} for source, changes in sources.items()
        }
        code, status, text = error_of(create_export, **changed)
        assert (*BAD_REQUEST, True) == (code, status, expected in text)

    def test_url(self, create_export):
        """The URL of the file cannot be set."""
        destination = {"DataFormat": "CSV", "S3Url": "s3://mine/file"}
        text = "S3Url is set by SES; remove it from the request."
        assert (*BAD_REQUEST, text) == error_of(create_export, destination)


@pytest.mark.parametrize("operation", ["get_import_job", "get_export_job", "cancel_export_job"])
def test_missing(sesv2_client, operation):
    """An operation on a job that does not exist fails."""
    expected = (*NOT_FOUND, "Job nonsense does not exist.")
    assert expected == error_of(getattr(sesv2_client, operation), JobId="nonsense")


@pytest.mark.parametrize("operation", ["list_import_jobs", "list_export_jobs"])
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"PageSize": 0}, "PageSize must be between 1 and 100"),
        ({"PageSize": 101}, "PageSize must be between 1 and 100"),
        ({"NextToken": "nonsense"}, "Failed to deserialize token. "),
        ({"NextToken": ""}, "Failed to deserialize token. "),
    ],
)
def test_invalid_paging(sesv2_client, operation, params, expected):
    """An invalid page size or token is rejected."""
    assert (*BAD_REQUEST, expected) == error_of(getattr(sesv2_client, operation), **params)
