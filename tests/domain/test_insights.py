"""Insights: what is known of a mail and of what became of it."""

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import errors, fates, insights, suppression
from pytest_ses.domain.fates import Recipient

HTML = '<a href="https://example.com/">x</a>'


def types(message):
    """The events of a mail by recipient."""
    return {one.destination: [event.type for event in one.events] for one in insights.of(message)}


def only(message):
    """The insight of a mail to one recipient."""
    [one] = insights.of(message)
    return one


def test_find(account):
    """A mail is found by its id, one that never was is missed."""
    accepted(account)
    message = accepted(account)
    assert message is insights.find(account, message.message_id)
    with pytest.raises(errors.SentMessageDoesNotExist):
        insights.find(account, "0100")


def test_one_recipient(account):
    """All that happened to a mail to one recipient is shown."""
    message = accepted(account, html=HTML)
    fates.open(account, message)
    assert {ADA: ["Send", "Delivery", "Open"]} == types(message)


def test_several_recipients(account):
    """Of a mail to several recipients nothing more is shown than that it was sent."""
    assert {ADA: ["Send"], BOB: ["Send"]} == types(accepted(account, ADA, BOB))


def test_simulator(account):
    """What the mailbox simulator makes of a mail is not shown."""
    name = "complaint@simulator.amazonses.com"
    assert {name: ["Send"]} == types(accepted(account, name))


@pytest.mark.parametrize(
    ("reason", "expected"), [("BOUNCE", ["Send", "Bounce"]), ("COMPLAINT", ["Send"])]
)
def test_suppressed(account, reason, expected):
    """A complaint that comes of the suppression list is not shown."""
    suppression.add(account, ADA, reason)
    assert {ADA: expected} == types(accepted(account))


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (lambda ada: ada.delivers(), "DELIVERY"),
        (lambda ada: ada.complains(), "COMPLAINT"),
        (lambda ada: ada.bounces("Transient", "MailboxFull"), "TRANSIENT_BOUNCE"),
        (lambda ada: ada.delays(), "SEND"),
    ],
)
def test_last_delivery_event(account, plan, expected):
    """How far a mail came is told by the last word in SES's order."""
    plan(Recipient(account.happenings, ADA))
    assert expected == only(accepted(account)).last_delivery_event


def test_last_engagement_event(account):
    """A click is more than an open."""
    message = accepted(account, html=HTML)
    found = [only(message).last_engagement_event]
    fates.click(account, message, "https://example.com/")
    fates.open(account, message)
    assert [None, "CLICK"] == [*found, only(message).last_engagement_event]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ({}, {}, True),
        ({"Subject": ["HELLO"]}, {}, True),
        ({"Subject": []}, {"Subject": []}, True),
        ({"Subject": ["Bye"]}, {}, False),
        ({"Subject": ["Hello"], "Isp": ["Gmail"]}, {}, False),
        ({"Destination": [BOB, ADA]}, {"Isp": ["Other"]}, False),
        ({"LastEngagementEvent": ["OPEN"]}, {}, False),
        ({"TenantName": ["acme"]}, {}, False),
        ({}, {"LastDeliveryEvent": ["SEND", "COMPLAINT"]}, True),
    ],
)
def test_passes(account, include, exclude, expected):
    """A mail has one value of each filter, and none of what is excluded."""
    assert expected is insights.passes(only(accepted(account)), include, exclude)
