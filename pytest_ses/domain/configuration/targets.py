"""Event destinations and the services they publish to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dimension:
    """A CloudWatch dimension, and where its value comes from.

    `source` is `MESSAGE_TAG`, `EMAIL_HEADER` or `LINK_TAG`: the tag, header or link tag called
    `name` gives the value, `default` where there is none.
    """

    name: str
    source: str
    default: str


@dataclass(frozen=True, slots=True)
class CloudWatchTarget:
    """Events are counted as metrics with these dimensions, all of them together."""

    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class FirehoseTarget:
    """Events are put on a delivery stream, in the name of a role."""

    iam_role_arn: str
    delivery_stream_arn: str


@dataclass(frozen=True, slots=True)
class SnsTarget:
    """Events are published to a topic."""

    topic_arn: str


@dataclass(frozen=True, slots=True)
class EventBridgeTarget:
    """Events are put on the default bus of the account."""

    event_bus_arn: str


@dataclass(frozen=True, slots=True)
class PinpointTarget:
    """Events are told to a Pinpoint project."""

    application_arn: str | None


Target = CloudWatchTarget | FirehoseTarget | SnsTarget | EventBridgeTarget | PinpointTarget


@dataclass(frozen=True, slots=True)
class EventDestination:
    """What events of a configuration set go where.

    Attributes:
        name: its name within the configuration set.
        enabled: whether anything is published at all.
        event_types: which events, each once, in v2's words: `SEND`, `REJECT`, `BOUNCE`,
            `COMPLAINT`, `DELIVERY`, `OPEN`, `CLICK`, `RENDERING_FAILURE`, `DELIVERY_DELAY`,
            `SUBSCRIPTION`.
        target: the one place they go to; its class says which service that is.
    """

    name: str
    enabled: bool
    event_types: tuple[str, ...]
    target: Target
