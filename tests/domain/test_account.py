"""An account in a region: its limits, names, ids and keys."""

import re
from datetime import datetime, timezone

import pytest

from pytest_ses.clock import Clock
from pytest_ses.domain.account import Account

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def account(region="us-east-1", account_id="123456789012"):
    return Account(account_id, region, clock=Clock(), outbox=[])


def test_repr_names_account_and_region():
    """The repr tells whose account it is, and where."""
    assert "<Account 123456789012 in us-east-1>" == repr(account())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (50_000.0, 14.0)),
        ({"sandbox": True}, (200.0, 1.0)),
        ({"daily_quota": 10, "send_rate": 2}, (10.0, 2.0)),
        ({"sandbox": True, "daily_quota": 0, "send_rate": 0.5}, (0.0, 0.5)),
    ],
)
def test_reported_limits(settings, expected):
    """Limits are those of the test, else of the sandbox or of production."""
    made = account()
    for name, value in settings.items():
        setattr(made, name, value)

    assert expected == (made.max_24_hour_send, made.max_send_rate)


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_arns_are_of_the_partition_of_the_region(region, partition):
    """An ARN names partition, region and account."""
    assert f"arn:{partition}:ses:{region}:123456789012:identity/example.com" == account(region).arn(
        "identity", "example.com"
    )


def test_credentials_carry_the_account():
    """The access key of an account tells which one it is."""
    assert account().credentials.aws_access_key_id.endswith("123456789012")


def test_time_is_that_of_the_clock():
    """An account lives in the time of the test's clock."""
    made = account()
    made.clock.advance(days=365)

    assert made.now() > datetime.now(timezone.utc)


def test_message_ids_tell_region_and_time():
    """An id begins with the region's digits and the time in milliseconds, and ends in zeros."""
    made = account("eu-west-1").new_message_id(NOON)

    assert re.fullmatch(r"[0-9a-f]{16}(-[0-9a-f]{4,12}){5}-000000", made)
    assert (60, "0102") == (len(made), made[:4])
    assert NOON.timestamp() * 1000 == int(made[4:16], 16)


def test_an_unlisted_region_has_the_digits_of_the_first():
    """A region whose digits are not known gets those of us-east-1."""
    assert account("mx-central-1").new_message_id(NOON).startswith("0100")


def test_ids_repeat_from_test_to_test_but_not_within_one():
    """Two accounts of the same name make the same ids; one account never the same twice."""
    first, second = account(), account()
    ids = [first.new_message_id(NOON) for _ in range(3)]

    assert ids == [second.new_message_id(NOON) for _ in range(3)]
    assert 3 == len(set(ids))
    assert ids[0] != account("eu-west-1").new_message_id(NOON)


def test_tokens_are_of_the_letters_given():
    """A token has the length and the letters asked for."""
    assert "aaaa" == account().new_token("a", 4)


def test_verify_makes_identities():
    """The test verifies addresses and domains in one call."""
    made = account()

    made.verify("example.com", "ada@example.org")

    assert ["example.com", "ada@example.org"] == list(made.identities)
    assert not made.accepts_every_sender


def test_verify_star_accepts_every_sender():
    """A star is no identity; it lets every sender pass."""
    made = account()

    made.verify("*")

    assert made.accepts_every_sender
    assert [] == list(made.identities)
