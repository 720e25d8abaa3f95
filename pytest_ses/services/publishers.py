"""Publishers of events, one function for each kind of destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import arns, formats, mime
from pytest_ses.domain.configuration.event_destinations import DIMENSION_VALUE
from pytest_ses.domain.configuration.targets import (
    CloudWatchTarget,
    EventBridgeTarget,
    FirehoseTarget,
    PinpointTarget,
    SnsTarget,
)
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail import records
from pytest_ses.domain.mail.events import V2_TYPES
from pytest_ses.services.clients import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_ses.domain.configuration.targets import Dimension
    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.services.clients import ServiceClients
    from pytest_ses.webhooks import Webhook

NAMESPACE = "AWS/SES"
_MISSING_JSONPATH = (
    'rules of EventBridge in moto require jsonpath-ng: pip install "pytest-ses[events]"'
)

DETAIL_TYPES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
    "Reject": "Email Rejected",
    "Open": "Email Opened",
    "Click": "Email Clicked",
    "Rendering Failure": "Email Rendering Failed",
    "DeliveryDelay": "Email Delivery Delayed",
    "Subscription": "Email Subscribed",
}


class IdentityTopic(NamedTuple):
    """The topic of an identity's notifications."""

    topic_arn: str


class Services(NamedTuple):
    """The clients of other services and the webhooks of the test."""

    clients: ServiceClients
    webhooks: Sequence[Webhook]


@dataclass(frozen=True, slots=True)
class UndeliveredEvent:
    """An event that could not be published.

    Attributes:
        event: the event.
        destination: the name of the event destination, or the ARN of the identity's topic.
        error: the exception that was raised when it was published.
    """

    event: Event
    destination: str
    error: Exception

    def summary(self) -> str:
        """One line for a report."""
        return f"{self.event.summary()}, not published to {self.destination}: {self.error}"


class Publication(NamedTuple):
    """An event, and one target to publish it to."""

    event: Event
    destination: str
    target: (
        SnsTarget
        | FirehoseTarget
        | EventBridgeTarget
        | CloudWatchTarget
        | PinpointTarget
        | IdentityTopic
    )


def publications(account: EventState, event: Event) -> Iterator[Publication]:
    """Yield the publications of an event: to event destinations, then to the identity's topic."""
    name = event.message.configuration_set
    configuration_set = account.configuration_sets.get(name) if name else None
    destinations = configuration_set.event_destinations if configuration_set else {}
    for destination in destinations.values():
        if destination.enabled and V2_TYPES[event.type] in destination.event_types:
            yield Publication(event, destination.name, destination.target)
    identity = identities.covering(account.identities, event.message.sender)
    if identity and event.type in identity.topics:
        topic = identity.topics[event.type]
        yield Publication(event, topic, IdentityTopic(topic))


def publish(publication: Publication, services: Services) -> None:
    """Publish an event to one destination.

    Raises:
        Exception: any error of the service or of its substitute.
    """
    PUBLISHERS[type(publication.target)](publication.target, publication.event, services)


def notify(topic_arn: str, services: Services, message: str, subject: str | None = None) -> None:
    """Publish a message to a topic: to its webhooks, and to SNS if it is available."""
    webhooks = [webhook for webhook in services.webhooks if webhook.topic_arn == topic_arn]
    for webhook in webhooks:
        webhook.publish(message, subject)
    location = arns.location(topic_arn)
    if webhooks and not services.clients.is_available("sns", **location):
        return
    options = {"Subject": subject} if subject else {}
    client = services.clients.client("sns", **location)
    client.publish(TopicArn=topic_arn, Message=message, **options)


def _sns(target: SnsTarget, event: Event, services: Services) -> None:
    notify(target.topic_arn, services, *records.sns_message(event.record))


def _topic(target: IdentityTopic, event: Event, services: Services) -> None:
    notify(target.topic_arn, services, *records.sns_message(event.notification or {}))


def _firehose(target: FirehoseTarget, event: Event, services: Services) -> None:
    arn = target.delivery_stream_arn
    client = services.clients.client("firehose", **arns.location(arn))
    data = formats.compact_json(event.record) + "\n"
    client.put_record(DeliveryStreamName=arn.rpartition("/")[2], Record={"Data": data.encode()})


def _event_bridge(target: EventBridgeTarget, event: Event, services: Services) -> None:
    client = services.clients.client("events", **arns.location(target.event_bus_arn))
    entry = {
        "Source": "aws.ses",
        "DetailType": DETAIL_TYPES[event.type],
        "Detail": formats.compact_json(event.record),
        "Resources": [_set_arn(event)],
        "Time": event.at.replace(microsecond=0),
        "EventBusName": target.event_bus_arn.rpartition("/")[2],
    }
    response = _put_event(client, entry)
    if response.get("FailedEntryCount"):
        raise RuntimeError(f"EventBridge rejected the event: {response['Entries']}")


def _put_event(client: Any, entry: Mapping[str, Any]) -> Any:
    try:
        return client.put_events(Entries=[entry])
    except ModuleNotFoundError as error:
        # In this process, moto invokes the targets of the rules that match.
        if not (error.name or "").startswith("jsonpath_ng"):
            raise
        raise ModuleNotFoundError(_MISSING_JSONPATH) from None


def _cloud_watch(target: CloudWatchTarget, event: Event, services: Services) -> None:
    message = event.message
    client = services.clients.client(
        "cloudwatch", region=message.region, account_id=message.account_id
    )
    for dimensions in _dimensions(target, event):
        metric = {
            "MetricName": event.type.replace(" ", ""),
            "Dimensions": dimensions,
            "Timestamp": event.at,
            "Value": float(_count(event)),
            "Unit": "Count",
        }
        client.put_metric_data(Namespace=NAMESPACE, MetricData=[metric])


def _pinpoint(_target: PinpointTarget, _event: Event, _services: Services) -> None:
    """Publish nothing: Amazon Pinpoint has no fake and is closed to new customers."""


PUBLISHERS: Mapping[type, Callable[[Any, Event, Services], None]] = {
    SnsTarget: _sns,
    FirehoseTarget: _firehose,
    EventBridgeTarget: _event_bridge,
    CloudWatchTarget: _cloud_watch,
    PinpointTarget: _pinpoint,
    IdentityTopic: _topic,
}


def _set_arn(event: Event) -> str:
    message = event.message
    prefix = event.source_arn.partition(":identity/")[0]
    return f"{prefix}:configuration-set/{message.configuration_set}"


def _count(event: Event) -> int:
    """Count outcomes by recipient and other events by message."""
    by_recipient = event.type in ("Delivery", "Bounce", "Complaint", "DeliveryDelay")
    return len(event.recipients) if by_recipient else 1


def _dimensions(target: CloudWatchTarget, event: Event) -> Iterator[list[dict[str, str]]]:
    """Yield the dimensions of the metric, unless SES would drop it because of a value."""
    dimensions = [
        {"Name": dimension.name, "Value": _value(dimension, event)}
        for dimension in target.dimensions
    ]
    if all(DIMENSION_VALUE.fullmatch(dimension["Value"]) for dimension in dimensions):
        yield dimensions


def _value(dimension: Dimension, event: Event) -> str:
    return _SOURCES[dimension.source](dimension.name, event) or dimension.default


def _tag(name: str, event: Event) -> str | None:
    return next(iter(records.tags(event).get(name, ())), None)


def _header(name: str, event: Event) -> str | None:
    fields = records.headers(event.message, event.type)
    value = mime.Headers((field["name"], field["value"]) for field in fields).get(name)
    return mime.decode_header(value) if value else None


def _link_tag(name: str, event: Event) -> str | None:
    tags = event.detail.get("linkTags") or {}
    return next(iter(tags.get(name, ())), None)


_SOURCES: Mapping[str, Callable[[str, Event], str | None]] = {
    "MESSAGE_TAG": _tag,
    "EMAIL_HEADER": _header,
    "LINK_TAG": _link_tag,
}


def is_missing_topic(topic_arn: str, services: Services) -> bool:
    """Whether SNS is available and reports that the topic does not exist."""
    client = services.clients.client
    return is_missing(
        lambda: client("sns", **arns.location(topic_arn)).get_topic_attributes(TopicArn=topic_arn)
    )
