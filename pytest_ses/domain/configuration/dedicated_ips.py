"""Which addresses does the account send from that nobody else has, and in which pools?

A test leases an address by putting it into `account.dedicated_ips`, under its name.
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
# What stands for the warm-up of an address that SES itself looks after.
NOT_APPLICABLE = -1
WARM = 100
NAME_LENGTH = 64
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
DEDICATED_IP_POOLS = 50

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{NAME_LENGTH}}}")

# Of these texts only the one of the scaling mode is said to be SES's; the others are ours.
_BAD_NAME = (
    f"The pool name <{{name}}> is invalid. It can contain up to {NAME_LENGTH} characters: "
    "alphanumeric characters, underscores (_) and hyphens (-)."
)
_BAD_MODE = "The ScalingMode parameter is invalid."
_NO_WAY_BACK = "The pool <{name}> is MANAGED and cannot be converted to STANDARD."
_IN_USE = "The pool <{name}> is used by the configuration set <{configuration_set}>."
_BAD_PERCENTAGE = f"The warm-up percentage {{percentage}} is not between 0 and {WARM}."


@dataclass(slots=True)
class DedicatedIpPool:
    """A pool of the account; the scaling mode is `STANDARD` or `MANAGED`."""

    name: str
    scaling_mode: str = STANDARD
    tags: dict[str, str] = field(default_factory=dict)


class Listing(NamedTuple):
    """The blacklist that an address is on, since when, and what its keeper says of it."""

    name: str
    since: datetime
    description: str | None = None


@dataclass(slots=True)
class DedicatedIp:
    """An address that the account leases, as far as it is warmed up, and the pool it is in.

    `listings` are the blacklists that a test says it is on.
    """

    address: str
    pool_name: str = DEFAULT_POOL
    warmup_percentage: int = WARM
    listings: list[Listing] = field(default_factory=list)


class PoolUser(Protocol):
    """A configuration set, as far as the pool that it sends by is concerned."""

    name: str

    @property
    def sending_pool_name(self) -> str | None:
        """The pool that messages are sent by."""
        ...


class DedicatedIpState(Scope, Protocol):
    """The dedicated IP addresses and pools of an account, and the configuration sets that use them."""

    dedicated_ips: Collection[DedicatedIp]
    dedicated_ip_pools: Collection[DedicatedIpPool]

    @property
    def configuration_sets(self) -> Mapping[str, PoolUser]:
        """The configuration sets of the account."""
        ...


def store() -> Collection[DedicatedIp]:
    """Return an empty store of addresses: AWS leases them, a test puts them here."""
    return Collection(
        "dedicated IP addresses", missing=errors.DedicatedIpDoesNotExist, order="name"
    )


def pool_store() -> Collection[DedicatedIpPool]:
    """Return an empty store of pools."""
    return Collection(
        "dedicated IP pools",
        missing=errors.DedicatedIpPoolDoesNotExist,
        duplicate=errors.DedicatedIpPoolAlreadyExists,
        limit=DEDICATED_IP_POOLS,
        order="name",
    )


def create_pool(
    account: DedicatedIpState,
    name: str,
    scaling_mode: str | None = None,
    *,
    tags: Mapping[str, str] | None = None,
) -> DedicatedIpPool:
    """Make a pool; without a word it is a standard one.

    Raises:
        InvalidParameterValue: for a bad name or scaling mode.
        DedicatedIpPoolAlreadyExists, LimitExceeded: as their names say.
    """
    mode = STANDARD if scaling_mode is None else _checked_mode(scaling_mode)
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(_BAD_NAME.format(name=name))
    if name in (DEFAULT_POOL, SHARED_POOL):
        raise errors.DedicatedIpPoolAlreadyExists(name=name)
    return account.dedicated_ip_pools.add(name, DedicatedIpPool(name, mode, dict(tags or {})))


def delete_pool(account: DedicatedIpState, name: str) -> None:
    """Drop a pool; its addresses go back to the default one.

    Raises:
        DedicatedIpPoolDoesNotExist: as its name says.
        InvalidParameterValue: while a configuration set sends by it.
    """
    account.dedicated_ip_pools.find(name)
    for user in account.configuration_sets.values():
        if user.sending_pool_name == name:
            raise errors.InvalidParameterValue(
                _IN_USE.format(name=name, configuration_set=user.name)
            )
    for address in account.dedicated_ips.values():
        if address.pool_name == name:
            address.pool_name = DEFAULT_POOL
    account.dedicated_ip_pools.remove(name)


def scale_pool(account: DedicatedIpState, name: str, scaling_mode: str | None) -> None:
    """Let SES manage a standard pool from now on.

    Raises:
        InvalidParameterValue: for a bad scaling mode, and for the way back.
        DedicatedIpPoolDoesNotExist: as its name says.
    """
    mode = _checked_mode(scaling_mode)
    pool = account.dedicated_ip_pools.find(name)
    if pool.scaling_mode == MANAGED and mode == STANDARD:
        raise errors.InvalidParameterValue(_NO_WAY_BACK.format(name=name))
    pool.scaling_mode = mode


def is_pool(dedicated_ip_pools: Collection[DedicatedIpPool], name: str) -> bool:
    """Whether a configuration set can send by a pool: one of the account's, or of SES's own two."""
    return name in (DEFAULT_POOL, SHARED_POOL) or name in dedicated_ip_pools


def in_pool(
    dedicated_ip_pools: Collection[DedicatedIpPool], name: str
) -> Callable[[DedicatedIp], bool]:
    """Whether an address is in a pool.

    Raises:
        DedicatedIpPoolDoesNotExist: as its name says.
    """
    _check_holds_addresses(dedicated_ip_pools, name)
    return lambda found: found.pool_name == name


def move(account: DedicatedIpState, address: str, pool_name: str) -> None:
    """Move an address to another pool.

    Raises:
        DedicatedIpDoesNotExist, DedicatedIpPoolDoesNotExist: as their names say.
    """
    found = account.dedicated_ips.find(address)
    _check_holds_addresses(account.dedicated_ip_pools, pool_name)
    found.pool_name = pool_name


def set_warmup(account: DedicatedIpState, address: str, percentage: int) -> None:
    """Set how far an address is warmed up.

    Raises:
        DedicatedIpDoesNotExist: as its name says.
        InvalidParameterValue: for what is no percentage.
    """
    found = account.dedicated_ips.find(address)
    if not 0 <= percentage <= WARM:
        raise errors.InvalidParameterValue(_BAD_PERCENTAGE.format(percentage=percentage))
    found.warmup_percentage = percentage


def warmup(dedicated_ip_pools: Collection[DedicatedIpPool], found: DedicatedIp) -> tuple[str, int]:
    """The status and the percentage of the warm-up of an address."""
    pool = dedicated_ip_pools.get(found.pool_name)
    if pool is not None and pool.scaling_mode == MANAGED:
        return "NOT_APPLICABLE", NOT_APPLICABLE
    return ("IN_PROGRESS", "DONE")[found.warmup_percentage == WARM], found.warmup_percentage


def _checked_mode(mode: str | None) -> str:
    if mode not in SCALING_MODES:
        raise errors.InvalidParameterValue(_BAD_MODE)
    return mode


def _check_holds_addresses(dedicated_ip_pools: Collection[DedicatedIpPool], name: str) -> None:
    if name != DEFAULT_POOL:
        dedicated_ip_pools.find(name)
