"""Recommendations: what a domain is without, and what it has got since."""

from datetime import timedelta

import pytest

from pytest_ses.domain import identities, recommendations

ALL = {"DKIM": "HIGH", "DMARC": "HIGH", "SPF": "HIGH", "BIMI": "LOW"}


def shown(account):
    """Status by type, after another look."""
    recommendations.look(account)
    return {one.type: one.status for one in account.recommendations.values()}


def test_new_domain(account):
    """A domain that is not verified is without anything, an address is not looked at."""
    identities.register_domain(account, "example.com")
    identities.register_address(account, "ada@example.org")
    assert dict.fromkeys(ALL, "OPEN") == shown(account)
    assert ALL == {one.type: one.impact for one in account.recommendations.values()}


def test_verified_domain(account):
    """A verified domain signs its mail; what is in its DNS besides the test says."""
    account.verify("example.com")
    account.dns_records["example.com"] = {"SPF", "BIMI"}
    assert {"DMARC": "OPEN"} == shown(account)


@pytest.mark.parametrize("verified", [True, False])
def test_mail_from(account, verified):
    """A custom MAIL FROM domain that is verified has an SPF record."""
    account.verify("example.com")
    identities.set_mail_from(account, "example.com", "bounces.example.com")
    if verified:
        account.verify("example.com")
    assert verified is ("SPF" not in shown(account))


def test_fixed_and_open_again(account):
    """What was done is shown as fixed, and open again when it is undone."""
    account.verify("example.com")
    shown(account)
    account.clock.advance(days=1)
    account.dns_records["example.com"] = {"DMARC"}
    assert {"DMARC": "FIXED", "SPF": "OPEN", "BIMI": "OPEN"} == shown(account)
    dmarc, spf, _ = account.recommendations.values()
    assert timedelta(days=1) <= dmarc.updated_at - dmarc.created_at
    assert spf.updated_at == spf.created_at
    account.dns_records.clear()
    assert "OPEN" == shown(account)["DMARC"]


def test_domain_that_is_gone(account):
    """Of a domain that is gone nothing is said."""
    account.verify("example.com")
    shown(account)
    account.identities.remove("example.com")
    assert {} == shown(account)
