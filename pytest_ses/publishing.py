"""When are events published? After each answer, outside of the lock; and what did not arrive?"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from pytest_ses import objects, publishers, receiving
from pytest_ses.publishers import Reach, UndeliveredEvent
from pytest_ses.transports.aws import Neighbours

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.accounts import Accounts
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.events import Event
    from pytest_ses.publishers import Posting
    from pytest_ses.webhooks import Webhook


class Publishing:
    """Keeps what is to be told until the account is free again: whoever hears it may send mail.

    Attributes:
        undelivered: the events that did not arrive.
        webhooks: the endpoints of the test.
        reach: how other services are reached.
    """

    def __init__(self, accounts: Accounts) -> None:
        self.undelivered: list[UndeliveredEvent] = []
        self.webhooks: list[Webhook] = []
        self.reach = Reach(Neighbours(), self.webhooks)
        self._waiting: deque[Callable[[], None]] = deque()
        accounts.happenings.listeners.append(self._hear)
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
        account.greet_topic = self._greet_topic
        account.greet_bucket = partial(self._greet_bucket, account)
        account.has_function = lambda arn: not receiving.is_missing_function(arn, self.reach)
        objects.connect(account, self.reach.neighbours)

    def _hear(self, account: Account, event: Event) -> None:
        for posting in publishers.postings(account, event):
            self._waiting.append(partial(self._publish, posting))

    def _publish(self, posting: Posting) -> None:
        try:
            publishers.publish(posting, self.reach)
        except Exception as error:  # noqa: BLE001  (whatever stands in for AWS, or listens)
            self.undelivered.append(UndeliveredEvent(posting.event, posting.destination, error))

    def _greet_topic(self, topic_arn: str, message: str) -> bool:
        """Let a topic be told that it is to get word, unless it is known not to be there."""
        if publishers.is_missing(topic_arn, self.reach):
            return False
        self._later(publishers.notify, topic_arn, self.reach, message)
        return True

    def _greet_bucket(self, account: Account, bucket: str, key: str, mail: bytes) -> bool:
        """Let a mail be put into a bucket, unless it is known not to be there."""
        if receiving.is_missing_bucket(account, bucket, self.reach):
            return False
        self._later(receiving.greet_bucket, account, bucket, key, mail, self.reach)
        return True

    def _later(self, greet: Callable[..., None], *args: object) -> None:
        def tell() -> None:
            # Where nobody hears it nothing is lost: it is no event.
            with suppress(Exception):
                greet(*args)

        self._waiting.append(tell)
