"""What happened to a mail?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_ses.domain.mail import records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.mail.messages import Message

# The word of the JSON by v2's.
TYPES = {
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
WORDS = {type_: word for word, type_ in TYPES.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One thing that happened to a mail.

    Attributes:
        type: the `eventType` of the JSON: `"Send"`, `"Delivery"`, `"Rendering Failure"`, ….
        message: the mail.
        recipients: whom it concerns, bare addresses; of a Send, an Open or a Click everyone.
        at: when, aware and in UTC.
        detail: what the JSON says of this type, in its own members.
        source_arn: the ARN of the identity that the sender is covered by.
        with_headers: whether the identity's notifications carry the headers of the mail.
    """

    type: str
    message: Message
    recipients: tuple[str, ...]
    at: datetime
    detail: Mapping[str, Any]
    source_arn: str
    with_headers: bool = False

    @property
    def record(self) -> dict[str, Any]:
        """The JSON that event destinations get, as a dict in the order of its members."""
        return records.record(self)

    @property
    def notification(self) -> dict[str, Any] | None:
        """The JSON that the identity's topic gets; None for types that it gets nothing of."""
        return records.notification(self)

    def summary(self) -> str:
        """One line for a report."""
        return f"{self.type} of {self.message.message_id[:16]}… for {', '.join(self.recipients)}"

    def __repr__(self) -> str:
        return f"<Event {self.summary()}>"
