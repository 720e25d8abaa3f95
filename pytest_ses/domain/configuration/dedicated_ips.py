"""Dedicated IP addresses and their pools.

A test adds an address with `account.dedicated_ips.put(address, DedicatedIp(address))`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


STANDARD, MANAGED = SCALING_MODES = ("STANDARD", "MANAGED")
# https://docs.aws.amazon.com/ses/latest/dg/managing-ip-pools.html
DEFAULT_POOL, SHARED_POOL = "ses-default-dedicated-pool", "ses-shared-pool"
# The warm-up percentage of an address in a managed pool.
NOT_APPLICABLE = -1
FULLY_WARMED_UP = 100
MAX_NAME_LENGTH = 64
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_POOLS = 50

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME_LENGTH}}}")

# Only the text about the scaling mode is SES's; the others are our own.
_BAD_NAME = (
    f"The pool name <{{name}}> is invalid. It can contain up to {MAX_NAME_LENGTH} characters: "
    "alphanumeric characters, underscores (_) and hyphens (-)."
)
_BAD_MODE = "The ScalingMode parameter is invalid."
_NOT_CONVERTIBLE = "The pool <{name}> is MANAGED and cannot be converted to STANDARD."
_IN_USE = "The pool <{name}> is used by the configuration set <{configuration_set}>."
_BAD_PERCENTAGE = f"The warm-up percentage {{percentage}} is not between 0 and {FULLY_WARMED_UP}."


@dataclass(slots=True)
class DedicatedIpPool:
    """A pool of dedicated IP addresses; its scaling mode is `STANDARD` or `MANAGED`."""

    name: str
    scaling_mode: str = STANDARD
    tags: dict[str, str] = field(default_factory=dict)


class Listing(NamedTuple):
    """An entry on a blacklist: the name of the blacklist, the time and a description."""

    name: str
    since: datetime
    description: str | None = None


@dataclass(slots=True)
class DedicatedIp:
    """A dedicated IP address of the account, with its pool and its warm-up percentage.

    `listings` are its entries on blacklists; a test sets them.
    """

    address: str
    pool_name: str = DEFAULT_POOL
    warmup_percentage: int = FULLY_WARMED_UP
    listings: list[Listing] = field(default_factory=list)


class PoolUser(Protocol):
    """A configuration set, which can use a pool."""

    name: str

    @property
    def sending_pool_name(self) -> str | None:
        """The pool that messages are sent from."""
        ...


class DedicatedIpState(Scope, Protocol):
    """The dedicated IP addresses and pools of an account, and its configuration sets."""

    dedicated_ips: Collection[DedicatedIp]
    dedicated_ip_pools: Collection[DedicatedIpPool]

    @property
    def configuration_sets(self) -> Mapping[str, PoolUser]:
        """The configuration sets of the account."""
        ...


def store() -> Collection[DedicatedIp]:
    """Return an empty store of dedicated IP addresses."""
    return Collection(
        "dedicated IP addresses", missing=errors.DedicatedIpDoesNotExist, order="name"
    )


def pool_store() -> Collection[DedicatedIpPool]:
    """Return an empty store of dedicated IP pools."""
    return Collection(
        "dedicated IP pools",
        missing=errors.DedicatedIpPoolDoesNotExist,
        duplicate=errors.DedicatedIpPoolAlreadyExists,
        limit=MAX_POOLS,
        order="name",
    )


def create_pool(
    account: DedicatedIpState,
    name: str,
    scaling_mode: str | None = None,
    *,
    tags: Mapping[str, str] | None = None,
) -> DedicatedIpPool:
    """Create a pool; the scaling mode defaults to `STANDARD`.

    Raises:
        InvalidParameterValue: if the name or the scaling mode is invalid.
        DedicatedIpPoolAlreadyExists: if the name is taken.
        LimitExceeded: if the account has 50 pools.
    """
    mode = STANDARD if scaling_mode is None else _checked_mode(scaling_mode)
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(_BAD_NAME.format(name=name))
    if name in (DEFAULT_POOL, SHARED_POOL):
        raise errors.DedicatedIpPoolAlreadyExists(name=name)
    return account.dedicated_ip_pools.add(name, DedicatedIpPool(name, mode, dict(tags or {})))


def delete_pool(account: DedicatedIpState, name: str) -> None:
    """Delete a pool; its addresses move to the default pool.

    Raises:
        DedicatedIpPoolDoesNotExist: if the pool does not exist.
        InvalidParameterValue: if a configuration set uses the pool.
    """
    account.dedicated_ip_pools.find(name)
    for configuration_set in account.configuration_sets.values():
        if configuration_set.sending_pool_name == name:
            raise errors.InvalidParameterValue(
                _IN_USE.format(name=name, configuration_set=configuration_set.name)
            )
    for dedicated_ip in account.dedicated_ips.values():
        if dedicated_ip.pool_name == name:
            dedicated_ip.pool_name = DEFAULT_POOL
    account.dedicated_ip_pools.remove(name)


def set_scaling_mode(account: DedicatedIpState, name: str, scaling_mode: str | None) -> None:
    """Set the scaling mode of a pool; a managed pool cannot become a standard one.

    Raises:
        InvalidParameterValue: if the scaling mode is invalid or the change is impossible.
        DedicatedIpPoolDoesNotExist: if the pool does not exist.
    """
    mode = _checked_mode(scaling_mode)
    pool = account.dedicated_ip_pools.find(name)
    if pool.scaling_mode == MANAGED and mode == STANDARD:
        raise errors.InvalidParameterValue(_NOT_CONVERTIBLE.format(name=name))
    pool.scaling_mode = mode


def is_pool(dedicated_ip_pools: Collection[DedicatedIpPool], name: str) -> bool:
    """Whether a pool is one of the account's pools or of SES's own two pools."""
    return name in (DEFAULT_POOL, SHARED_POOL) or name in dedicated_ip_pools


def in_pool(
    dedicated_ip_pools: Collection[DedicatedIpPool], name: str
) -> Callable[[DedicatedIp], bool]:
    """Return a predicate for the addresses in a pool.

    Raises:
        DedicatedIpPoolDoesNotExist: if the pool does not exist.
    """
    _check_pool(dedicated_ip_pools, name)
    return lambda dedicated_ip: dedicated_ip.pool_name == name


def move(account: DedicatedIpState, address: str, pool_name: str) -> None:
    """Move an address to another pool.

    Raises:
        DedicatedIpDoesNotExist: if the address does not exist.
        DedicatedIpPoolDoesNotExist: if the pool does not exist.
    """
    dedicated_ip = account.dedicated_ips.find(address)
    _check_pool(account.dedicated_ip_pools, pool_name)
    dedicated_ip.pool_name = pool_name


def set_warmup(account: DedicatedIpState, address: str, percentage: int) -> None:
    """Set the warm-up percentage of an address.

    Raises:
        DedicatedIpDoesNotExist: if the address does not exist.
        InvalidParameterValue: if the percentage is not between 0 and 100.
    """
    dedicated_ip = account.dedicated_ips.find(address)
    if not 0 <= percentage <= FULLY_WARMED_UP:
        raise errors.InvalidParameterValue(_BAD_PERCENTAGE.format(percentage=percentage))
    dedicated_ip.warmup_percentage = percentage


def warmup(
    dedicated_ip_pools: Collection[DedicatedIpPool], dedicated_ip: DedicatedIp
) -> tuple[str, int]:
    """Return the warm-up status and percentage of an address."""
    pool = dedicated_ip_pools.get(dedicated_ip.pool_name)
    if pool is not None and pool.scaling_mode == MANAGED:
        return "NOT_APPLICABLE", NOT_APPLICABLE
    percentage = dedicated_ip.warmup_percentage
    return ("DONE" if percentage == FULLY_WARMED_UP else "IN_PROGRESS"), percentage


def _checked_mode(mode: str | None) -> str:
    if mode not in SCALING_MODES:
        raise errors.InvalidParameterValue(_BAD_MODE)
    return mode


def _check_pool(dedicated_ip_pools: Collection[DedicatedIpPool], name: str) -> None:
    if name != DEFAULT_POOL:
        dedicated_ip_pools.find(name)
