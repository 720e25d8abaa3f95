"""Dedicated IP addresses and their pools."""

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.configuration import configuration_sets, dedicated_ips
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet, DeliveryOptions
from pytest_ses.domain.configuration.dedicated_ips import DedicatedIp

IP = "192.0.2.5"


@pytest.fixture(name="dedicated_ip")
def _dedicated_ip(account):
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
def test_is_pool(account, dedicated_ip, pool, expected):
    """Messages can be sent through a pool of the account or one of SES's own pools."""
    assert expected is dedicated_ips.is_pool(account.dedicated_ip_pools, pool)


def test_delete_pool(account, dedicated_ip):
    """The addresses of a deleted pool return to the default pool; others are unchanged."""
    dedicated_ips.create_pool(account, "yours")
    other = account.dedicated_ips.add("192.0.2.6", DedicatedIp("192.0.2.6", "yours"))
    dedicated_ips.delete_pool(account, "mine")
    assert ("ses-default-dedicated-pool", "yours") == (dedicated_ip.pool_name, other.pool_name)
    assert ["yours"] == list(account.dedicated_ip_pools)


def test_pool_in_use(account, dedicated_ip):
    """A pool cannot be deleted while a configuration set uses it."""
    configuration_set = ConfigurationSet(
        "letters", delivery=DeliveryOptions(sending_pool_name="mine")
    )
    configuration_sets.create(account, configuration_set)
    with pytest.raises(errors.InvalidParameterValue):
        dedicated_ips.delete_pool(account, "mine")
    configuration_sets.put_delivery(account, "letters", DeliveryOptions())
    dedicated_ips.delete_pool(account, "mine")
    assert {} == dict(account.dedicated_ip_pools)


@pytest.mark.parametrize(
    ("percentage", "expected"),
    [(0, ("IN_PROGRESS", 0)), (99, ("IN_PROGRESS", 99)), (100, ("DONE", 100))],
)
def test_warmup(account, dedicated_ip, percentage, expected):
    """The warm-up of an address is done at 100 percent."""
    dedicated_ips.set_warmup(account, IP, percentage)
    assert expected == dedicated_ips.warmup(account.dedicated_ip_pools, dedicated_ip)


def test_warmup_in_a_managed_pool(account, dedicated_ip):
    """In a managed pool, SES controls the warm-up."""
    dedicated_ips.set_scaling_mode(account, "mine", "MANAGED")
    assert ("NOT_APPLICABLE", -1) == dedicated_ips.warmup(account.dedicated_ip_pools, dedicated_ip)


def test_limit(account):
    """An account has at most 50 pools."""
    for number in range(50):
        dedicated_ips.create_pool(account, f"p{number}")
    with pytest.raises(errors.LimitExceeded):
        dedicated_ips.create_pool(account, "one-more")
