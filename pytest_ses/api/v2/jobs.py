"""How does API v2 import lists and export numbers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain import errors
from pytest_ses.domain.jobs import export_jobs, import_jobs, jobs
from pytest_ses.domain.jobs.export_jobs import ExportJob, InsightsSource, MetricsSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.jobs.import_jobs import ImportJob

# The texts are ours.
_ONE_DESTINATION = "Give exactly one import destination."
_ONE_SOURCE = "Give exactly one export data source."
_NO_URL = "S3Url is set by SES and cannot be given."
_NO_METRIC = "Each metric of an export needs a Name."


def create_import_job(
    account: Account,
    *,
    import_destination: dict[str, dict[str, str]],
    import_data_source: dict[str, str],
) -> dict[str, Any]:
    """Begin to import a file of S3 into the suppression list or a contact list."""
    if len(import_destination) != 1:
        raise errors.InvalidParameterValue(_ONE_DESTINATION)
    [wanted] = import_destination.values()
    job = import_jobs.create(
        account,
        import_data_source["S3Url"],
        import_data_source["DataFormat"],
        action=wanted.get("ContactListImportAction") or wanted["SuppressionListImportAction"],
        contact_list=wanted.get("ContactListName"),
    )
    return {"JobId": job.job_id}


def get_import_job(account: Account, *, job_id: str) -> dict[str, Any]:
    """How far an import is, and what came of it."""
    job = account.import_jobs.find(job_id)
    failure = given(FailedRecordsS3Url=job.failed_records_url, ErrorMessage=job.error)
    return {
        **_import_summary(job),
        "ImportDataSource": {"S3Url": job.url, "DataFormat": job.data_format},
        **given(FailureInfo=failure or None, CompletedTimestamp=job.completed_at),
    }


def list_import_jobs(
    account: Account,
    *,
    import_destination_type: str | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The imports, the latest first, of one kind of list or of both."""
    import_jobs.check_production(account)

    def is_wanted(job: ImportJob) -> bool:
        return import_destination_type in (None, job.destination_type)

    found, token = paging.V2_JOBS.page(
        account,
        account.import_jobs,
        page_size,
        next_token,
        where=is_wanted,
        scope=import_destination_type or "",
    )
    return {"ImportJobs": [_import_summary(job) for job in found], **paging.next_token(token)}


def create_export_job(
    account: Account,
    *,
    export_data_source: dict[str, dict[str, Any]],
    export_destination: dict[str, str],
) -> dict[str, Any]:
    """Begin to write a file with metrics or with what is known of mails."""
    if len(export_data_source) != 1:
        raise errors.InvalidParameterValue(_ONE_SOURCE)
    if "S3Url" in export_destination:
        raise errors.InvalidParameterValue(_NO_URL)
    [(kind, asked)] = export_data_source.items()
    source = _metrics(asked) if kind == "MetricsDataSource" else _insights(asked)
    job = export_jobs.create(
        account, source, export_destination["DataFormat"], asked=export_data_source
    )
    return {"JobId": job.job_id}


def get_export_job(account: Account, *, job_id: str) -> dict[str, Any]:
    """How far an export is, and where its file is."""
    job = account.export_jobs.find(job_id)
    counts = given(ProcessedRecordsCount=job.processed, ExportedRecordsCount=job.exported)
    return {
        **_export_summary(job),
        "ExportDestination": {"DataFormat": job.data_format, **given(S3Url=job.url)},
        "ExportDataSource": job.asked,
        **given(
            FailureInfo={"ErrorMessage": job.error} if job.error else None,
            Statistics=counts or None,
        ),
    }


def list_export_jobs(
    account: Account,
    *,
    next_token: str | None = None,
    page_size: int | None = None,
    export_source_type: str | None = None,
    job_status: str | None = None,
) -> dict[str, Any]:
    """The exports, the latest first, of one kind or status or of all."""

    def is_wanted(job: ExportJob) -> bool:
        return export_source_type in (None, job.source_type) and job_status in (None, job.status)

    found, token = paging.V2_JOBS.page(
        account,
        account.export_jobs,
        page_size,
        next_token,
        where=is_wanted,
        scope=f"{export_source_type} {job_status}",
    )
    return {"ExportJobs": [_export_summary(job) for job in found], **paging.next_token(token)}


def cancel_export_job(account: Account, *, job_id: str) -> None:
    """Give an export up that is not done yet."""
    jobs.cancel(account, account.export_jobs.find(job_id))


def _import_summary(job: ImportJob) -> dict[str, Any]:
    if job.contact_list is None:
        destination = {"SuppressionListDestination": {"SuppressionListImportAction": job.action}}
    else:
        names = {"ContactListName": job.contact_list, "ContactListImportAction": job.action}
        destination = {"ContactListDestination": names}
    return {
        "JobId": job.job_id,
        "ImportDestination": destination,
        "JobStatus": job.status,
        "CreatedTimestamp": job.created_at,
        "ProcessedRecordsCount": job.processed,
        "FailedRecordsCount": job.failed,
    }


def _export_summary(job: ExportJob) -> dict[str, Any]:
    return {
        "JobId": job.job_id,
        "ExportSourceType": job.source_type,
        "JobStatus": job.status,
        "CreatedTimestamp": job.created_at,
        **given(CompletedTimestamp=job.completed_at),
    }


def _metrics(asked: Mapping[str, Any]) -> MetricsSource:
    if any("Name" not in one for one in asked["Metrics"]):
        raise errors.InvalidParameterValue(_NO_METRIC)
    wanted = [(one["Name"], one.get("Aggregation", "VOLUME")) for one in asked["Metrics"]]
    return MetricsSource(asked["StartDate"], asked["EndDate"], asked["Dimensions"], wanted)


def _insights(asked: Mapping[str, Any]) -> InsightsSource:
    return InsightsSource(
        asked["StartDate"],
        asked["EndDate"],
        asked.get("Include", {}),
        asked.get("Exclude", {}),
        asked.get("MaxResults", export_jobs.DEFAULT_RESULTS),
    )
