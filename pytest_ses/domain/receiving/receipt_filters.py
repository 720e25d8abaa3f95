"""The IP filters of an account and the addresses that they block."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

# Texts and limits were recorded from SES by other projects.
MAX_FILTERS = 100
NAME_LENGTH = 64

_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?")
_CIDR = re.compile(r"(?:[0-9.]+|[0-9A-Fa-f:]+)(?:/[0-9]{1,3})?")


class ReceiptFilter(NamedTuple):
    """An IP filter; `policy` is `Block` or `Allow`."""

    name: str
    policy: str
    cidr: str

    def covers(self, ip: IPv4Address | IPv6Address) -> bool:
        """Whether the range of the filter contains an address."""
        return ip in ip_network(self.cidr, strict=False)


class ReceiptFilterState(Scope, Protocol):
    """The IP filters of an account."""

    receipt_filters: Collection[ReceiptFilter]


def store() -> Collection[ReceiptFilter]:
    """Return an empty store of IP filters."""
    return Collection(
        "receipt filters",
        missing=errors.NotFound,
        duplicate=errors.FilterAlreadyExists,
        order="name",
    )


def create(account: ReceiptFilterState, receipt_filter: ReceiptFilter) -> None:
    """Create a filter.

    Raises:
        InvalidParameterValue: if the name or the range is invalid.
        FilterAlreadyExists: if the account has a filter with that name.
        LimitExceeded: if the account has 100 filters.
    """
    _check(receipt_filter)
    if receipt_filter.name in account.receipt_filters:
        raise errors.FilterAlreadyExists(name=receipt_filter.name)
    if len(account.receipt_filters) >= MAX_FILTERS:
        raise errors.LimitExceeded("Too many filters")
    account.receipt_filters.add(receipt_filter.name, receipt_filter)


def blocking_filter(
    receipt_filters: Collection[ReceiptFilter], ip: IPv4Address | IPv6Address
) -> ReceiptFilter | None:
    """Return the filter that blocks an address, or None; an `Allow` filter takes precedence."""
    covering = [
        receipt_filter for receipt_filter in receipt_filters.values() if receipt_filter.covers(ip)
    ]
    if any(receipt_filter.policy == "Allow" for receipt_filter in covering):
        return None
    return next(iter(covering), None)


def _check(receipt_filter: ReceiptFilter) -> None:
    name = receipt_filter.name
    if not name:
        raise errors.InvalidParameterValue("filterName must not be empty")
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Not a valid filterName: {name}")
    if not _is_range(receipt_filter.cidr):
        raise errors.InvalidParameterValue(f"Invalid CIDR block: {receipt_filter.cidr}")


def _is_range(cidr: str) -> bool:
    if not _CIDR.fullmatch(cidr):
        return False
    try:
        ip_network(cidr, strict=False)
    except ValueError:
        return False
    return True
