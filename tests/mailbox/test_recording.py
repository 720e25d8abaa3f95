"""The recording of what a test does with its backends."""

from __future__ import annotations

import gc
import json
import weakref

import boto3
import pytest

from pytest_ses import SESBackend, backend as backends
from pytest_ses.mailbox.recording import Recorder

PARAMS = {
    "Source": "news@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Message": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}},
}


@pytest.fixture
def recorder():
    """A recorder of the backends of this test."""
    recorder = Recorder()
    backends.observers.append(recorder)
    yield recorder
    backends.observers.remove(recorder)


def passed():
    """What the entry of a passed test contains besides what the test did."""
    return {"outcome": "passed"}


def read(entry):
    """The number of messages and calls of an entry."""
    shown = json.loads(entry.json())
    return len(shown["messages"]), len(shown["calls"])


def test_position(recorder):
    """Only what happens after the start is recorded; nothing is recorded twice."""
    with SESBackend(verified=["example.com"]) as backend:
        backend._call("ses", "SendEmail", PARAMS)
        recorder.start()
        backend._call("ses", "GetSendQuota")
        first = recorder.entry("first", passed)
        recorder.start()
        backend._call("ses", "SendEmail", PARAMS)
        second = recorder.entry("second", passed)
    assert ((0, 1), (1, 1)) == (read(first), read(second))


@pytest.mark.usefixtures("recorder")
def test_parameters():
    """The parameters of a recorded call are parsed only once."""
    with SESBackend(verified=["example.com"]) as backend:
        boto3.client("ses", region_name="us-east-1").send_email(**PARAMS)
    (call,) = backend.calls
    assert PARAMS == call.params
    assert call.params is call.params


def test_no_backend(recorder):
    """Without an active backend, there is nothing to record."""
    recorder.start()
    assert not recorder.has_backend
    assert (0, 0) == read(recorder.entry("it", passed))


def test_later_changes(recorder):
    """An entry does not contain what happens after it, even if its JSON is made later."""
    recorder.start()
    with SESBackend(verified=["example.com"]) as backend:
        backend._call("ses", "SendEmail", PARAMS)
        entry = recorder.entry("it", passed)
        backend.bounce(backend.outbox.last)
        backend.reset()
    (message,) = json.loads(entry.json())["messages"]
    assert ["Send", "Delivery"] == [event["type"] for event in message["events"]]


def test_entered_twice(recorder):
    """A backend that is entered again keeps what it recorded before."""
    recorder.start()
    backend = SESBackend(verified=["example.com"])
    for _ in range(2):
        with backend:
            backend._call("ses", "SendEmail", PARAMS)
    assert (2, 2) == read(recorder.entry("it", passed))


def test_removed_messages(recorder):
    """Messages that were removed from the outbox are recorded."""
    recorder.start()
    with SESBackend(verified=["example.com"]) as backend:
        backend._call("ses", "SendEmail", PARAMS)
        backend.clear_outbox()
    assert (1, 1) == read(recorder.entry("it", passed))
    assert ["Hello"] == [message.subject for message in recorder.messages]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (lambda _backend: None, ["Send", "Delivery"]),
        (lambda backend: backend.recipient("ada@example.org").bounces(), ["Send", "Bounce"]),
    ],
)
def test_events_without_account(recorder, plan, expected):
    """The events of an entry are those of the account, whether or not they were computed before."""
    recorder.start()
    with SESBackend(verified=["example.com"]) as backend:
        plan(backend)
        backend._call("ses", "SendEmail", PARAMS)
    shown = json.loads(recorder.entry("it", passed).json())["messages"][0]["events"]
    assert expected == [event["type"] for event in shown]
    for event, shown_event in zip(backend.outbox.last.events, shown, strict=True):
        assert json.loads(json.dumps(event.detail)) == shown_event["detail"]


def test_account_is_released(recorder):
    """An entry whose JSON is made later does not keep the account in memory."""
    recorder.start()
    with SESBackend(verified=["example.com"]) as backend:
        backend._call("ses", "SendEmail", PARAMS)
    entry = recorder.entry("it", passed)
    account = weakref.ref(backend.account())
    del backend
    recorder.start()
    with SESBackend():  # the clients remember the backend that they reached last
        gc.collect()
    assert account() is None
    assert (1, 1) == read(entry)
