"""Import and export jobs through API v2."""

import json
from datetime import timedelta

import boto3
import pytest
from asking import answer, refusal
from senders import ONCE

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
ADA = "ada@example.com"
FILE = {"S3Url": "s3://imports/file.csv", "DataFormat": "CSV"}
TO_SUPPRESSION = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
TO_CONTACTS = {
    "ContactListDestination": {"ContactListName": "friends", "ContactListImportAction": "DELETE"}
}
FETCHED = "https://example.com/file"


@pytest.fixture(name="objects")
def _objects(ses_backend):
    """The objects of a make-believe S3, by URL."""
    objects = {}
    account = ses_backend.account()
    account.read_object = objects.__getitem__
    account.write_object = lambda url, data: objects.update({url: data}) or FETCHED
    return objects


@pytest.fixture(name="span")
def _span(ses_backend):
    """The time around now, in whole seconds."""
    now = ses_backend.clock.now().replace(microsecond=0)
    return {"StartDate": now - timedelta(days=1), "EndDate": now + timedelta(days=1)}


@pytest.fixture(name="begin_import")
def _begin_import(sesv2_client):
    """Begin an import, and give its id."""

    def begin(destination=TO_SUPPRESSION, source=FILE):
        words = {"ImportDestination": destination, "ImportDataSource": source}
        return sesv2_client.create_import_job(**words)["JobId"]

    return begin


@pytest.fixture(name="begin_export")
def _begin_export(sesv2_client, span):
    """Begin an export, and give its id."""

    def begin(destination=None, **sources):
        words = sources or {"MessageInsightsDataSource": span}
        found = sesv2_client.create_export_job(
            ExportDataSource=words, ExportDestination=destination or {"DataFormat": "JSON"}
        )
        return found["JobId"]

    return begin


def without_times(found):
    """What is shown but when."""
    return {name: value for name, value in answer(found).items() if "Timestamp" not in name}


class TestImport:
    def test_get(self, ses_backend, sesv2_client, objects, begin_import):
        """An import shows where from and where to, and in the end the counts and the time."""
        objects[FILE["S3Url"]] = f"{ADA},BOUNCE\n".encode()
        job_id = begin_import()
        started = answer(sesv2_client.get_import_job(JobId=job_id))
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

        done = answer(sesv2_client.get_import_job(JobId=job_id))
        assert timedelta(0) < done["CompletedTimestamp"] - done["CreatedTimestamp"]
        assert ("COMPLETED", 1, 0) == (
            done["JobStatus"],
            done["ProcessedRecordsCount"],
            done["FailedRecordsCount"],
        )
        found = sesv2_client.get_suppressed_destination(EmailAddress=ADA)
        assert "BOUNCE" == found["SuppressedDestination"]["Reason"]

    def test_contacts(self, ses_backend, sesv2_client, objects, begin_import):
        """An import names the contact list that it changes."""
        sesv2_client.create_contact_list(ContactListName="friends")
        sesv2_client.create_contact(ContactListName="friends", EmailAddress=ADA)
        objects["s3://imports/file.json"] = f'{{"emailAddress": "{ADA}"}}'.encode()
        source = {"S3Url": "s3://imports/file.json", "DataFormat": "JSON"}
        job_id = begin_import(TO_CONTACTS, source)
        ses_backend.clock.advance(seconds=3)
        found = sesv2_client.get_import_job(JobId=job_id)
        assert (TO_CONTACTS, "COMPLETED") == (found["ImportDestination"], found["JobStatus"])
        assert [] == sesv2_client.list_contacts(ContactListName="friends")["Contacts"]

    def test_failed_records(self, ses_backend, sesv2_client, objects, begin_import):
        """Records that fail are in a file, one JSON object a line."""
        objects[FILE["S3Url"]] = b"nonsense"
        job_id = begin_import()
        ses_backend.clock.advance(seconds=3)
        found = sesv2_client.get_import_job(JobId=job_id)
        assert {"FailedRecordsS3Url": FETCHED} == found["FailureInfo"]
        [line] = list(objects.values())[1:]
        problem = "The record has 1 fields; there are 2 columns."
        assert {"record": "nonsense", "error": problem} == json.loads(line)

    def test_without_s3(self, ses_backend, sesv2_client, begin_import):
        """Where nothing answers for S3 an import fails, and says so."""
        job_id = begin_import()
        ses_backend.clock.advance(seconds=3)
        found = sesv2_client.get_import_job(JobId=job_id)
        assert ("FAILED", {"ErrorMessage": "Nothing answers for S3."}) == (
            found["JobStatus"],
            found["FailureInfo"],
        )

    def test_list(self, sesv2_client, begin_import):
        """The latest import is listed first; of one kind of list or of both."""
        sesv2_client.create_contact_list(ContactListName="friends")
        ids = [begin_import(), begin_import(TO_CONTACTS)]

        def listed(**words):
            page = sesv2_client.list_import_jobs(**words)
            return [one["JobId"] for one in page["ImportJobs"]], page.get("NextToken")

        first, token = listed(PageSize=1)
        assert (ids[1:], (ids[:1], None)) == (first, listed(NextToken=token))
        assert (ids[:1], None) == listed(ImportDestinationType="SUPPRESSION_LIST")
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
    def test_refused(self, begin_import, destination, expected):
        """An import goes to the suppression list or to a contact list that is there."""
        assert expected == refusal(begin_import, destination)

    def test_limit(self, ses_backend, begin_import):
        """Twenty imports are to be done at a time; when they are done there is room again."""
        ids = [begin_import() for _ in range(20)]
        # boto3 would wait and ask again, on a clock that moves, until there is room.
        impatient = boto3.client("sesv2", config=ONCE)
        text = "The limit of 20 import jobs at a time is reached."
        assert ("LimitExceededException", 400, text) == refusal(
            impatient.create_import_job,
            ImportDestination=TO_SUPPRESSION,
            ImportDataSource=FILE,
        )

        ses_backend.clock.advance(seconds=60)
        assert begin_import() not in ids

    @pytest.mark.ses(sandbox=True)
    def test_sandbox(self, sesv2_client, begin_import):
        """An account in the sandbox imports nothing."""
        expected = (*BAD_REQUEST, "An account in the sandbox cannot use import jobs.")
        assert expected == refusal(begin_import)
        assert expected == refusal(sesv2_client.list_import_jobs)


class TestExport:
    def test_get(self, ses_backend, sesv2_client, objects, begin_export, span):
        """An export shows what was asked, and in the end where its file is."""
        job_id = begin_export()
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
        assert span == started["ExportDataSource"]["MessageInsightsDataSource"]

        ses_backend.clock.advance(seconds=3)

        done = answer(sesv2_client.get_export_job(JobId=job_id))
        assert timedelta(0) < done["CompletedTimestamp"] - done["CreatedTimestamp"]
        assert {"ProcessedRecordsCount": 0, "ExportedRecordsCount": 0} == done["Statistics"]
        assert {"DataFormat": "JSON", "S3Url": FETCHED} == done["ExportDestination"]
        assert b"[]" == objects[f"s3://ses-jobs-123456789012-us-east-1/{job_id}/export.json"]

    def test_metrics(self, ses_backend, sesv2_client, objects, begin_export, span):
        """An export of metrics has volumes, or rates where these are asked for."""
        ses_backend.verify("example.com")
        sesv2_client.send_email(
            FromEmailAddress="news@example.com",
            Destination={"ToAddresses": ["ada@gmail.com"]},
            Content={"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hi"}}}},
        )
        metrics = [{"Name": "SEND"}, {"Name": "DELIVERY", "Aggregation": "RATE"}]
        asked = {"Dimensions": {"ISP": ["*"]}, "Namespace": "VDM", "Metrics": metrics, **span}
        job_id = begin_export(MetricsDataSource=asked)
        ses_backend.clock.advance(seconds=3)
        assert "METRICS_DATA" == sesv2_client.get_export_job(JobId=job_id)["ExportSourceType"]
        [written] = objects.values()
        rows = [(row["ISP"], row["Metric"], row["Value"]) for row in json.loads(written)]
        assert [("Gmail", "SEND", 1), ("Gmail", "DELIVERY", 1.0)] == rows

    def test_filters(self, ses_backend, sesv2_client, objects, begin_export, span):
        """Filters and the most results are obeyed."""
        source = {**span, "Include": {"Isp": ["Gmail"]}, "Exclude": {}, "MaxResults": 5}
        job_id = begin_export(MessageInsightsDataSource=source)
        ses_backend.clock.advance(seconds=3)
        found = sesv2_client.get_export_job(JobId=job_id)
        assert source == found["ExportDataSource"]["MessageInsightsDataSource"]
        assert "COMPLETED" == found["JobStatus"]

    def test_failed(self, ses_backend, sesv2_client, objects, begin_export):
        """An export that cannot be written fails, and says why."""
        ses_backend.account().write_object = ses_backend.account("eu-west-1").write_object
        job_id = begin_export()
        ses_backend.clock.advance(seconds=3)
        found = sesv2_client.get_export_job(JobId=job_id)
        assert ("FAILED", {"ErrorMessage": "Nothing answers for S3."}) == (
            found["JobStatus"],
            found["FailureInfo"],
        )

    def test_cancel(self, ses_backend, sesv2_client, objects, begin_export):
        """An export is given up while it is not done."""
        job_id = begin_export()
        assert {} == answer(sesv2_client.cancel_export_job(JobId=job_id))
        ses_backend.clock.advance(seconds=3)
        assert "CANCELLED" == sesv2_client.get_export_job(JobId=job_id)["JobStatus"]
        assert {} == objects
        text = f"Job {job_id} is CANCELLED and cannot be cancelled."
        assert (*BAD_REQUEST, text) == refusal(sesv2_client.cancel_export_job, JobId=job_id)

    def test_list(self, ses_backend, sesv2_client, objects, begin_export):
        """The latest export is listed first; by kind and status, or all."""
        ids = [begin_export(), begin_export()]
        sesv2_client.cancel_export_job(JobId=ids[0])

        def listed(**words):
            page = sesv2_client.list_export_jobs(**words)
            return [one["JobId"] for one in page["ExportJobs"]], page.get("NextToken")

        first, token = listed(PageSize=1)
        assert (ids[1:], (ids[:1], None)) == (first, listed(NextToken=token))
        assert (ids[:1], None) == listed(JobStatus="CANCELLED")
        assert ([], None) == listed(ExportSourceType="METRICS_DATA")

    @pytest.mark.parametrize(
        ("sources", "expected"),
        [
            ({"MessageInsightsDataSource": {}, "MetricsDataSource": {}}, "one export data source."),
            ({"MessageInsightsDataSource": {"EndDate": 0}}, "must not be before StartDate."),
            ({"MetricsDataSource": {"Metrics": [{"Aggregation": "RATE"}]}}, "needs a Name."),
            (
                {"MetricsDataSource": {"Dimensions": {"ISP": ["*", "Gmail"]}}},
                "Where ISP has the value *, each dimension has one value.",
            ),
        ],
    )
    def test_refused(self, begin_export, span, sources, expected):
        """Sources have to be one, and to make sense."""
        metrics = {"Dimensions": {"ISP": ["*"]}, "Namespace": "VDM", "Metrics": [{"Name": "SEND"}]}
        whole = {"MessageInsightsDataSource": {}, "MetricsDataSource": metrics}
        asked = {kind: {**whole[kind], **span, **words} for kind, words in sources.items()}
        code, status, text = refusal(begin_export, **asked)
        assert (*BAD_REQUEST, True) == (code, status, text.endswith(expected))

    def test_url(self, begin_export):
        """Where the file is written is not for the caller to say."""
        destination = {"DataFormat": "CSV", "S3Url": "s3://mine/file"}
        text = "S3Url is set by SES and cannot be given."
        assert (*BAD_REQUEST, text) == refusal(begin_export, destination)


@pytest.mark.parametrize("operation", ["get_import_job", "get_export_job", "cancel_export_job"])
def test_missing(sesv2_client, operation):
    """A job that is not there is missed."""
    expected = (*NOT_FOUND, "Job nonsense does not exist.")
    assert expected == refusal(getattr(sesv2_client, operation), JobId="nonsense")


@pytest.mark.parametrize("operation", ["list_import_jobs", "list_export_jobs"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"PageSize": 0}, "PageSize must be between 1 and 100"),
        ({"PageSize": 101}, "PageSize must be between 1 and 100"),
        ({"NextToken": "nonsense"}, "Failed to deserialize token. "),
        ({"NextToken": ""}, "Failed to deserialize token. "),
    ],
)
def test_pages(sesv2_client, operation, words, expected):
    """Pages have from one to a hundred jobs, and tokens are those that SES gave."""
    assert (*BAD_REQUEST, expected) == refusal(getattr(sesv2_client, operation), **words)
