"""Message insights: the events of messages, by recipient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses.domain import errors, formats
from pytest_ses.domain.events import isps, metrics
from pytest_ses.domain.events.event_log import EventState
from pytest_ses.domain.mail import outcomes, records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message

# Events that SES does not show for messages to the mailbox simulator.
_MAILBOX_EVENTS = ("Delivery", "Bounce", "Complaint")
_ENGAGEMENT = ("Open", "Click")
COLUMNS = (
    "MessageId",
    "SendTimestamp",
    "FromEmailAddress",
    "Destination",
    "Subject",
    "Isp",
    "LastDeliveryEvent",
    "LastEngagementEvent",
)
# If a message has several of these events, the last one in this order is shown.
_DELIVERY_ORDER = ("Send", "Bounce", "Delivery", "Complaint")
_WITH_WILDCARDS = ("FromEmailAddress", "Destination", "Subject")
# A pattern can start and end with the wildcard `*`; between them, `\*` and `\\` are literal.
_PATTERN = re.compile(r"(\*?)((?:\\.|.)*?)(\*?)\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\([*\\])")


class SentState(EventState, Protocol):
    """The messages that an account sent, and the state that their events depend on."""

    outbox: list[Message]


class Insight(NamedTuple):
    """The events of a message for one recipient."""

    message: Message
    destination: str
    events: Sequence[Event]

    @property
    def isp(self) -> str:
        """The mailbox provider of the recipient."""
        return isps.isp_of(self.destination)

    @property
    def last_delivery_event(self) -> str:
        """The progress of the delivery: `SEND`, `PERMANENT_BOUNCE`, `DELIVERY`, ….

        If there are several events, this is the last one in SES's order, not the most recent one.
        """
        latest = max(
            (event for event in self.events if event.type in _DELIVERY_ORDER),
            key=lambda event: _DELIVERY_ORDER.index(event.type),
        )
        if latest.type == "Bounce":
            return f"{latest.detail['bounceType'].upper()}_BOUNCE"
        return latest.type.upper()

    @property
    def last_engagement_event(self) -> str | None:
        """`CLICK` or `OPEN`, or None if the message was neither clicked nor opened."""
        types = {event.type for event in self.events}
        return next((name.upper() for name in reversed(_ENGAGEMENT) if name in types), None)


def find(outbox: list[Message], message_id: str) -> Message:
    """Return a message that the account sent, by its ID.

    Raises:
        SentMessageDoesNotExist: if the account sent no message with this ID.
    """
    for message in outbox:
        if message.message_id == message_id:
            return message
    raise errors.SentMessageDoesNotExist(name=message_id)


def tags(message: Message) -> dict[str, str]:
    """Return the tags of a message, including those that SES adds."""
    values_by_name = records.tags(message.events[0])
    return {name: value for name, values in values_by_name.items() for value in values}


def by_recipient(message: Message) -> list[Insight]:
    """Return the insights of a message, one for each recipient."""
    events = message.events
    return [
        Insight(message, recipient, [event for event in events if _is_shown(event, recipient)])
        for recipient in message.recipients
    ]


def sent_between(outbox: list[Message], start: datetime, end: datetime) -> list[Insight]:
    """Return the insights of the messages sent in a period, including both ends."""
    return [
        insight
        for message in outbox
        if start <= message.sent_at <= end
        for insight in by_recipient(message)
    ]


def matches_filters(
    insight: Insight,
    include: Mapping[str, Sequence[str]],
    exclude: Mapping[str, Sequence[str]],
) -> bool:
    """Whether an insight matches all `include` filters and none of the `exclude` filters.

    A filter matches if the insight has one of its values. Case matters, as AWS documents.
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageInsightsFilters.html
    """
    columns = {**export_row(insight), "TenantName": insight.message.tenant}

    def has(name: str, values: Sequence[str]) -> bool:
        matches = _matches_pattern if name in _WITH_WILDCARDS else str.__eq__
        return any(matches(columns[name] or "", value) for value in values)

    return all(has(name, values) for name, values in include.items() if values) and not any(
        has(name, values) for name, values in exclude.items()
    )


def export_row(insight: Insight) -> dict[str, Any]:
    """Return a row of an exported file for an insight, by column; the format is our own."""
    message = insight.message
    values = (
        message.message_id,
        formats.timestamp(message.sent_at),
        message.sender,
        insight.destination,
        message.subject,
        insight.isp,
        insight.last_delivery_event,
        insight.last_engagement_event,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _is_shown(event: Event, recipient: str) -> bool:
    """Whether SES shows an event; for several recipients, it shows only the Send event."""
    if event.type == "Send":
        return True
    has_one_recipient = len(event.message.recipients) == 1
    is_simulated = (
        event.type in _MAILBOX_EVENTS and outcomes.simulator_outcomes(recipient) is not None
    )
    caused_by_list = event.type == "Complaint" and metrics.is_suppressed(event)
    return has_one_recipient and not is_simulated and not caused_by_list


def _matches_pattern(text: str, pattern: str) -> bool:
    """Whether a text matches a pattern, in which `*` at either end stands for any text."""
    before, escaped, after = _PATTERN.findall(pattern)[0]
    literal = _ESCAPE.sub(r"\1", escaped)
    if before and after:
        return literal in text
    if before:
        return text.endswith(literal)
    return text.startswith(literal) if after else text == literal
