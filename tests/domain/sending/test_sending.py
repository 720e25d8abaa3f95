"""The checks of a send, and how often they read the state of the account."""

from __future__ import annotations

import pytest

from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail.requests import BulkEntry, Destination, SendRequest, TemplateUse
from pytest_ses.domain.mime import Content, Parts
from pytest_ses.domain.sending import sending

PLAIN = SendRequest(
    service="sesv2",
    operation="SendEmail",
    source="News <news@example.com>",
    tags={},
    content=Content("Hello", "Hi"),
)


@pytest.fixture(name="lookups")
def _lookups(account, monkeypatch):
    """The names whose covering identity was looked up."""
    account.verify("example.com")
    names = []
    covering = identities.covering
    monkeypatch.setattr(
        identities, "covering", lambda store, name: names.append(name) or covering(store, name)
    )
    return names


def test_a_plain_send_resolves_the_sender_once(account, lookups):
    """A send looks up the identity of its sender once, however many checks need it."""
    sending.send(account, PLAIN, Destination(to=["ada@example.org"]))

    assert ["news@example.com"] == lookups
    assert 1 == len(account.outbox)


def test_a_bulk_send_resolves_the_sender_once(account, lookups):
    """A bulk send looks up the identity of its sender once for all entries."""
    request = PLAIN._replace(
        content=Content(), template=TemplateUse(parts=Parts("Hello", "Dear {{name}}"), data="{}")
    )
    entries = [
        BulkEntry(Destination(to=[f"{name}@example.org"]), data=f'{{"name": "{name}"}}')
        for name in ("ada", "bob", "cleo")
    ]

    sending.send_bulk(account, request, entries)

    assert ["news@example.com"] == lookups
    assert ["Dear ada", "Dear bob", "Dear cleo"] == [message.text for message in account.outbox]


def test_other_senders_are_resolved_too(account, lookups):
    """A return path that differs from the sender is looked up as well."""
    request = PLAIN._replace(return_path="bounces@example.com")

    sending.send(account, request, Destination(to=["ada@example.org"]))

    assert ["news@example.com", "bounces@example.com"] == lookups
