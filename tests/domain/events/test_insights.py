"""Insights into sent messages and their events."""

import pytest
from mailing import ADA, BOB, accepted

from pytest_ses.domain import errors
from pytest_ses.domain.events import insights, simulation
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.domain.lists import suppression

HTML = '<a href="https://example.com/">x</a>'


def types(message):
    """The event types of a message by recipient."""
    return {
        insight.destination: [event.type for event in insight.events]
        for insight in insights.by_recipient(message)
    }


def only(message):
    """The insight into a message with a single recipient."""
    [insight] = insights.by_recipient(message)
    return insight


def test_find(account):
    """A message is found by its ID; an unknown ID is an error."""
    accepted(account)
    message = accepted(account)
    assert message is insights.find(account.outbox, message.message_id)
    with pytest.raises(errors.SentMessageDoesNotExist):
        insights.find(account.outbox, "0100")


def test_one_recipient(account):
    """All events of a message with one recipient are shown."""
    message = accepted(account, html=HTML)
    simulation.open(account, message)
    assert {ADA: ["Send", "Delivery", "Open"]} == types(message)


def test_several_recipients(account):
    """Of a message with several recipients, only the Send event is shown."""
    assert {ADA: ["Send"], BOB: ["Send"]} == types(accepted(account, ADA, BOB))


def test_simulator(account):
    """Events of the mailbox simulator are not shown."""
    name = "complaint@simulator.amazonses.com"
    assert {name: ["Send"]} == types(accepted(account, name))


@pytest.mark.parametrize(
    ("reason", "expected"), [("BOUNCE", ["Send", "Bounce"]), ("COMPLAINT", ["Send"])]
)
def test_suppressed(account, reason, expected):
    """A complaint caused by the suppression list is not shown."""
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
    """The last delivery event is the highest one in SES's order."""
    plan(Recipient(account.event_log, ADA))
    assert expected == only(accepted(account)).last_delivery_event


def test_last_engagement_event(account):
    """A click ranks above an open."""
    message = accepted(account, html=HTML)
    before = only(message).last_engagement_event
    simulation.click(account, message, "https://example.com/")
    simulation.open(account, message)
    assert [None, "CLICK"] == [before, only(message).last_engagement_event]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ({}, {}, True),
        ({"Subject": ["Hello"]}, {}, True),
        ({"Subject": ["HELLO"]}, {}, False),
        ({"Isp": ["other"]}, {}, False),
        ({"Isp": ["*"]}, {}, False),
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
    """A message must have a value of every included filter and no excluded value."""
    assert expected is insights.matches_filters(only(accepted(account)), include, exclude)


@pytest.mark.parametrize(
    ("subject", "pattern", "expected"),
    [
        ("A sale today", "A sale", False),
        ("A sale today", "A sale*", True),
        ("A sale today", "sale*", False),
        ("A sale today", "*today", True),
        ("A sale today", "*sale", False),
        ("A sale today", "*sale*", True),
        ("A sale today", "*Sale*", False),
        ("A sale today", "A*today", False),
        ("A sale today", "*", True),
        ("", "*", True),
        ("5 * 5", r"5 \* 5", True),
        ("5 *", r"5 \*", True),
        ("5 * 5", r"5 \*", False),
        ("5 * 5", r"5 \**", True),
        ("* 5", r"\* 5", True),
        ("C:\\", r"C:\\", True),
        ("C:\\x", r"C:\\*", True),
        ("C:\\", "C:\\", True),
    ],
)
def test_wildcards(account, subject, pattern, expected):
    """In some filters, `*` at either end stands for any text, unless it is escaped."""
    insight = only(accepted(account, subject=subject))
    assert expected is insights.matches_filters(insight, {"Subject": [pattern]}, {})
