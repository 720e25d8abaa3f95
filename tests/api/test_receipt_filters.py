"""Receipt IP filters, through API v1."""

from __future__ import annotations

import pytest
from asking import error_of, without_metadata

INVALID = ("InvalidParameterValue", 400)
ENUM = (
    "1 validation error detected: Value at 'filter.ipFilter.policy' failed to satisfy constraint: "
    "Member must satisfy enum value set: [Allow, Block]"
)


@pytest.fixture(name="create")
def _create(ses_client):
    """A function that creates a filter."""

    def create(name="office", policy="Block", cidr="10.0.0.0/24"):
        receipt_filter = {"Name": name, "IpFilter": {"Policy": policy, "Cidr": cidr}}
        return without_metadata(ses_client.create_receipt_filter(Filter=receipt_filter))

    return create


@pytest.fixture(name="list_filters")
def _list_filters(ses_client):
    """A function that lists the filters."""
    return lambda: without_metadata(ses_client.list_receipt_filters())["Filters"]


def test_create_and_list(create, list_filters):
    """Filters are listed by name, as they were created."""
    assert {} == create("z")
    assert {} == create("a.b_c-1", "Allow", "2001:db8::/32")

    assert [
        {"Name": "a.b_c-1", "IpFilter": {"Policy": "Allow", "Cidr": "2001:db8::/32"}},
        {"Name": "z", "IpFilter": {"Policy": "Block", "Cidr": "10.0.0.0/24"}},
    ] == list_filters()


def test_no_filters(list_filters):
    """A new account has no filters."""
    assert [] == list_filters()


def test_delete(ses_client, create, list_filters):
    """A deleted filter is no longer listed; deleting it again has no effect."""
    create()

    for _ in range(2):
        assert {} == without_metadata(ses_client.delete_receipt_filter(FilterName="office"))

    assert [] == list_filters()


def test_duplicate(create, list_filters):
    """A duplicate name is rejected, and the existing filter is unchanged."""
    create()

    assert ("AlreadyExists", 400, "Filter already exists: office") == error_of(
        create, policy="Allow"
    )
    assert ["Block"] == [receipt_filter["IpFilter"]["Policy"] for receipt_filter in list_filters()]


@pytest.mark.parametrize("name", ["-a", "a-", "a b", "ä", "a" * 65])
def test_invalid_name(create, name):
    """A name that is too long or malformed is rejected."""
    assert (*INVALID, f"Not a valid filterName: {name}") == error_of(create, name)


def test_empty_name(create):
    """An empty name is rejected with a different text."""
    assert (*INVALID, "filterName must not be empty") == error_of(create, "")


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
def test_invalid_range(create, cidr):
    """A range that is not an IPv4 or IPv6 address with an optional prefix length is rejected."""
    assert (*INVALID, f"Invalid CIDR block: {cidr}") == error_of(create, cidr=cidr)


@pytest.mark.parametrize("cidr", ["10.0.0.1", "10.0.0.1/24", "::1", "2001:db8::/32"])
def test_range(create, cidr):
    """A single address and an address with host bits are accepted as ranges."""
    assert {} == create(cidr=cidr)


def test_unknown_policy(create):
    """An unknown policy is reported before an invalid name."""
    assert ("ValidationError", 400, ENUM) == error_of(create, "-a", "Maybe")


def test_limit(create):
    """A filter beyond the limit of 100 is rejected."""
    for number in range(100):
        create(f"f{number}")

    assert ("LimitExceeded", 400, "Too many filters") == error_of(create)
