"""The operations of API v2 on import and export jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import errors
from pytest_ses.domain.jobs import export_jobs, import_jobs, jobs
from pytest_ses.domain.jobs.export_jobs import ExportJob, InsightsSource, MetricsSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.jobs.import_jobs import ImportJob

# These texts are our own; SES's are unknown.
_ONE_DESTINATION = "Give exactly one import destination."
_ONE_SOURCE = "Give exactly one export data source."
_NO_URL = "S3Url is set by SES; remove it from the request."
_NO_METRIC = "Name is required for each metric of an export."


def create_import_job(
    account: Account,
    *,
    import_destination: dict[str, dict[str, str]],
    import_data_source: dict[str, str],
) -> dict[str, Any]:
    """Start an import from a file in S3 into the suppression list or a contact list."""
    if len(import_destination) != 1:
        raise errors.InvalidParameterValue(_ONE_DESTINATION)
    [destination] = import_destination.values()
    job = import_jobs.create(
        account,
        import_data_source["S3Url"],
        import_data_source["DataFormat"],
        action=destination.get("ContactListImportAction")
        or destination["SuppressionListImportAction"],
        contact_list=destination.get("ContactListName"),
    )
    return {"JobId": job.job_id}


def get_import_job(account: Account, *, job_id: str) -> dict[str, Any]:
    """Return the progress and result of an import."""
    job = account.import_jobs.find(job_id)
    failure = without_none(FailedRecordsS3Url=job.failed_records_url, ErrorMessage=job.error)
    return {
        **_import_summary(job),
        "ImportDataSource": {"S3Url": job.url, "DataFormat": job.data_format},
        **without_none(FailureInfo=failure or None, CompletedTimestamp=job.completed_at),
    }


def list_import_jobs(
    account: Account,
    *,
    import_destination_type: str | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List all imports, or those into one kind of list, newest first."""
    import_jobs.check_production(account)

    def matches(job: ImportJob) -> bool:
        return import_destination_type in (None, job.destination_type)

    page, token = paging.V2_JOBS.page(
        account,
        account.import_jobs,
        page_size,
        next_token,
        where=matches,
        scope=import_destination_type or "",
    )
    return {"ImportJobs": [_import_summary(job) for job in page], **paging.next_token(token)}


def create_export_job(
    account: Account,
    *,
    export_data_source: dict[str, dict[str, Any]],
    export_destination: dict[str, str],
) -> dict[str, Any]:
    """Start an export of metrics or message insights to a file."""
    if len(export_data_source) != 1:
        raise errors.InvalidParameterValue(_ONE_SOURCE)
    if "S3Url" in export_destination:
        raise errors.InvalidParameterValue(_NO_URL)
    [(kind, members)] = export_data_source.items()
    source = _metrics(members) if kind == "MetricsDataSource" else _insights(members)
    job = export_jobs.create(
        account, source, export_destination["DataFormat"], requested_source=export_data_source
    )
    return {"JobId": job.job_id}


def get_export_job(account: Account, *, job_id: str) -> dict[str, Any]:
    """Return the progress of an export and the URL of its file."""
    job = account.export_jobs.find(job_id)
    counts = without_none(ProcessedRecordsCount=job.processed, ExportedRecordsCount=job.exported)
    return {
        **_export_summary(job),
        "ExportDestination": {"DataFormat": job.data_format, **without_none(S3Url=job.url)},
        "ExportDataSource": job.requested_source,
        **without_none(
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
    """List all exports, or those with one source type or status, newest first."""

    def matches(job: ExportJob) -> bool:
        return export_source_type in (None, job.source_type) and job_status in (None, job.status)

    page, token = paging.V2_JOBS.page(
        account,
        account.export_jobs,
        page_size,
        next_token,
        where=matches,
        scope=f"{export_source_type} {job_status}",
    )
    return {"ExportJobs": [_export_summary(job) for job in page], **paging.next_token(token)}


def cancel_export_job(account: Account, *, job_id: str) -> None:
    """Cancel an export that is not complete."""
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
        **without_none(CompletedTimestamp=job.completed_at),
    }


def _metrics(members: Mapping[str, Any]) -> MetricsSource:
    if any("Name" not in metric for metric in members["Metrics"]):
        raise errors.InvalidParameterValue(_NO_METRIC)
    metrics = [
        (metric["Name"], metric.get("Aggregation", "VOLUME")) for metric in members["Metrics"]
    ]
    return MetricsSource(members["StartDate"], members["EndDate"], members["Dimensions"], metrics)


def _insights(members: Mapping[str, Any]) -> InsightsSource:
    return InsightsSource(
        members["StartDate"],
        members["EndDate"],
        members.get("Include", {}),
        members.get("Exclude", {}),
        members.get("MaxResults", export_jobs.DEFAULT_RESULTS),
    )
