"""Import jobs, which apply a file to the suppression list or to a contact list.

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


MAX_OPEN_JOBS = 20
PUT, DELETE = "PUT", "DELETE"
SUPPRESSION_LIST, CONTACT_LIST = "SUPPRESSION_LIST", "CONTACT_LIST"

_TOPIC_COLUMN = "topicPreferences."
_STATUSES = (contacts.OPT_IN, contacts.OPT_OUT)
_BOOLEANS = {"true": True, "false": False, "": None}
# A file for the suppression list has no header.
_SUPPRESSION_COLUMNS = {PUT: ["emailAddress", "reason"], DELETE: ["emailAddress"]}

# These texts are our own; SES's are unknown.
_SANDBOX = "An account in the sandbox cannot use import jobs."
_NOT_UTF8 = "The file is not encoded in UTF-8."
_NOT_CSV = "The file is not valid CSV: {problem}."
_NO_HEADER = "The first line of the file has no column emailAddress."


class Record(NamedTuple):
    """A record of an import file: an address, with its reason or its contact data."""

    address: str
    reason: str | None
    topics: dict[str, str]
    unsubscribe_all: bool
    attributes: str | None


@dataclass(slots=True, kw_only=True)
class ImportJob(Job):
    """An import job; without a contact list, it changes the suppression list."""

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
    """Create an import job, which reads a file from S3.

    Raises:
        InvalidParameterValue: if the account is in the sandbox.
        ImportListDoesNotExist: if the contact list does not exist.
        LimitExceeded: if 20 import jobs have not finished.
    """
    check_production(account)
    if contact_list is not None and contact_list not in account.contact_lists:
        raise errors.ImportListDoesNotExist(name=contact_list)
    if sum(job.is_open for job in account.import_jobs.values()) >= MAX_OPEN_JOBS:
        raise errors.LimitExceeded(things="import jobs at a time", limit=MAX_OPEN_JOBS)
    job = ImportJob(
        job_id=scope.new_uuid(account),
        created_at=account.now(),
        url=url,
        data_format=data_format,
        action=action,
        contact_list=contact_list,
    )
    jobs.schedule(account, job, partial(_run, account, job))
    return account.import_jobs.put(job.job_id, job)


def check_production(account: ImportState) -> None:
    """Raise `InvalidParameterValue` if the account is in the sandbox."""
    if account.sandbox:
        raise errors.InvalidParameterValue(_SANDBOX)


def _run(account: ImportState, job: ImportJob) -> None:
    list_name = job.contact_list
    if list_name is not None and list_name not in account.contact_lists:
        raise errors.JobFailed(errors.ImportListDoesNotExist(name=list_name).message)
    apply = _ACTIONS[job.destination_type, job.action]
    failed_records = []
    for raw_record, members in _READERS[job.data_format](
        job, _decoded(account.connections.read_object(job.url))
    ):
        job.processed += 1
        try:
            apply(account, job, _record(members()))
        except errors.SESError as error:
            job.failed += 1
            failed_records.append({"record": raw_record, "error": error.message})
    if failed_records:
        data = "".join(
            f"{json.dumps(failed_record)}\n" for failed_record in failed_records
        ).encode()
        # The records are imported even if this file cannot be written.
        with suppress(errors.JobFailed):
            url = jobs.location(account, f"{job.job_id}/failed-records.json")
            job.failed_records_url = account.connections.write_object(url, data)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise errors.JobFailed(_NOT_UTF8) from None


def _json_records(_job: ImportJob, text: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each line, and a function that parses it as JSON."""
    for line in text.split("\n"):
        if line.strip():
            yield line, partial(_parsed_json, line)


def _csv_records(job: ImportJob, text: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each row, and a function that returns its members; a contact file has a header."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if "".join(row).strip()]
    except csv.Error as error:
        raise errors.JobFailed(_NOT_CSV.format(problem=error)) from None
    if job.contact_list is None:
        header = _SUPPRESSION_COLUMNS[job.action]
    else:
        header, rows = [cell.strip() for cell in rows[0]] if rows else [], rows[1:]
        if "emailAddress" not in header:
            raise errors.JobFailed(_NO_HEADER)
    for row in rows:
        yield ",".join(row), partial(_row_members, header, row)


_READERS: Mapping[str, Callable[[ImportJob, str], Iterator[tuple[str, Callable[[], Any]]]]] = {
    "JSON": _json_records,
    "CSV": _csv_records,
}


def _parsed_json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise errors.InvalidParameterValue("The record is not valid JSON.") from None


def _row_members(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """Return the members that a row would have as a JSON record."""
    if len(row) != len(header):
        raise errors.InvalidParameterValue(
            f"The record must have {len(header)} fields; it has {len(row)}."
        )
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    unsubscribe_all = cells.pop("unsubscribeAll", "")
    return {
        **{name: cell for name, cell in cells.items() if cell},
        "unsubscribeAll": _BOOLEANS.get(unsubscribe_all.lower(), unsubscribe_all),
        "topicPreferences": [
            {"topicName": name.removeprefix(_TOPIC_COLUMN), "subscriptionStatus": cell}
            for name, cell in cells.items()
            if cell and name.startswith(_TOPIC_COLUMN)
        ],
    }


def _record(members: Any) -> Record:
    if not isinstance(members, dict):
        raise errors.InvalidParameterValue("The record is not a JSON object.")
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
    for preference in preferences:
        _check_type("topicPreferences", preference, dict)
        name, status = preference.get("topicName"), preference.get("subscriptionStatus")
        _check_type("topicName", name, str)
        _check_choice("subscriptionStatus", status, _STATUSES)
        topics[name] = status
    return topics


def _check_type(member: str, value: Any, type_: type) -> None:
    if not isinstance(value, type_):
        raise errors.InvalidParameterValue(f"The record has an invalid {member}.")


def _check_choice(member: str, value: Any, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise errors.InvalidParameterValue(f"The {member} must be one of {', '.join(allowed)}.")


def _add_suppressed(account: ImportState, _job: ImportJob, record: Record) -> None:
    _check_choice("reason", record.reason, SUPPRESSED_REASONS)
    suppression.put(account, record.address, str(record.reason))


def _remove_suppressed(account: ImportState, _job: ImportJob, record: Record) -> None:
    suppression.remove(account, record.address)


def _put_contact(account: ImportState, job: ImportJob, record: Record) -> None:
    """Add or replace a contact; unlike `update`, delete preferences that the record omits."""
    list_name = str(job.contact_list)
    existing = account.contact_lists.find(list_name).contacts
    change = contacts.update if record.address in existing else contacts.add
    change(
        account,
        list_name,
        record.address,
        record.topics,
        unsubscribe_all=record.unsubscribe_all,
        attributes=record.attributes,
    )
    existing[record.address].topics = record.topics


def _remove_contact(account: ImportState, job: ImportJob, record: Record) -> None:
    contacts.remove(account, str(job.contact_list), record.address)


_ACTIONS: Mapping[tuple[str, str], Callable[[ImportState, ImportJob, Record], None]] = {
    (SUPPRESSION_LIST, PUT): _add_suppressed,
    (SUPPRESSION_LIST, DELETE): _remove_suppressed,
    (CONTACT_LIST, PUT): _put_contact,
    (CONTACT_LIST, DELETE): _remove_contact,
}
