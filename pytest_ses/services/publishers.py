"""How is an event told to the places that it is published to? One function for each kind."""

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
from pytest_ses.domain.mail.events import WORDS
from pytest_ses.services.clients import says_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_ses.domain.configuration.targets import Dimension
    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.services.clients import ServiceClients
    from pytest_ses.webhooks import Webhook

SUBJECT = "Amazon SES Email Event Notification"
NAMESPACE = "AWS/SES"

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
    """What publishers need: clients of other services, and the webhooks of the test."""

    clients: ServiceClients
    webhooks: Sequence[Webhook]


@dataclass(frozen=True, slots=True)
class UndeliveredEvent:
    """An event that did not arrive.

    Attributes:
        event: what was to be told.
        destination: where to: the name of the event destination, or the ARN of the topic.
        error: what went wrong.
    """

    event: Event
    destination: str
    error: Exception

    def summary(self) -> str:
        """One line for a report."""
        return f"{self.event.summary()} to {self.destination}: {self.error}"


class Posting(NamedTuple):
    """An event and one place to tell it to."""

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


def postings(account: EventState, event: Event) -> Iterator[Posting]:
    """Everywhere that an event is to be told: event destinations, then the identity's topic."""
    name = event.message.configuration_set
    found = account.configuration_sets.get(name) if name else None
    for destination in found.event_destinations.values() if found else ():
        if destination.enabled and WORDS[event.type] in destination.event_types:
            yield Posting(event, destination.name, destination.target)
    identity = identities.covering(account.identities, event.message.sender)
    if identity and event.type in identity.topics:
        topic = identity.topics[event.type]
        yield Posting(event, topic, IdentityTopic(topic))


def publish(posting: Posting, services: Services) -> None:
    """Tell an event to one place.

    Raises:
        Exception: whatever goes wrong there.
    """
    PUBLISHERS[type(posting.target)](posting.target, posting.event, services)


def notify(topic_arn: str, services: Services, message: str, subject: str | None = None) -> None:
    """Publish a message to a topic: to the webhooks of the test, and to whoever answers for SNS."""
    webhooks = [one for one in services.webhooks if one.topic_arn == topic_arn]
    for webhook in webhooks:
        webhook.publish(message, subject)
    place = arns.place(topic_arn)
    if webhooks and not services.clients.answered("sns", **place):
        return
    words = {"Subject": subject} if subject else {}
    client = services.clients.client("sns", **place)
    client.publish(TopicArn=topic_arn, Message=message, **words)


def _sns(target: SnsTarget, event: Event, services: Services) -> None:
    notify(target.topic_arn, services, formats.compact_json(event.record) + "\n", SUBJECT)


def _topic(target: IdentityTopic, event: Event, services: Services) -> None:
    notify(target.topic_arn, services, formats.compact_json(event.notification or {}))


def _firehose(target: FirehoseTarget, event: Event, services: Services) -> None:
    arn = target.delivery_stream_arn
    client = services.clients.client("firehose", **arns.place(arn))
    data = formats.compact_json(event.record) + "\n"
    client.put_record(DeliveryStreamName=arn.rpartition("/")[2], Record={"Data": data.encode()})


def _event_bridge(target: EventBridgeTarget, event: Event, services: Services) -> None:
    client = services.clients.client("events", **arns.place(target.event_bus_arn))
    entry = {
        "Source": "aws.ses",
        "DetailType": DETAIL_TYPES[event.type],
        "Detail": formats.compact_json(event.record),
        "Resources": [_set_arn(event)],
        "Time": event.at.replace(microsecond=0),
        "EventBusName": target.event_bus_arn.rpartition("/")[2],
    }
    answer = client.put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        raise RuntimeError(f"EventBridge refused the event: {answer['Entries']}")


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
            "Value": float(_counted(event)),
            "Unit": "Count",
        }
        client.put_metric_data(Namespace=NAMESPACE, MetricData=[metric])


def _nothing(_target: PinpointTarget, _event: Event, _services: Services) -> None:
    """Pinpoint has ended: the destination is kept, and nothing is told to it."""


PUBLISHERS: Mapping[type, Callable[[Any, Event, Services], None]] = {
    SnsTarget: _sns,
    FirehoseTarget: _firehose,
    EventBridgeTarget: _event_bridge,
    CloudWatchTarget: _cloud_watch,
    PinpointTarget: _nothing,
    IdentityTopic: _topic,
}


def _set_arn(event: Event) -> str:
    message = event.message
    head = event.source_arn.partition(":identity/")[0]
    return f"{head}:configuration-set/{message.configuration_set}"


def _counted(event: Event) -> int:
    """Outcomes are counted by recipient, anything else by mail."""
    by_recipient = event.type in ("Delivery", "Bounce", "Complaint", "DeliveryDelay")
    return len(event.recipients) if by_recipient else 1


def _dimensions(target: CloudWatchTarget, event: Event) -> Iterator[list[dict[str, str]]]:
    """The dimensions of the metric; none where a value has signs that SES drops it for."""
    found = [{"Name": one.name, "Value": _value(one, event)} for one in target.dimensions]
    if all(DIMENSION_VALUE.fullmatch(one["Value"]) for one in found):
        yield found


def _value(dimension: Dimension, event: Event) -> str:
    return _SOURCES[dimension.source](dimension.name, event) or dimension.default


def _tag(name: str, event: Event) -> str | None:
    return next(iter(records.tags(event).get(name, ())), None)


def _header(name: str, event: Event) -> str | None:
    fields = records.headers(event.message, event.type)
    value = mime.Headers((one["name"], one["value"]) for one in fields).get(name)
    return mime.decoded(value) if value else None


def _link_tag(name: str, event: Event) -> str | None:
    tags = event.detail.get("linkTags") or {}
    return next(iter(tags.get(name, ())), None)


_SOURCES: Mapping[str, Callable[[str, Event], str | None]] = {
    "MESSAGE_TAG": _tag,
    "EMAIL_HEADER": _header,
    "LINK_TAG": _link_tag,
}


def is_missing(topic_arn: str, services: Services) -> bool:
    """Whether something answers for SNS and says that there is no such topic."""
    client = services.clients.client
    return says_missing(
        lambda: client("sns", **arns.place(topic_arn)).get_topic_attributes(TopicArn=topic_arn)
    )
