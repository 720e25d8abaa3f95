"""Export jobs and the files that they write. The columns of the files are our own."""

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
ALL_VALUES = "*"
RATE = "RATE"

Row = dict[str, Any]


class MetricsSource(NamedTuple):
    """Daily metrics for dimension values; `metrics` are pairs of name and aggregation."""

    start: datetime
    end: datetime
    dimensions: Mapping[str, Sequence[str]]
    metrics: Sequence[tuple[str, str]]


class InsightsSource(NamedTuple):
    """The messages of a period that match filters; `include` and `exclude` map fields to values."""

    start: datetime
    end: datetime
    include: Mapping[str, Sequence[str]]
    exclude: Mapping[str, Sequence[str]]
    max_results: int = DEFAULT_RESULTS


class ExportContent(NamedTuple):
    """The content of an export file, and how many records were processed for it."""

    processed: int
    columns: Sequence[str]
    rows: list[Row]


@dataclass(slots=True, kw_only=True)
class ExportJob(Job):
    """An export job.

    `requested_source` is its source with v2's member names, `url` the URL of the finished file.
    """

    source: MetricsSource | InsightsSource
    requested_source: Mapping[str, Any]
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
    requested_source: Mapping[str, Any],
) -> ExportJob:
    """Create an export job, which writes a file to S3.

    Raises:
        InvalidParameterValue: if the period ends before it begins, or if the dimensions cannot be
            combined.
    """
    intervals.check_interval(source.start, source.end)
    if isinstance(source, MetricsSource):
        _check_dimensions(source.dimensions)
    job = ExportJob(
        job_id=scope.new_uuid(account),
        created_at=account.now(),
        source=source,
        requested_source=requested_source,
        data_format=data_format,
    )
    jobs.schedule(account, job, partial(_run, account, job))
    return account.export_jobs.put(job.job_id, job)


def _check_dimensions(dimensions: Mapping[str, Sequence[str]]) -> None:
    """Check that, if a dimension selects every value, each dimension has a single value.

    The text is our own; SES's is unknown.
    """
    has_several = any(len(values) > 1 for values in dimensions.values())
    for name, values in dimensions.items():
        if ALL_VALUES in values and has_several:
            raise errors.InvalidParameterValue(
                f"If {name} has the value {ALL_VALUES}, each dimension must have exactly one value."
            )


def _run(account: ExportState, job: ExportJob) -> None:
    content = _CONTENTS[type(job.source)](account, job.source)
    file = _FORMATS[job.data_format](content.columns, content.rows)
    job.processed, job.exported = content.processed, len(content.rows)
    url = jobs.location(account, f"{job.job_id}/export.{job.data_format.lower()}")
    job.url = account.connections.write_object(url, file.encode())


def _insights(account: ExportState, source: InsightsSource) -> ExportContent:
    sent = insights.sent_between(account.outbox, source.start, source.end)
    rows = [
        insights.export_row(insight)
        for insight in sent
        if insights.matches_filters(insight, source.include, source.exclude)
    ]
    return ExportContent(len(sent), insights.COLUMNS, rows[: source.max_results])


def _metrics(account: ExportState, source: MetricsSource) -> ExportContent:
    """Return a row per day with events, per combination of dimension values and per metric."""
    processed = 0
    counters: dict[tuple[str, ...], Counter[str]] = {}
    for event in metrics.countable_events(account, source.start, source.end):
        values = [metrics.dimension_value(name, event) or "" for name in source.dimensions]
        if all(map(_is_selected, values, source.dimensions.values())):
            processed += 1
            counter = counters.setdefault(
                (f"{intervals.day(event.at):%Y-%m-%d}", *values), Counter()
            )
            counted_names = {"SEND", *(name for name, _ in source.metrics)}
            counter.update(name for name in counted_names if metrics.is_counted(name, event))
    columns = ["Date", *source.dimensions, "Metric", "Aggregation", "Value"]
    rows = [
        dict(
            zip(
                columns,
                (*key, name, aggregation, _aggregated(counter, name, aggregation)),
                strict=True,
            )
        )
        for key, counter in sorted(counters.items(), key=lambda row: row[0])
        for name, aggregation in source.metrics
    ]
    return ExportContent(processed, columns, rows)


def _is_selected(value: str, selected: Sequence[str]) -> bool:
    return bool(value) and (ALL_VALUES in selected or value in selected)


def _aggregated(counter: Counter[str], metric: str, aggregation: str) -> float:
    """Return the volume, or the rate relative to the messages sent on that day."""
    if aggregation != RATE:
        return counter[metric]
    return counter[metric] / counter["SEND"] if counter["SEND"] else 0.0


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
