"""Reports of the Deliverability dashboard: inbox placement, daily volumes and campaigns."""

from datetime import timedelta

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import errors, intervals
from pytest_ses.domain.deliverability import dashboard, reports
from pytest_ses.domain.deliverability.dashboard import DomainSubscription
from pytest_ses.domain.events import simulation


@pytest.fixture(autouse=True)
def _watched(account):
    """Enable the dashboard for example.com."""
    account.verify("example.com", "example.org")
    dashboard.change(account, enabled=True, subscriptions=[DomainSubscription("example.com")])


@pytest.fixture(name="span")
def _span(account):
    """A start and an end: now, and nine days later."""
    return account.now(), account.now() + timedelta(days=9)


def test_placement(account):
    """A complaint counts as placed in spam, any other delivery as placed in the inbox."""
    first, second = accepted(account, ADA, BOB, html="<p>Hi</p>"), accepted(account)
    simulation.complain(account, first, BOB)
    simulation.open(account, first)
    simulation.open(account, first)
    simulation.bounce(account, accepted(account, "suppressionlist@simulator.amazonses.com"))
    placement = reports.placement_of(account.outbox)
    assert ({"Other": 2}, {"Gmail": 1}, 1) == (placement.inbox, placement.spam, placement.read)
    assert (3, ["Gmail", "Other"]) == (placement.arrived, placement.isps)
    assert 100 / 3 == placement.read_percent
    assert 0.0 == reports.placement_of([]).read_percent
    assert second in account.outbox


def test_daily(account, span):
    """A message counts on the day on which it was sent, together with its later events."""
    message = accepted(account)
    accepted(account, source="news@example.org")
    account.clock.advance(days=2)
    accepted(account, BOB)
    simulation.complain(account, message)
    by_day = reports.daily(account, "Example.com", *span)
    today = intervals.day(span[0])
    assert [today + timedelta(days=number) for number in range(10)] == [*by_day]
    assert [(0, 1), (0, 0), (1, 0)] == [
        (placement.inbox.total(), placement.spam.total()) for placement in [*by_day.values()][:3]
    ]
    total = reports.total(by_day.values())
    assert (1, 1) == (total.inbox.total(), total.spam.total())


def test_campaigns(account, span):
    """Messages with the same sender and subject form a campaign."""
    first, second = accepted(account, subject="June"), accepted(account, BOB, subject="June")
    accepted(account, subject="July")
    accepted(account, subject=None, source="other@example.com")
    campaigns = reports.campaigns(account, "example.com", *span)
    assert {("news@example.com", "June"), ("news@example.com", "July"), ("other@example.com", "")} == {
        (campaign.sender, campaign.subject) for campaign in campaigns.values()
    }  # fmt: skip
    june = next(campaign for campaign in campaigns.values() if campaign.subject == "June")
    assert june == reports.find(account, june.campaign_id)
    assert ([first, second], 2, ["54.240.48.102"]) == (june.messages, june.volume, june.sending_ips)
    assert [first.events[1].at, second.events[1].at] == june.arrivals


def test_campaigns_outside_the_time(account, span):
    """Campaigns outside the requested time are omitted."""
    accepted(account)
    later = span[1] + timedelta(days=1)
    assert {} == dict(reports.campaigns(account, "example.com", later, later))


@pytest.mark.parametrize("report", [reports.daily, reports.campaigns])
class TestRejected:
    def test_domain(self, account, span, report):
        """Reports exist only for watched domains."""
        with pytest.raises(errors.NotSubscribed):
            report(account, "example.org", *span)

    def test_time(self, account, span, report):
        """The interval of a report is at most 30 days and must not end before it starts."""
        start, _ = span
        report(account, "example.com", start, start + timedelta(days=30))
        for days in (31, -1):
            with pytest.raises(errors.InvalidParameterValue):
                report(account, "example.com", start, start + timedelta(days=days))


def test_unknown_campaign(account):
    """An unknown campaign raises `CampaignDoesNotExist`."""
    with pytest.raises(errors.CampaignDoesNotExist):
        reports.find(account, "nonsense")
