"""Which accounts are there, and how do they start?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain.account import Account
from pytest_ses.domain.events.event_log import EventLog
from pytest_ses.phrasing import with_nearest
from pytest_ses.settings import Settings, checked_identities

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.clock import Clock
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.scope import Schedule


class Accounts:
    """The accounts of a backend by id and region, made when they are first asked for.

    Attributes:
        messages: what all of them sent.
        event_log: what happened to it.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.event_log = EventLog()
        self.messages = self.event_log.messages
        self.schedule: Schedule = clock.call_at
        # Called with each new account, to connect it with what is outside of SES.
        self.prepare: Callable[[Account], None] = lambda _account: None
        self._accounts: dict[tuple[str, str], Account] = {}
        self._verified: list[str] = []
        self.clear()

    @property
    def account_id(self) -> str:
        """The id of the account that the test starts with."""
        return self._settings.account_id

    @property
    def region(self) -> str:
        """The region of the account that the test starts with."""
        return self._settings.region

    def get(self, account_id: str | None = None, region: str | None = None) -> Account:
        """One account in one region, by default of those the test starts with."""
        key = (account_id or self.account_id, region or self.region)
        return self._accounts.get(key) or self._open(*key)

    def verify(self, *identities: str) -> None:
        """Make addresses and domains verified identities, in every region of the first account."""
        checked_identities(identities)
        # The account itself first: it may refuse what only looks like an identity.
        self.get()
        for account in self._accounts.values():
            if account.account_id == self.account_id:
                account.verify(*identities)
        self._verified.extend(identities)

    def message(self, message: Message | str) -> Message:
        """A mail of the outbox, or the one of this id.

        Raises:
            ValueError: it is not in the outbox.
        """
        for one in self.messages:
            if message in (one, one.message_id):
                return one
        msg = f"{message!r} is not in the outbox"
        ids = [one.message_id for one in self.messages]
        raise ValueError(with_nearest(msg, message, ids) if isinstance(message, str) else msg)

    def clear(self) -> None:
        """Forget them; they start again as the test started with them."""
        self.event_log.clear()
        self._accounts.clear()
        self._verified[:] = self._settings.verified

    def _open(self, account_id: str, region: str) -> Account:
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
            account.verify(*self._verified)
        self._accounts[account_id, region] = account
        return account
