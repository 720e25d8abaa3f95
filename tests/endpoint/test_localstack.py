"""The list of messages in LocalStack's format."""

from __future__ import annotations

import base64

import pytest
from http_clients import OUTBOUND, SEND


def listed(client, query=""):
    """The messages in the list, each without ID and time."""
    messages = client("GET", f"/_aws/ses{query}").json["messages"]
    assert [] == [message for message in messages if not message.pop("Id")]
    assert {19} <= {len(message.pop("Timestamp")) for message in messages} | {19}
    return messages


def test_composed_message(backend, client):
    """A message that SES composes has its destination, subject and body."""
    client.send()
    assert [
        {
            "Region": "us-east-1",
            "Source": "news@example.com",
            "Destination": {"ToAddresses": ["ada@example.org"]},
            "Subject": "Hi",
            "Body": {"text_part": "Hello", "html_part": None},
        }
    ] == listed(client)


def test_raw_message(backend, client):
    """A raw message is as submitted."""
    raw = "From: news@example.com\r\nTo: ada@example.org\r\n\r\nHëllo"
    data = base64.b64encode(raw.encode()).decode()
    client("POST", OUTBOUND, {"Content": {"Raw": {"Data": data}}})
    assert [{"Region": "us-east-1", "Source": "news@example.com", "RawData": raw}] == listed(client)


def test_templated_message(backend, client):
    """A templated message has its template and data."""
    content = {"Subject": "Hi {{name}}", "Text": "Hello"}
    template = {"TemplateName": "hi", "TemplateContent": content}
    client("POST", "/v2/email/templates", template)
    data = {"Template": {"TemplateName": "hi", "TemplateData": '{"name": "Ada"}'}}
    client("POST", OUTBOUND, {**SEND, "Content": data})
    assert [
        {
            "Region": "us-east-1",
            "Source": "news@example.com",
            "Destination": {"ToAddresses": ["ada@example.org"]},
            "Template": "hi",
            "TemplateData": '{"name": "Ada"}',
        }
    ] == listed(client)


def test_selection(backend, client):
    """`id` and `email`, which is the sender, select messages; other parameters are ignored."""
    message_id = client.send().json["MessageId"]
    queries = [
        f"?id={message_id}",
        "?id=&email=",
        "?email=news@example.com",
        "?bogus=x",
        "?id=0",
        "?email=ada@example.org",
    ]
    assert [1, 1, 1, 1, 0, 0] == [len(listed(client, query)) for query in queries]


@pytest.mark.parametrize(("query", "left"), [("", 0), ("?id={}", 1)])
def test_removal(backend, client, query, left):
    """DELETE removes all messages or one, without a content type."""
    message_id = client.send().json["MessageId"]
    client.send()
    answer = client("DELETE", f"/_aws/ses{query.format(message_id)}")
    assert (204, b"", None) == (answer.status, answer.body, answer.headers["Content-Length"])
    assert left == len(backend.outbox)
    assert 200 == client.send().status


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("DELETE", "/_aws/ses?id=0", 404, "'0' is not in the outbox"),
        ("GET", "/_aws/ses/0", 404, "/_aws/ses/0 does not exist; expected /_aws/ses"),
        ("POST", "/_aws/ses", 405, "POST /_aws/ses is not supported; expected GET or DELETE"),
    ],
)
def test_errors(backend, client, method, path, status, error):
    """Other requests are errors."""
    answer = client(method, path)
    assert (status, error) == (answer.status, answer.error)
