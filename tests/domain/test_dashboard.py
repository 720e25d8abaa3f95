"""The Deliverability dashboard: which domains it watches, and until when."""

from datetime import datetime, timezone

import pytest
import time_machine

from pytest_ses.domain import dashboard, errors
from pytest_ses.domain.dashboard import Wanted

NEXT_MONTH = datetime(2026, 3, 1, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def february():
    """It is February."""
    with time_machine.travel(datetime(2026, 2, 10, 12, tzinfo=timezone.utc), tick=False):
        yield


@pytest.fixture(name="change")
def _change(account):
    """Have the dashboard for these domains, or with none not at all."""
    account.verify("example.com", "example.org")
    return lambda *domains: dashboard.change(
        account, enabled=bool(domains), wanted=[Wanted(name) for name in domains]
    )


def ends(account):
    """When the subscriptions end, by domain."""
    return {name: one.expires_at for name, one in dashboard.watched(account).items()}


def test_states(account, change):
    """A dashboard that is switched off is there until the end of the month."""
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
    """A domain that is left out is watched until the end of the month; one that stays began when it did."""
    change("example.com")
    began = account.now()
    account.clock.advance(days=1)
    change("example.com", "example.org")
    account.clock.advance(days=1)
    change("example.com")
    assert {"example.com": None, "example.org": NEXT_MONTH} == ends(account)
    assert began == dashboard.watched(account)["example.com"].started_at
    change("example.org")
    assert {"example.com": NEXT_MONTH, "example.org": None} == ends(account)


@pytest.mark.parametrize("name", ["example.net", "ada@example.net", "new.example.edu"])
def test_not_verified(account, change, name):
    """Only a verified domain is watched, and none if one of them is not."""
    from pytest_ses.domain import identities

    account.verify("ada@example.net")
    identities.register_domain(account, "new.example.edu")
    with pytest.raises(errors.DomainNotVerified):
        change("example.com", name)
    assert ("DISABLED", {}) == (dashboard.status(account), ends(account))


def test_end_of_the_year(account, change):
    """After December comes January."""
    account.clock.advance(days=310)
    change("example.com")
    change()
    assert {"example.com": datetime(2027, 1, 1, tzinfo=timezone.utc)} == ends(account)
