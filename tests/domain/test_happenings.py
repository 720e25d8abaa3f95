"""What happens to mail in an account that stands alone?"""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from mailing import accepted

from pytest_ses.domain import fates, records
from pytest_ses.domain.fates import Recipient


def test_by_its_own_clock(account):
    """What is planned for later happens by the clock of the account."""
    Recipient(account.happenings, "ada@example.org").bounces(after=timedelta(hours=1))
    message = accepted(account)
    account.clock.advance(hours=2)
    assert ["Send", "Delivery", "Bounce"] == [event.type for event in message.events]


def test_listeners(account):
    """Who listens is told of each event as it happens, and of nothing that happened before."""
    told = []
    account.verify("example.com")
    account.has_topics = True
    account.happenings.listeners.append(lambda account, event: told.append((account, event.type)))
    message = accepted(account)
    fates.complain(account, message)
    assert [(account, "Send"), (account, "Delivery"), (account, "Complaint")] == told


def test_mail_that_was_never_accepted(account):
    """To a mail that was never accepted nothing happened."""
    message = accepted(account)
    message.happened_in = None
    assert [] == message.events
    assert [] == account.happenings.of(message)


def test_identity_that_is_gone(account):
    """Of a sender without an identity the domain stands in the ARN."""
    (sent, _) = accepted(account).events
    assert "arn:aws:ses:us-east-1:123456789012:identity/example.com" == sent.source_arn


@pytest.mark.parametrize(
    ("happen", "member"),
    [(fates.open, "open"), (lambda *mail: fates.click(*mail, "https://example.com/a"), "click")],
)
def test_one_time(account, monkeypatch, happen, member):
    """The record tells the time at which it happened, though time goes on meanwhile."""
    message = accepted(account, html='<a href="https://example.com/a">a</a>')
    now = account.clock.now
    seconds = itertools.count(1)
    monkeypatch.setattr(account.clock, "now", lambda: now() + timedelta(seconds=next(seconds)))
    event = happen(account, message)
    assert records.timestamp(event.at) == event.record[member]["timestamp"]
