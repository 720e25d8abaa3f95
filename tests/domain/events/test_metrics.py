"""Metrics by day and dimension."""

from datetime import datetime, timedelta, timezone

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.clock import Clock
from pytest_ses.domain import errors, intervals
from pytest_ses.domain.account import Account
from pytest_ses.domain.events import metrics, simulation
from pytest_ses.domain.events.metrics import Query
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.domain.lists import suppression
from pytest_ses.domain.mail.tracking import TrackingSettings

HTML = '<a href="https://example.com/">x</a>'


def total(account, metric, **dimensions):
    """The sum of a metric over all days."""
    now = account.now()
    query = Query(metric, now - timedelta(days=90), now + timedelta(days=1), dimensions)
    return sum(metrics.counts(account, query).values())


def totals(account):
    """All metrics that are not zero."""
    values = {metric: total(account, metric) for metric in metrics._METRICS}
    return {metric: value for metric, value in values.items() if value}


def test_delivered(account):
    """A delivery also counts as tracked for complaints if the provider reports them."""
    accepted(account)
    accepted(account, BOB)
    assert {"SEND": 2, "DELIVERY": 2, "DELIVERY_COMPLAINT": 1} == totals(account)


def test_several_recipients_and_the_simulator(account):
    """Messages to several recipients or to the mailbox simulator do not count."""
    accepted(account, ADA, BOB)
    accepted(account, "bounce@simulator.amazonses.com")
    assert {} == totals(account)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (("Permanent", "General"), {"SEND": 1, "PERMANENT_BOUNCE": 1}),
        (("Transient", "MailboxFull"), {"SEND": 1, "TRANSIENT_BOUNCE": 1}),
        (("Undetermined", "Undetermined"), {"SEND": 1}),
    ],
)
def test_bounces(account, kind, expected):
    """Bounces count by type."""
    Recipient(account.event_log, ADA).bounces(*kind)
    accepted(account)
    assert expected == totals(account)


@pytest.mark.parametrize("reason", ["BOUNCE", "COMPLAINT"])
def test_suppressed(account, reason):
    """Events caused by the account's own suppression list do not count."""
    suppression.add(account, ADA, reason)
    accepted(account)
    assert {"SEND": 1} == totals(account)


def test_complaint(account):
    """A complaint counts."""
    simulation.complain(account, accepted(account))
    assert 1 == total(account, "COMPLAINT")


def test_opens_and_clicks(account):
    """Opens and clicks count once per message; tracked deliveries count for their own metric."""
    settings = TrackingSettings(opens=True, clicks=False)
    message = accepted(account, html=HTML, tracking=settings)
    for _ in range(2):
        simulation.open(account, message)
        simulation.click(account, message, "https://example.com/")
    assert {
        "SEND": 1,
        "DELIVERY": 1,
        "DELIVERY_COMPLAINT": 1,
        "DELIVERY_OPEN": 1,
        "OPEN": 1,
        "CLICK": 1,
    } == totals(account)


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [
        ({}, 2),
        ({"EMAIL_IDENTITY": "example.com"}, 2),
        ({"EMAIL_IDENTITY": "example.org"}, 0),
        ({"CONFIGURATION_SET": "letters"}, 1),
        ({"ISP": "Gmail"}, 1),
        ({"ISP": "Other", "CONFIGURATION_SET": "letters"}, 1),
        ({"ISP": "Gmail", "CONFIGURATION_SET": "letters"}, 0),
        ({"TENANT_NAME": "acme"}, 1),
        ({"TENANT_NAME": "umbrella"}, 0),
    ],
)
def test_dimensions(account, dimensions, expected):
    """Only events with the requested value of each dimension count."""
    account.verify("example.com")
    accepted(account, configuration_set="letters", tenant="acme")
    accepted(account, BOB)
    assert expected == total(account, "SEND", **dimensions)


def test_days(account):
    """Events count on their day in UTC, from the start to the end of the query."""
    accepted(account)
    account.clock.advance(days=2)
    accepted(account)
    accepted(account)
    today = intervals.day(account.now())
    query = Query("SEND", today - timedelta(days=9), account.now(), {})
    assert {today - timedelta(days=2): 1, today: 2} == metrics.counts(account, query)
    assert {} == metrics.counts(account, query._replace(end=today - timedelta(days=3)))


def test_other_accounts(account):
    """Messages in another region count for that region's account."""
    other = Account(
        account.account_id,
        "eu-west-1",
        clock=Clock(),
        event_log=account.event_log,
    )
    accepted(other)
    assert (0, 1) == (total(account, "SEND"), total(other, "SEND"))


def test_backwards(account):
    """A query that ends before it starts is rejected."""
    early, late = (datetime(2026, 1, day, tzinfo=timezone.utc) for day in (1, 2))
    with pytest.raises(errors.InvalidParameterValue, match="EndDate must not be before StartDate"):
        metrics.counts(account, Query("SEND", late, early, {}))
