"""Where did the mail of a domain arrive? Reports of days and of campaigns.

Whoever calls a mail spam is taken to have it in the spam folder, any other delivery is in the inbox.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors, intervals
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.deliverability import dashboard
from pytest_ses.domain.deliverability.dashboard import DashboardState
from pytest_ses.domain.events import isps
from pytest_ses.domain.mail import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_ses.domain.mail.messages import Message

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetDomainStatisticsReport.html
LONGEST = timedelta(days=30)
_TOO_LONG = "EndDate must be no more than 30 days after StartDate."
_DAY = timedelta(days=1)


class ReportState(DashboardState, Protocol):
    """The dashboard of an account and the messages it sent."""

    outbox: list[Message]


@dataclass(slots=True)
class Placement:
    """How many mails arrived, by provider, and how many of them were read."""

    inbox: Counter[str] = field(default_factory=Counter)
    spam: Counter[str] = field(default_factory=Counter)
    read: int = 0

    @property
    def arrived(self) -> int:
        """How many there are of either."""
        return self.inbox.total() + self.spam.total()

    @property
    def read_percent(self) -> float:
        """How many of a hundred were read; opens are told by mail, not by recipient."""
        return percent(self.read, self.arrived)

    @property
    def isps(self) -> list[str]:
        """The providers that mail arrived at."""
        return sorted({*self.inbox, *self.spam})


class Campaign(NamedTuple):
    """Mails from one address with one subject."""

    campaign_id: str
    sender: str
    subject: str
    messages: list[Message]

    @property
    def placement(self) -> Placement:
        """Where its mails arrived."""
        return place(self.messages)

    @property
    def arrivals(self) -> list[datetime]:
        """When its mails arrived, in order."""
        events = [one for message in self.messages for one in message.events]
        return sorted(one.at for one in events if one.type == "Delivery")

    @property
    def volume(self) -> int:
        """To how many recipients it went."""
        return sum(len(message.recipients) for message in self.messages)

    @property
    def sending_ips(self) -> list[str]:
        """The addresses that its mails left by."""
        return sorted({records.host(message.region).ip for message in self.messages})


def percent(part: int, whole: int) -> float:
    """How many of a hundred; none of nothing."""
    return 100 * part / whole if whole else 0.0


def total(days: Iterable[Placement]) -> Placement:
    """The sum of several."""
    found = Placement()
    for one in days:
        found.inbox.update(one.inbox)
        found.spam.update(one.spam)
        found.read += one.read
    return found


def daily(
    account: ReportState, domain: str, start: datetime, end: datetime
) -> dict[datetime, Placement]:
    """Where the mails of each day arrived, from the first day to the last.

    Raises:
        InvalidParameterValue: for a time that is too long, or ends before it begins.
        NotSubscribed: for a domain that is not watched.
    """
    name = _checked(account, domain, start, end)
    first, last = intervals.day(start), intervals.day(end)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    messages = [*_sent(account.outbox, name)]
    return {
        one: place(message for message in messages if intervals.day(message.sent_at) == one)
        for one in days
    }


def campaigns(
    account: ReportState, domain: str, start: datetime, end: datetime
) -> Collection[Campaign]:
    """The campaigns of a domain that had mail sent from the first day to the last, by id.

    Raises:
        InvalidParameterValue, NotSubscribed: see `daily`.
    """
    name = _checked(account, domain, start, end)
    first, last = intervals.day(start), intervals.day(end)
    return _grouped(
        message
        for message in _sent(account.outbox, name)
        if first <= intervals.day(message.sent_at) <= last
    )


def find(account: ReportState, campaign_id: str) -> Campaign:
    """A campaign of any domain that is watched.

    Raises:
        CampaignDoesNotExist: as its name says.
    """
    watched = dashboard.watched(account)
    found = _grouped(message for name in watched for message in _sent(account.outbox, name))
    return found.find(campaign_id)


def place(messages: Iterable[Message]) -> Placement:
    """Where mails arrived."""
    found = Placement()
    for message in messages:
        delivered, spam = _met(message, "Delivery"), _met(message, "Complaint")
        found.inbox.update(isps.of(one) for one in delivered - spam)
        found.spam.update(isps.of(one) for one in delivered & spam)
        found.read += bool(_met(message, "Open"))
    return found


def _met(message: Message, type_: str) -> set[str]:
    """Whom an event of this type concerns."""
    return {name for one in message.events if one.type == type_ for name in one.recipients}


def _sent(outbox: list[Message], domain: str) -> Iterator[Message]:
    return (message for message in outbox if _domain(message) == domain)


def _domain(message: Message) -> str:
    return message.sender.rpartition("@")[2].lower()


def _grouped(messages: Iterable[Message]) -> Collection[Campaign]:
    found: Collection[Campaign] = Collection(
        "campaigns", missing=errors.CampaignDoesNotExist, order="name"
    )
    for message in messages:
        sender, subject = message.sender, message.subject or ""
        name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{message.account_id}/{sender}/{subject}"))
        campaign = found.get(name) or found.add(name, Campaign(name, sender, subject, []))
        campaign.messages.append(message)
    return found


def _checked(account: ReportState, domain: str, start: datetime, end: datetime) -> str:
    """The domain of a report, whose time is one that SES gives reports of."""
    intervals.check_interval(start, end)
    if end - start > LONGEST:
        raise errors.InvalidParameterValue(_TOO_LONG)
    return dashboard.check_watched(account, domain)
