"""The operation of API v2 that counts events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.events import metrics
from pytest_ses.domain.events.metrics import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account


def batch_get_metric_data(account: Account, *, queries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the daily counts of an event for each query; days without events are omitted.

    Computed from the messages sent and their events.
    """
    return {"Results": [_result(account, query) for query in queries], "Errors": []}


def _result(account: Account, members: Mapping[str, Any]) -> dict[str, Any]:
    query = Query(
        members["Metric"], members["StartDate"], members["EndDate"], members.get("Dimensions", {})
    )
    counts = metrics.counts(account, query)
    return {"Id": members["Id"], "Timestamps": [*counts], "Values": [*counts.values()]}
