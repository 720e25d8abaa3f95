"""Configuration sets and their options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses.domain import associations, errors
from pytest_ses.domain.associations import AssociationState
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.configuration import dedicated_ips
from pytest_ses.domain.configuration.dedicated_ips import DedicatedIpState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.configuration.dedicated_ips import DedicatedIpPool
    from pytest_ses.domain.configuration.targets import EventDestination

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_CONFIGURATION_SETS = 10_000
MAX_EVENT_DESTINATIONS = 10
MAX_NAME_LENGTH = 64
HTTPS_POLICIES = ("OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY")
SUPPRESSED_REASONS = ("BOUNCE", "COMPLAINT")

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class TrackingOptions:
    """The custom domain that open and click tracking uses, and its HTTPS policy."""

    custom_redirect_domain: str
    https_policy: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """How messages are delivered.

    `tls_policy` is `REQUIRE` or `OPTIONAL`; `sending_pool_name` is a dedicated IP pool;
    `max_delivery_seconds` is how long SES tries to deliver a message.
    """

    tls_policy: str | None = None
    sending_pool_name: str | None = None
    max_delivery_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SuppressionOptions:
    """Suppression options that override those of the account.

    If `suppressed_reasons` is `None`, the account's reasons apply; if it is empty, nothing is
    suppressed. `suppression_scope` is `TENANT`, `ACCOUNT` or `None`, which leaves it to the tenant.
    `validation_options` uses v2's member names.
    """

    suppressed_reasons: tuple[str, ...] | None = None
    suppression_scope: str | None = None
    validation_options: Mapping[str, Any] | None = None


@dataclass(slots=True)
class ConfigurationSet:
    """A configuration set, which v1 and v2 share.

    `last_fresh_start` is when sending was last enabled after it had been disabled. `vdm_options`
    and `message_security_options` use v2's member names; of these, only the engagement metrics in
    `vdm_options` have an effect.
    """

    name: str
    tracking: TrackingOptions | None = None
    delivery: DeliveryOptions = DeliveryOptions()
    suppression: SuppressionOptions = SuppressionOptions()
    sending_enabled: bool = True
    reputation_metrics_enabled: bool = False
    last_fresh_start: datetime | None = None
    archive_arn: str | None = None
    vdm_options: Mapping[str, Any] | None = None
    message_security_options: Mapping[str, Any] | None = None
    tags: dict[str, str] = field(default_factory=dict)
    event_destinations: Collection[EventDestination] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.event_destinations = Collection(
            "event destinations",
            missing=errors.EventDestinationDoesNotExist,
            duplicate=errors.EventDestinationAlreadyExists,
            limit=MAX_EVENT_DESTINATIONS,
            error_details={"configuration_set": self.name},
        )

    @property
    def sending_pool_name(self) -> str | None:
        """The dedicated IP pool that messages are sent from."""
        return self.delivery.sending_pool_name


class ConfigurationState(AssociationState, DedicatedIpState, Protocol):
    """The configuration sets of an account and what their options refer to."""

    configuration_sets: Collection[ConfigurationSet]

    def is_verified(self, name: str) -> bool:
        """Whether a verified identity of the account covers a domain."""
        ...


def store() -> Collection[ConfigurationSet]:
    """Return an empty store of configuration sets."""
    return Collection(
        "configuration sets",
        missing=errors.ConfigurationSetDoesNotExist,
        duplicate=errors.ConfigurationSetAlreadyExists,
        limit=MAX_CONFIGURATION_SETS,
        order="name",
    )


def create(account: ConfigurationState, configuration_set: ConfigurationSet) -> ConfigurationSet:
    """Store a new configuration set.

    Raises:
        InvalidParameterValue: if the name is invalid or the IP pool does not exist.
        InvalidTrackingOptions: if the redirect domain is missing or not verified.
        ValueNotAllowed: if the HTTPS policy is unknown.
        ConfigurationSetAlreadyExists: if the name is taken.
        LimitExceeded: if the account has 10,000 configuration sets.
    """
    check_is_new(account, configuration_set.name)
    if configuration_set.tracking:
        _check_tracking(account, configuration_set.tracking)
    _check_delivery(account.dedicated_ip_pools, configuration_set.delivery)
    return account.configuration_sets.put(configuration_set.name, configuration_set)


def check_is_new(account: ConfigurationState, name: str) -> None:
    """Reject an invalid name, and the name of an existing configuration set."""
    _check_name(name)
    if name in account.configuration_sets:
        raise errors.ConfigurationSetAlreadyExists(name=name)


def find(account: ConfigurationState, name: str) -> ConfigurationSet:
    """Return a configuration set by name.

    Raises:
        InvalidParameterValue: if the name is invalid.
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
    """
    _check_name(name)
    return account.configuration_sets.find(name)


def find_for_sending(account: ConfigurationState, name: str) -> ConfigurationSet:
    """Return the configuration set for a message that is about to be sent.

    Raises:
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        ConfigurationSetSendingPaused: if its sending is disabled.
    """
    configuration_set = account.configuration_sets.find(name)
    if not configuration_set.sending_enabled:
        raise errors.ConfigurationSetSendingPaused(name=name)
    return configuration_set


def delete(account: ConfigurationState, name: str) -> None:
    """Delete a configuration set and its event destinations.

    Raises:
        InvalidParameterValue: if the name is invalid.
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        TenantAssociationsLeft: if it belongs to a tenant.
    """
    _check_name(name)
    associations.check_unassociated(account, "configuration-set", name)
    account.configuration_sets.remove(name)


def name_contains(part: str, configuration_set: ConfigurationSet) -> bool:
    """Whether the name of a configuration set contains `part`, ignoring case."""
    return part.lower() in configuration_set.name.lower()


def set_sending_enabled(account: ConfigurationState, name: str, *, enabled: bool) -> None:
    """Enable or disable sending; enabling it again resets the reputation."""
    configuration_set = find(account, name)
    if enabled and not configuration_set.sending_enabled:
        configuration_set.last_fresh_start = account.now()
    configuration_set.sending_enabled = enabled


def set_reputation_metrics_enabled(
    account: ConfigurationState, name: str, *, enabled: bool
) -> None:
    """Enable or disable the publishing of reputation metrics."""
    find(account, name).reputation_metrics_enabled = enabled


def put_archive(account: ConfigurationState, name: str, archive_arn: str | None) -> None:
    """Set the archive that stores messages, or remove it with `None`."""
    find(account, name).archive_arn = archive_arn


def put_vdm_options(
    account: ConfigurationState, name: str, options: Mapping[str, Any] | None
) -> None:
    """Set the Virtual Deliverability Manager options that override those of the account."""
    find(account, name).vdm_options = options


def put_message_security_options(
    account: ConfigurationState, name: str, options: Mapping[str, Any]
) -> None:
    """Set the message security options."""
    find(account, name).message_security_options = options


def put_tracking(account: ConfigurationState, name: str, tracking: TrackingOptions | None) -> None:
    """Set the tracking options; with `None`, SES's own redirect domains are used.

    Raises:
        InvalidTrackingOptions: if the redirect domain is missing or not verified.
        ValueNotAllowed: if the HTTPS policy is unknown.
    """
    configuration_set = find(account, name)
    if tracking:
        _check_tracking(account, tracking)
    configuration_set.tracking = tracking


def create_tracking(account: ConfigurationState, name: str, tracking: TrackingOptions) -> None:
    """Set the tracking options of a configuration set that has none.

    The domain is checked before the configuration set, as others have observed in v1.

    Raises:
        InvalidTrackingOptions: if the redirect domain is missing or not verified.
        TrackingOptionsAlreadyExists: if the configuration set already has tracking
            options.
    """
    _check_tracking(account, tracking)
    configuration_set = find(account, name)
    if configuration_set.tracking:
        raise errors.TrackingOptionsAlreadyExists(name=name)
    configuration_set.tracking = tracking


def update_tracking(account: ConfigurationState, name: str, custom_redirect_domain: str) -> None:
    """Change the redirect domain and keep the HTTPS policy.

    The domain is checked before the configuration set, as others have observed in v1.

    Raises:
        InvalidTrackingOptions: if the redirect domain is missing or not verified.
        TrackingOptionsDoesNotExist: if the configuration set has no tracking options.
    """
    _check_tracking(account, TrackingOptions(custom_redirect_domain))
    tracking = _existing_tracking(account, name)
    put_tracking(account, name, replace(tracking, custom_redirect_domain=custom_redirect_domain))


def delete_tracking(account: ConfigurationState, name: str) -> None:
    """Delete the tracking options, so that SES's own redirect domains are used.

    Raises:
        TrackingOptionsDoesNotExist: if the configuration set has no tracking options.
    """
    _existing_tracking(account, name)
    put_tracking(account, name, None)


def put_delivery(account: ConfigurationState, name: str, delivery: DeliveryOptions) -> None:
    """Set the delivery options.

    Raises:
        InvalidParameterValue: if the IP pool does not exist.
    """
    configuration_set = find(account, name)
    _check_delivery(account.dedicated_ip_pools, delivery)
    configuration_set.delivery = delivery


def put_tls_policy(account: ConfigurationState, name: str, policy: str | None) -> None:
    """Set the TLS policy and keep the other delivery options."""
    configuration_set = find(account, name)
    configuration_set.delivery = replace(configuration_set.delivery, tls_policy=policy)


def put_suppression(
    account: ConfigurationState, name: str, suppression: SuppressionOptions
) -> None:
    """Set the suppression options that override those of the account.

    Raises:
        InvalidParameterValue: if a reason is unknown.
    """
    configuration_set = find(account, name)
    for reason in suppression.suppressed_reasons or ():
        if reason not in SUPPRESSED_REASONS:
            raise errors.InvalidParameterValue(
                f"Reason {reason} is invalid, must be one of [{', '.join(SUPPRESSED_REASONS)}]."
            )
    configuration_set.suppression = suppression


def _check_name(name: str) -> None:
    if not name:
        raise errors.InvalidParameterValue("The configuration set name must be specified.")
    if len(name) > MAX_NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Configuration set name cannot exceed {MAX_NAME_LENGTH} characters."
        )
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"Invalid configuration set name <{name}>: "
            "only alphanumeric ASCII characters, '_', and '-' are allowed."
        )


def _existing_tracking(account: ConfigurationState, name: str) -> TrackingOptions:
    tracking = find(account, name).tracking
    if tracking is None:
        raise errors.TrackingOptionsDoesNotExist(name=name)
    return tracking


def _check_tracking(account: ConfigurationState, tracking: TrackingOptions) -> None:
    domain = tracking.custom_redirect_domain
    if not domain.strip():
        raise errors.RedirectDomainMissing
    if "@" in domain or not account.is_verified(domain):
        raise errors.InvalidTrackingOptions(
            f"Domain <{domain}> is not verified under this account."
        )
    if tracking.https_policy not in (None, *HTTPS_POLICIES):
        raise errors.ValueNotAllowed(path="httpsPolicy", allowed=", ".join(HTTPS_POLICIES))


def _check_delivery(
    dedicated_ip_pools: Collection[DedicatedIpPool], delivery: DeliveryOptions
) -> None:
    pool = delivery.sending_pool_name
    if pool is None:
        return
    if not pool.strip():
        raise errors.InvalidParameterValue("sendingPoolName can't be blank.")
    if not dedicated_ips.is_pool(dedicated_ip_pools, pool):
        raise errors.InvalidParameterValue(f"SendingPool <{pool}> doesn't exist")
