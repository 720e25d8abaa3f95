"""What comes of a file that is imported into the suppression list or a contact list?

https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
https://docs.aws.amazon.com/ses/latest/dg/sending-email-list-management.html
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses.domain import errors, scope
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.configuration.configuration_sets import SUPPRESSED_REASONS
from pytest_ses.domain.jobs import jobs
from pytest_ses.domain.jobs.jobs import Job
from pytest_ses.domain.lists import contacts, suppression
from pytest_ses.domain.lists.contact_lists import ContactListState
from pytest_ses.domain.lists.suppression import SuppressionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_ses.domain.connections import Connections


# Jobs that are still to be done.
OPEN_JOBS = 20
PUT, DELETE = "PUT", "DELETE"
SUPPRESSION_LIST, CONTACT_LIST = "SUPPRESSION_LIST", "CONTACT_LIST"

_TOPIC_COLUMN = "topicPreferences."
_STATUSES = (contacts.IN, contacts.OUT)
_TRUTH = {"true": True, "false": False, "": None}
# A file for the suppression list has no header.
_SUPPRESSION_COLUMNS = {PUT: ["emailAddress", "reason"], DELETE: ["emailAddress"]}

# The texts are ours.
_SANDBOX = "An account in the sandbox cannot use import jobs."
_NO_TEXT = "The file is not encoded in UTF-8."
_NO_CSV = "The file is no CSV: {problem}."
_NO_HEADER = "The first line of the file has no column emailAddress."


class Record(NamedTuple):
    """One address of the file, with what it says of it."""

    address: str
    reason: str | None
    topics: dict[str, str]
    unsubscribe_all: bool
    attributes: str | None


@dataclass(slots=True, kw_only=True)
class ImportJob(Job):
    """An import; without a contact list, into the suppression list or out of it."""

    url: str
    data_format: str
    action: str
    contact_list: str | None = None
    processed: int = 0
    failed: int = 0
    failed_records_url: str | None = None

    @property
    def destination_type(self) -> str:
        """`SUPPRESSION_LIST` or `CONTACT_LIST`."""
        return SUPPRESSION_LIST if self.contact_list is None else CONTACT_LIST


class ImportState(ContactListState, SuppressionState, Protocol):
    """The import jobs of an account and the lists they change."""

    import_jobs: Collection[ImportJob]
    connections: Connections
    sandbox: bool


def store() -> Collection[ImportJob]:
    """Return an empty store of import jobs."""
    return Collection("import jobs", missing=errors.JobDoesNotExist, order="newest first")


def create(
    account: ImportState,
    url: str,
    data_format: str,
    *,
    action: str,
    contact_list: str | None = None,
) -> ImportJob:
    """Begin to import a file of S3.

    Raises:
        InvalidParameterValue: in the sandbox.
        ImportListDoesNotExist, LimitExceeded: as their names say.
    """
    check_production(account)
    if contact_list is not None and contact_list not in account.contact_lists:
        raise errors.ImportListDoesNotExist(name=contact_list)
    if sum(job.is_open for job in account.import_jobs.values()) >= OPEN_JOBS:
        raise errors.LimitExceeded(things="import jobs at a time", limit=OPEN_JOBS)
    job = ImportJob(
        job_id=scope.new_uuid(account),
        created_at=account.now(),
        url=url,
        data_format=data_format,
        action=action,
        contact_list=contact_list,
    )
    jobs.plan(account, job, partial(_run, account, job))
    return account.import_jobs.put(job.job_id, job)


def check_production(account: ImportState) -> None:
    """Refuse an account in the sandbox, which imports nothing."""
    if account.sandbox:
        raise errors.InvalidParameterValue(_SANDBOX)


def _run(account: ImportState, job: ImportJob) -> None:
    name = job.contact_list
    if name is not None and name not in account.contact_lists:
        raise errors.JobFailed(errors.ImportListDoesNotExist(name=name).message)
    act = _ACTIONS[job.destination_type, job.action]
    problems = []
    for source, members in _READERS[job.data_format](
        job, _text(account.connections.read_object(job.url))
    ):
        job.processed += 1
        try:
            act(account, job, _record(members()))
        except errors.SESError as error:
            job.failed += 1
            problems.append({"record": source, "error": error.message})
    if problems:
        data = "".join(f"{json.dumps(one)}\n" for one in problems).encode()
        # Where it cannot be written, the records have been imported all the same.
        with suppress(errors.JobFailed):
            where = jobs.location(account, f"{job.job_id}/failed-records.json")
            job.failed_records_url = account.connections.write_object(where, data)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise errors.JobFailed(_NO_TEXT) from None


def _lines(_job: ImportJob, text: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each line is a JSON object."""
    for line in text.split("\n"):
        if line.strip():
            yield line, partial(_parsed, line)


def _rows(job: ImportJob, text: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each row is a record, but the first one of contacts, which names the columns."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if "".join(row).strip()]
    except csv.Error as error:
        raise errors.JobFailed(_NO_CSV.format(problem=error)) from None
    if job.contact_list is None:
        header = _SUPPRESSION_COLUMNS[job.action]
    else:
        header, rows = [cell.strip() for cell in rows[0]] if rows else [], rows[1:]
        if "emailAddress" not in header:
            raise errors.JobFailed(_NO_HEADER)
    for row in rows:
        yield ",".join(row), partial(_members, header, row)


_READERS: Mapping[str, Callable[[ImportJob, str], Iterator[tuple[str, Callable[[], Any]]]]] = {
    "JSON": _lines,
    "CSV": _rows,
}


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise errors.InvalidParameterValue("The record is not JSON.") from None


def _members(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row in the form of a JSON record."""
    if len(row) != len(header):
        raise errors.InvalidParameterValue(
            f"The record has {len(row)} fields; there are {len(header)} columns."
        )
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    told = cells.pop("unsubscribeAll", "")
    return {
        **{name: cell for name, cell in cells.items() if cell},
        "unsubscribeAll": _TRUTH.get(told.lower(), told),
        "topicPreferences": [
            {"topicName": name.removeprefix(_TOPIC_COLUMN), "subscriptionStatus": cell}
            for name, cell in cells.items()
            if cell and name.startswith(_TOPIC_COLUMN)
        ],
    }


def _record(members: Any) -> Record:
    if not isinstance(members, dict):
        raise errors.InvalidParameterValue("The record is not an object.")
    record = Record(
        members.get("emailAddress") or "",
        members.get("reason"),
        _topics(members.get("topicPreferences") or []),
        members.get("unsubscribeAll") or False,
        members.get("attributesData"),
    )
    _check_type("emailAddress", record.address, str)
    _check_type("unsubscribeAll", record.unsubscribe_all, bool)
    if record.attributes is not None:
        _check_type("attributesData", record.attributes, str)
    return record


def _topics(preferences: Any) -> dict[str, str]:
    _check_type("topicPreferences", preferences, list)
    topics = {}
    for one in preferences:
        _check_type("topicPreferences", one, dict)
        name, status = one.get("topicName"), one.get("subscriptionStatus")
        _check_type("topicName", name, str)
        _check_word("subscriptionStatus", status, _STATUSES)
        topics[name] = status
    return topics


def _check_type(what: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise errors.InvalidParameterValue(f"The record has a bad {what}.")


def _check_word(what: str, value: Any, known: Sequence[str]) -> None:
    if value not in known:
        raise errors.InvalidParameterValue(f"The {what} is none of {', '.join(known)}.")


def _suppress(account: ImportState, _job: ImportJob, record: Record) -> None:
    _check_word("reason", record.reason, SUPPRESSED_REASONS)
    suppression.put(account, record.address, str(record.reason))


def _release(account: ImportState, _job: ImportJob, record: Record) -> None:
    suppression.remove(account, record.address)


def _enroll(account: ImportState, job: ImportJob, record: Record) -> None:
    """Unlike an update, an import forgets the topics that it does not speak of."""
    name = str(job.contact_list)
    known = account.contact_lists.find(name).contacts
    change = contacts.update if record.address in known else contacts.add
    change(
        account,
        name,
        record.address,
        record.topics,
        unsubscribe_all=record.unsubscribe_all,
        attributes=record.attributes,
    )
    known[record.address].topics = record.topics


def _expel(account: ImportState, job: ImportJob, record: Record) -> None:
    contacts.remove(account, str(job.contact_list), record.address)


_ACTIONS: Mapping[tuple[str, str], Callable[[ImportState, ImportJob, Record], None]] = {
    (SUPPRESSION_LIST, PUT): _suppress,
    (SUPPRESSION_LIST, DELETE): _release,
    (CONTACT_LIST, PUT): _enroll,
    (CONTACT_LIST, DELETE): _expel,
}
