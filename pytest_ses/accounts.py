"""The accounts of a backend, and their initial state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pytest_ses.domain.account import Account
from pytest_ses.domain.configuration import configuration_sets, multi_region_endpoints
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
from pytest_ses.domain.events.event_log import EventLog
from pytest_ses.phrasing import with_nearest
from pytest_ses.settings import Settings, checked_identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_ses.clock import Clock
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.scope import Schedule

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class Accounts:
    """The accounts of a backend by ID and region, each created on first use.

    Attributes:
        messages: the messages sent by all accounts.
        event_log: the events of these messages.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.event_log = EventLog()
        self.messages = self.event_log.messages
        self.schedule: Schedule = clock.call_at
        # Called with each new account, to connect it to other services.
        self.prepare: Callable[[Account], None] = lambda _account: None
        self._accounts: dict[tuple[str, str], Account] = {}
        self._verified: list[str] = []
        self.clear()

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    @property
    def account_id(self) -> str:
        """The ID of the initial account."""
        return self._settings.account_id

    @property
    def region(self) -> str:
        """The region of the initial account."""
        return self._settings.region

    def get(self, account_id: str | None = None, region: str | None = None) -> Account:
        """Return an account in a region; both default to those of the initial account."""
        key = (account_id or self.account_id, region or self.region)
        return self._accounts.get(key) or self._create(*key)

    def region_of_endpoint(self, account_id: str, endpoint_id: str) -> str | None:
        """Return the primary region of a multi-region endpoint, or None if it is unknown."""
        for account in list(self._accounts.values()):
            endpoints = account.multi_region_endpoints
            if account.account_id == account_id and (
                multi_region_endpoints.has(endpoints, endpoint_id)
            ):
                return account.region
        return None

    def verify(self, *identities: str) -> None:
        """Verify addresses and domains in every region of the initial account.

        Raises:
            TypeError: if there are no identities, or one is not a string.
        """
        if not identities:
            raise TypeError("verify() requires at least one identity, such as 'example.com'")
        for identity in identities:
            if isinstance(identity, (list, tuple, set, frozenset)):
                raise TypeError(
                    f"{identity!r} is invalid; pass each identity as a separate argument"
                )
        checked_identities(identities)
        # An account must exist, because it rejects the identities that are invalid in SES.
        self.get()
        for account in self._accounts.values():
            if account.account_id == self.account_id:
                account.verify(*identities)
        self._verified.extend(identities)

    def message(self, message: Message | str) -> Message:
        """Return a message of the outbox, given the message itself or its ID.

        Raises:
            ValueError: if the message is not in the outbox.
        """
        for sent in self.messages:
            if message in (sent, sent.message_id):
                return sent
        msg = f"{message!r} is not in the outbox"
        if isinstance(message, Sequence) and not isinstance(message, str):
            raise ValueError(  # noqa: TRY004  (all wrong messages raise the same error)
                f"expected one message, not {message!r}; pass one message, such as "
                "ses_backend.outbox.last"
            )
        if isinstance(message, str) and "@" in message:
            raise ValueError(
                f"{message!r} is an address, not a message; pass a message of the outbox or, before it "
                f"is sent, plan what happens with ses_backend.recipient({message!r})"
            )
        ids = [sent.message_id for sent in self.messages]
        raise ValueError(with_nearest(msg, message, ids) if isinstance(message, str) else msg)

    def remove_messages(self, *messages: Message | str) -> None:
        """Remove messages from the outbox, by default all; their events stay.

        Raises:
            ValueError: if a message is not in the outbox.
        """
        removed = [self.message(message) for message in messages] or self.messages
        self.messages[:] = [message for message in self.messages if message not in removed]

    def clear(self) -> None:
        """Reset all accounts to their initial state."""
        self.event_log.clear()
        self._accounts.clear()
        self._verified[:] = self._settings.verified

    def _create(self, account_id: str, region: str) -> Account:
        account = Account(
            account_id,
            region,
            clock=self._clock,
            event_log=self.event_log,
        )
        account.schedule = self.schedule
        self.prepare(account)
        if account_id == self.account_id:
            account.sandbox = self._settings.sandbox
            account.daily_quota = self._settings.daily_quota
            account.send_rate = self._settings.send_rate
            account.sending_enabled = self._settings.sending_enabled
            account.auto_verify = self._settings.auto_verify
            account.verify(*self._verified)
            for name in self._settings.configuration_sets:
                configuration_sets.create(account, ConfigurationSet(name))
        self._accounts[account_id, region] = account
        return account
