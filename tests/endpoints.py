"""What do endpoints of tests see, and what is posted to them?"""

from __future__ import annotations

import json

TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses-events"
BODY = '{"Message" : "Åsa"}'.encode()
HEADERS = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}
URL = "https://ada:secr%40t@example.com/hooks/%C3%A9?a=1"
AUTHORIZATION = "Basic YWRhOnNlY3JAdA=="


class Endpoint:
    """An endpoint as a function: it remembers what came, and answers what it is told to."""

    def __init__(self):
        self.bodies = []
        self.headers = []
        self.answers = []

    def __call__(self, body, headers):
        self.bodies.append(body)
        self.headers.append(dict(headers))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def notifications(self):
        """The documents of all notifications that came."""
        came = [json.loads(body) for body in self.bodies]
        return [one for one in came if one["Type"] == "Notification"]

    @property
    def messages(self):
        """The messages that came."""
        return [one["Message"] for one in self.notifications]


class Seen(dict):
    """What an endpoint saw of a request."""

    def answer(self, authorization):
        """The status that an endpoint with basic authentication answers."""
        self.setdefault("asked", []).append(authorization)
        return 200 if authorization == AUTHORIZATION else 401
