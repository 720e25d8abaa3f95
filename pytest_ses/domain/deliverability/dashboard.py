"""The Deliverability dashboard and its domain subscriptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.identities import IdentityState
from pytest_ses.domain.intervals import day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


ACTIVE, PENDING_EXPIRATION, DISABLED = "ACTIVE", "PENDING_EXPIRATION", "DISABLED"
_MORE_THAN_A_MONTH = timedelta(days=32)


class DomainSubscription(NamedTuple):
    """A domain of a request, and the mailbox providers whose inboxes are tracked."""

    domain: str
    every_isp: bool = False
    isps: Sequence[str] = ()


@dataclass(slots=True)
class Subscription:
    """A subscription of a domain; `expires_at` is set if it has been cancelled."""

    settings: DomainSubscription
    started_at: datetime
    expires_at: datetime | None = None


@dataclass(slots=True)
class Dashboard:
    """The dashboard of an account, with its subscriptions by domain."""

    enabled: bool = False
    expires_at: datetime | None = None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)


class DashboardState(IdentityState, Protocol):
    """The Deliverability dashboard of an account."""

    deliverability: Dashboard


def change(
    account: DashboardState, *, enabled: bool, subscriptions: Sequence[DomainSubscription] = ()
) -> None:
    """Enable the dashboard for these domains, or disable it.

    The subscriptions of other domains stay active until the end of the month.

    Raises:
        DomainNotVerified: if a domain is not a verified identity.
    """
    requested = [
        settings._replace(domain=settings.domain.lower()) for settings in subscriptions if enabled
    ]
    for settings in requested:
        _check_verified(account, settings.domain)
    dashboard, now = account.deliverability, account.now()
    end = _end_of_month(now)
    if enabled:
        dashboard.expires_at = None
    elif dashboard.enabled:
        dashboard.expires_at = end
    dashboard.enabled = enabled
    current = current_subscriptions(account)
    for subscription in current.values():
        subscription.expires_at = subscription.expires_at or end
    for settings in requested:
        previous = current.get(settings.domain)
        started_at = previous.started_at if previous else now
        current[settings.domain] = Subscription(settings, started_at)
    dashboard.subscriptions = current


def status(account: DashboardState) -> str:
    """Return the status of the dashboard: `ACTIVE`, `PENDING_EXPIRATION` or `DISABLED`."""
    dashboard = account.deliverability
    if dashboard.enabled:
        return ACTIVE
    pending = dashboard.expires_at is not None and account.now() < dashboard.expires_at
    return PENDING_EXPIRATION if pending else DISABLED


def current_subscriptions(account: DashboardState) -> dict[str, Subscription]:
    """Return the subscriptions that have not expired, by domain."""
    now = account.now()
    return {
        domain: subscription
        for domain, subscription in account.deliverability.subscriptions.items()
        if subscription.expires_at is None or now < subscription.expires_at
    }


def subscribed_domain(account: DashboardState, domain: str) -> str:
    """Return a domain in lower case if it has a subscription.

    Raises:
        NotSubscribed: if the domain has no subscription.
    """
    name = domain.lower()
    if name not in current_subscriptions(account):
        raise errors.NotSubscribed(name=domain)
    return name


def _check_verified(account: DashboardState, domain: str) -> None:
    identity = identities.get(account, domain)
    if identity is None or not (identity.verified and identity.is_domain):
        raise errors.DomainNotVerified(name=domain)


def _end_of_month(now: datetime) -> datetime:
    return day(day(now).replace(day=1) + _MORE_THAN_A_MONTH).replace(day=1)
