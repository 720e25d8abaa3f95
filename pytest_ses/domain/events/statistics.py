"""How much has the account sent, and may it send more?"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

from pytest_ses.domain import errors

DAY = timedelta(hours=24)
# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendStatistics.html
BUCKET = timedelta(minutes=15)
KEPT = timedelta(days=14)


@dataclass(slots=True)
class DataPoint:
    """What happened in one quarter of an hour that begins at `timestamp`."""

    timestamp: datetime
    delivery_attempts: int = 0
    bounces: int = 0
    complaints: int = 0
    rejects: int = 0


class SendingHistory:
    """Counts recipients: of the last 24 hours, of the last second, and per quarter of an hour."""

    def __init__(self) -> None:
        self._unsorted: list[tuple[datetime, int]] = []
        self._day: deque[tuple[datetime, int]] = deque()
        self._sent_today = 0
        self._buckets: dict[int, DataPoint] = {}
        self._allowance: float | None = None
        self._refilled_at: datetime | None = None

    def record(self, now: datetime, recipients: int) -> None:
        """Count a mail that SES accepted."""
        # Sorted when somebody asks, for hardly anybody does and every send comes by here.
        self._unsorted.append((now, recipients))

    def bucket(self, now: datetime) -> DataPoint:
        """The quarter of an hour that `now` lies in."""
        self._sort()
        return self._bucket(now)

    def sent_last_24_hours(self, now: datetime) -> int:
        """Recipients of the 24 hours before `now`."""
        self._sort()
        while self._day and self._day[0][0] <= now - DAY:
            self._sent_today -= self._day.popleft()[1]
        return self._sent_today

    def data_points(self, now: datetime) -> list[DataPoint]:
        """The quarters of an hour with something in them, of the last two weeks."""
        self._sort()
        return [point for point in self._buckets.values() if point.timestamp > now - KEPT]

    def take(self, now: datetime, recipients: int, *, rate: float) -> None:
        """Use up the allowance of the send rate, a bucket that holds one second's worth.

        Like the daily quota it refuses only when nothing is left, so a mail to more recipients than
        remain passes and the next one waits.

        Raises:
            SendingRateExceeded: when the bucket is empty.
        """
        if self._allowance is None or self._refilled_at is None:
            self._allowance = rate
        else:
            passed = (now - self._refilled_at).total_seconds()
            self._allowance = min(rate, self._allowance + max(passed, 0) * rate)
        self._refilled_at = now
        if self._allowance < min(1.0, rate):
            raise errors.SendingRateExceeded
        self._allowance -= recipients

    def _sort(self) -> None:
        for now, recipients in self._unsorted:
            self._day.append((now, recipients))
            self._sent_today += recipients
            self._bucket(now).delivery_attempts += recipients
        self._unsorted.clear()

    def _bucket(self, now: datetime) -> DataPoint:
        number = int(now.timestamp() // BUCKET.total_seconds())
        if number not in self._buckets:
            start = datetime.fromtimestamp(number * BUCKET.total_seconds(), timezone.utc)
            self._buckets[number] = DataPoint(start)
        return self._buckets[number]


class QuotaState(Protocol):
    """What an account has sent, and its quotas where the test set them."""

    history: SendingHistory
    daily_quota: float | None
    send_rate: float | None


def check_quota(account: QuotaState, now: datetime, recipients: int) -> None:
    """Refuse a mail beyond the daily quota or the send rate, where the test has set them.

    A mail that starts with any quota left is accepted, even if it has more recipients than remain.

    Raises:
        DailyQuotaExceeded: when the last 24 hours have used the quota up.
        SendingRateExceeded: when the last second has used the rate up.
    """
    quota, rate = account.daily_quota, account.send_rate
    if quota is not None and 0 <= quota <= account.history.sent_last_24_hours(now):
        raise errors.DailyQuotaExceeded
    if rate is not None:
        account.history.take(now, recipients, rate=rate)
