"""Endpoints for webhook tests, and the values that are posted to them."""

from __future__ import annotations

import json

TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses-events"
BODY = '{"Message" : "Åsa"}'.encode()
HEADERS = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}
URL = "https://ada:secr%40t@example.com/hooks/%C3%A9?a=1"
AUTHORIZATION = "Basic YWRhOnNlY3JAdA=="


class Endpoint:
    """An endpoint in the form of a function: it records requests and returns planned responses."""

    def __init__(self):
        self.bodies = []
        self.headers = []
        self.answers = []

    def __call__(self, body, headers):
        self.bodies.append(body)
        self.headers.append(dict(headers))
        response = self.answers.pop(0) if self.answers else 200
        if isinstance(response, Exception):
            raise response
        return response

    @property
    def notifications(self):
        """The documents of all received notifications."""
        documents = [json.loads(body) for body in self.bodies]
        return [document for document in documents if document["Type"] == "Notification"]

    @property
    def messages(self):
        """The messages of all received notifications."""
        return [notification["Message"] for notification in self.notifications]


class Seen(dict):
    """The parts of a request that an endpoint saw."""

    def answer(self, authorization):
        """The status returned by an endpoint that requires basic authentication."""
        self.setdefault("asked", []).append(authorization)
        return 200 if authorization == AUTHORIZATION else 401
