"""How much of what happened, by day and by dimension?

What counts is what the documentation of the metrics says: only mails to one recipient, and of
those to the mailbox simulator no outcome. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_BatchGetMetricDataQuery.html
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
    """Which metric of which time, of what has these dimensions."""

    metric: str
    start: datetime
    end: datetime
    dimensions: Mapping[str, str]


def counts(account: EventState, query: Query) -> dict[datetime, int]:
    """How often it happened on each day on which it did, by the beginning of the day.

    Raises:
        InvalidParameterValue: for a time that ends before it begins.
    """
    intervals.check_interval(query.start, query.end)
    found = Counter(
        day(event.at)
        for event in countable(account, query.start, query.end)
        if is_counted(query.metric, event) and _fits(event, query.dimensions)
    )
    return dict(sorted(found.items()))


def countable(account: EventState, start: datetime, end: datetime) -> Iterator[Event]:
    """What happened within a time, both ends included, to mails that metrics speak of.

    An open or a click is only there once for each mail.
    """
    seen = set()
    for event in account.event_log:
        key = (event.message.message_id, event.type)
        if is_of(account, event) and start <= event.at <= end and _is_tracked(event):
            if event.type not in _UNIQUE or key not in seen:
                yield event
            seen.add(key)


def is_of(account: EventState, event: Event) -> bool:
    """Whether a mail of this account, sent in its region, met an event."""
    return event.message.account is account


def is_counted(metric: str, event: Event) -> bool:
    """Whether an event is one of those that a metric counts."""
    type_, fits = _METRICS[metric]
    return event.type == type_ and fits(event)


def dimension(name: str, event: Event) -> str | None:
    """What an event has for a dimension."""
    return _DIMENSIONS[name](event)


def suppressed(event: Event) -> bool:
    """Whether a bounce or a complaint comes of the account's own suppression list."""
    subtypes = (event.detail.get("bounceSubType"), event.detail.get("complaintSubType"))
    return outcomes.ON_ACCOUNT_LIST in subtypes


def _fits(event: Event, dimensions: Mapping[str, str]) -> bool:
    return all(dimension(name, event) == value for name, value in dimensions.items())


def _is_tracked(event: Event) -> bool:
    recipients = event.message.recipients
    return len(recipients) == 1 and outcomes.simulated(recipients[0]) is None


def _isp(event: Event) -> str:
    return isps.of(event.message.recipients[0])


def _always(_event: Event) -> bool:
    return True


def _bounce(type_: str) -> Callable[[Event], bool]:
    return lambda event: event.detail["bounceType"] == type_ and not suppressed(event)


def _shows(what: str) -> Callable[[Event], bool]:
    """Whether the mail tells of its opens or clicks."""
    return lambda event: bool(getattr(event.message.tracking, what, False))


_UNIQUE = ("Open", "Click")
_METRICS: Mapping[str, tuple[str, Callable[[Event], bool]]] = {
    "SEND": ("Send", _always),
    "COMPLAINT": ("Complaint", lambda event: not suppressed(event)),
    "PERMANENT_BOUNCE": ("Bounce", _bounce("Permanent")),
    "TRANSIENT_BOUNCE": ("Bounce", _bounce("Transient")),
    "OPEN": ("Open", _always),
    "CLICK": ("Click", _always),
    "DELIVERY": ("Delivery", _always),
    "DELIVERY_OPEN": ("Delivery", _shows("opens")),
    "DELIVERY_CLICK": ("Delivery", _shows("clicks")),
    "DELIVERY_COMPLAINT": ("Delivery", lambda event: _isp(event) not in isps.WITHOUT_FEEDBACK),
}
_DIMENSIONS: Mapping[str, Callable[[Event], str | None]] = {
    "EMAIL_IDENTITY": lambda event: event.source_arn.rpartition(":identity/")[2],
    "CONFIGURATION_SET": lambda event: event.message.configuration_set,
    "ISP": _isp,
    "TENANT_NAME": lambda event: event.message.tenant,
}
