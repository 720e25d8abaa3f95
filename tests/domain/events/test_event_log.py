"""The event log of an account without a backend."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from mailing import accepted

from pytest_ses.domain import formats
from pytest_ses.domain.events import simulation
from pytest_ses.domain.events.simulation import Recipient


def test_planned_for_later(account):
    """Outcomes planned for later follow the clock of the account."""
    Recipient(account.event_log, "ada@example.org").bounces(after=timedelta(hours=1))
    message = accepted(account)
    account.clock.advance(hours=2)
    assert ["Send", "Delivery", "Bounce"] == [event.type for event in message.events]


def test_listeners(account):
    """A listener is notified of each later event."""
    notified = []
    account.verify("example.com")
    account.has_topics = True
    account.event_log.listeners.append(
        lambda account, event: notified.append((account, event.type))
    )
    message = accepted(account)
    simulation.complain(account, message)
    assert [(account, "Send"), (account, "Delivery"), (account, "Complaint")] == notified


def test_message_that_was_never_accepted(account):
    """A message that was never accepted has no events."""
    message = accepted(account)
    message._account = None
    assert [] == message.events
    assert [] == account.event_log.events_of(message)


def test_missing_identity(account):
    """If the sender's identity does not exist, the source ARN contains the domain."""
    (sent, _) = accepted(account).events
    assert "arn:aws:ses:us-east-1:123456789012:identity/example.com" == sent.source_arn


@pytest.mark.parametrize(
    ("simulate", "member"),
    [
        (simulation.open, "open"),
        (lambda *args: simulation.click(*args, "https://example.com/a"), "click"),
    ],
)
def test_time_of_record(account, monkeypatch, simulate, member):
    """Event and record have the same time, even if the clock advances in between."""
    message = accepted(account, html='<a href="https://example.com/a">a</a>')
    now = account.clock.now
    seconds = itertools.count(1)
    monkeypatch.setattr(account.clock, "now", lambda: now() + timedelta(seconds=next(seconds)))
    event = simulate(account, message)
    assert formats.timestamp(event.at) == event.record[member]["timestamp"]
