"""Reports of the Deliverability dashboard: where the mail of a domain arrived."""

from datetime import timedelta

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import dashboard, deliverability, errors, fates, metrics
from pytest_ses.domain.dashboard import Wanted


@pytest.fixture(autouse=True)
def _watched(account):
    """A dashboard that watches example.com."""
    account.verify("example.com", "example.org")
    dashboard.change(account, enabled=True, wanted=[Wanted("example.com")])


@pytest.fixture(name="span")
def _span(account):
    """Today and nine days more."""
    return account.now(), account.now() + timedelta(days=9)


def test_placement(account):
    """A complaint is a mail in the spam folder, any other delivery is in the inbox."""
    first, second = accepted(account, ADA, BOB, html="<p>Hi</p>"), accepted(account)
    fates.complain(account, first, BOB)
    fates.open(account, first)
    fates.open(account, first)
    fates.bounce(account, accepted(account, "suppressionlist@simulator.amazonses.com"))
    found = deliverability.place(account.outbox)
    assert ({"Other": 2}, {"Gmail": 1}, 1) == (found.inbox, found.spam, found.read)
    assert (3, ["Gmail", "Other"]) == (found.arrived, found.isps)
    assert 100 / 3 == found.read_percent
    assert 0.0 == deliverability.place([]).read_percent
    assert second in account.outbox


def test_days(account, span):
    """Mails count on the day on which they were sent, also what happens to them later."""
    message = accepted(account)
    accepted(account, source="news@example.org")
    account.clock.advance(days=2)
    accepted(account, BOB)
    fates.complain(account, message)
    found = deliverability.daily(account, "Example.com", *span)
    today = metrics.day(span[0])
    assert [today + timedelta(days=number) for number in range(10)] == [*found]
    assert [(0, 1), (0, 0), (1, 0)] == [
        (one.inbox.total(), one.spam.total()) for one in [*found.values()][:3]
    ]
    whole = deliverability.total(found.values())
    assert (1, 1) == (whole.inbox.total(), whole.spam.total())


def test_campaigns(account, span):
    """Mails from one address with one subject are a campaign."""
    first, again = accepted(account, subject="June"), accepted(account, BOB, subject="June")
    accepted(account, subject="July")
    accepted(account, subject=None, source="other@example.com")
    found = deliverability.campaigns(account, "example.com", *span)
    assert {("news@example.com", "June"), ("news@example.com", "July"), ("other@example.com", "")} == {
        (one.sender, one.subject) for one in found.values()
    }  # fmt: skip
    june = next(one for one in found.values() if one.subject == "June")
    assert june == deliverability.find(account, june.campaign_id)
    assert ([first, again], 2, ["54.240.48.102"]) == (june.messages, june.volume, june.sending_ips)
    assert [first.events[1].at, again.events[1].at] == june.arrivals


def test_campaigns_of_another_time(account, span):
    """Campaigns of another time are left out."""
    accepted(account)
    later = span[1] + timedelta(days=1)
    assert {} == dict(deliverability.campaigns(account, "example.com", later, later))


@pytest.mark.parametrize("report", [deliverability.daily, deliverability.campaigns])
class TestRefused:
    def test_domain(self, account, span, report):
        """There are reports of domains that are watched."""
        with pytest.raises(errors.NotSubscribed):
            report(account, "example.org", *span)

    def test_time(self, account, span, report):
        """A time is no longer than thirty days, and not backwards."""
        start, _ = span
        report(account, "example.com", start, start + timedelta(days=30))
        for days in (31, -1):
            with pytest.raises(errors.InvalidParameterValue):
                report(account, "example.com", start, start + timedelta(days=days))


def test_unknown_campaign(account):
    """A campaign that was never sent is missed."""
    with pytest.raises(errors.CampaignDoesNotExist):
        deliverability.find(account, "nonsense")
