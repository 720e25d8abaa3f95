"""The event destinations of configuration sets, and the rules that they must follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses.domain import arns, errors
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationState
from pytest_ses.domain.configuration.targets import (
    EMAIL_HEADER,
    CloudWatchTarget,
    Dimension,
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
MAX_DIMENSIONS = 10
MAX_NAME_LENGTH = 64
MAX_DIMENSION_LENGTH = 256
# The message that SES publishes to a topic when it becomes an event destination.
VALIDATION_MESSAGE = "Successfully validated SNS topic for Amazon SES event publishing."

_NAME = re.compile(r"[A-Za-z0-9_-]*")
_DIMENSION_NAME = re.compile(r"[A-Za-z0-9_:-]+")
DIMENSION_VALUE = re.compile(r"[A-Za-z0-9_@.-]+")
# https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html
_HEADERS_WITHOUT_DIMENSION = frozenset(
    ("received", "to", "from", "dkim-signature", "cc", "message-id", "return-path")
)
_PINPOINT_ARN = re.compile(r"arn:aws[a-z-]*:mobiletargeting:[a-z0-9-]+:[0-9]{12}:apps/[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of an event destination in a request, before it is checked."""

    enabled: bool
    event_types: Sequence[str]
    targets: Sequence[Target]


class EventDestinationState(ConfigurationState, Protocol):
    """The configuration sets of an account and the connections that validate SNS topics."""

    connections: Connections


def published_event_types(configuration_set: ConfigurationSet) -> set[str]:
    """Return the event types that an enabled destination of a configuration set receives."""
    return {
        type_
        for destination in configuration_set.event_destinations.values()
        if destination.enabled
        for type_ in destination.event_types
    }


def create(
    account: EventDestinationState, configuration_set: str, name: str, definition: Definition
) -> EventDestination:
    """Create an event destination in a configuration set.

    Raises:
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        EventDestinationAlreadyExists: if the name is taken.
        LimitExceeded: if the configuration set has 10 destinations.
        InvalidParameterValue: if the name is invalid, if there is no event type, or if there is not
            exactly one target.
        InvalidCloudWatchDestination, InvalidEventBridgeDestination, InvalidFirehoseDestination,
        InvalidPinpointDestination, InvalidSNSDestination: if the target of that kind is invalid, or
            if its topic does not exist.
    """
    destinations = configuration_sets.find(account, configuration_set).event_destinations
    _check_name(name)
    destination = _checked(account, name, definition)
    if name not in destinations:
        _validate_topic(account, destination.target)
    return destinations.add(name, destination)


def update(
    account: EventDestinationState, configuration_set: str, name: str, definition: Definition
) -> EventDestination:
    """Replace the definition of an event destination.

    Raises:
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        EventDestinationDoesNotExist: if the configuration set has no destination of that name;
            other errors as in `create`.
    """
    destinations = configuration_sets.find(account, configuration_set).event_destinations
    _check_name(name)
    destinations.find(name)
    destination = _checked(account, name, definition)
    _validate_topic(account, destination.target)
    return destinations.put(name, destination)


def delete(account: EventDestinationState, configuration_set: str, name: str) -> None:
    """Delete an event destination.

    Raises:
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        InvalidParameterValue: if the name is invalid.
        EventDestinationDoesNotExist: if the configuration set has no destination of that name.
    """
    destinations = configuration_sets.find(account, configuration_set).event_destinations
    _check_name(name)
    destinations.remove(name)


def _checked(account: EventDestinationState, name: str, definition: Definition) -> EventDestination:
    if not definition.event_types:
        raise errors.InvalidParameterValue("At least one event type must be specified.")
    target = _single_target(definition.targets)
    _CHECKS[type(target)](account, target)
    event_types = tuple(dict.fromkeys(definition.event_types))
    return EventDestination(name, definition.enabled, event_types, target)


def _check_name(name: str) -> None:
    if not name:
        # This text is our own; SES's is unknown.
        raise errors.InvalidParameterValue("The event destination name must be specified.")
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"Invalid event destination name <{name}>: "
            "only alphanumeric ASCII characters, '_', and '-' are allowed."
        )
    if len(name) > MAX_NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Event destination name cannot exceed {MAX_NAME_LENGTH} characters."
        )


def _single_target(targets: Sequence[Target]) -> Target:
    if not targets:
        raise errors.InvalidParameterValue("Event destination is not provided.")
    if len(targets) > 1:
        raise errors.InvalidParameterValue(
            "Please provide only one destination with each request. Either a Firehose Destination "
            "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
        )
    return targets[0]


def _validate_topic(account: EventDestinationState, target: Target) -> None:
    """Publish a validation message to an SNS topic, which must exist."""
    if isinstance(target, SnsTarget) and not account.connections.validate_topic(
        target.topic_arn, VALIDATION_MESSAGE
    ):
        raise errors.InvalidSNSDestination(f"SNS topic <{target.topic_arn}> not found.")


def _check_sns(account: EventDestinationState, target: SnsTarget) -> None:
    error_class = errors.InvalidSNSDestination
    _check_arn(arns.TOPIC, target.topic_arn, "a standard SNS topic", error_class)
    _check_region(account, target.topic_arn, error_class)


def _check_firehose(account: EventDestinationState, target: FirehoseTarget) -> None:
    error_class = errors.InvalidFirehoseDestination
    _check_arn(arns.ROLE, target.iam_role_arn, "an IAM role", error_class)
    stream = target.delivery_stream_arn
    _check_arn(arns.DELIVERY_STREAM, stream, "a Firehose delivery stream", error_class)
    _check_region(account, stream, error_class)


def _check_arn(
    form: re.Pattern[str], arn: str, kind: str, error_class: type[errors.Invalid]
) -> None:
    """Reject a text that is not the ARN of a kind of resource. (The text is our own.)"""
    if not form.fullmatch(arn):
        raise error_class(f"<{arn}> is not the ARN of {kind}.")


def _check_region(
    account: EventDestinationState, arn: str, error_class: type[errors.Invalid]
) -> None:
    """Reject a target in another region. (The text is our own.)"""
    if arns.location(arn)["region"] != account.region:
        raise error_class(
            f"<{arn}> is not in the region {account.region} of the configuration set."
        )


def _check_cloudwatch(_account: EventDestinationState, target: CloudWatchTarget) -> None:
    if not target.dimensions:
        raise errors.InvalidCloudWatchDestination(
            "CloudWatch metrics dimension configuration list cannot be empty."
        )
    # The texts below are our own; SES's are unknown.
    if len(target.dimensions) > MAX_DIMENSIONS:
        raise errors.InvalidCloudWatchDestination(
            f"A CloudWatch destination can have at most {MAX_DIMENSIONS} dimensions; "
            f"{len(target.dimensions)} were specified."
        )
    _check_dimension_texts(
        "name", (dimension.name for dimension in target.dimensions), _DIMENSION_NAME
    )
    _check_dimension_texts(
        "default value", (dimension.default for dimension in target.dimensions), DIMENSION_VALUE
    )
    for dimension in target.dimensions:
        _check_header_of(dimension)


def _check_dimension_texts(label: str, texts: Iterable[str], allowed: re.Pattern[str]) -> None:
    for text in texts:
        if len(text) > MAX_DIMENSION_LENGTH or not allowed.fullmatch(text):
            raise errors.InvalidCloudWatchDestination(
                f"The dimension {label} <{text}> is invalid: it must match {allowed.pattern} "
                f"and have at most {MAX_DIMENSION_LENGTH} characters."
            )


def _check_header_of(dimension: Dimension) -> None:
    name = dimension.name
    if dimension.source == EMAIL_HEADER and name.lower() in _HEADERS_WITHOUT_DIMENSION:
        raise errors.InvalidCloudWatchDestination(
            f"The header <{name}> cannot be the source of a dimension."
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
