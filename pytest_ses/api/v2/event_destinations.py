"""The operations of API v2 on the event destinations of configuration sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.configuration import configuration_sets, event_destinations
from pytest_ses.domain.configuration.event_destinations import Definition
from pytest_ses.domain.configuration.targets import (
    CloudWatchTarget,
    Dimension,
    EventBridgeTarget,
    FirehoseTarget,
    PinpointTarget,
    SnsTarget,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.configuration.targets import EventDestination, Target


def create_configuration_set_event_destination(
    account: Account,
    *,
    configuration_set_name: str,
    event_destination_name: str,
    event_destination: dict[str, Any],
) -> None:
    """Add an event destination to a configuration set."""
    definition = _definition(event_destination)
    event_destinations.create(account, configuration_set_name, event_destination_name, definition)


def get_configuration_set_event_destinations(
    account: Account, *, configuration_set_name: str
) -> dict[str, Any]:
    """Return the event destinations of a configuration set, oldest first."""
    configuration_set = configuration_sets.find(account, configuration_set_name)
    destinations = configuration_set.event_destinations.values()
    return {"EventDestinations": [_event_destination(destination) for destination in destinations]}


def update_configuration_set_event_destination(
    account: Account,
    *,
    configuration_set_name: str,
    event_destination_name: str,
    event_destination: dict[str, Any],
) -> None:
    """Replace the definition of an event destination."""
    definition = _definition(event_destination)
    event_destinations.update(account, configuration_set_name, event_destination_name, definition)


def delete_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination_name: str
) -> None:
    """Delete an event destination."""
    event_destinations.delete(account, configuration_set_name, event_destination_name)


def _definition(event_destination: dict[str, Any]) -> Definition:
    return Definition(
        enabled=event_destination.get("Enabled") or False,
        event_types=event_destination.get("MatchingEventTypes") or (),
        targets=[
            read(event_destination[member])
            for member, read in _READERS.items()
            if event_destination.get(member) is not None
        ],
    )


def _cloudwatch(destination: dict[str, Any]) -> CloudWatchTarget:
    return CloudWatchTarget(
        tuple(
            Dimension(
                name=dimension["DimensionName"],
                source=dimension["DimensionValueSource"],
                default=dimension["DefaultDimensionValue"],
            )
            for dimension in destination["DimensionConfigurations"]
        )
    )


def _dimensions(target: CloudWatchTarget) -> list[dict[str, str]]:
    return [
        {
            "DimensionName": dimension.name,
            "DimensionValueSource": dimension.source,
            "DefaultDimensionValue": dimension.default,
        }
        for dimension in target.dimensions
    ]


_READERS: dict[str, Callable[[dict[str, Any]], Target]] = {
    "KinesisFirehoseDestination": lambda members: FirehoseTarget(
        members["IamRoleArn"], members["DeliveryStreamArn"]
    ),
    "CloudWatchDestination": _cloudwatch,
    "SnsDestination": lambda members: SnsTarget(members["TopicArn"]),
    "EventBridgeDestination": lambda members: EventBridgeTarget(members["EventBusArn"]),
    "PinpointDestination": lambda members: PinpointTarget(members.get("ApplicationArn")),
}
_WRITERS: dict[type[Target], Callable[[Any], dict[str, Any]]] = {
    FirehoseTarget: lambda target: {
        "KinesisFirehoseDestination": {
            "IamRoleArn": target.iam_role_arn,
            "DeliveryStreamArn": target.delivery_stream_arn,
        }
    },
    CloudWatchTarget: lambda target: {
        "CloudWatchDestination": {"DimensionConfigurations": _dimensions(target)}
    },
    SnsTarget: lambda target: {"SnsDestination": {"TopicArn": target.topic_arn}},
    EventBridgeTarget: lambda target: {
        "EventBridgeDestination": {"EventBusArn": target.event_bus_arn}
    },
    PinpointTarget: lambda target: {
        "PinpointDestination": {"ApplicationArn": target.application_arn}
    },
}


def _event_destination(destination: EventDestination) -> dict[str, Any]:
    return {
        "Name": destination.name,
        "Enabled": destination.enabled,
        "MatchingEventTypes": list(destination.event_types),
        **_WRITERS[type(destination.target)](destination.target),
    }
