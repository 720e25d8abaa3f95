"""Whether the opens and clicks of a message are tracked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses.domain.configuration import event_destinations
from pytest_ses.domain.mail.requests import NO_OVERRIDES
from pytest_ses.domain.mail.tracking import TrackingSettings
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.mail.requests import TrackingOverrides

_NOTHING: AbstractSet[str] = frozenset()
_BOTH: AbstractSet[str] = frozenset({"OPEN", "CLICK"})


class EngagementState(Scope, Protocol):
    """The settings of an account that tracking depends on."""

    configuration_sets: Collection[ConfigurationSet]
    vdm_attributes: dict[str, Any] | None


def tracking(
    account: EngagementState, overrides: TrackingOverrides, configuration_set: str | None
) -> TrackingSettings | None:
    """Return the tracking settings of a request, or `None` if neither opens nor clicks are tracked.

    The overrides of the request take precedence over the settings of the configuration set and the
    account, as documented in the model of `TrackingConfigurationOverrides`.
    """
    if configuration_set is None and account.vdm_attributes is None and overrides == NO_OVERRIDES:
        return None
    settings = account.configuration_sets.get(configuration_set) if configuration_set else None
    tracked = _tracked_types(account, settings)
    opens = "OPEN" in tracked if overrides.opens is None else overrides.opens
    clicks = "CLICK" in tracked if overrides.clicks is None else overrides.clicks
    if not opens and not clicks:
        return None
    options = settings.tracking if settings else None
    return TrackingSettings(
        opens=opens,
        clicks=clicks,
        domain=options.custom_redirect_domain if options else None,
        https_policy=options.https_policy if options else None,
    )


def _tracked_types(account: EngagementState, settings: ConfigurationSet | None) -> AbstractSet[str]:
    if account.vdm_attributes and _has_engagement_metrics(account.vdm_attributes, settings):
        return _BOTH
    return event_destinations.published_event_types(settings) if settings else _NOTHING


def _has_engagement_metrics(
    vdm_attributes: dict[str, Any], settings: ConfigurationSet | None
) -> bool:
    """Whether VDM collects engagement metrics; a configuration set overrides the account."""
    if vdm_attributes["VdmEnabled"] != "ENABLED":
        return False
    options = (settings.vdm_options if settings else None) or {}
    blocks = (options.get("DashboardOptions"), vdm_attributes.get("DashboardAttributes"))
    metrics = (block.get("EngagementMetrics") for block in blocks if block)
    return next(filter(None, metrics), None) == "ENABLED"
