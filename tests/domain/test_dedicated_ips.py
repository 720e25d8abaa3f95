"""Dedicated IP addresses and their pools: what holds apart from any wire."""

import pytest

from pytest_ses.domain import configuration, dedicated_ips, errors
from pytest_ses.domain.configuration import ConfigurationSet, DeliveryOptions
from pytest_ses.domain.dedicated_ips import DedicatedIp

IP = "192.0.2.5"


@pytest.fixture(name="leased")
def _leased(account):
    """An address in the pool `mine`."""
    dedicated_ips.create_pool(account, "mine")
    return account.dedicated_ips.add(IP, DedicatedIp(IP, "mine"))


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("mine", True),
        ("ses-default-dedicated-pool", True),
        ("ses-shared-pool", True),
        ("yours", False),
    ],
)
def test_pools_to_send_by(account, leased, pool, expected):
    """Mail can be sent by a pool of the account or by one of SES's own."""
    assert expected is dedicated_ips.is_pool(account, pool)


def test_delete_pool(account, leased):
    """The addresses of a pool that is deleted go back to the default one, others stay."""
    dedicated_ips.create_pool(account, "yours")
    other = account.dedicated_ips.add("192.0.2.6", DedicatedIp("192.0.2.6", "yours"))
    dedicated_ips.delete_pool(account, "mine")
    assert ("ses-default-dedicated-pool", "yours") == (leased.pool_name, other.pool_name)
    assert ["yours"] == list(account.dedicated_ip_pools)


def test_pool_in_use(account, leased):
    """A pool is kept while a configuration set sends by it."""
    wanted = ConfigurationSet("letters", delivery=DeliveryOptions(sending_pool_name="mine"))
    configuration.create(account, wanted)
    with pytest.raises(errors.InvalidParameterValue):
        dedicated_ips.delete_pool(account, "mine")
    configuration.put_delivery(account, "letters", DeliveryOptions())
    dedicated_ips.delete_pool(account, "mine")
    assert {} == dict(account.dedicated_ip_pools)


@pytest.mark.parametrize(
    ("percentage", "expected"),
    [(0, ("IN_PROGRESS", 0)), (99, ("IN_PROGRESS", 99)), (100, ("DONE", 100))],
)
def test_warmup(account, leased, percentage, expected):
    """An address is warm at a hundred per cent."""
    dedicated_ips.set_warmup(account, IP, percentage)
    assert expected == dedicated_ips.warmup(account, leased)


def test_warmup_in_a_managed_pool(account, leased):
    """In a managed pool SES looks after the warm-up."""
    dedicated_ips.scale_pool(account, "mine", "MANAGED")
    assert ("NOT_APPLICABLE", -1) == dedicated_ips.warmup(account, leased)


def test_limit(account):
    """An account has at most fifty pools."""
    for number in range(50):
        dedicated_ips.create_pool(account, f"p{number}")
    with pytest.raises(errors.LimitExceeded):
        dedicated_ips.create_pool(account, "one-more")
