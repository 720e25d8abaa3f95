"""How does API v2 count what happened?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.events import metrics
from pytest_ses.domain.events.metrics import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account


def batch_get_metric_data(account: Account, *, queries: list[dict[str, Any]]) -> dict[str, Any]:
    """How often something happened on each day on which it did, for each query.

    Computed from what was sent and what happened to it.
    """
    return {"Results": [_result(account, query) for query in queries], "Errors": []}


def _result(account: Account, asked: Mapping[str, Any]) -> dict[str, Any]:
    query = Query(
        asked["Metric"], asked["StartDate"], asked["EndDate"], asked.get("Dimensions", {})
    )
    found = metrics.counts(account, query)
    return {"Id": asked["Id"], "Timestamps": [*found], "Values": [*found.values()]}
