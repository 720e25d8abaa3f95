"""A plain HTTP client, and the requests it sends to an endpoint."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple

JSON = {"Content-Type": "application/json"}
SEND = {
    "FromEmailAddress": "news@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hello"}}}},
}
OUTBOUND = "/v2/email/outbound-emails"


class Answer(NamedTuple):
    """A response that was read to its end."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]


class Client:
    """A keep-alive connection to an endpoint, without an AWS SDK."""

    def __init__(self, port, timeout=10):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __call__(self, method, path, body=None, headers=None):
        """Send a request, with a JSON body if it is not bytes, and return the response."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {**JSON, **headers}
        self.connection.request(method, path, body, headers)
        return self.answer()

    def answer(self):
        response = self.connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def send(self, **headers):
        """Send a message to the account, unsigned."""
        return self("POST", OUTBOUND, SEND, headers)

    def raw(self, request):
        """Send bytes as they are."""
        if self.connection.sock is None:
            self.connection.connect()
        self.connection.sock.sendall(request)

    def raw_answer(self):
        """Read the response to bytes that were sent."""
        with http.client.HTTPResponse(self.connection.sock) as response:
            response.begin()
            return Answer(response.status, response.headers, response.read())
