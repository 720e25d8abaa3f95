"""How does API v2 keep dedicated IP addresses and their pools?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import resource_tags as domain_tags
from pytest_ses.domain.configuration import dedicated_ips

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.configuration.dedicated_ips import DedicatedIp


def create_dedicated_ip_pool(
    account: Account,
    *,
    pool_name: str,
    tags: list[dict[str, str]] | None = None,
    scaling_mode: str | None = None,
) -> None:
    """Make a pool of dedicated IP addresses, standard or managed."""
    kept = domain_tags.checked(tags)
    dedicated_ips.create_pool(account, pool_name, scaling_mode, tags=kept)


def get_dedicated_ip_pool(account: Account, *, pool_name: str) -> dict[str, Any]:
    """The scaling mode of a pool."""
    found = account.dedicated_ip_pools.find(pool_name)
    return {"DedicatedIpPool": {"PoolName": found.name, "ScalingMode": found.scaling_mode}}


def delete_dedicated_ip_pool(account: Account, *, pool_name: str) -> None:
    """Drop a pool that no configuration set uses; its addresses go back to the default pool."""
    dedicated_ips.delete_pool(account, pool_name)


def list_dedicated_ip_pools(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """The pools of the account by name, without SES's own two."""
    found, token = paging.V2_DEDICATED_IPS.page(
        account, account.dedicated_ip_pools, page_size, next_token
    )
    return {"DedicatedIpPools": [pool.name for pool in found], **paging.next_token(token)}


def put_dedicated_ip_pool_scaling_attributes(
    account: Account, *, pool_name: str, scaling_mode: str | None = None
) -> None:
    """Turn a standard pool into a managed one, for good."""
    dedicated_ips.scale_pool(account, pool_name, scaling_mode)


def get_dedicated_ip(account: Account, *, ip: str) -> dict[str, Any]:
    """The pool of an address, and how far it is warmed up."""
    return {"DedicatedIp": _shown(account, account.dedicated_ips.find(ip))}


def get_dedicated_ips(
    account: Account,
    *,
    pool_name: str | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The dedicated IP addresses of the account, or those in a pool."""
    pages = paging.V2_DEDICATED_IPS
    size = pages.size(page_size)
    where = (
        None if pool_name is None else dedicated_ips.in_pool(account.dedicated_ip_pools, pool_name)
    )
    found, token = pages.page(
        account, account.dedicated_ips, size, next_token, where, scope=pool_name or ""
    )
    return {"DedicatedIps": [_shown(account, one) for one in found], **paging.next_token(token)}


def put_dedicated_ip_in_pool(account: Account, *, ip: str, destination_pool_name: str) -> None:
    """Move an address to another pool."""
    dedicated_ips.move(account, ip, destination_pool_name)


def put_dedicated_ip_warmup_attributes(
    account: Account, *, ip: str, warmup_percentage: int
) -> None:
    """Set how far an address is warmed up.

    Stored only: mail is sent all the same.
    """
    dedicated_ips.set_warmup(account, ip, warmup_percentage)


def _shown(account: Account, found: DedicatedIp) -> dict[str, Any]:
    status, percentage = dedicated_ips.warmup(account.dedicated_ip_pools, found)
    return {
        "Ip": found.address,
        "WarmupStatus": status,
        "WarmupPercentage": percentage,
        "PoolName": found.pool_name,
    }
