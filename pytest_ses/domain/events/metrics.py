"""Metrics: the number of events by day and dimension.

As AWS documents, only messages to a single recipient outside the mailbox simulator are counted.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_BatchGetMetricDataQuery.html
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import intervals
from pytest_ses.domain.events import isps
from pytest_ses.domain.intervals import day
from pytest_ses.domain.mail import outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.events import Event


class Query(NamedTuple):
    """A query for a metric over a period, with the required values of dimensions."""

    metric: str
    start: datetime
    end: datetime
    dimensions: Mapping[str, str]


def counts(account: EventState, query: Query) -> dict[datetime, int]:
    """Return the number of events per day, by the start of the day; omit days without events.

    Raises:
        InvalidParameterValue: if the period ends before it starts.
    """
    intervals.check_interval(query.start, query.end)
    counter = Counter(
        day(event.at)
        for event in countable_events(account, query.start, query.end)
        if is_counted(query.metric, event) and _has_dimensions(event, query.dimensions)
    )
    return dict(sorted(counter.items()))


def countable_events(account: EventState, start: datetime, end: datetime) -> Iterator[Event]:
    """Yield the events of a period, both ends included, that metrics can count.

    For each message, only the first open and the first click count.
    """
    seen = set()
    for event in account.event_log:
        key = (event.message.message_id, event.type)
        if is_of_account(account, event) and start <= event.at <= end and _is_countable(event):
            if event.type not in _UNIQUE or key not in seen:
                yield event
            seen.add(key)


def is_of_account(account: EventState, event: Event) -> bool:
    """Whether the message of an event was sent by this account in this region."""
    return event.message._account is account


def is_counted(metric: str, event: Event) -> bool:
    """Whether a metric counts an event."""
    type_, applies_to = _METRICS[metric]
    return event.type == type_ and applies_to(event)


def dimension_value(name: str, event: Event) -> str | None:
    """Return the value of a dimension for an event."""
    return _DIMENSIONS[name](event)


def is_suppressed(event: Event) -> bool:
    """Whether a bounce or complaint was caused by the account's suppression list."""
    subtypes = (event.detail.get("bounceSubType"), event.detail.get("complaintSubType"))
    return outcomes.ON_ACCOUNT_LIST in subtypes


def _has_dimensions(event: Event, dimensions: Mapping[str, str]) -> bool:
    return all(dimension_value(name, event) == value for name, value in dimensions.items())


def _is_countable(event: Event) -> bool:
    recipients = event.message.recipients
    return len(recipients) == 1 and outcomes.simulator_outcomes(recipients[0]) is None


def _isp(event: Event) -> str:
    return isps.isp_of(event.message.recipients[0])


def _always(_event: Event) -> bool:
    return True


def _bounce(type_: str) -> Callable[[Event], bool]:
    return lambda event: event.detail["bounceType"] == type_ and not is_suppressed(event)


def _tracks(setting: str) -> Callable[[Event], bool]:
    """Return a predicate for events of messages whose opens or clicks are tracked."""
    return lambda event: bool(getattr(event.message._tracking, setting, False))


_UNIQUE = ("Open", "Click")
_METRICS: Mapping[str, tuple[str, Callable[[Event], bool]]] = {
    "SEND": ("Send", _always),
    "COMPLAINT": ("Complaint", lambda event: not is_suppressed(event)),
    "PERMANENT_BOUNCE": ("Bounce", _bounce("Permanent")),
    "TRANSIENT_BOUNCE": ("Bounce", _bounce("Transient")),
    "OPEN": ("Open", _always),
    "CLICK": ("Click", _always),
    "DELIVERY": ("Delivery", _always),
    "DELIVERY_OPEN": ("Delivery", _tracks("opens")),
    "DELIVERY_CLICK": ("Delivery", _tracks("clicks")),
    "DELIVERY_COMPLAINT": ("Delivery", lambda event: _isp(event) not in isps.WITHOUT_FEEDBACK),
}
_DIMENSIONS: Mapping[str, Callable[[Event], str | None]] = {
    "EMAIL_IDENTITY": lambda event: event.source_arn.rpartition(":identity/")[2],
    "CONFIGURATION_SET": lambda event: event.message.configuration_set,
    "ISP": _isp,
    "TENANT_NAME": lambda event: event.message.tenant,
}
