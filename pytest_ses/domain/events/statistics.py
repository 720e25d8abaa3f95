"""Sending statistics, and the enforcement of sending quotas."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.mail import outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = timedelta(hours=24)
# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendStatistics.html
BUCKET = timedelta(minutes=15)
RETENTION = timedelta(days=14)


@dataclass(slots=True)
class DataPoint:
    """The counts of the 15 minutes that start at `timestamp`."""

    timestamp: datetime
    delivery_attempts: int = 0
    bounces: int = 0
    complaints: int = 0
    rejects: int = 0


class SentMessage(Protocol):
    """The part of a message that is counted."""

    @property
    def sent_at(self) -> datetime:
        """When it was sent."""
        ...

    @property
    def envelope(self) -> Sequence[str]:
        """Its recipients."""
        ...


class SendingHistory:
    """Counts of recipients: in the last 24 hours, in the last second, and per 15 minutes."""

    def __init__(self) -> None:
        self._uncounted: list[SentMessage] = []
        self._day: deque[tuple[datetime, int]] = deque()
        self._sent_today = 0
        self._buckets: dict[int, DataPoint] = {}
        self._allowance: float | None = None
        self._refilled_at: datetime | None = None

    def record(self, message: SentMessage) -> None:
        """Count the recipients of an accepted message.

        Those in the mailbox simulator do not count towards the daily quota.
        """
        # Counted on demand: every send calls this, but few tests read the counts.
        self._uncounted.append(message)

    def bucket(self, now: datetime) -> DataPoint:
        """Return the counts of the 15 minutes that contain `now`."""
        self._count()
        return self._bucket(now)

    def sent_last_24_hours(self, now: datetime) -> int:
        """Return the number of recipients in the 24 hours before `now`, without simulated ones."""
        self._count()
        while self._day and self._day[0][0] <= now - DAY:
            self._sent_today -= self._day.popleft()[1]
        return self._sent_today

    def data_points(self, now: datetime) -> list[DataPoint]:
        """Return the non-empty 15-minute counts of the last two weeks."""
        self._count()
        return [point for point in self._buckets.values() if point.timestamp > now - RETENTION]

    def use_send_rate(self, now: datetime, recipients: int, *, rate: float) -> None:
        """Take a token for each recipient from a bucket that holds the tokens of one second.

        A message is rejected only if the bucket is empty. A message with more recipients than
        tokens is accepted, as with the daily quota, and the next message must wait.

        Raises:
            SendingRateExceeded: if the bucket is empty.
        """
        if self._allowance is None or self._refilled_at is None:
            self._allowance = rate
        else:
            elapsed = (now - self._refilled_at).total_seconds()
            self._allowance = min(rate, self._allowance + max(elapsed, 0) * rate)
        self._refilled_at = now
        if self._allowance < min(1.0, rate):
            raise errors.SendingRateExceeded
        self._allowance -= recipients

    def _count(self) -> None:
        for message in self._uncounted:
            now, real = message.sent_at, _real_recipients(message)
            self._day.append((now, real))
            self._sent_today += real
            self._bucket(now).delivery_attempts += len(message.envelope)
        self._uncounted.clear()

    def _bucket(self, now: datetime) -> DataPoint:
        number = int(now.timestamp() // BUCKET.total_seconds())
        if number not in self._buckets:
            start = datetime.fromtimestamp(number * BUCKET.total_seconds(), timezone.utc)
            self._buckets[number] = DataPoint(start)
        return self._buckets[number]


class QuotaState(Protocol):
    """The sending history of an account, and its quotas if the test set them."""

    history: SendingHistory
    daily_quota: float | None
    send_rate: float | None


def check_quota(account: QuotaState, message: SentMessage) -> None:
    """Reject a message beyond the daily quota or the send rate, if the test set them.

    A message is accepted while any quota is left, even if it has more recipients than are left.
    Only the send rate applies to recipients in the mailbox simulator;
    https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html

    Raises:
        DailyQuotaExceeded: if the messages of the last 24 hours have used up the quota.
        SendingRateExceeded: if the messages of the last second have used up the rate.
    """
    quota, rate = account.daily_quota, account.send_rate
    if quota is None and rate is None:
        return
    now, history = message.sent_at, account.history
    if (
        quota is not None
        and _real_recipients(message)
        and 0 <= quota <= history.sent_last_24_hours(now)
    ):
        raise errors.DailyQuotaExceeded
    if rate is not None:
        history.use_send_rate(now, len(message.envelope), rate=rate)


def _real_recipients(message: SentMessage) -> int:
    """Return the number of recipients that are not in the mailbox simulator."""
    domains = (addresses.bare(address).rpartition("@")[2].lower() for address in message.envelope)
    return sum(domain != outcomes.SIMULATOR for domain in domains)
