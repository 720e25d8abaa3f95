"""Deliverability reports of domains, by day and by campaign.

A message that a recipient complains about counts as delivered to the spam folder; every other
delivery counts as delivered to the inbox.
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
MAX_PERIOD = timedelta(days=30)
_TOO_LONG = "EndDate must be no more than 30 days after StartDate."
_DAY = timedelta(days=1)


class ReportState(DashboardState, Protocol):
    """The dashboard of an account and the messages it sent."""

    outbox: list[Message]


@dataclass(slots=True)
class Placement:
    """The numbers of deliveries, by mailbox provider, and the number of messages read."""

    inbox: Counter[str] = field(default_factory=Counter)
    spam: Counter[str] = field(default_factory=Counter)
    read: int = 0

    @property
    def arrived(self) -> int:
        """The total number of deliveries."""
        return self.inbox.total() + self.spam.total()

    @property
    def read_percent(self) -> float:
        """The percentage that was read; opens are counted by message, not by recipient."""
        return percent(self.read, self.arrived)

    @property
    def isps(self) -> list[str]:
        """The mailbox providers with deliveries."""
        return sorted({*self.inbox, *self.spam})


class Campaign(NamedTuple):
    """All messages with the same sender and the same subject."""

    campaign_id: str
    sender: str
    subject: str
    messages: list[Message]

    @property
    def placement(self) -> Placement:
        """The places where its messages arrived."""
        return placement_of(self.messages)

    @property
    def arrivals(self) -> list[datetime]:
        """The times at which its messages arrived, in order."""
        events = [event for message in self.messages for event in message.events]
        return sorted(event.at for event in events if event.type == "Delivery")

    @property
    def volume(self) -> int:
        """The number of its recipients."""
        return sum(len(message.recipients) for message in self.messages)

    @property
    def sending_ips(self) -> list[str]:
        """The IP addresses that its messages were sent from."""
        return sorted({records.host(message.region).ip for message in self.messages})


def percent(part: int, whole: int) -> float:
    """Return a part as a percentage of the whole, or 0 if the whole is 0."""
    return 100 * part / whole if whole else 0.0


def total(placements: Iterable[Placement]) -> Placement:
    """Return the sum of several placements."""
    combined = Placement()
    for placement in placements:
        combined.inbox.update(placement.inbox)
        combined.spam.update(placement.spam)
        combined.read += placement.read
    return combined


def daily(
    account: ReportState, domain: str, start: datetime, end: datetime
) -> dict[datetime, Placement]:
    """Return where the messages of each day arrived, from the first day to the last.

    Raises:
        InvalidParameterValue: if the period is too long or ends before it begins.
        NotSubscribed: if the domain has no subscription.
    """
    domain = _checked_domain(account, domain, start, end)
    first, last = intervals.day(start), intervals.day(end)
    days = [first + number * _DAY for number in range((last - first).days + 1)]
    messages = [*_sent(account.outbox, domain)]
    return {
        day: placement_of(message for message in messages if intervals.day(message.sent_at) == day)
        for day in days
    }


def campaigns(
    account: ReportState, domain: str, start: datetime, end: datetime
) -> Collection[Campaign]:
    """Return the campaigns of a domain with messages in a period, by campaign ID.

    Raises:
        InvalidParameterValue: if the period is too long or ends before it begins.
        NotSubscribed: if the domain has no subscription.
    """
    domain = _checked_domain(account, domain, start, end)
    first, last = intervals.day(start), intervals.day(end)
    return _group(
        message
        for message in _sent(account.outbox, domain)
        if first <= intervals.day(message.sent_at) <= last
    )


def find(account: ReportState, campaign_id: str) -> Campaign:
    """Return a campaign of any subscribed domain.

    Raises:
        CampaignDoesNotExist: if the subscribed domains have no such campaign.
    """
    subscriptions = dashboard.current_subscriptions(account)
    all_campaigns = _group(
        message for domain in subscriptions for message in _sent(account.outbox, domain)
    )
    return all_campaigns.find(campaign_id)


def placement_of(messages: Iterable[Message]) -> Placement:
    """Return where messages arrived."""
    placement = Placement()
    for message in messages:
        delivered, spam = (
            _recipients_with(message, "Delivery"),
            _recipients_with(message, "Complaint"),
        )
        placement.inbox.update(isps.isp_of(recipient) for recipient in delivered - spam)
        placement.spam.update(isps.isp_of(recipient) for recipient in delivered & spam)
        placement.read += bool(_recipients_with(message, "Open"))
    return placement


def _recipients_with(message: Message, type_: str) -> set[str]:
    """Return the recipients of a message that have an event of a type."""
    return {
        recipient
        for event in message.events
        if event.type == type_
        for recipient in event.recipients
    }


def _sent(outbox: list[Message], domain: str) -> Iterator[Message]:
    return (message for message in outbox if _domain(message) == domain)


def _domain(message: Message) -> str:
    return message.sender.rpartition("@")[2].lower()


def _group(messages: Iterable[Message]) -> Collection[Campaign]:
    grouped: Collection[Campaign] = Collection(
        "campaigns", missing=errors.CampaignDoesNotExist, order="name"
    )
    for message in messages:
        sender, subject = message.sender, message.subject or ""
        campaign_id = str(
            uuid.uuid5(uuid.NAMESPACE_URL, f"{message.account_id}/{sender}/{subject}")
        )
        campaign = grouped.get(campaign_id) or grouped.add(
            campaign_id, Campaign(campaign_id, sender, subject, [])
        )
        campaign.messages.append(message)
    return grouped


def _checked_domain(account: ReportState, domain: str, start: datetime, end: datetime) -> str:
    """Return the domain of a report after checking the domain and the period."""
    intervals.check_interval(start, end)
    if end - start > MAX_PERIOD:
        raise errors.InvalidParameterValue(_TOO_LONG)
    return dashboard.subscribed_domain(account, domain)
