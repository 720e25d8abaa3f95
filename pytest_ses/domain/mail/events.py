"""Events of messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_ses.domain.mail import records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.mail.messages import Message

EventType = Literal[
    "Send",
    "Delivery",
    "Bounce",
    "Complaint",
    "Reject",
    "Open",
    "Click",
    "Rendering Failure",
    "DeliveryDelay",
    "Subscription",
]
# The event types in the JSON records, by their names in API v2.
TYPES: Mapping[str, EventType] = {
    "SEND": "Send",
    "DELIVERY": "Delivery",
    "BOUNCE": "Bounce",
    "COMPLAINT": "Complaint",
    "REJECT": "Reject",
    "OPEN": "Open",
    "CLICK": "Click",
    "RENDERING_FAILURE": "Rendering Failure",
    "DELIVERY_DELAY": "DeliveryDelay",
    "SUBSCRIPTION": "Subscription",
}
V2_TYPES = {type_: v2_type for v2_type, type_ in TYPES.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """An event of a message.

    Attributes:
        type: the `eventType` of the record: `"Send"`, `"Delivery"`, `"Rendering Failure"`, ….
        message: the message.
        recipients: the bare addresses that the event concerns; for a Send, Open or Click, all
            recipients.
        at: the time of the event, aware and in UTC.
        detail: the members of the JSON record that belong to this type.
        source_arn: the ARN of the identity that covers the sender.
        with_headers: whether the identity's notifications include the headers of the message.
    """

    type: EventType
    message: Message
    recipients: tuple[str, ...]
    at: datetime
    detail: Mapping[str, Any]
    source_arn: str
    with_headers: bool = False

    @property
    def record(self) -> dict[str, Any]:
        """The JSON that event destinations receive, as a dict with its members in SES's order."""
        return records.record(self)

    @property
    def notification(self) -> dict[str, Any] | None:
        """The JSON that the identity's topic receives, as a dict.

        `None` for event types that identities do not publish.
        """
        return records.notification(self)

    def summary(self) -> str:
        """Return one line for reports."""
        return f"{self.type} of {self.message.message_id[:16]}… for {', '.join(self.recipients)}"

    def __repr__(self) -> str:
        return f"<Event {self.summary()}>"
