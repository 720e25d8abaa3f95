"""Recommendations for the DNS records of domains."""

from datetime import timedelta

import pytest

from pytest_ses.domain.deliverability import recommendations
from pytest_ses.domain.identities import identities

ALL = {"DKIM": "HIGH", "DMARC": "HIGH", "SPF": "HIGH", "BIMI": "LOW"}


def statuses(account):
    """The status by type, after the recommendations are updated."""
    recommendations.refresh(account)
    return {
        recommendation.type: recommendation.status
        for recommendation in account.recommendations.values()
    }


def test_new_domain(account):
    """An unverified domain has every recommendation, and an address has none."""
    identities.register_domain(account, "example.com")
    identities.register_address(account, "ada@example.org")
    assert dict.fromkeys(ALL, "OPEN") == statuses(account)
    assert ALL == {
        recommendation.type: recommendation.impact
        for recommendation in account.recommendations.values()
    }


def test_verified_domain(account):
    """A verified domain has DKIM; the test sets its other DNS records."""
    account.verify("example.com")
    account.dns_records["example.com"] = {"SPF", "BIMI"}
    assert {"DMARC": "OPEN"} == statuses(account)


@pytest.mark.parametrize("verified", [True, False])
def test_mail_from(account, verified):
    """A verified custom MAIL FROM domain has an SPF record."""
    account.verify("example.com")
    identities.set_mail_from(account, "example.com", "bounces.example.com")
    if verified:
        account.verify("example.com")
    assert verified is ("SPF" not in statuses(account))


def test_fixed_and_reopened(account):
    """A recommendation is fixed when its record is added, and open when it is removed."""
    account.verify("example.com")
    statuses(account)
    account.clock.advance(days=1)
    account.dns_records["example.com"] = {"DMARC"}
    assert {"DMARC": "FIXED", "SPF": "OPEN", "BIMI": "OPEN"} == statuses(account)
    dmarc, spf, _ = account.recommendations.values()
    assert timedelta(days=1) <= dmarc.updated_at - dmarc.created_at
    assert spf.updated_at == spf.created_at
    account.dns_records.clear()
    assert "OPEN" == statuses(account)["DMARC"]


def test_deleted_domain(account):
    """A deleted domain has no recommendations."""
    account.verify("example.com")
    statuses(account)
    account.identities.remove("example.com")
    assert {} == statuses(account)
