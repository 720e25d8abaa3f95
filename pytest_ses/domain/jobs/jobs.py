"""Jobs that SES runs in the background, and their status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_ses.domain.scope import Scope


CREATED, PROCESSING, COMPLETED, FAILED, CANCELLED = (
    "CREATED",
    "PROCESSING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
)
# SES takes minutes; these delays are our own, and short enough for a test to wait.
STARTED_AFTER = timedelta(seconds=1)
DONE_AFTER = timedelta(seconds=2)


@dataclass(slots=True, kw_only=True)
class Job:
    """An import or export job; `error` is the reason if it failed."""

    job_id: str
    created_at: datetime
    status: str = CREATED
    completed_at: datetime | None = None
    error: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the job has not finished."""
        return self.status in {CREATED, PROCESSING}


def location(account: Scope, name: str) -> str:
    """Return the S3 URL of a file that a job writes to SES's own bucket."""
    return f"s3://ses-jobs-{account.account_id}-{account.region}/{name}"


def schedule(account: Scope, job: Job, work: Callable[[], None]) -> None:
    """Schedule the start and the end of a job on the clock."""
    account.schedule(job.created_at + STARTED_AFTER, partial(_start, job))
    account.schedule(job.created_at + DONE_AFTER, partial(_finish, account, job, work))


def cancel(account: Scope, job: Job) -> None:
    """Cancel a job that has not finished.

    Raises:
        InvalidParameterValue: if the job has finished. The text is our own; SES's is unknown.
    """
    if not job.is_open:
        raise errors.InvalidParameterValue(
            f"Job {job.job_id} is {job.status} and cannot be cancelled."
        )
    job.status = CANCELLED
    job.completed_at = account.now()


def _start(job: Job) -> None:
    if job.is_open:
        job.status = PROCESSING


def _finish(account: Scope, job: Job, work: Callable[[], None]) -> None:
    if not job.is_open:
        return
    try:
        work()
        job.status = COMPLETED
    except errors.JobFailed as error:
        job.status, job.error = FAILED, error.message
    job.completed_at = account.now()
