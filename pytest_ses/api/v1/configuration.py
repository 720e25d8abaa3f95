"""The operations of API v1 on configuration sets and their event destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import errors
from pytest_ses.domain.configuration import configuration_sets, event_destinations
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet, TrackingOptions
from pytest_ses.domain.configuration.event_destinations import Definition
from pytest_ses.domain.configuration.targets import (
    CloudWatchTarget,
    Dimension,
    FirehoseTarget,
    SnsTarget,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.configuration.targets import EventDestination, Target

# The values of v2 by those of v1, in the order in which SES's errors list them.
_TLS_POLICIES = {"Optional": "OPTIONAL", "Require": "REQUIRE"}
_EVENT_TYPES = {
    "click": "CLICK",
    "bounce": "BOUNCE",
    "send": "SEND",
    "open": "OPEN",
    "complaint": "COMPLAINT",
    "delivery": "DELIVERY",
    "renderingFailure": "RENDERING_FAILURE",
    "reject": "REJECT",
}
_SOURCES = {
    "messageTag": "MESSAGE_TAG",
    "emailHeader": "EMAIL_HEADER",
    "linkTag": "LINK_TAG",
}
# The values of v1 by those of v2. Values that only v2 has are missing; v1 does not return them.
_TLS_POLICIES_OF_V2 = {v2: v1 for v1, v2 in _TLS_POLICIES.items()}
_EVENT_TYPES_OF_V2 = {v2: v1 for v1, v2 in _EVENT_TYPES.items()}
_SOURCES_OF_V2 = {v2: v1 for v1, v2 in _SOURCES.items()}


def create_configuration_set(account: Account, *, configuration_set: dict[str, str]) -> None:
    """Create a configuration set."""
    configuration_sets.create(account, ConfigurationSet(configuration_set["Name"]))


def delete_configuration_set(account: Account, *, configuration_set_name: str) -> None:
    """Delete a configuration set and its event destinations."""
    configuration_sets.delete(account, configuration_set_name)


def describe_configuration_set(
    account: Account,
    *,
    configuration_set_name: str,
    configuration_set_attribute_names: list[str] | None = None,
) -> dict[str, Any]:
    """Return the name of a configuration set and its requested attributes, if they are set."""
    configuration_set = configuration_sets.find(account, configuration_set_name)
    response: dict[str, Any] = {"ConfigurationSet": {"Name": configuration_set.name}}
    for attribute in configuration_set_attribute_names or ():
        member, describe = _ATTRIBUTES[attribute]
        value = describe(configuration_set)
        if value is not None:
            response[member] = value
    return response


def list_configuration_sets(
    account: Account, *, next_token: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the configuration sets, sorted by name."""
    page, token = paging.V1_CONFIGURATION_SETS.page(
        account, account.configuration_sets, max_items, next_token
    )
    return {
        "ConfigurationSets": [{"Name": configuration_set.name} for configuration_set in page],
        **paging.next_token(token),
    }


def create_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str, tracking_options: dict[str, str]
) -> None:
    """Set the redirect domain of a configuration set that does not have one."""
    tracking = TrackingOptions(_redirect_domain(tracking_options))
    configuration_sets.create_tracking(account, configuration_set_name, tracking)


def update_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str, tracking_options: dict[str, str]
) -> None:
    """Change the redirect domain of a configuration set that has one."""
    domain = _redirect_domain(tracking_options)
    configuration_sets.update_tracking(account, configuration_set_name, domain)


def delete_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str
) -> None:
    """Delete the redirect domain of a configuration set; tracked links use SES's domains again."""
    configuration_sets.delete_tracking(account, configuration_set_name)


def put_configuration_set_delivery_options(
    account: Account,
    *,
    configuration_set_name: str,
    delivery_options: dict[str, str] | None = None,
) -> None:
    """Set whether TLS is required; the IP pool and maximum delivery time set in v2 are kept.

    Stored only: nothing is delivered over a network.
    """
    policy = (delivery_options or {}).get("TlsPolicy")
    if policy is not None and policy not in _TLS_POLICIES:
        raise errors.ValueNotAllowed(
            path="deliveryOptions.tlsPolicy", allowed=", ".join(_TLS_POLICIES)
        )
    configuration_sets.put_tls_policy(
        account, configuration_set_name, policy and _TLS_POLICIES[policy]
    )


def update_configuration_set_reputation_metrics_enabled(
    account: Account, *, configuration_set_name: str, enabled: bool
) -> None:
    """Enable or disable the reputation metrics of a configuration set.

    Stored only: no metrics are published.
    """
    configuration_sets.set_reputation_metrics_enabled(
        account, configuration_set_name, enabled=enabled
    )


def update_configuration_set_sending_enabled(
    account: Account, *, configuration_set_name: str, enabled: bool
) -> None:
    """Enable or disable sending with a configuration set."""
    configuration_sets.set_sending_enabled(account, configuration_set_name, enabled=enabled)


def create_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination: dict[str, Any]
) -> None:
    """Add an event destination to a configuration set."""
    definition = _definition(event_destination)
    event_destinations.create(
        account, configuration_set_name, event_destination["Name"], definition
    )


def update_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination: dict[str, Any]
) -> None:
    """Replace the definition of an event destination."""
    definition = _definition(event_destination)
    event_destinations.update(
        account, configuration_set_name, event_destination["Name"], definition
    )


def delete_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination_name: str
) -> None:
    """Delete an event destination."""
    event_destinations.delete(account, configuration_set_name, event_destination_name)


def _redirect_domain(tracking_options: dict[str, str]) -> str:
    return tracking_options.get("CustomRedirectDomain") or ""


def _definition(event_destination: dict[str, Any]) -> Definition:
    return Definition(
        enabled=event_destination.get("Enabled") or False,
        event_types=_event_types(event_destination.get("MatchingEventTypes") or ()),
        targets=[
            read(event_destination[member])
            for member, read in _READERS.items()
            if event_destination.get(member) is not None
        ],
    )


def _event_types(names: Iterable[str]) -> list[str]:
    try:
        return [_EVENT_TYPES[name] for name in names]
    except KeyError:
        raise errors.ListedValueNotAllowed(
            path="eventDestination.matchingEventTypes", allowed=", ".join(_EVENT_TYPES)
        ) from None


def _cloudwatch(destination: dict[str, Any]) -> CloudWatchTarget:
    return CloudWatchTarget(
        tuple(
            Dimension(
                name=dimension["DimensionName"],
                source=_SOURCES[dimension["DimensionValueSource"]],
                default=dimension["DefaultDimensionValue"],
            )
            for dimension in destination["DimensionConfigurations"]
        )
    )


def _dimensions(target: CloudWatchTarget) -> list[dict[str, str]]:
    return [
        {
            "DimensionName": dimension.name,
            "DimensionValueSource": _SOURCES_OF_V2[dimension.source],
            "DefaultDimensionValue": dimension.default,
        }
        for dimension in target.dimensions
    ]


_READERS: dict[str, Callable[[dict[str, Any]], Target]] = {
    "KinesisFirehoseDestination": lambda members: FirehoseTarget(
        members["IAMRoleARN"], members["DeliveryStreamARN"]
    ),
    "CloudWatchDestination": _cloudwatch,
    "SNSDestination": lambda members: SnsTarget(members["TopicARN"]),
}
_WRITERS: dict[type[Target], Callable[[Any], dict[str, Any]]] = {
    FirehoseTarget: lambda target: {
        "KinesisFirehoseDestination": {
            "IAMRoleARN": target.iam_role_arn,
            "DeliveryStreamARN": target.delivery_stream_arn,
        }
    },
    CloudWatchTarget: lambda target: {
        "CloudWatchDestination": {"DimensionConfigurations": _dimensions(target)}
    },
    SnsTarget: lambda target: {"SNSDestination": {"TopicARN": target.topic_arn}},
}


def _event_destination(destination: EventDestination) -> dict[str, Any]:
    write = _WRITERS.get(type(destination.target))
    return {
        "Name": destination.name,
        "Enabled": destination.enabled,
        "MatchingEventTypes": [
            _EVENT_TYPES_OF_V2[event_type]
            for event_type in destination.event_types
            if event_type in _EVENT_TYPES_OF_V2
        ],
        **(write(destination.target) if write else {}),
    }


def _event_destinations(configuration_set: ConfigurationSet) -> list[dict[str, Any]]:
    return [
        _event_destination(destination)
        for destination in configuration_set.event_destinations.values()
    ]


def _tracking(configuration_set: ConfigurationSet) -> dict[str, str] | None:
    tracking = configuration_set.tracking
    return {"CustomRedirectDomain": tracking.custom_redirect_domain} if tracking else None


def _delivery(configuration_set: ConfigurationSet) -> dict[str, str] | None:
    policy = configuration_set.delivery.tls_policy
    return {"TlsPolicy": _TLS_POLICIES_OF_V2[policy]} if policy else None


def _reputation(configuration_set: ConfigurationSet) -> dict[str, Any]:
    options: dict[str, Any] = {
        "SendingEnabled": configuration_set.sending_enabled,
        "ReputationMetricsEnabled": configuration_set.reputation_metrics_enabled,
    }
    if configuration_set.last_fresh_start is not None:
        options["LastFreshStart"] = configuration_set.last_fresh_start
    return options


_ATTRIBUTES: dict[str, tuple[str, Callable[[ConfigurationSet], Any]]] = {
    "eventDestinations": ("EventDestinations", _event_destinations),
    "trackingOptions": ("TrackingOptions", _tracking),
    "deliveryOptions": ("DeliveryOptions", _delivery),
    "reputationOptions": ("ReputationOptions", _reputation),
}
