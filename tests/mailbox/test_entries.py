"""The entry of a test in the mailbox page."""

from __future__ import annotations

import base64
import json
from email.message import EmailMessage

import boto3
import pytest
from botocore.exceptions import ClientError
from mailboxes import PICTURE, entry, sends, sends_raw

from pytest_ses import SESBackend
from pytest_ses.calls import Call
from pytest_ses.mailbox import entries
from pytest_ses.mailbox.entries import Activity, Budget


def with_files(*files):
    """A raw message with attachments: content, type, name and content ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "news@example.com", "ada@example.org", "Hi"
    message.set_content("Hello")
    message.add_alternative("<img src='cid:logo'>", subtype="html")
    for content, content_type, filename, content_id in files:
        main, sub = content_type.split("/")
        message.add_attachment(content, main, sub, filename=filename, cid=content_id)
    return message


def test_no_backend():
    """A test without a backend has no messages, calls or planned failures."""
    assert {
        "nodeid": "tests/test_a.py::test",
        "outcome": "error",
        "duration": 0.5,
        "error": "fixture failed",
        "messages": [],
        "calls": [],
        "failures": [],
        "omitted": {"messages": 0, "attachments": 0},
    } == entries.of_test(
        [], nodeid="tests/test_a.py::test", outcome="error", duration=0.5, error="fixture failed"
    )


class TestMessages:
    def test_message(self):
        """A message has its headers, source, size, parts and events with their details."""
        (message,) = entry(
            sends("Grüße", "Hi", "<p>Hi</p>"),
            lambda backend, _client: backend.bounce(backend.outbox.last),
        )["messages"]
        assert ["Subject", "Grüße"] == next(
            list(header) for header in message["headers"] if header[0] == "Subject"
        )
        assert message["raw"].startswith("Date: ")
        assert message["size"] == len(message["raw"])
        assert ["text/plain", "text/html"] == [
            part["content_type"] for part in message["parts"]["parts"]
        ]
        assert ["Send", "Delivery", "Bounce"] == [event["type"] for event in message["events"]]
        assert "Permanent" == message["events"][2]["detail"]["bounceType"]
        assert message["template"] is None

    def test_headers_in_the_source(self):
        """An entry does not repeat the headers if each is one line without encoded words."""
        assert [True, False] == [
            message["headers"] is None
            for message in entry(sends("Greetings"), sends("Grüße"))["messages"]
        ]

    def test_json(self):
        """An entry is JSON, whatever the message contains."""
        test = entry(
            sends("\ud800</script>"), sends_raw(b"From: news@example.com\nSubject: \xff\n\n\xfe")
        )
        assert test["messages"][1]["raw"].endswith("\xfe")
        assert [message["subject"] for message in test["messages"]] == [
            message["subject"] for message in json.loads(json.dumps(test))["messages"]
        ]

    def test_raw_is_not_utf8(self):
        """A source that is not UTF-8 is shown as Latin-1."""
        raw = b"From: news@example.com\r\nSubject: \xe9\r\n\r\n\xe9"
        (message,) = entry(sends_raw(raw))["messages"]
        assert message["raw"].endswith("\r\n\r\né")

    def test_template(self):
        """A templated message has its template as it was when it was sent."""

        def send(_backend, client):
            content = {"Subject": "Dear {{name}}", "Text": "Hi"}
            client.create_email_template(TemplateName="june", TemplateContent=content)
            client.send_email(
                FromEmailAddress="news@example.com",
                Destination={"ToAddresses": ["ada@example.org"]},
                Content={"Template": {"TemplateName": "june", "TemplateData": '{"name": "Ada"}'}},
            )
            client.delete_email_template(TemplateName="june")

        (message,) = entry(send)["messages"]
        assert {"subject": "Dear {{name}}", "text": "Hi", "html": None} == message["template"]
        assert ({"name": "Ada"}, "Dear Ada") == (message["template_data"], message["subject"])

    def test_rendering_failure(self):
        """A message that could not be rendered has no source and no parts."""

        def send(_backend, client):
            content = {"Subject": "Dear {{name}}", "Text": "Hi"}
            client.create_email_template(TemplateName="june", TemplateContent=content)
            client.send_email(
                FromEmailAddress="news@example.com",
                Destination={"ToAddresses": ["ada@example.org"]},
                Content={"Template": {"TemplateName": "june", "TemplateData": "{}"}},
            )

        (message,) = entry(send)["messages"]
        assert ("", 0, None, []) == tuple(
            message[name] for name in ("raw", "size", "parts", "headers")
        )
        assert "name" in message["rendering_error"]

    def test_verified_identities(self):
        """A message with HTML has the verified identities of its account."""
        html, text = entry(sends(html="<p>"), sends())["messages"]
        assert (["example.com"], []) == (html["verified"], text["verified"])

    def test_long_source(self):
        """Of a long source, only the start is included."""
        (message,) = entry(sends(text="x\n" * entries.MAX_SOURCE))["messages"]
        assert entries.MAX_SOURCE == len(message["raw"])
        assert message["size"] > 2 * entries.MAX_SOURCE


class TestAttachments:
    def test_data(self):
        """An attachment has its content in Base64, and its content ID."""
        files = with_files(
            (b"a,b", "text/csv", "a.csv", None), (PICTURE, "image/png", None, "<logo>")
        )
        test = entry(sends_raw(files))
        table, picture = test["messages"][0]["attachments"]
        assert {
            "filename": "a.csv",
            "content_type": "text/csv",
            "size": 3,
            "content_id": None,
            "inline": False,
            "data": base64.b64encode(b"a,b").decode(),
        } == table
        assert ("logo", PICTURE) == (picture["content_id"], base64.b64decode(picture["data"]))
        assert {"messages": 0, "attachments": 0} == test["omitted"]

    def test_large(self):
        """The content of an attachment over 1 MB is left out and counted."""
        limit = entries.MAX_ATTACHMENT
        files = [(b"x" * size, "text/csv", "a.csv", None) for size in (limit, limit + 1)]
        test = entry(sends_raw(with_files(*files)))
        fits, large = test["messages"][0]["attachments"]
        assert (limit, limit + 1) == (fits["size"], large["size"])
        assert (True, False) == (bool(fits["data"]), bool(large["data"]))
        assert 1 == test["omitted"]["attachments"]


class TestBudget:
    def test_messages(self):
        """Messages beyond the budget are counted, also across tests."""
        budget = Budget(3)
        first = entry(sends(), sends(), budget=budget)
        second = entry(sends("1"), sends("2"), budget=budget)
        assert (2, 1) == (len(first["messages"]), len(second["messages"]))
        assert "1" == second["messages"][0]["subject"]
        assert (0, 1) == (first["omitted"]["messages"], second["omitted"]["messages"])

    def test_default(self):
        """Without a budget, an entry has up to 10,000 messages."""
        assert 10_000 == Budget().messages


class TestCalls:
    def test_attempts_and_waits(self):
        """Each attempt has its error, its planned failure and the wait before it."""

        def plan(backend, _client):
            backend.throttle("SendEmail", times=2)

        test = entry(plan, sends())
        first, second, third = test["calls"]
        assert ("TooManyRequestsException", 429) == (
            first["error"]["code"],
            first["error"]["status"],
        )
        assert "throttle('SendEmail', times=2)" == second["fault"]
        assert ([1, 2, 3], None) == ([call["attempt"] for call in test["calls"]], first["waited"])
        assert 0 < second["waited"]
        assert (None, None) == (third["error"], third["fault"])
        assert [(2, False)] == [
            (failure["happened"], failure["unmet"]) for failure in test["failures"]
        ]

    def test_other_waits(self):
        """If the test waited too, it is not known which wait was before which attempt."""

        def wait(backend, _client):
            backend.throttle("SendEmail", times=1)
            backend.clock.sleep(1)

        assert [None, None] == [call["waited"] for call in entry(wait, sends())["calls"]]

    def test_rejected(self):
        """A rejected call has the error of SES."""

        def send(_backend, client):
            with pytest.raises(ClientError):
                sends(ConfigurationSetName="missing")(None, client)

        (call,) = entry(send)["calls"]
        assert "NotFoundException" == call["error"]["code"]

    def test_parameters(self):
        """Long strings and bytes in parameters are shortened."""
        simple, raw = entry(sends(text="x" * 501), sends_raw(with_files()))["calls"]
        text = simple["params"]["Content"]["Simple"]["Body"]["Text"]["Data"]
        assert f"{'x' * 500}… (1 more characters)" == text
        assert " bytes)" in raw["params"]["Content"]["Raw"]["Data"]
        assert ["ada@example.org"] == raw["params"]["Destination"]["ToAddresses"]

    def test_unmet(self):
        """A planned failure that did not happen is unmet."""
        test = entry(lambda backend, _client: backend.throttle())
        assert [("throttle()", 0, True)] == [
            (failure["planned"], failure["happened"], failure["unmet"])
            for failure in test["failures"]
        ]


def test_several_backends():
    """An entry has the messages of all backends of the test, and those of an activity."""
    with SESBackend(verified=["example.com"]) as backend:
        client = boto3.client("sesv2", region_name="us-east-1")
        sends("1")(backend, client)
        sends("2")(backend, client)
        call = Call("sesv2", None, {}, "us-east-1", "1" * 12)
        activity = Activity(backend.outbox[1:], [call])
        test = entries.of_test([backend, activity], nodeid="a", outcome="passed")
    assert ["1", "2", "2"] == [message["subject"] for message in test["messages"]]
    assert ["SendEmail", "SendEmail", None] == [call["operation"] for call in test["calls"]]
