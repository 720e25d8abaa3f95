"""What was sent: the last 24 hours, the last second, and quarters of an hour."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from pytest_ses.clock import Clock
from pytest_ses.domain import errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.statistics import DataPoint, SendingHistory, check_quota

START = datetime(2026, 3, 1, 12, 7, 30, 123456, tzinfo=timezone.utc)
QUARTER = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(name="account")
def _account():
    return Account("123456789012", "us-east-1", clock=Clock(), outbox=[])


def test_counts_recipients():
    """A mail counts once for each recipient."""
    history = SendingHistory()

    history.record(START, 2)
    history.record(START, 3)

    assert 5 == history.sent_last_24_hours(START)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(hours=24) - timedelta(microseconds=1), 2),
        (timedelta(hours=24), 0),
    ],
)
def test_forgets_after_24_hours(later, expected):
    """A mail counts for 24 hours."""
    history = SendingHistory()

    history.record(START, 2)

    assert expected == history.sent_last_24_hours(START + later)


def test_quarters_of_an_hour():
    """Attempts are counted in the quarter of an hour that they lie in."""
    history = SendingHistory()

    history.record(START, 2)
    history.record(START + timedelta(minutes=5), 1)
    history.record(START + timedelta(minutes=8), 1)

    assert [
        DataPoint(QUARTER, delivery_attempts=3),
        DataPoint(QUARTER + timedelta(minutes=15), delivery_attempts=1),
    ] == history.data_points(START)


def test_what_happens_later_is_counted_in_the_bucket():
    """Bounces, complaints and rejects are added to a quarter of an hour."""
    history = SendingHistory()
    history.record(START, 2)

    history.bucket(START).bounces += 1
    history.bucket(START).rejects += 1

    assert [DataPoint(QUARTER, delivery_attempts=2, bounces=1, rejects=1)] == history.data_points(
        START
    )


def test_statistics_reach_back_two_weeks():
    """A quarter of an hour that began two weeks ago is gone."""
    history = SendingHistory()
    history.record(START, 1)

    assert 1 == len(history.data_points(QUARTER + timedelta(days=14) - timedelta(seconds=1)))
    assert [] == history.data_points(QUARTER + timedelta(days=14))


@given(
    sent=st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(hours=9)), st.integers(1, 50)), max_size=20
    )
)
def test_history_agrees_with_a_list_of_what_was_sent(sent):
    """Counting by and by gives what counting everything anew would give."""
    history, now, log = SendingHistory(), START, []

    for passed, recipients in sent:
        now += passed
        history.record(now, recipients)
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


def test_the_allowance_is_one_second_of_the_rate():
    """As many recipients as the rate pass at once, then no more."""
    history = SendingHistory()

    for _ in range(3):
        history.take(START, 1, rate=3)

    with pytest.raises(errors.SendingRateExceeded, match=r"^Maximum sending rate exceeded\.$"):
        history.take(START, 1, rate=3)


def test_the_allowance_comes_back_with_time():
    """After a third of a second one of three recipients may be sent to again."""
    history = SendingHistory()
    history.take(START, 3, rate=3)

    history.take(START + timedelta(seconds=0.34), 1, rate=3)

    with pytest.raises(errors.SendingRateExceeded):
        history.take(START + timedelta(seconds=0.34), 1, rate=3)


def test_a_mail_to_more_recipients_than_remain_passes_and_the_next_waits():
    """The allowance can be overdrawn once, and has to be earned back."""
    history = SendingHistory()
    history.take(START, 10, rate=2)

    with pytest.raises(errors.SendingRateExceeded):
        history.take(START + timedelta(seconds=4), 1, rate=2)
    history.take(START + timedelta(seconds=5), 1, rate=2)


def test_a_pause_saves_no_more_than_a_second():
    """The allowance of a quiet hour is that of one second."""
    history = SendingHistory()
    history.take(START, 1, rate=2)
    later = START + timedelta(hours=1)

    history.take(later, 2, rate=2)

    with pytest.raises(errors.SendingRateExceeded):
        history.take(later, 1, rate=2)


def test_a_rate_below_one_a_second_lets_mail_pass():
    """With a rate of one in two seconds, a mail passes every two seconds."""
    history = SendingHistory()
    history.take(START, 1, rate=0.5)

    with pytest.raises(errors.SendingRateExceeded):
        history.take(START + timedelta(seconds=1), 1, rate=0.5)
    history.take(START + timedelta(seconds=2), 1, rate=0.5)


def test_a_clock_that_went_back_takes_nothing_away():
    """Time that runs backwards leaves the allowance as it is."""
    history = SendingHistory()
    history.take(START, 1, rate=2)

    history.take(START - timedelta(hours=1), 1, rate=2)


def test_no_quota_is_enforced_until_the_test_sets_one(account):
    """An account sends as much as it likes by default."""
    account.history.record(START, 10**6)

    for _ in range(100):
        check_quota(account, START, 50)


def test_the_daily_quota_refuses_what_starts_without_any_left(account):
    """A mail that starts with any quota left passes, the next is refused."""
    account.daily_quota = 3
    account.history.record(START, 2)

    check_quota(account, START, 50)
    account.history.record(START, 50)

    with pytest.raises(errors.DailyQuotaExceeded, match=r"^Daily message quota exceeded\.$"):
        check_quota(account, START, 1)
    check_quota(account, START + timedelta(hours=24), 1)


def test_a_quota_of_minus_one_is_no_quota(account):
    """-1 stands for no limit."""
    account.daily_quota = -1
    account.history.record(START, 10**6)

    check_quota(account, START, 1)


def test_the_rate_is_enforced_once_it_is_set(account):
    """A rate that the test has set is enforced."""
    account.send_rate = 1

    check_quota(account, START, 1)

    with pytest.raises(errors.SendingRateExceeded):
        check_quota(account, START, 1)
