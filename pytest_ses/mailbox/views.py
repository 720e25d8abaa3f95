"""Messages, calls, events and planned failures as JSON."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_ses.domain.formats import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.calls import Call
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mime import Attachment
    from pytest_ses.faults.planned import PlannedFailure

_OF_MESSAGE = (
    "message_id",
    "service",
    "operation",
    "region",
    "source",
    "sender",
    "to",
    "cc",
    "bcc",
    "recipients",
    "subject",
    "text",
    "html",
    "tags",
    "configuration_set",
    "template_name",
    "template_data",
    "rendering_error",
)
_OF_CALL = ("service", "operation", "region", "account_id", "attempt")


def json_value(value: Any) -> Any:
    """Return a value with times as text and bytes in Base64."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: json_value(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    return value


def message(sent: Message) -> dict[str, Any]:
    """Return a message, with its attachments and events."""
    return {
        **message_alone(sent),
        "attachments": [attachment(file) for file in sent.attachments],
        "events": [event_of_message(event) for event in sent.events],
    }


def message_alone(sent: Message) -> dict[str, Any]:
    """Return a message without its attachments and events."""
    values = {name: getattr(sent, name) for name in _OF_MESSAGE}
    return {**values, "sent_at": timestamp(sent.sent_at)}


def event(recorded: Event) -> dict[str, Any]:
    """Return an event, with the record that event destinations receive."""
    return {
        "message_id": recorded.message.message_id,
        **event_of_message(recorded),
        "record": recorded.record,
    }


def call(logged: Call, *, value: Callable[[Any], Any] = json_value) -> dict[str, Any]:
    """Return a call; `value` converts its parameters and its response to JSON."""
    error, fault = logged.error, logged.fault
    return {
        **{name: getattr(logged, name) for name in _OF_CALL},
        "params": value(logged.params),
        "response": value(logged.response),
        "error": error and {"code": error.code, "message": error.message, "status": error.status},
        "fault": fault and fault.planned,
    }


def failure(planned: PlannedFailure, number: int) -> dict[str, Any]:
    """Return a planned failure; its ID is its number in the order of planning."""
    return {
        "id": number,
        "plan": planned.planned.partition("(")[0],
        "planned": planned.planned,
        "times": planned.options.get("times"),
        "happened": planned.fired,
        "warning": planned.warning,
    }


def attachment(file: Attachment) -> dict[str, Any]:
    """Return the name, type and size of an attachment."""
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(file.content),
    }


def event_of_message(recorded: Event) -> dict[str, Any]:
    """Return an event without its message and its record."""
    return {
        "type": recorded.type,
        "at": timestamp(recorded.at),
        "recipients": list(recorded.recipients),
    }
