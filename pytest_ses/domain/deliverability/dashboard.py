"""Which domains does the Deliverability dashboard watch, and until when?"""

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
    """A domain of a request, and whose inboxes are to be watched."""

    domain: str
    every_isp: bool = False
    isps: Sequence[str] = ()


@dataclass(slots=True)
class Subscription:
    """A domain that is watched, since when, and until when if it is not to be any longer."""

    wanted: DomainSubscription
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
    account: DashboardState, *, enabled: bool, wanted: Sequence[DomainSubscription] = ()
) -> None:
    """Switch the dashboard on for these domains, or off.

    What is not wanted any longer is paid for, and watched, until the end of the month.

    Raises:
        DomainNotVerified: as its name says.
    """
    domains = [one._replace(domain=one.domain.lower()) for one in wanted] if enabled else []
    for one in domains:
        identity = identities.known(account, one.domain)
        if identity is None or not (identity.verified and identity.is_domain):
            raise errors.DomainNotVerified(name=one.domain)
    dashboard, now = account.deliverability, account.now()
    end = _end_of_month(now)
    was_enabled = dashboard.enabled
    dashboard.enabled = enabled
    if enabled:
        dashboard.expires_at = None
    elif was_enabled:
        dashboard.expires_at = end
    kept = watched(account)
    for subscription in kept.values():
        subscription.expires_at = subscription.expires_at or end
    for one in domains:
        before = kept.get(one.domain)
        kept[one.domain] = Subscription(one, before.started_at if before else now)
    dashboard.subscriptions = kept


def status(account: DashboardState) -> str:
    """Whether the dashboard is there for the account, or about to go."""
    dashboard = account.deliverability
    if dashboard.enabled:
        return ACTIVE
    pending = dashboard.expires_at is not None and account.now() < dashboard.expires_at
    return PENDING_EXPIRATION if pending else DISABLED


def watched(account: DashboardState) -> dict[str, Subscription]:
    """The subscriptions that have not come to their end."""
    now = account.now()
    return {
        name: one
        for name, one in account.deliverability.subscriptions.items()
        if one.expires_at is None or now < one.expires_at
    }


def check_watched(account: DashboardState, domain: str) -> str:
    """The name that a domain is watched by.

    Raises:
        NotSubscribed: as its name says.
    """
    name = domain.lower()
    if name not in watched(account):
        raise errors.NotSubscribed(name=domain)
    return name


def _end_of_month(now: datetime) -> datetime:
    return day(day(now).replace(day=1) + _MORE_THAN_A_MONTH).replace(day=1)
