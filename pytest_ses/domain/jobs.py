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

    from pytest_ses.domain.account import Account

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


def new_id(account: Account) -> str:
    """An id as SES makes them: digits in groups."""
    own = account.new_token("0123456789abcdef", 32)
    return f"{own[:8]}-{own[8:12]}-{own[12:16]}-{own[16:20]}-{own[20:]}"


def location(account: Account, name: str) -> str:
    """Where SES keeps a file of its own that a job writes."""
    return f"s3://ses-jobs-{account.account_id}-{account.region}/{name}"


def plan(account: Account, job: Job, work: Callable[[], None]) -> None:
    """Let a job begin and end as the clock goes on."""
    schedule = account.happenings.schedule
    schedule(account, job.created_at + STARTED_AFTER, partial(_start, job))
    schedule(account, job.created_at + DONE_AFTER, partial(_finish, account, job, work))


def cancel(account: Account, job: Job) -> None:
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


def check_interval(start: datetime, end: datetime) -> None:
    """Refuse a time that ends before it begins; the text is ours."""
    if end < start:
        raise errors.InvalidParameterValue("EndDate must not be before StartDate.")


def _start(job: Job) -> None:
    if job.is_open:
        job.status = PROCESSING


def _finish(account: Account, job: Job, work: Callable[[], None]) -> None:
    if not job.is_open:
        return
    try:
        work()
        job.status = COMPLETED
    except errors.JobFailed as error:
        job.status, job.error = FAILED, error.message
    job.completed_at = account.now()
