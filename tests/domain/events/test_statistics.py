"""Sending statistics, daily quota and send rate."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st
from mailing import counted

from pytest_ses.clock import Clock
from pytest_ses.domain import errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.events.statistics import DataPoint, SendingHistory, check_quota

START = datetime(2026, 3, 1, 12, 7, 30, 123456, tzinfo=timezone.utc)
QUARTER = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(name="account")
def _account():
    return Account("123456789012", "us-east-1", clock=Clock())


def test_counts_recipients():
    """A message counts once for each recipient."""
    history = SendingHistory()

    history.record(counted(START, 2))
    history.record(counted(START, 3))

    assert 5 == history.sent_last_24_hours(START)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(hours=24) - timedelta(microseconds=1), 2),
        (timedelta(hours=24), 0),
    ],
)
def test_forgets_after_24_hours(later, expected):
    """A message counts for 24 hours."""
    history = SendingHistory()

    history.record(counted(START, 2))

    assert expected == history.sent_last_24_hours(START + later)


def test_data_points():
    """Delivery attempts are counted per quarter of an hour."""
    history = SendingHistory()

    history.record(counted(START, 2))
    history.record(counted(START + timedelta(minutes=5), 1))
    history.record(counted(START + timedelta(minutes=8), 1))

    assert [
        DataPoint(QUARTER, delivery_attempts=3),
        DataPoint(QUARTER + timedelta(minutes=15), delivery_attempts=1),
    ] == history.data_points(START)


def test_events_are_counted_in_the_bucket():
    """Bounces, complaints and rejects are counted per quarter of an hour."""
    history = SendingHistory()
    history.record(counted(START, 2))

    history.bucket(START).bounces += 1
    history.bucket(START).rejects += 1

    assert [DataPoint(QUARTER, delivery_attempts=2, bounces=1, rejects=1)] == history.data_points(
        START
    )


def test_statistics_reach_back_two_weeks():
    """Data points that began two weeks ago are omitted."""
    history = SendingHistory()
    history.record(counted(START, 1))

    assert 1 == len(history.data_points(QUARTER + timedelta(days=14) - timedelta(seconds=1)))
    assert [] == history.data_points(QUARTER + timedelta(days=14))


@given(
    sends=st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(hours=9)), st.integers(1, 50)), max_size=20
    )
)
def test_history_agrees_with_a_model(sends):
    """Incremental counting agrees with counting all messages again."""
    history, now, log = SendingHistory(), START, []

    for delay, recipients in sends:
        now += delay
        history.record(counted(now, recipients))
        log.append((now, recipients))
        quarters = {}
        for at, count in log:
            quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
            if quarter > now - timedelta(days=14):
                quarters[quarter] = quarters.get(quarter, 0) + count

        expected = sum(count for at, count in log if at > now - timedelta(hours=24))
        assert expected == history.sent_last_24_hours(now)
        points = history.data_points(now)
        assert quarters == {point.timestamp: point.delivery_attempts for point in points}


def test_rate_limits_recipients_per_second():
    """Within one second, only as many recipients as the rate are allowed."""
    history = SendingHistory()

    for _ in range(3):
        history.use_send_rate(START, 1, rate=3)

    with pytest.raises(errors.SendingRateExceeded, match=r"^Maximum sending rate exceeded\.$"):
        history.use_send_rate(START, 1, rate=3)


def test_allowance_is_restored_with_time():
    """With a rate of three, one recipient is allowed again after a third of a second."""
    history = SendingHistory()
    history.use_send_rate(START, 3, rate=3)

    history.use_send_rate(START + timedelta(seconds=0.34), 1, rate=3)

    with pytest.raises(errors.SendingRateExceeded):
        history.use_send_rate(START + timedelta(seconds=0.34), 1, rate=3)


def test_allowance_can_be_overdrawn():
    """A message can overdraw the allowance; the next one must wait until it is restored."""
    history = SendingHistory()
    history.use_send_rate(START, 10, rate=2)

    with pytest.raises(errors.SendingRateExceeded):
        history.use_send_rate(START + timedelta(seconds=4), 1, rate=2)
    history.use_send_rate(START + timedelta(seconds=5), 1, rate=2)


def test_allowance_is_at_most_one_second():
    """A long pause restores the allowance of one second at most."""
    history = SendingHistory()
    history.use_send_rate(START, 1, rate=2)
    later = START + timedelta(hours=1)

    history.use_send_rate(later, 2, rate=2)

    with pytest.raises(errors.SendingRateExceeded):
        history.use_send_rate(later, 1, rate=2)


def test_rate_below_one_per_second():
    """With a rate of 0.5, one recipient is allowed every two seconds."""
    history = SendingHistory()
    history.use_send_rate(START, 1, rate=0.5)

    with pytest.raises(errors.SendingRateExceeded):
        history.use_send_rate(START + timedelta(seconds=1), 1, rate=0.5)
    history.use_send_rate(START + timedelta(seconds=2), 1, rate=0.5)


def test_clock_that_runs_backwards():
    """Setting the clock back neither uses nor restores the allowance."""
    history = SendingHistory()
    history.use_send_rate(START, 1, rate=2)
    earlier = START - timedelta(hours=1)

    history.use_send_rate(earlier, 1, rate=2)

    with pytest.raises(errors.SendingRateExceeded):
        history.use_send_rate(earlier, 1, rate=2)


def test_no_quota_is_enforced_by_default(account):
    """By default, an account can send more than its reported limits."""
    account.history.record(counted(START, 10**6))

    for _ in range(100):
        check_quota(account, counted(START, 50))

    assert (50_000.0, 14.0) == (account.max_24_hour_send, account.max_send_rate)
    assert 10**6 == account.history.sent_last_24_hours(START)


def test_daily_quota(account):
    """A message is accepted while any quota remains, and rejected when none remains."""
    account.daily_quota = 3
    account.history.record(counted(START, 2))

    check_quota(account, counted(START, 50))
    account.history.record(counted(START, 50))

    with pytest.raises(errors.DailyQuotaExceeded, match=r"^Daily message quota exceeded\.$"):
        check_quota(account, counted(START, 1))
    check_quota(account, counted(START + timedelta(hours=24), 1))


def test_simulator_and_daily_quota(account):
    """Recipients in the mailbox simulator use no quota; a message only to them is accepted."""
    account.daily_quota = 1
    account.history.record(counted(START, 3, simulated=3))
    assert 0 == account.history.sent_last_24_hours(START)
    check_quota(account, counted(START, 2, simulated=1))
    account.history.record(counted(START, 2, simulated=1))
    assert 1 == account.history.sent_last_24_hours(START)
    with pytest.raises(errors.DailyQuotaExceeded):
        check_quota(account, counted(START, 2, simulated=1))
    check_quota(account, counted(START, 2, simulated=2))


def test_unlimited_quota(account):
    """A quota of -1 means no limit."""
    account.daily_quota = -1
    account.history.record(counted(START, 10**6))

    check_quota(account, counted(START, 1))

    assert (-1.0, 10**6) == (account.max_24_hour_send, account.history.sent_last_24_hours(START))
    account.daily_quota = 10**6
    with pytest.raises(errors.DailyQuotaExceeded):
        check_quota(account, counted(START, 1))


def test_send_rate(account):
    """A rate set by the test is enforced."""
    account.send_rate = 1

    check_quota(account, counted(START, 1))

    with pytest.raises(errors.SendingRateExceeded):
        check_quota(account, counted(START, 1))
