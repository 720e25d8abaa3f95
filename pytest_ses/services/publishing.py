"""When are events published? After each answer, outside of the lock; and what did not arrive?"""

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
    from pytest_ses.services.publishers import Posting
    from pytest_ses.webhooks import Webhook


class Publishing:
    """Keeps what is to be told until the account is free again: whoever hears it may send mail.

    Attributes:
        undelivered: the events that did not arrive.
        webhooks: the endpoints of the test.
        services: how other services are reached.
    """

    def __init__(self, accounts: Accounts) -> None:
        self.undelivered: list[UndeliveredEvent] = []
        self.webhooks: list[Webhook] = []
        self.services = Services(ServiceClients(), self.webhooks)
        self._waiting: deque[Callable[[], None]] = deque()
        accounts.event_log.listeners.append(self._hear)
        accounts.prepare = self._prepare

    def run(self) -> None:
        """Publish what has happened meanwhile; whatever goes wrong is kept, not raised."""
        while self._waiting:
            self._waiting.popleft()()

    def clear(self) -> None:
        """Forget what did not arrive, and what was not told yet."""
        self.undelivered.clear()
        self._waiting.clear()

    def _prepare(self, account: Account) -> None:
        """Connect a new account with the other services."""
        account.connections.validate_topic = self._validate_topic
        account.connections.validate_bucket = partial(self._validate_bucket, account)
        account.connections.has_function = lambda arn: (
            not receiving.is_missing_function(arn, self.services)
        )
        objects.connect(account, self.services.clients)

    def _hear(self, account: EventState, event: Event) -> None:
        for posting in publishers.postings(account, event):
            self._waiting.append(partial(self._publish, posting))

    def _publish(self, posting: Posting) -> None:
        try:
            publishers.publish(posting, self.services)
        except Exception as error:  # noqa: BLE001  (whatever stands in for AWS, or listens)
            self.undelivered.append(UndeliveredEvent(posting.event, posting.destination, error))

    def _validate_topic(self, topic_arn: str, message: str) -> bool:
        """Let a topic be told that it is to get word, unless it is known not to be there."""
        if publishers.is_missing(topic_arn, self.services):
            return False
        self._later(publishers.notify, topic_arn, self.services, message)
        return True

    def _validate_bucket(self, account: Account, bucket: str, key: str, mail: bytes) -> bool:
        """Let a mail be put into a bucket, unless it is known not to be there."""
        if receiving.is_missing_bucket(account, bucket, self.services):
            return False
        self._later(receiving.validate_bucket, account, bucket, key, mail, self.services)
        return True

    def _later(self, greet: Callable[..., None], *args: object) -> None:
        def tell() -> None:
            # Where nobody hears it nothing is lost: it is no event.
            with suppress(Exception):
                greet(*args)

        self._waiting.append(tell)
