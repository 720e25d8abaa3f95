"""How does work go that SES does later? It waits, is done, and shows what came of it."""

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
# SES takes minutes; these are ours, so short that a test may as well wait.
STARTED_AFTER = timedelta(seconds=1)
DONE_AFTER = timedelta(seconds=2)


@dataclass(slots=True, kw_only=True)
class Job:
    """An import or an export; `error` says why it failed, if it did."""

    job_id: str
    created_at: datetime
    status: str = CREATED
    completed_at: datetime | None = None
    error: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in {CREATED, PROCESSING}


def location(account: Scope, name: str) -> str:
    """Where SES keeps a file of its own that a job writes."""
    return f"s3://ses-jobs-{account.account_id}-{account.region}/{name}"


def plan(account: Scope, job: Job, work: Callable[[], None]) -> None:
    """Let a job begin and end as the clock goes on."""
    account.schedule(job.created_at + STARTED_AFTER, partial(_start, job))
    account.schedule(job.created_at + DONE_AFTER, partial(_finish, account, job, work))


def cancel(account: Scope, job: Job) -> None:
    """Give a job up that is still to be done.

    Raises:
        InvalidParameterValue: it is done already; the text is ours.
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
