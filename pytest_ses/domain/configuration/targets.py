"""Event destinations and the services they publish to."""

from __future__ import annotations

from dataclasses import dataclass

EMAIL_HEADER = "EMAIL_HEADER"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A CloudWatch dimension and the source of its value.

    The value is that of the message tag, header or link tag called `name`, depending on `source`
    (`MESSAGE_TAG`, `EMAIL_HEADER` or `LINK_TAG`), or `default` if there is none.
    """

    name: str
    source: str
    default: str


@dataclass(frozen=True, slots=True)
class CloudWatchTarget:
    """CloudWatch metrics that count the events, each with all of these dimensions."""

    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class FirehoseTarget:
    """A Firehose delivery stream, and the IAM role whose permissions are used."""

    iam_role_arn: str
    delivery_stream_arn: str


@dataclass(frozen=True, slots=True)
class SnsTarget:
    """An SNS topic to which events are published."""

    topic_arn: str


@dataclass(frozen=True, slots=True)
class EventBridgeTarget:
    """An EventBridge event bus, which must be the account's default one."""

    event_bus_arn: str


@dataclass(frozen=True, slots=True)
class PinpointTarget:
    """A Pinpoint project to which events are sent."""

    application_arn: str | None


Target = CloudWatchTarget | FirehoseTarget | SnsTarget | EventBridgeTarget | PinpointTarget


@dataclass(frozen=True, slots=True)
class EventDestination:
    """An event destination of a configuration set.

    Attributes:
        name: its name, unique in the configuration set.
        enabled: whether events are published.
        event_types: the types of events that it receives, without duplicates, in v2's spelling:
            `SEND`, `REJECT`, `BOUNCE`, `COMPLAINT`, `DELIVERY`, `OPEN`, `CLICK`,
            `RENDERING_FAILURE`, `DELIVERY_DELAY`, `SUBSCRIPTION`.
        target: where the events are published; its class determines the service.
    """

    name: str
    enabled: bool
    event_types: tuple[str, ...]
    target: Target
