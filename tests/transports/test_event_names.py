"""The names of events that the clients of a session share."""

from __future__ import annotations

import boto3
import pytest
from botocore.hooks import EventAliaser

from pytest_ses import SESBackend
from pytest_ses.transports import event_names

REGION = "us-east-1"
ALIASED = "before-call.sesv2.GetAccount"


@pytest.fixture
def session():
    return boto3.Session(region_name=REGION)


def translated(client):
    return getattr(client.meta.events, event_names._TRANSLATED)


def test_next_client_need_not_translate(session):
    """A new client knows the names that an earlier client of its session has used."""
    with SESBackend():
        session.client("sesv2").get_account()
        client = session.client("sesv2")

    assert ALIASED in translated(client)


def test_names_are_those_of_botocore(session):
    """A shared name is the one that botocore translates to without a backend."""
    own = session.client("sesv2").meta.events
    with SESBackend():
        client = session.client("sesv2")
        client.get_account()

    assert translated(client) == {name: own._alias_event_name(name) for name in translated(client)}


def test_handlers_are_not_shared(session):
    """A handler is called for its own client only, though another client knows the same names."""
    called = []
    with SESBackend():
        first, second = session.client("sesv2"), session.client("sesv2")
        first.meta.events.register(ALIASED, lambda **_: called.append(first))
        second.get_account()
        assert called == []

        first.get_account()

    assert called == [first]


def test_without_backend(session):
    """After the end of a backend, each client translates for itself again."""
    with SESBackend():
        session.client("sesv2").get_account()

    assert ALIASED not in translated(session.client("sesv2"))


def test_other_versions_of_botocore(session, monkeypatch):
    """If botocore keeps translated names elsewhere, clients work and share nothing."""
    monkeypatch.setattr(event_names, "_TRANSLATED", "_names_of_another_version")
    with SESBackend():
        client = session.client("sesv2")
        client.get_account()

    assert isinstance(client.meta.events, EventAliaser)
    assert not hasattr(client.meta.events, "_names_of_another_version")
