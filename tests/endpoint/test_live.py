"""The live mailbox page of an account that is being served."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import boto3
import pytest
from http_clients import OUTBOUND, SEND, Client
from mailboxes import PICTURE, sends_raw

from pytest_ses import SESBackend
from pytest_ses.endpoint import live
from pytest_ses.endpoint.server import Server

ACCEPT = {"Accept": "application/json"}


def page_of(client):
    """The response with the page, and the data in it."""
    answer = client("GET", "/_ses")
    data = re.search(rb'<script type="application/json"[^>]*>(.*?)</script>', answer.body)[1]
    return answer, json.loads(data)


class TestPage:
    def test_page(self, backend, client):
        """`GET /_ses` is a page with the messages; other websites cannot embed it."""
        client.send()
        answer, run = page_of(client)
        assert (200, "text/html; charset=utf-8") == (answer.status, answer.headers["Content-Type"])
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        (test,) = run["tests"]
        assert (True, "serve", "running") == (run["live"], test["nodeid"], test["outcome"])
        assert [backend.outbox.last.message_id] == [
            message["message_id"] for message in test["messages"]
        ]

    def test_running_test(self, server, client):
        """The entry has the node ID of the test whose account is served."""
        with SESBackend() as backend, server.session(backend, "tests/test_a.py::test"):
            _, run = page_of(client)
        assert "tests/test_a.py::test" == run["tests"][0]["nodeid"]

    def test_recent(self, backend, client, monkeypatch):
        """Only the last messages and calls are in the page; earlier ones are counted."""
        monkeypatch.setattr(live, "_MAX_MESSAGES", 2)
        monkeypatch.setattr(live, "_MAX_CALLS", 1)
        for _ in range(3):
            client.send()
        (test,) = page_of(client)[1]["tests"]
        assert [sent.message_id for sent in backend.outbox[1:]] == [
            message["message_id"] for message in test["messages"]
        ]
        assert 1 == len(test["calls"])
        assert {"messages": 1, "attachments": 0, "calls": 2} == test["omitted"]


class TestUpdates:
    def test_entry(self, backend, client):
        """With `Accept: application/json`, the response is the entry of the test."""
        client.send()
        assert "Hi" == client("GET", "/_ses", headers=ACCEPT).json["messages"][0]["subject"]

    def test_unchanged(self, backend, client):
        """If nothing has changed, the response is empty."""
        client.send()
        version = client("GET", "/_ses", headers=ACCEPT).headers["ETag"]
        answer = client("GET", "/_ses", headers={**ACCEPT, "If-None-Match": version})
        assert (304, b"", version) == (answer.status, answer.body, answer.headers["ETag"])

    @pytest.mark.parametrize(
        "change",
        [
            lambda _, client: client.send(),
            lambda _, client: client("POST", OUTBOUND, {**SEND, "FromEmailAddress": "a@b.c"}),
            lambda backend, _: backend.bounce(backend.outbox.last),
            lambda backend, _: backend.clear_outbox(),
            lambda backend, _: backend.reset(),
            lambda backend, _: backend.throttle(),
            lambda backend, _: backend.clock.advance(hours=2),
        ],
        ids=["send", "rejected", "event", "clear", "reset", "plan", "later event"],
    )
    def test_changed(self, backend, client, change):
        """Everything that an entry shows changes its version."""
        backend.recipient("ada@example.org").complains(after=timedelta(hours=1))
        client.send()
        version = client("GET", "/_ses", headers=ACCEPT).headers["ETag"]
        change(backend, client)
        answer = client("GET", "/_ses", headers={**ACCEPT, "If-None-Match": version})
        assert 200 == answer.status


def test_log():
    """Requests of an open page are logged only if something has changed."""
    lines = []
    server = Server(log=lines.append)
    server.start()
    client = Client(server.port)
    with SESBackend() as backend, server.session(backend):
        version = client("GET", "/_ses", headers=ACCEPT).headers["ETag"]
        client("GET", "/_ses", headers={**ACCEPT, "If-None-Match": version})
        client("GET", "/_ses/calls")
    client.connection.close()
    server.stop()
    assert ["GET /_ses HTTP/1.1 200", "GET /_ses/calls HTTP/1.1 200"] == [
        line.partition(" ")[2] for line in lines
    ]


def test_pictures(backend, client):
    """The HTML of a message has the attached pictures in it."""
    raw = (
        b"From: news@example.com\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:logo>\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n"
        b"Content-Transfer-Encoding: binary\r\n\r\n" + PICTURE + b"\r\n--b--\r\n"
    )
    sends_raw(raw)(backend, boto3.client("sesv2", region_name="us-east-1"))
    path = f"/_ses/messages/{backend.outbox.last.message_id}/html"
    assert client("GET", path).body.startswith(b"<img src=data:image/png;base64,")
