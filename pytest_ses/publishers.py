"""How is an event told to the places that it is published to? One function for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import arns, identities, mime, records
from pytest_ses.domain.event_destinations import (
    DIMENSION_VALUE,
    SNS,
    CloudWatch,
    EventBridge,
    Firehose,
    Pinpoint,
)
from pytest_ses.domain.events import WORDS
from pytest_ses.transports.aws import says_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.event_destinations import Dimension
    from pytest_ses.domain.events import Event
    from pytest_ses.transports.aws import Neighbours
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


class Topic(NamedTuple):
    """The topic of an identity's notifications."""

    topic_arn: str


class Reach(NamedTuple):
    """What publishers need: clients of other services, and the webhooks of the test."""

    neighbours: Neighbours
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
    target: SNS | Firehose | EventBridge | CloudWatch | Pinpoint | Topic


def postings(account: Account, event: Event) -> Iterator[Posting]:
    """Everywhere that an event is to be told: event destinations, then the identity's topic."""
    name = event.message.configuration_set
    found = account.configuration_sets.get(name) if name else None
    for destination in found.event_destinations.values() if found else ():
        if destination.enabled and WORDS[event.type] in destination.event_types:
            yield Posting(event, destination.name, destination.target)
    identity = identities.covering(account, event.message.sender)
    if identity and event.type in identity.topics:
        topic = identity.topics[event.type]
        yield Posting(event, topic, Topic(topic))


def publish(posting: Posting, reach: Reach) -> None:
    """Tell an event to one place.

    Raises:
        Exception: whatever goes wrong there.
    """
    PUBLISHERS[type(posting.target)](posting.target, posting.event, reach)


def notify(topic_arn: str, reach: Reach, message: str, subject: str | None = None) -> None:
    """Publish a message to a topic: to the webhooks of the test, and to whoever answers for SNS."""
    webhooks = [one for one in reach.webhooks if one.topic_arn == topic_arn]
    for webhook in webhooks:
        webhook.publish(message, subject)
    place = arns.place(topic_arn)
    if webhooks and not reach.neighbours.answered("sns", **place):
        return
    words = {"Subject": subject} if subject else {}
    client = reach.neighbours.client("sns", **place)
    client.publish(TopicArn=topic_arn, Message=message, **words)


def _sns(target: SNS, event: Event, reach: Reach) -> None:
    notify(target.topic_arn, reach, records.text(event.record) + "\n", SUBJECT)


def _topic(target: Topic, event: Event, reach: Reach) -> None:
    notify(target.topic_arn, reach, records.text(event.notification or {}))


def _firehose(target: Firehose, event: Event, reach: Reach) -> None:
    arn = target.delivery_stream_arn
    client = reach.neighbours.client("firehose", **arns.place(arn))
    data = records.text(event.record) + "\n"
    client.put_record(DeliveryStreamName=arn.rpartition("/")[2], Record={"Data": data.encode()})


def _event_bridge(target: EventBridge, event: Event, reach: Reach) -> None:
    client = reach.neighbours.client("events", **arns.place(target.event_bus_arn))
    entry = {
        "Source": "aws.ses",
        "DetailType": DETAIL_TYPES[event.type],
        "Detail": records.text(event.record),
        "Resources": [_set_arn(event)],
        "Time": event.at.replace(microsecond=0),
        "EventBusName": target.event_bus_arn.rpartition("/")[2],
    }
    answer = client.put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        raise RuntimeError(f"EventBridge refused the event: {answer['Entries']}")


def _cloud_watch(target: CloudWatch, event: Event, reach: Reach) -> None:
    message = event.message
    client = reach.neighbours.client(
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


def _nothing(_target: Pinpoint, _event: Event, _reach: Reach) -> None:
    """Pinpoint has ended: the destination is kept, and nothing is told to it."""


PUBLISHERS: Mapping[type, Callable[[Any, Event, Reach], None]] = {
    SNS: _sns,
    Firehose: _firehose,
    EventBridge: _event_bridge,
    CloudWatch: _cloud_watch,
    Pinpoint: _nothing,
    Topic: _topic,
}


def _set_arn(event: Event) -> str:
    message = event.message
    head = event.source_arn.partition(":identity/")[0]
    return f"{head}:configuration-set/{message.configuration_set}"


def _counted(event: Event) -> int:
    """Outcomes are counted by recipient, anything else by mail."""
    by_recipient = event.type in ("Delivery", "Bounce", "Complaint", "DeliveryDelay")
    return len(event.recipients) if by_recipient else 1


def _dimensions(target: CloudWatch, event: Event) -> Iterator[list[dict[str, str]]]:
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


def is_missing(topic_arn: str, reach: Reach) -> bool:
    """Whether something answers for SNS and says that there is no such topic."""
    client = reach.neighbours.client
    return says_missing(
        lambda: client("sns", **arns.place(topic_arn)).get_topic_attributes(TopicArn=topic_arn)
    )
