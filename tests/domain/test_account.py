"""Limits, names, ids and credentials of an account in a region."""

import re
from datetime import datetime, timezone

import pytest

from pytest_ses.clock import Clock
from pytest_ses.domain.account import Account

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def new_account(region="us-east-1", account_id="123456789012"):
    return Account(account_id, region, clock=Clock())


def test_repr_names_account_and_region():
    """The repr shows the account ID and the region."""
    assert "<Account 123456789012 in us-east-1>" == repr(new_account())


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
    """Limits are those set by the test, or the defaults of the sandbox or of production."""
    account = new_account()
    for name, value in settings.items():
        setattr(account, name, value)

    assert expected == (account.max_24_hour_send, account.max_send_rate)


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_arns_have_the_partition_of_the_region(region, partition):
    """An ARN contains the partition, the region and the account."""
    assert f"arn:{partition}:ses:{region}:123456789012:identity/example.com" == new_account(
        region
    ).arn("identity", "example.com")


def test_credentials_contain_the_account():
    """The access key of an account ends with its account ID."""
    assert new_account().credentials.aws_access_key_id.endswith("123456789012")


def test_now_is_the_time_of_the_clock():
    """An account uses the time of the test's clock."""
    account = new_account()
    account.clock.advance(days=365)

    assert account.now() > datetime.now(timezone.utc)


def test_message_ids_encode_region_and_time():
    """A message ID starts with the digits of the region and the time in milliseconds."""
    message_id = new_account("eu-west-1").new_message_id(NOON)

    assert re.fullmatch(r"[0-9a-f]{16}(-[0-9a-f]{4,12}){5}-000000", message_id)
    assert (60, "0102") == (len(message_id), message_id[:4])
    assert NOON.timestamp() * 1000 == int(message_id[4:16], 16)


def test_an_unlisted_region_has_default_digits():
    """A region whose digits are unknown has those of us-east-1."""
    assert new_account("mx-central-1").new_message_id(NOON).startswith("0100")


def test_ids_repeat_from_test_to_test_but_not_within_one():
    """Equal accounts generate the same sequence of IDs, which never repeats within an account."""
    first, second = new_account(), new_account()
    ids = [first.new_message_id(NOON) for _ in range(3)]

    assert ids == [second.new_message_id(NOON) for _ in range(3)]
    assert 3 == len(set(ids))
    assert ids[0] != new_account("eu-west-1").new_message_id(NOON)


def test_tokens_have_the_given_letters_and_length():
    """A token has the requested letters and length."""
    assert "aaaa" == new_account().new_token("a", 4)


def test_verify_creates_identities():
    """One call verifies addresses and domains."""
    account = new_account()

    account.verify("example.com", "ada@example.org")

    assert ["example.com", "ada@example.org"] == list(account.identities)
    assert not account.accepts_every_sender


def test_verify_star_accepts_every_sender():
    """A star is not an identity; it allows every sender."""
    account = new_account()

    account.verify("*")

    assert account.accepts_every_sender
    assert [] == list(account.identities)
