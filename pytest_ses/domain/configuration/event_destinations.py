"""Where does a configuration set send word of what happens to its mail?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationState
from pytest_ses.domain.configuration.targets import (
    CloudWatchTarget,
    EventBridgeTarget,
    EventDestination,
    FirehoseTarget,
    PinpointTarget,
    SnsTarget,
    Target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.connections import Connections

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
DIMENSIONS = 10
NAME_LENGTH = 64
DIMENSION_LENGTH = 256
# What a topic is told when it becomes one.
VALIDATION_MESSAGE = "Successfully validated SNS topic for Amazon SES event publishing."

_NAME = re.compile(r"[A-Za-z0-9_-]*")
_DIMENSION_NAME = re.compile(r"[A-Za-z0-9_:-]+")
DIMENSION_VALUE = re.compile(r"[A-Za-z0-9_@.-]+")
_REGION_OF_ARN = re.compile(r"arn:[^:]+:[^:]+:([a-z0-9-]+):")
_PINPOINT_ARN = re.compile(r"arn:aws[a-z-]*:mobiletargeting:[a-z0-9-]+:[0-9]{12}:apps/[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a request says of an event destination, before it is checked."""

    enabled: bool
    event_types: Sequence[str]
    targets: Sequence[Target]


class EventDestinationState(ConfigurationState, Protocol):
    """The configuration sets of an account and the topics it can validate."""

    connections: Connections


def wanted(configuration_set: ConfigurationSet) -> set[str]:
    """The types of events that an enabled destination is told of."""
    return {
        type_
        for destination in configuration_set.event_destinations.values()
        if destination.enabled
        for type_ in destination.event_types
    }


def create(
    account: EventDestinationState, configuration_set: str, name: str, definition: Definition
) -> EventDestination:
    """Give a configuration set one more event destination.

    Raises:
        ConfigurationSetDoesNotExist, EventDestinationAlreadyExists, LimitExceeded: as their names
            say.
        InvalidParameterValue: for a bad name, no event type, and no or several targets.
        InvalidCloudWatchDestination, InvalidEventBridgeDestination, InvalidFirehoseDestination,
        InvalidPinpointDestination, InvalidSNSDestination: for a target that breaks a rule of its
            kind, or a topic that is not there.
    """
    kept = configuration_sets.find(account, configuration_set).event_destinations
    destination = _checked(account, name, definition)
    if name not in kept:
        _greet(account, destination.target)
    return kept.add(name, destination)


def update(
    account: EventDestinationState, configuration_set: str, name: str, definition: Definition
) -> EventDestination:
    """Replace all that an event destination says.

    Raises:
        ConfigurationSetDoesNotExist, EventDestinationDoesNotExist: as their names say; otherwise
            see `create`.
    """
    kept = configuration_sets.find(account, configuration_set).event_destinations
    kept.find(name)
    destination = _checked(account, name, definition)
    _greet(account, destination.target)
    return kept.put(name, destination)


def delete(account: EventDestinationState, configuration_set: str, name: str) -> None:
    """Drop an event destination.

    Raises:
        ConfigurationSetDoesNotExist, EventDestinationDoesNotExist: as their names say.
    """
    configuration_sets.find(account, configuration_set).event_destinations.remove(name)


def _checked(account: EventDestinationState, name: str, definition: Definition) -> EventDestination:
    _check_name(name)
    if not definition.event_types:
        raise errors.InvalidParameterValue("At least one event type must be specified.")
    target = _only(definition.targets)
    _CHECKS[type(target)](account, target)
    event_types = tuple(dict.fromkeys(definition.event_types))
    return EventDestination(name, definition.enabled, event_types, target)


def _check_name(name: str) -> None:
    if not name:
        # No source tells SES's words; these are ours.
        raise errors.InvalidParameterValue("The event destination name must be specified.")
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"Invalid event destination name <{name}>: "
            "only alphanumeric ASCII characters, '_', and '-' are allowed."
        )
    if len(name) > NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Event destination name cannot exceed {NAME_LENGTH} characters."
        )


def _only(targets: Sequence[Target]) -> Target:
    if not targets:
        raise errors.InvalidParameterValue("Event destination is not provided.")
    if len(targets) > 1:
        raise errors.InvalidParameterValue(
            "Please provide only one destination with each request. Either a Firehose Destination "
            "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
        )
    return targets[0]


def _greet(account: EventDestinationState, target: Target) -> None:
    """Let a topic know, and learn whether it is there, as far as something answers for SNS."""
    if isinstance(target, SnsTarget) and not account.connections.validate_topic(
        target.topic_arn, VALIDATION_MESSAGE
    ):
        raise errors.InvalidSNSDestination(f"SNS topic <{target.topic_arn}> not found.")


def _check_sns(account: EventDestinationState, target: SnsTarget) -> None:
    _check_region(account, target.topic_arn, errors.InvalidSNSDestination)


def _check_firehose(account: EventDestinationState, target: FirehoseTarget) -> None:
    _check_region(account, target.delivery_stream_arn, errors.InvalidFirehoseDestination)


def _check_region(account: EventDestinationState, arn: str, refusal: type[errors.Invalid]) -> None:
    """Events stay in their region. (The text is ours.)"""
    region = _REGION_OF_ARN.match(arn)
    if region and region[1] != account.region:
        raise refusal(f"<{arn}> is not in the region {account.region} of the configuration set.")


def _check_cloudwatch(_account: EventDestinationState, target: CloudWatchTarget) -> None:
    if not target.dimensions:
        raise errors.InvalidCloudWatchDestination(
            "CloudWatch metrics dimension configuration list cannot be empty."
        )
    # No source tells SES's words for the rest; these are ours.
    if len(target.dimensions) > DIMENSIONS:
        raise errors.InvalidCloudWatchDestination(
            f"A CloudWatch destination has at most {DIMENSIONS} dimensions; "
            f"these are {len(target.dimensions)}."
        )
    _check_words("name", (one.name for one in target.dimensions), _DIMENSION_NAME)
    _check_words("default value", (one.default for one in target.dimensions), DIMENSION_VALUE)


def _check_words(what: str, words: Iterable[str], allowed: re.Pattern[str]) -> None:
    for word in words:
        if len(word) > DIMENSION_LENGTH or not allowed.fullmatch(word):
            raise errors.InvalidCloudWatchDestination(
                f"The dimension {what} <{word}> does not match {allowed.pattern} "
                f"with at most {DIMENSION_LENGTH} characters."
            )


def _check_event_bridge(account: EventDestinationState, target: EventBridgeTarget) -> None:
    default = (
        f"arn:{account.partition}:events:{account.region}:{account.account_id}:event-bus/default"
    )
    if target.event_bus_arn != default:
        raise errors.InvalidEventBridgeDestination(arn=target.event_bus_arn, default=default)


def _check_pinpoint(_account: EventDestinationState, target: PinpointTarget) -> None:
    if not _PINPOINT_ARN.fullmatch(target.application_arn or ""):
        raise errors.InvalidPinpointDestination(arn=target.application_arn or "null")


_CHECKS: dict[type[Target], Callable[[EventDestinationState, Any], None]] = {
    CloudWatchTarget: _check_cloudwatch,
    EventBridgeTarget: _check_event_bridge,
    FirehoseTarget: _check_firehose,
    PinpointTarget: _check_pinpoint,
    SnsTarget: _check_sns,
}
