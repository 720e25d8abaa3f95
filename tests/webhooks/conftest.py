"""Fixtures for the tests of webhooks."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from endpoints import TOPIC, Endpoint, Seen

from pytest_ses import Clock
from pytest_ses.webhooks import Webhook


@pytest.fixture
def endpoint():
    """An endpoint that records requests and responds with 200 by default."""
    return Endpoint()


@pytest.fixture
def clock():
    """A virtual clock."""
    return Clock()


@pytest.fixture
def subscribe(clock):
    """A function that creates a webhook, which is closed when the test ends."""
    with ExitStack() as stack:

        def subscribe(target, **more):
            return stack.enter_context(
                Webhook(target, **{"topic_arn": TOPIC, "clock": clock, **more})
            )

        yield subscribe


@pytest.fixture
def webhook(subscribe, endpoint):
    """A confirmed webhook for the endpoint."""
    return subscribe(endpoint)


@pytest.fixture
def seen():
    """A record of the request that an application received."""
    return Seen()
