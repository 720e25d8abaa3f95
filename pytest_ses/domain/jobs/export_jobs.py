"""What is in the file of an export job? The columns of the files are ours."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses.domain import errors, intervals, scope
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.events import insights, metrics
from pytest_ses.domain.events.insights import SentState
from pytest_ses.domain.jobs import jobs
from pytest_ses.domain.jobs.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


DEFAULT_RESULTS = 1000
METRICS_DATA, MESSAGE_INSIGHTS = "METRICS_DATA", "MESSAGE_INSIGHTS"
EVERY = "*"
RATE = "RATE"

Row = dict[str, Any]


class MetricsSource(NamedTuple):
    """Numbers by day: the metrics with their aggregation, for these values of each dimension."""

    start: datetime
    end: datetime
    dimensions: Mapping[str, Sequence[str]]
    metrics: Sequence[tuple[str, str]]


class InsightsSource(NamedTuple):
    """Mails of a time, and which values of what is known of them to include and to exclude."""

    start: datetime
    end: datetime
    include: Mapping[str, Sequence[str]]
    exclude: Mapping[str, Sequence[str]]
    most: int = DEFAULT_RESULTS


class ExportContent(NamedTuple):
    """What an export found: how much it looked at, and the rows of its file."""

    processed: int
    columns: Sequence[str]
    rows: list[Row]


@dataclass(slots=True, kw_only=True)
class ExportJob(Job):
    """An export; `asked` is its source in v2's member names, `url` where the file is in the end."""

    source: MetricsSource | InsightsSource
    asked: Mapping[str, Any]
    data_format: str
    url: str | None = None
    processed: int | None = None
    exported: int | None = None

    @property
    def source_type(self) -> str:
        """`METRICS_DATA` or `MESSAGE_INSIGHTS`."""
        return METRICS_DATA if isinstance(self.source, MetricsSource) else MESSAGE_INSIGHTS


class ExportState(SentState, Protocol):
    """The export jobs of an account and the messages they report on."""

    export_jobs: Collection[ExportJob]


def store() -> Collection[ExportJob]:
    """Return an empty store of export jobs."""
    return Collection("export jobs", missing=errors.JobDoesNotExist, order="newest first")


def create(
    account: ExportState,
    source: MetricsSource | InsightsSource,
    data_format: str,
    *,
    asked: Mapping[str, Any],
) -> ExportJob:
    """Begin to write a file.

    Raises:
        InvalidParameterValue: for a time that ends before it begins, or dimensions that do not go
            together.
    """
    intervals.check_interval(source.start, source.end)
    if isinstance(source, MetricsSource):
        _check_dimensions(source.dimensions)
    job = ExportJob(
        job_id=scope.new_uuid(account),
        created_at=account.now(),
        source=source,
        asked=asked,
        data_format=data_format,
    )
    jobs.plan(account, job, partial(_run, account, job))
    return account.export_jobs.put(job.job_id, job)


def _check_dimensions(dimensions: Mapping[str, Sequence[str]]) -> None:
    """Of dimensions beside one with every value, each has one value; the text is ours."""
    for name, values in dimensions.items():
        others = [listed for other, listed in dimensions.items() if other != name]
        if EVERY in values and any(len(listed) > 1 for listed in (values, *others)):
            raise errors.InvalidParameterValue(
                f"Where {name} has the value {EVERY}, each dimension has one value."
            )


def _run(account: ExportState, job: ExportJob) -> None:
    found = _CONTENTS[type(job.source)](account, job.source)
    written = _FORMATS[job.data_format](found.columns, found.rows)
    job.processed, job.exported = found.processed, len(found.rows)
    where = jobs.location(account, f"{job.job_id}/export.{job.data_format.lower()}")
    job.url = account.connections.write_object(where, written.encode())


def _insights(account: ExportState, source: InsightsSource) -> ExportContent:
    sent = insights.sent(account.outbox, source.start, source.end)
    rows = [
        insights.members(one)
        for one in sent
        if insights.passes(one, source.include, source.exclude)
    ]
    return ExportContent(len(sent), insights.COLUMNS, rows[: source.most])


def _metrics(account: ExportState, source: MetricsSource) -> ExportContent:
    """A row for each metric on each day on which something happened, and for each dimension."""
    processed = 0
    found: dict[tuple[str, ...], Counter[str]] = {}
    for event in metrics.countable(account, source.start, source.end):
        values = [metrics.dimension(name, event) or "" for name in source.dimensions]
        if all(map(_is_wanted, values, source.dimensions.values())):
            processed += 1
            counted = found.setdefault((f"{intervals.day(event.at):%Y-%m-%d}", *values), Counter())
            asked = {"SEND", *(name for name, _ in source.metrics)}
            counted.update(name for name in asked if metrics.is_counted(name, event))
    columns = ["Date", *source.dimensions, "Metric", "Aggregation", "Value"]
    rows = [
        dict(zip(columns, (*place, name, how, _aggregated(counted, name, how)), strict=True))
        for place, counted in sorted(found.items(), key=lambda row: row[0])
        for name, how in source.metrics
    ]
    return ExportContent(processed, columns, rows)


def _is_wanted(value: str, wanted: Sequence[str]) -> bool:
    return bool(value) and (EVERY in wanted or value in wanted)


def _aggregated(counted: Counter[str], metric: str, how: str) -> float:
    """The volume, or the rate of what was sent on that day."""
    if how != RATE:
        return counted[metric]
    return counted[metric] / counted["SEND"] if counted["SEND"] else 0.0


_CONTENTS: Mapping[type, Callable[[ExportState, Any], ExportContent]] = {
    MetricsSource: _metrics,
    InsightsSource: _insights,
}


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _json(_columns: Sequence[str], rows: Sequence[Row]) -> str:
    return json.dumps(rows)


_FORMATS: Mapping[str, Callable[[Sequence[str], Sequence[Row]], str]] = {"CSV": _csv, "JSON": _json}
