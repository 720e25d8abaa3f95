"""What does a configuration set say about the mail that is sent with it?"""

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
CONFIGURATION_SETS = 10_000
EVENT_DESTINATIONS = 10
NAME_LENGTH = 64
HTTPS_POLICIES = ("OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY")
SUPPRESSED_REASONS = ("BOUNCE", "COMPLAINT")

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class TrackingOptions:
    """The domain of one's own that open and click tracking uses, and how it uses HTTPS."""

    custom_redirect_domain: str
    https_policy: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """How mail leaves SES: `REQUIRE` or `OPTIONAL` TLS, the IP pool, the seconds it is tried for."""

    tls_policy: str | None = None
    sending_pool_name: str | None = None
    max_delivery_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SuppressionOptions:
    """What overrides the suppression settings of the account.

    `suppressed_reasons` None leaves the account's in force; empty suppresses nothing.
    `validation_options` are in v2's member names.
    """

    suppressed_reasons: tuple[str, ...] | None = None
    suppression_scope: str | None = None
    validation_options: Mapping[str, Any] | None = None


@dataclass(slots=True)
class ConfigurationSet:
    """A configuration set, which v1 and v2 share.

    `last_fresh_start` is when sending was last enabled again after it had been disabled.
    `vdm_options` and `message_security_options` are in v2's member names and change nothing here.
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
            limit=EVENT_DESTINATIONS,
            about={"configuration_set": self.name},
        )

    @property
    def sending_pool_name(self) -> str | None:
        """The dedicated IP pool that messages are sent by."""
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
        limit=CONFIGURATION_SETS,
        order="name",
    )


def create(account: ConfigurationState, wanted: ConfigurationSet) -> ConfigurationSet:
    """Keep a new configuration set.

    Raises:
        InvalidParameterValue: for a bad name, an unknown IP pool.
        InvalidTrackingOptions: for a redirect domain that is not verified.
        ConfigurationSetAlreadyExists, LimitExceeded: as their names say.
    """
    check_is_new(account, wanted.name)
    if wanted.tracking:
        _check_tracking(account, wanted.tracking)
    _check_delivery(account.dedicated_ip_pools, wanted.delivery)
    return account.configuration_sets.put(wanted.name, wanted)


def check_is_new(account: ConfigurationState, name: str) -> None:
    """Refuse a name that no configuration set can have, or that one has already."""
    _check_name(name)
    if name in account.configuration_sets:
        raise errors.ConfigurationSetAlreadyExists(name=name)


def find(account: ConfigurationState, name: str) -> ConfigurationSet:
    """The configuration set of that name.

    Raises:
        InvalidParameterValue: for a name that none can have.
        ConfigurationSetDoesNotExist: as its name says.
    """
    _check_name(name)
    return account.configuration_sets.find(name)


def sending(account: ConfigurationState, name: str) -> ConfigurationSet:
    """The configuration set that a mail names.

    Raises:
        ConfigurationSetDoesNotExist, ConfigurationSetSendingPaused: as their names say.
    """
    found = account.configuration_sets.find(name)
    if not found.sending_enabled:
        raise errors.ConfigurationSetSendingPaused(name=name)
    return found


def delete(account: ConfigurationState, name: str) -> None:
    """Drop a configuration set, and its event destinations with it.

    Raises:
        ConfigurationSetDoesNotExist, TenantAssociationsLeft: as their names say.
    """
    _check_name(name)
    associations.check_none(account, "configuration-set", name)
    account.configuration_sets.remove(name)


def name_contains(part: str, found: ConfigurationSet) -> bool:
    """Whether the name has that part, in capitals or not."""
    return part.lower() in found.name.lower()


def set_sending_enabled(account: ConfigurationState, name: str, *, enabled: bool) -> None:
    """Switch sending on or off; switched on again, the reputation starts afresh."""
    found = find(account, name)
    if enabled and not found.sending_enabled:
        found.last_fresh_start = account.now()
    found.sending_enabled = enabled


def set_reputation_metrics_enabled(
    account: ConfigurationState, name: str, *, enabled: bool
) -> None:
    """Switch the publishing of reputation metrics on or off."""
    find(account, name).reputation_metrics_enabled = enabled


def put_archive(account: ConfigurationState, name: str, archive_arn: str | None) -> None:
    """Set the archive that mail is kept in; None is none."""
    find(account, name).archive_arn = archive_arn


def put_vdm_options(
    account: ConfigurationState, name: str, options: Mapping[str, Any] | None
) -> None:
    """Set what overrides the account's settings of the Virtual Deliverability Manager."""
    find(account, name).vdm_options = options


def put_message_security_options(
    account: ConfigurationState, name: str, options: Mapping[str, Any]
) -> None:
    """Set how messages are signed."""
    find(account, name).message_security_options = options


def put_tracking(account: ConfigurationState, name: str, tracking: TrackingOptions | None) -> None:
    """Set the redirect domain, or go back to those of SES.

    Raises:
        InvalidTrackingOptions: without a domain, or with one that is not verified.
        ValueNotAllowed: for an unknown HTTPS policy.
    """
    found = find(account, name)
    if tracking:
        _check_tracking(account, tracking)
    found.tracking = tracking


def create_tracking(account: ConfigurationState, name: str, tracking: TrackingOptions) -> None:
    """Set the redirect domain of a configuration set that has none.

    Raises:
        TrackingOptionsAlreadyExists, InvalidTrackingOptions: as their names say.
    """
    if find(account, name).tracking:
        raise errors.TrackingOptionsAlreadyExists(name=name)
    put_tracking(account, name, tracking)


def update_tracking(account: ConfigurationState, name: str, custom_redirect_domain: str) -> None:
    """Change the redirect domain; the HTTPS policy stays.

    Raises:
        TrackingOptionsDoesNotExist, InvalidTrackingOptions: as their names say.
    """
    present = _tracking(account, name)
    wanted = replace(present, custom_redirect_domain=custom_redirect_domain)
    put_tracking(account, name, wanted)


def delete_tracking(account: ConfigurationState, name: str) -> None:
    """Go back to the redirect domains of SES, or `TrackingOptionsDoesNotExist`."""
    _tracking(account, name)
    put_tracking(account, name, None)


def put_delivery(account: ConfigurationState, name: str, delivery: DeliveryOptions) -> None:
    """Set how mail leaves SES.

    Raises:
        InvalidParameterValue: for an IP pool that the account does not have.
    """
    found = find(account, name)
    _check_delivery(account.dedicated_ip_pools, delivery)
    found.delivery = delivery


def put_tls_policy(account: ConfigurationState, name: str, policy: str | None) -> None:
    """Require TLS or not; the other delivery options stay."""
    found = find(account, name)
    found.delivery = replace(found.delivery, tls_policy=policy)


def put_suppression(
    account: ConfigurationState, name: str, suppression: SuppressionOptions
) -> None:
    """Set what overrides the suppression settings of the account.

    Raises:
        InvalidParameterValue: for an unknown reason.
    """
    found = find(account, name)
    for reason in suppression.suppressed_reasons or ():
        if reason not in SUPPRESSED_REASONS:
            raise errors.InvalidParameterValue(
                f"Reason {reason} is invalid, must be one of [{', '.join(SUPPRESSED_REASONS)}]."
            )
    found.suppression = suppression


def _check_name(name: str) -> None:
    if not name:
        raise errors.InvalidParameterValue("The configuration set name must be specified.")
    if len(name) > NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Configuration set name cannot exceed {NAME_LENGTH} characters."
        )
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"Invalid configuration set name <{name}>: "
            "only alphanumeric ASCII characters, '_', and '-' are allowed."
        )


def _tracking(account: ConfigurationState, name: str) -> TrackingOptions:
    tracking = find(account, name).tracking
    if tracking is None:
        raise errors.TrackingOptionsDoesNotExist(name=name)
    return tracking


def _check_tracking(account: ConfigurationState, tracking: TrackingOptions) -> None:
    domain = tracking.custom_redirect_domain
    if not domain.strip():
        raise errors.RedirectDomainMissing
    if not account.is_verified(domain):
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
