"""Tests of `sound_mailer.py`: a worker that runs every ten minutes, and events that arrive after it."""

from __future__ import annotations

import pytest
from sound_mailer import CONFIGURATION_SET, Mailer

pytestmark = pytest.mark.ses(verified=["example.com"], configuration_sets=[CONFIGURATION_SET])

READERS = ["ada@example.org", "bob@example.org", "cleo@example.org"]


@pytest.fixture(autouse=True)
def templates(sesv2_client):
    for name, subject in {"news": "News", "order": "Order {{number}}"}.items():
        sesv2_client.create_email_template(
            TemplateName=name, TemplateContent={"Subject": subject, "Text": "Dear reader"}
        )


@pytest.fixture
def mailer(ses_backend):
    return Mailer(now=ses_backend.clock.now)


@pytest.fixture
def run(ses_backend, mailer):
    """A function that simulates three hours."""

    def run():
        for _ in range(18):
            mailer.work()
            ses_backend.clock.advance(minutes=10)
            # SNS may deliver an event again.
            for event in ses_backend.events:
                mailer.handle(event.record)

    return run


def test_confirm(ses_backend, mailer, run):
    """A customer receives the confirmation of an order once, even if the application asks twice."""
    mailer.confirm("ada@example.org", 7)
    mailer.confirm("ada@example.org", 7)
    run()
    assert ses_backend.outbox.one(to="ada@example.org").subject == "Order 7"
    assert mailer.rows["order-7"].state == "sent"


def test_announce(ses_backend, mailer, run):
    """Every reader receives the newsletter once."""
    mailer.announce("may", READERS)
    run()
    assert sorted(message.to[0] for message in ses_backend.outbox) == READERS
    assert {row.state for row in mailer.rows.values()} == {"sent"}


@pytest.mark.ses_bulk_status("MESSAGE_REJECTED", to="bob@example.org")
def test_rejected(ses_backend, mailer, run):
    """What SES rejects for good is left to a person."""
    mailer.announce("may", READERS)
    run()
    assert mailer.rows["may-bob@example.org"].state == "failed"
    assert sorted(message.to[0] for message in ses_backend.outbox) == [READERS[0], READERS[2]]
