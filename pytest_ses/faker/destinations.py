"""Event destinations, as API v2 takes them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain.configuration.event_destinations import MAX_DIMENSIONS
from pytest_ses.domain.mail.events import TYPES
from pytest_ses.domain.regions import partition_of
from pytest_ses.faker import names
from pytest_ses.wire import service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faker.providers import BaseProvider

_SOURCES = ("MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG")
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_EventDestination.html
_NOT_FOR_PINPOINT = ("DELIVERY_DELAY", "SUBSCRIPTION")


class Place(NamedTuple):
    """The account and the region that the ARNs of a value are in."""

    region: str
    account_id: str

    def arn(self, service: str, resource: str, *, is_global: bool = False) -> str:
        """Return the ARN of a resource of this account."""
        region = "" if is_global else self.region
        return f"arn:{partition_of(self.region)}:{service}:{region}:{self.account_id}:{resource}"


def event_destination(fake: BaseProvider, place: Place) -> dict[str, Any]:
    """Return the definition of an event destination, of any kind that the installed boto3 knows."""
    known = _members()
    kind = fake.random_element([kind for kind in _DESTINATIONS if kind in known])
    excluded = _NOT_FOR_PINPOINT if kind == "PinpointDestination" else ()
    types = [type_ for type_ in TYPES if type_ not in excluded]
    return {
        "Enabled": fake.generator.pybool(),
        "MatchingEventTypes": list(fake.random_elements(types, unique=True)),
        kind: _DESTINATIONS[kind](fake, place),
    }


@cache
def _members() -> frozenset[str]:
    """The members of v2's `EventDestination`; older models have no `EventBridgeDestination`."""
    operation = service("sesv2").operation("CreateConfigurationSetEventDestination")
    shape: Any = operation.input
    return frozenset(shape.members["EventDestination"].members)


def topic_arn(fake: BaseProvider, place: Place) -> str:
    """Return the ARN of an SNS topic."""
    return place.arn("sns", names.resource(fake))


def _firehose(fake: BaseProvider, place: Place) -> dict[str, str]:
    return {
        "IamRoleArn": place.arn("iam", f"role/{names.resource(fake)}", is_global=True),
        "DeliveryStreamArn": place.arn("firehose", f"deliverystream/{names.resource(fake)}"),
    }


def _cloudwatch(fake: BaseProvider, _place: Place) -> dict[str, Any]:
    dimensions = {names.resource(fake) for _ in range(fake.random_int(1, MAX_DIMENSIONS))}
    return {
        "DimensionConfigurations": [
            {
                "DimensionName": name,
                "DimensionValueSource": fake.random_element(_SOURCES),
                "DefaultDimensionValue": names.topic(fake),
            }
            for name in sorted(dimensions)
        ]
    }


def _pinpoint(fake: BaseProvider, place: Place) -> dict[str, str]:
    application = fake.hexify("^" * 32)
    return {"ApplicationArn": place.arn("mobiletargeting", f"apps/{application}")}


_DESTINATIONS: Mapping[str, Callable[[BaseProvider, Place], dict[str, Any]]] = {
    "KinesisFirehoseDestination": _firehose,
    "CloudWatchDestination": _cloudwatch,
    "SnsDestination": lambda fake, place: {"TopicArn": topic_arn(fake, place)},
    # SES accepts only the default event bus.
    "EventBridgeDestination": lambda _fake, place: {
        "EventBusArn": place.arn("events", "event-bus/default")
    },
    "PinpointDestination": _pinpoint,
}
