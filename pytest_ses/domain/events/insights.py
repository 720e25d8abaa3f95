"""What is known of a mail, for each of its recipients?"""

from __future__ import annotations

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

# Events that a mail to the mailbox simulator does not show.
_OF_MAILBOXES = ("Delivery", "Bounce", "Complaint")
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
# The later one of two outcomes is the one that counts.
_DELIVERY_ORDER = ("Send", "Bounce", "Delivery", "Complaint")


class SentState(EventState, Protocol):
    """The messages that an account sent, and the state their events depend on."""

    outbox: list[Message]


class Insight(NamedTuple):
    """What happened to a mail of one recipient."""

    message: Message
    destination: str
    events: Sequence[Event]

    @property
    def isp(self) -> str:
        """The provider of the recipient."""
        return isps.of(self.destination)

    @property
    def last_delivery_event(self) -> str:
        """How far the mail came: `SEND`, `PERMANENT_BOUNCE`, `DELIVERY`, ….

        Of several the one that is last in SES's order, not in time.
        """
        latest = max(
            (one for one in self.events if one.type in _DELIVERY_ORDER),
            key=lambda one: _DELIVERY_ORDER.index(one.type),
        )
        if latest.type == "Bounce":
            return f"{latest.detail['bounceType'].upper()}_BOUNCE"
        return latest.type.upper()

    @property
    def last_engagement_event(self) -> str | None:
        """`CLICK` or `OPEN`, None where the recipient did neither."""
        types = {one.type for one in self.events}
        return next((name.upper() for name in reversed(_ENGAGEMENT) if name in types), None)


def find(outbox: list[Message], message_id: str) -> Message:
    """The mail of an id that the account sent.

    Raises:
        SentMessageDoesNotExist: as its name says.
    """
    for message in outbox:
        if message.message_id == message_id:
            return message
    raise errors.SentMessageDoesNotExist(name=message_id)


def tags(message: Message) -> dict[str, str]:
    """The tags of a mail, those that SES gives it among them."""
    found = records.tags(message.events[0])
    return {name: value for name, values in found.items() for value in values}


def of(message: Message) -> list[Insight]:
    """What happened to a mail, by recipient."""
    events = message.events
    return [
        Insight(message, recipient, [one for one in events if _is_shown(one, recipient)])
        for recipient in message.recipients
    ]


def sent(outbox: list[Message], start: datetime, end: datetime) -> list[Insight]:
    """What happened to the mails that the account sent within a time, both ends included."""
    return [
        insight for message in outbox if start <= message.sent_at <= end for insight in of(message)
    ]


def passes(
    insight: Insight,
    include: Mapping[str, Sequence[str]],
    exclude: Mapping[str, Sequence[str]],
) -> bool:
    """Whether a mail has one value of each filter that includes, and none of those that exclude."""
    shown = {**members(insight), "TenantName": insight.message.tenant}
    return all(_has(shown[name], values) for name, values in include.items() if values) and not any(
        _has(shown[name], values) for name, values in exclude.items()
    )


def members(insight: Insight) -> dict[str, Any]:
    """What an exported file says of a mail; its form is ours."""
    message = insight.message
    said = (
        message.message_id,
        formats.timestamp(message.sent_at),
        message.sender,
        insight.destination,
        message.subject,
        insight.isp,
        insight.last_delivery_event,
        insight.last_engagement_event,
    )
    return dict(zip(COLUMNS, said, strict=True))


def _is_shown(event: Event, recipient: str) -> bool:
    """What SES tells of a mail: to several recipients, no more than that it was sent."""
    if event.type == "Send":
        return True
    alone = len(event.message.recipients) == 1
    simulated = event.type in _OF_MAILBOXES and outcomes.simulated(recipient) is not None
    listed = event.type == "Complaint" and metrics.suppressed(event)
    return alone and not simulated and not listed


def _has(shown: str | None, values: Sequence[str]) -> bool:
    """Whether something is one of the values, in capitals or not."""
    return (shown or "").lower() in {value.lower() for value in values}
