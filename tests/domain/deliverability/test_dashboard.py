"""Subscriptions of domains to the Deliverability dashboard."""

from datetime import datetime, timezone

import pytest
import time_machine

from pytest_ses.domain import errors
from pytest_ses.domain.deliverability import dashboard
from pytest_ses.domain.deliverability.dashboard import DomainSubscription

NEXT_MONTH = datetime(2026, 3, 1, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def february():
    """Set the date to February 10, 2026."""
    with time_machine.travel(datetime(2026, 2, 10, 12, tzinfo=timezone.utc), tick=False):
        yield


@pytest.fixture(name="change")
def _change(account):
    """A function that enables the dashboard for domains, or disables it if there are none."""
    account.verify("example.com", "example.org")
    return lambda *domains: dashboard.change(
        account, enabled=bool(domains), subscriptions=[DomainSubscription(name) for name in domains]
    )


def ends(account):
    """The end of each subscription by domain."""
    return {
        name: subscription.expires_at
        for name, subscription in dashboard.current_subscriptions(account).items()
    }


def test_states(account, change):
    """A disabled dashboard stays available until the end of the month."""
    states = [dashboard.status(account)]
    change()
    states.append(dashboard.status(account))
    change("Example.COM")
    states.append(dashboard.status(account))
    change()
    change()
    states.append(dashboard.status(account))
    assert {"example.com": NEXT_MONTH} == ends(account)
    account.clock.advance(days=19)
    states.append(dashboard.status(account))
    assert ["DISABLED", "DISABLED", "ACTIVE", "PENDING_EXPIRATION", "DISABLED"] == states
    assert {} == ends(account)


def test_domains_come_and_go(account, change):
    """A removed domain is watched until the end of the month; a remaining one keeps its start."""
    change("example.com")
    started_at = account.now()
    account.clock.advance(days=1)
    change("example.com", "example.org")
    account.clock.advance(days=1)
    change("example.com")
    assert {"example.com": None, "example.org": NEXT_MONTH} == ends(account)
    assert started_at == dashboard.current_subscriptions(account)["example.com"].started_at
    change("example.org")
    assert {"example.com": NEXT_MONTH, "example.org": None} == ends(account)


@pytest.mark.parametrize("name", ["example.net", "ada@example.net", "new.example.edu"])
def test_not_verified(account, change, name):
    """If one of the domains is not verified, none of them is watched."""
    from pytest_ses.domain.identities import identities

    account.verify("ada@example.net")
    identities.register_domain(account, "new.example.edu")
    with pytest.raises(errors.DomainNotVerified):
        change("example.com", name)
    assert ("DISABLED", {}) == (dashboard.status(account), ends(account))


def test_end_of_the_year(account, change):
    """A subscription that ends in December expires in January."""
    account.clock.advance(days=310)
    change("example.com")
    change()
    assert {"example.com": datetime(2027, 1, 1, tzinfo=timezone.utc)} == ends(account)
