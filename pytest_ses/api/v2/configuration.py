"""The operations of API v2 on configuration sets."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import errors, resource_tags
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import (
    ConfigurationSet,
    DeliveryOptions,
    SuppressionOptions,
    TrackingOptions,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.domain.account import Account

_NAME_CONTAINS = "CONFIGURATION_SET_NAME_CONTAINS"
_FILTER_LENGTHS = range(3, 65)
# In the order in which SES's errors list them.
_TLS_POLICIES = ("OPTIONAL", "REQUIRE")


def create_configuration_set(
    account: Account,
    *,
    configuration_set_name: str,
    tracking_options: dict[str, Any] | None = None,
    delivery_options: dict[str, Any] | None = None,
    reputation_options: dict[str, Any] | None = None,
    sending_options: dict[str, Any] | None = None,
    tags: list[dict[str, str]] | None = None,
    suppression_options: dict[str, Any] | None = None,
    vdm_options: dict[str, Any] | None = None,
    archiving_options: dict[str, Any] | None = None,
    message_security_options: dict[str, Any] | None = None,
) -> None:
    """Create a configuration set; omitted options have SES's defaults.

    If a structure of options is given, any boolean omitted from it is false.
    """
    configuration_sets.check_is_new(account, configuration_set_name)
    configuration_set = ConfigurationSet(
        configuration_set_name,
        tracking=_tracking(tracking_options),
        delivery=_delivery(delivery_options or {}),
        suppression=_suppression(suppression_options),
        sending_enabled=_flag(sending_options, "SendingEnabled", default=True),
        reputation_metrics_enabled=_flag(
            reputation_options, "ReputationMetricsEnabled", default=True
        ),
        archive_arn=(archiving_options or {}).get("ArchiveArn"),
        vdm_options=deepcopy(vdm_options),
        message_security_options=deepcopy(message_security_options),
        tags=resource_tags.parse(tags),
    )
    configuration_sets.create(account, configuration_set)


def update_configuration_set(
    account: Account,
    *,
    configuration_set_name: str,
    message_security_options: dict[str, Any] | None = None,
) -> None:
    """Change the given options of a configuration set; other options are kept.

    This operation requires botocore 1.44 or newer.

    Stored only: messages are not signed.
    """
    configuration_sets.find(account, configuration_set_name)
    if message_security_options:
        configuration_sets.put_message_security_options(
            account, configuration_set_name, deepcopy(message_security_options)
        )


def get_configuration_set(account: Account, *, configuration_set_name: str) -> dict[str, Any]:
    """Return the settings of a configuration set; options that were never set are omitted."""
    configuration_set = configuration_sets.find(account, configuration_set_name)
    response = {
        "ConfigurationSetName": configuration_set.name,
        "Tags": resource_tags.to_list(configuration_set.tags),
        "SendingOptions": {"SendingEnabled": configuration_set.sending_enabled},
        "ReputationOptions": without_none(
            ReputationMetricsEnabled=configuration_set.reputation_metrics_enabled,
            LastFreshStart=configuration_set.last_fresh_start,
        ),
    }
    blocks = {member: describe(configuration_set) for member, describe in _BLOCKS.items()}
    return response | {member: block for member, block in blocks.items() if block}


def list_configuration_sets(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List all configuration sets, or those whose name contains a text, sorted by name."""
    page, token = paging.V2_CONFIGURATION_SETS.page(
        account, account.configuration_sets, page_size, next_token, _where(filter or {})
    )
    return {
        "ConfigurationSets": [configuration_set.name for configuration_set in page],
        **paging.next_token(token),
    }


def delete_configuration_set(account: Account, *, configuration_set_name: str) -> None:
    """Delete a configuration set and its event destinations."""
    configuration_sets.delete(account, configuration_set_name)


def put_configuration_set_archiving_options(
    account: Account, *, configuration_set_name: str, archive_arn: str | None = None
) -> None:
    """Archive the messages of a configuration set; without an archive ARN, stop archiving.

    Stored only: messages are not archived.
    """
    configuration_sets.put_archive(account, configuration_set_name, archive_arn)


def put_configuration_set_delivery_options(
    account: Account,
    *,
    configuration_set_name: str,
    tls_policy: str | None = None,
    sending_pool_name: str | None = None,
    max_delivery_seconds: int | None = None,
) -> None:
    """Set the delivery options of a configuration set; omitted options are reset to the defaults.

    Stored only: nothing is delivered over a network.
    """
    if tls_policy not in (None, *_TLS_POLICIES):
        raise errors.ValueNotAllowed(path="tlsPolicy", allowed=", ".join(_TLS_POLICIES))
    delivery = DeliveryOptions(tls_policy, sending_pool_name, max_delivery_seconds)
    configuration_sets.put_delivery(account, configuration_set_name, delivery)


def put_configuration_set_reputation_options(
    account: Account,
    *,
    configuration_set_name: str,
    reputation_metrics_enabled: bool | None = None,
) -> None:
    """Enable or disable the reputation metrics of a configuration set; defaults to disabled.

    Stored only: no metrics are published.
    """
    enabled = reputation_metrics_enabled or False
    configuration_sets.set_reputation_metrics_enabled(
        account, configuration_set_name, enabled=enabled
    )


def put_configuration_set_sending_options(
    account: Account, *, configuration_set_name: str, sending_enabled: bool | None = None
) -> None:
    """Enable or disable sending with a configuration set; defaults to disabled."""
    enabled = sending_enabled or False
    configuration_sets.set_sending_enabled(account, configuration_set_name, enabled=enabled)


def put_configuration_set_suppression_options(
    account: Account,
    *,
    configuration_set_name: str,
    suppression_scope: str | None = None,
    suppressed_reasons: list[str] | None = None,
    validation_options: dict[str, Any] | None = None,
) -> None:
    """Override the account's suppression settings; an empty reason list disables suppression."""
    suppression = SuppressionOptions(
        None if suppressed_reasons is None else tuple(suppressed_reasons),
        suppression_scope,
        deepcopy(validation_options),
    )
    configuration_sets.put_suppression(account, configuration_set_name, suppression)


def put_configuration_set_tracking_options(
    account: Account,
    *,
    configuration_set_name: str,
    custom_redirect_domain: str | None = None,
    https_policy: str | None = None,
) -> None:
    """Set the redirect domain and HTTPS policy; without options, reset them to SES's defaults."""
    options = without_none(CustomRedirectDomain=custom_redirect_domain, HttpsPolicy=https_policy)
    configuration_sets.put_tracking(account, configuration_set_name, _tracking(options))


def put_configuration_set_vdm_options(
    account: Account, *, configuration_set_name: str, vdm_options: dict[str, Any] | None = None
) -> None:
    """Override the account's Virtual Deliverability Manager settings, or remove the override.

    Its engagement metrics turn on tracking; nothing else of the manager is simulated.
    """
    configuration_sets.put_vdm_options(account, configuration_set_name, deepcopy(vdm_options))


def _flag(block: dict[str, Any] | None, member: str, *, default: bool) -> bool:
    return default if block is None else block.get(member) or False


def _tracking(block: dict[str, Any] | None) -> TrackingOptions | None:
    if not block:
        return None
    return TrackingOptions(block.get("CustomRedirectDomain") or "", block.get("HttpsPolicy"))


def _delivery(block: dict[str, Any]) -> DeliveryOptions:
    return DeliveryOptions(
        block.get("TlsPolicy"), block.get("SendingPoolName"), block.get("MaxDeliverySeconds")
    )


def _suppression(block: dict[str, Any] | None) -> SuppressionOptions:
    if block is None:
        return SuppressionOptions()
    reasons, scope = block.get("SuppressedReasons"), block.get("SuppressionScope")
    if reasons is None and scope is None:
        raise errors.InternalFailure
    return SuppressionOptions(
        None if reasons is None else tuple(reasons),
        scope,
        deepcopy(block.get("ValidationOptions")),
    )


def _where(filter: dict[str, str]) -> Callable[[ConfigurationSet], bool] | None:
    name_part = filter.get(_NAME_CONTAINS)
    if name_part is None:
        return None
    if len(name_part) not in _FILTER_LENGTHS:
        raise errors.InvalidParameterValue(
            f"{_NAME_CONTAINS} must be between {_FILTER_LENGTHS[0]} and {_FILTER_LENGTHS[-1]} "
            "characters"
        )
    return partial(configuration_sets.name_contains, name_part)


def _described_tracking(configuration_set: ConfigurationSet) -> dict[str, Any]:
    if configuration_set.tracking is None:
        return {}
    return without_none(
        CustomRedirectDomain=configuration_set.tracking.custom_redirect_domain,
        HttpsPolicy=configuration_set.tracking.https_policy,
    )


def _described_delivery(configuration_set: ConfigurationSet) -> dict[str, Any]:
    return without_none(
        TlsPolicy=configuration_set.delivery.tls_policy,
        SendingPoolName=configuration_set.delivery.sending_pool_name,
        MaxDeliverySeconds=configuration_set.delivery.max_delivery_seconds,
    )


def _described_suppression(configuration_set: ConfigurationSet) -> dict[str, Any]:
    reasons = configuration_set.suppression.suppressed_reasons
    return without_none(
        SuppressedReasons=None if reasons is None else list(reasons),
        SuppressionScope=configuration_set.suppression.suppression_scope,
        ValidationOptions=deepcopy(configuration_set.suppression.validation_options),
    )


_BLOCKS: dict[str, Callable[[ConfigurationSet], Any]] = {
    "TrackingOptions": _described_tracking,
    "DeliveryOptions": _described_delivery,
    "SuppressionOptions": _described_suppression,
    "VdmOptions": lambda configuration_set: deepcopy(configuration_set.vdm_options),
    "ArchivingOptions": lambda configuration_set: without_none(
        ArchiveArn=configuration_set.archive_arn
    ),
    "MessageSecurityOptions": lambda configuration_set: deepcopy(
        configuration_set.message_security_options
    ),
}
