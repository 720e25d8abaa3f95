"""What do the tests of webhooks share? An endpoint that remembers, and webhooks that get closed."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from endpoints import TOPIC, Endpoint, Seen

from pytest_ses import Clock
from pytest_ses.webhooks import Webhook


@pytest.fixture
def endpoint():
    """An endpoint that answers 200 unless told otherwise."""
    return Endpoint()


@pytest.fixture
def clock():
    """Virtual time."""
    return Clock()


@pytest.fixture
def subscribe(clock):
    """A function that makes a webhook, closed when the test ends."""
    with ExitStack() as undo:

        def subscribe(target, **more):
            return undo.enter_context(
                Webhook(target, **{"topic_arn": TOPIC, "clock": clock, **more})
            )

        yield subscribe


@pytest.fixture
def webhook(subscribe, endpoint):
    """A webhook to that endpoint, confirmed."""
    return subscribe(endpoint)


@pytest.fixture
def seen():
    """What the application at hand saw."""
    return Seen()
