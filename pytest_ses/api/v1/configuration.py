"""How does API v1 keep configuration sets and their event destinations?"""

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

# v1's word: v2's; where SES names them in a text, in its order.
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
# The other way round. What only v2 has is not among them, and v1 does not show it.
_TLS_POLICIES_OF_V2 = {v2: v1 for v1, v2 in _TLS_POLICIES.items()}
_EVENT_TYPES_OF_V2 = {v2: v1 for v1, v2 in _EVENT_TYPES.items()}
_SOURCES_OF_V2 = {v2: v1 for v1, v2 in _SOURCES.items()}


def create_configuration_set(account: Account, *, configuration_set: dict[str, str]) -> None:
    """Keep a new configuration set."""
    configuration_sets.create(account, ConfigurationSet(configuration_set["Name"]))


def delete_configuration_set(account: Account, *, configuration_set_name: str) -> None:
    """Drop a configuration set and its event destinations."""
    configuration_sets.delete(account, configuration_set_name)


def describe_configuration_set(
    account: Account,
    *,
    configuration_set_name: str,
    configuration_set_attribute_names: list[str] | None = None,
) -> dict[str, Any]:
    """The name of a configuration set, and the attributes that are asked for and set."""
    found = configuration_sets.find(account, configuration_set_name)
    described: dict[str, Any] = {"ConfigurationSet": {"Name": found.name}}
    for attribute in configuration_set_attribute_names or ():
        member, describe = _ATTRIBUTES[attribute]
        value = describe(found)
        if value is not None:
            described[member] = value
    return described


def list_configuration_sets(
    account: Account, *, next_token: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """The configuration sets by name."""
    found, token = paging.V1_CONFIGURATION_SETS.page(
        account, account.configuration_sets, max_items, next_token
    )
    return {
        "ConfigurationSets": [{"Name": one.name} for one in found],
        **paging.next_token(token),
    }


def create_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str, tracking_options: dict[str, str]
) -> None:
    """Set the redirect domain of a configuration set that has none."""
    wanted = TrackingOptions(_redirect_domain(tracking_options))
    configuration_sets.create_tracking(account, configuration_set_name, wanted)


def update_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str, tracking_options: dict[str, str]
) -> None:
    """Change the redirect domain of a configuration set that has one."""
    domain = _redirect_domain(tracking_options)
    configuration_sets.update_tracking(account, configuration_set_name, domain)


def delete_configuration_set_tracking_options(
    account: Account, *, configuration_set_name: str
) -> None:
    """Go back to the redirect domains of SES."""
    configuration_sets.delete_tracking(account, configuration_set_name)


def put_configuration_set_delivery_options(
    account: Account,
    *,
    configuration_set_name: str,
    delivery_options: dict[str, str] | None = None,
) -> None:
    """Require TLS or not; IP pool and delivery time, which v2 sets, stay.

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
    """Publish reputation metrics of a configuration set or not.

    Stored only: no metrics are published.
    """
    configuration_sets.set_reputation_metrics_enabled(
        account, configuration_set_name, enabled=enabled
    )


def update_configuration_set_sending_enabled(
    account: Account, *, configuration_set_name: str, enabled: bool
) -> None:
    """Send mail that names a configuration set or not."""
    configuration_sets.set_sending_enabled(account, configuration_set_name, enabled=enabled)


def create_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination: dict[str, Any]
) -> None:
    """Publish events of a configuration set to one more place."""
    definition = _definition(event_destination)
    event_destinations.create(
        account, configuration_set_name, event_destination["Name"], definition
    )


def update_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination: dict[str, Any]
) -> None:
    """Replace all that an event destination says."""
    definition = _definition(event_destination)
    event_destinations.update(
        account, configuration_set_name, event_destination["Name"], definition
    )


def delete_configuration_set_event_destination(
    account: Account, *, configuration_set_name: str, event_destination_name: str
) -> None:
    """Drop an event destination."""
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


def _event_types(words: Iterable[str]) -> list[str]:
    try:
        return [_EVENT_TYPES[word] for word in words]
    except KeyError:
        raise errors.ListedValueNotAllowed(
            path="eventDestination.matchingEventTypes", allowed=", ".join(_EVENT_TYPES)
        ) from None


def _cloudwatch(destination: dict[str, Any]) -> CloudWatchTarget:
    return CloudWatchTarget(
        tuple(
            Dimension(
                name=one["DimensionName"],
                source=_SOURCES[one["DimensionValueSource"]],
                default=one["DefaultDimensionValue"],
            )
            for one in destination["DimensionConfigurations"]
        )
    )


def _dimensions(target: CloudWatchTarget) -> list[dict[str, str]]:
    return [
        {
            "DimensionName": one.name,
            "DimensionValueSource": _SOURCES_OF_V2[one.source],
            "DefaultDimensionValue": one.default,
        }
        for one in target.dimensions
    ]


_READERS: dict[str, Callable[[dict[str, Any]], Target]] = {
    "KinesisFirehoseDestination": lambda given: FirehoseTarget(
        given["IAMRoleARN"], given["DeliveryStreamARN"]
    ),
    "CloudWatchDestination": _cloudwatch,
    "SNSDestination": lambda given: SnsTarget(given["TopicARN"]),
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


def _event_destination(found: EventDestination) -> dict[str, Any]:
    write = _WRITERS.get(type(found.target))
    return {
        "Name": found.name,
        "Enabled": found.enabled,
        "MatchingEventTypes": [
            _EVENT_TYPES_OF_V2[kind] for kind in found.event_types if kind in _EVENT_TYPES_OF_V2
        ],
        **(write(found.target) if write else {}),
    }


def _event_destinations(found: ConfigurationSet) -> list[dict[str, Any]]:
    return [_event_destination(one) for one in found.event_destinations.values()]


def _tracking(found: ConfigurationSet) -> dict[str, str] | None:
    tracking = found.tracking
    return {"CustomRedirectDomain": tracking.custom_redirect_domain} if tracking else None


def _delivery(found: ConfigurationSet) -> dict[str, str] | None:
    policy = found.delivery.tls_policy
    return {"TlsPolicy": _TLS_POLICIES_OF_V2[policy]} if policy else None


def _reputation(found: ConfigurationSet) -> dict[str, Any]:
    described: dict[str, Any] = {
        "SendingEnabled": found.sending_enabled,
        "ReputationMetricsEnabled": found.reputation_metrics_enabled,
    }
    if found.last_fresh_start is not None:
        described["LastFreshStart"] = found.last_fresh_start
    return described


_ATTRIBUTES: dict[str, tuple[str, Callable[[ConfigurationSet], Any]]] = {
    "eventDestinations": ("EventDestinations", _event_destinations),
    "trackingOptions": ("TrackingOptions", _tracking),
    "deliveryOptions": ("DeliveryOptions", _delivery),
    "reputationOptions": ("ReputationOptions", _reputation),
}
