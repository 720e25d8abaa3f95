"""The queue of events to publish, and the events that could not be published."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from pytest_ses.services import objects, publishers, receiving
from pytest_ses.services.clients import ServiceClients
from pytest_ses.services.publishers import Services, UndeliveredEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.accounts import Accounts
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.services.publishers import Publication
    from pytest_ses.webhooks import Webhook


class Publishing:
    """Publishes events after the lock is released, because a handler may send messages itself.

    Attributes:
        undelivered: the events that could not be published.
        webhooks: the webhooks of the test.
        services: the clients of other services, and the webhooks.
    """

    def __init__(self, accounts: Accounts) -> None:
        self.undelivered: list[UndeliveredEvent] = []
        self.webhooks: list[Webhook] = []
        self.services = Services(ServiceClients(), self.webhooks)
        self._waiting: deque[Callable[[], None]] = deque()
        accounts.event_log.listeners.append(self._enqueue)
        accounts.prepare = self._connect

    def run(self) -> None:
        """Publish the waiting events; errors are stored in `undelivered`, not raised."""
        while self._waiting:
            self._waiting.popleft()()

    def clear(self) -> None:
        """Discard the undelivered and the waiting events."""
        self.undelivered.clear()
        self._waiting.clear()

    def _connect(self, account: Account) -> None:
        """Connect a new account to the other services."""
        account.connections.validate_topic = self._validate_topic
        account.connections.validate_bucket = partial(self._validate_bucket, account)
        account.connections.has_function = lambda arn: (
            not receiving.is_missing_function(arn, self.services)
        )
        objects.connect(account, self.services.clients)

    def _enqueue(self, account: EventState, event: Event) -> None:
        for publication in publishers.publications(account, event):
            self._waiting.append(partial(self._publish, publication))

    def _publish(self, publication: Publication) -> None:
        try:
            publishers.publish(publication, self.services)
        except Exception as error:  # noqa: BLE001  (a handler may raise anything)
            self.undelivered.append(
                UndeliveredEvent(publication.event, publication.destination, error)
            )

    def _validate_topic(self, topic_arn: str, message: str) -> bool:
        """Publish a validation message to a topic, unless the topic is known not to exist."""
        if publishers.is_missing_topic(topic_arn, self.services):
            return False
        self._try_later(publishers.notify, topic_arn, self.services, message)
        return True

    def _validate_bucket(self, account: Account, bucket: str, key: str, message: bytes) -> bool:
        """Write a setup notification to a bucket, unless the bucket is known not to exist."""
        if receiving.is_missing_bucket(account, bucket, self.services):
            return False
        write = receiving.write_setup_notification
        self._try_later(write, account, bucket, key, message, self.services)
        return True

    def _try_later(self, action: Callable[..., None], *args: object) -> None:
        def attempt() -> None:
            # A lost setup message does not matter: it is not an event.
            with suppress(Exception):
                action(*args)

        self._waiting.append(attempt)
