"""IP filters through API v1."""

from __future__ import annotations

import pytest
from asking import answer, refusal

INVALID = ("InvalidParameterValue", 400)
ENUM = (
    "1 validation error detected: Value at 'filter.ipFilter.policy' failed to satisfy constraint: "
    "Member must satisfy enum value set: [Allow, Block]"
)


@pytest.fixture(name="create")
def _create(ses_client):
    """Create a filter."""

    def create(name="office", policy="Block", cidr="10.0.0.0/24"):
        wanted = {"Name": name, "IpFilter": {"Policy": policy, "Cidr": cidr}}
        return answer(ses_client.create_receipt_filter(Filter=wanted))

    return create


@pytest.fixture(name="listed")
def _listed(ses_client):
    """All filters, by name."""
    return lambda: answer(ses_client.list_receipt_filters())["Filters"]


def test_create_and_list(create, listed):
    """Filters are listed by name, as they were given."""
    assert {} == create("z")
    assert {} == create("a.b_c-1", "Allow", "2001:db8::/32")

    assert [
        {"Name": "a.b_c-1", "IpFilter": {"Policy": "Allow", "Cidr": "2001:db8::/32"}},
        {"Name": "z", "IpFilter": {"Policy": "Block", "Cidr": "10.0.0.0/24"}},
    ] == listed()


def test_none(listed):
    """An account starts without filters."""
    assert [] == listed()


def test_delete(ses_client, create, listed):
    """A filter that is deleted is gone, and can be deleted again."""
    create()

    for _ in range(2):
        assert {} == answer(ses_client.delete_receipt_filter(FilterName="office"))

    assert [] == listed()


def test_duplicate(create, listed):
    """A name is taken once, and the first filter stays."""
    create()

    assert ("AlreadyExists", 400, "Filter already exists: office") == refusal(
        create, policy="Allow"
    )
    assert ["Block"] == [one["IpFilter"]["Policy"] for one in listed()]


@pytest.mark.parametrize("name", ["-a", "a-", "a b", "ä", "a" * 65])
def test_bad_name(create, name):
    """A name has up to 64 plain characters, with a letter or digit at both ends."""
    assert (*INVALID, f"Not a valid filterName: {name}") == refusal(create, name)


def test_empty_name(create):
    """An empty name has a text of its own."""
    assert (*INVALID, "filterName must not be empty") == refusal(create, "")


@pytest.mark.parametrize(
    "cidr",
    [
        "",
        "office",
        "10.0.0/24",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/255.255.255.0",
        "10.0.0.0/٢٤",
        "[2001:db8::1]",
        "fe80::1%eth0",
        "::ffff:192.0.2.1",
        "2001:db8::/129",
        "2001:db8:::1",
    ],
)
def test_bad_range(create, cidr):
    """A range is an address of either kind, or one with a mask that fits."""
    assert (*INVALID, f"Invalid CIDR block: {cidr}") == refusal(create, cidr=cidr)


@pytest.mark.parametrize("cidr", ["10.0.0.1", "10.0.0.1/24", "::1", "2001:db8::/32"])
def test_range(create, cidr):
    """An address need not be the first of its range."""
    assert {} == create(cidr=cidr)


def test_unknown_policy(create):
    """A policy that the model does not know is told before a bad name."""
    assert ("ValidationError", 400, ENUM) == refusal(create, "-a", "Maybe")


def test_full(create):
    """An account has a hundred filters at most."""
    for number in range(100):
        create(f"f{number}")

    assert ("LimitExceeded", 400, "Too many filters") == refusal(create)
