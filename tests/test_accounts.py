"""The accounts of a backend: their outboxes and their scheduler."""

from __future__ import annotations

import pytest

from pytest_ses import SESBackend


@pytest.fixture(name="backend")
def _backend():
    return SESBackend(verified=["example.com"])


def send(backend, subject, region):
    """Send a message in a region."""
    backend._call(
        "ses",
        "SendEmail",
        {
            "Source": "news@example.com",
            "Destination": {"ToAddresses": ["ada@example.org"]},
            "Message": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "Hi"}}},
        },
        region=region,
    )


def subjects(messages):
    """The subjects of messages."""
    return [message.subject for message in messages]


def test_each_account_has_an_outbox(backend):
    """An account and region has its own outbox; the backend joins them in sending order."""
    for subject, region in (("1", "us-east-1"), ("2", "eu-west-1"), ("3", "us-east-1")):
        send(backend, subject, region)

    assert ["1", "3"] == subjects(backend.account("us-east-1").outbox)
    assert ["2"] == subjects(backend.account("eu-west-1").outbox)
    assert ["1", "2", "3"] == subjects(backend.outbox)


def test_accounts_that_were_used(backend):
    """`accounts` contains the accounts that were used so far, each once, until the reset."""
    other = backend.account(account_id="111122223333")
    for region in ("eu-west-1", "us-east-1", "eu-west-1"):
        send(backend, "Hi", region)

    expected = (other, backend.account("eu-west-1"), backend.account())
    assert expected == backend.accounts
    backend.reset()
    assert () == backend.accounts


def test_reset_empties_the_outboxes(backend):
    """After a reset the outbox of the backend and those of its accounts are empty."""
    send(backend, "1", "us-east-1")
    outbox = backend.outbox

    backend.reset()

    assert [] == list(outbox)
    assert [] == backend.account("us-east-1").outbox


def test_scheduled_actions(backend):
    """An action that an account schedules runs when its time has come."""
    ran = []
    account = backend.account()
    account.schedule(account.now(), lambda: ran.append(backend.account("eu-west-1").region))

    backend.clock.advance(seconds=1)

    assert ["eu-west-1"] == ran
