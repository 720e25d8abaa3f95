"""Which IP filters has an account, and do they let a sender's server in?"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

# Texts and limits were probed on the real service, by others.
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
        """Whether an address is in the range."""
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


def create(account: ReceiptFilterState, wanted: ReceiptFilter) -> None:
    """Keep a new filter.

    Raises:
        InvalidParameterValue: for a bad name or range.
        FilterAlreadyExists, LimitExceeded: as their names say.
    """
    _check(wanted)
    if wanted.name in account.receipt_filters:
        raise errors.FilterAlreadyExists(name=wanted.name)
    if len(account.receipt_filters) >= MAX_FILTERS:
        raise errors.LimitExceeded("Too many filters")
    account.receipt_filters.add(wanted.name, wanted)


def blocking(
    receipt_filters: Collection[ReceiptFilter], ip: IPv4Address | IPv6Address
) -> ReceiptFilter | None:
    """The filter that keeps mail from an address out; one that lets it in wins."""
    found = [one for one in receipt_filters.values() if one.covers(ip)]
    if any(one.policy == "Allow" for one in found):
        return None
    return next(iter(found), None)


def _check(wanted: ReceiptFilter) -> None:
    name = wanted.name
    if not name:
        raise errors.InvalidParameterValue("filterName must not be empty")
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Not a valid filterName: {name}")
    if not _is_range(wanted.cidr):
        raise errors.InvalidParameterValue(f"Invalid CIDR block: {wanted.cidr}")


def _is_range(cidr: str) -> bool:
    if not _CIDR.fullmatch(cidr):
        return False
    try:
        ip_network(cidr, strict=False)
    except ValueError:
        return False
    return True
