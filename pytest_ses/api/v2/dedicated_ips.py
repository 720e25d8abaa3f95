"""The operations of API v2 on dedicated IP addresses and their pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import resource_tags
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
    """Create a pool of dedicated IP addresses, standard or managed."""
    parsed_tags = resource_tags.parse(tags)
    dedicated_ips.create_pool(account, pool_name, scaling_mode, tags=parsed_tags)


def get_dedicated_ip_pool(account: Account, *, pool_name: str) -> dict[str, Any]:
    """Return the scaling mode of a pool."""
    pool = account.dedicated_ip_pools.find(pool_name)
    return {"DedicatedIpPool": {"PoolName": pool.name, "ScalingMode": pool.scaling_mode}}


def delete_dedicated_ip_pool(account: Account, *, pool_name: str) -> None:
    """Delete a pool that no configuration set uses; its IP addresses return to the default pool."""
    dedicated_ips.delete_pool(account, pool_name)


def list_dedicated_ip_pools(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """List the pools of the account, without SES's two built-in pools, sorted by name."""
    page, token = paging.V2_DEDICATED_IPS.page(
        account, account.dedicated_ip_pools, page_size, next_token
    )
    return {"DedicatedIpPools": [pool.name for pool in page], **paging.next_token(token)}


def put_dedicated_ip_pool_scaling_attributes(
    account: Account, *, pool_name: str, scaling_mode: str | None = None
) -> None:
    """Convert a standard pool into a managed one; this cannot be undone."""
    dedicated_ips.set_scaling_mode(account, pool_name, scaling_mode)


def get_dedicated_ip(account: Account, *, ip: str) -> dict[str, Any]:
    """Return the pool and the warm-up status of a dedicated IP address."""
    return {"DedicatedIp": _summary(account, account.dedicated_ips.find(ip))}


def get_dedicated_ips(
    account: Account,
    *,
    pool_name: str | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List the dedicated IP addresses of the account or of one pool."""
    pages = paging.V2_DEDICATED_IPS
    size = pages.size(page_size)
    where = (
        None if pool_name is None else dedicated_ips.in_pool(account.dedicated_ip_pools, pool_name)
    )
    page, token = pages.page(
        account, account.dedicated_ips, size, next_token, where, scope=pool_name or ""
    )
    return {
        "DedicatedIps": [_summary(account, dedicated_ip) for dedicated_ip in page],
        **paging.next_token(token),
    }


def put_dedicated_ip_in_pool(account: Account, *, ip: str, destination_pool_name: str) -> None:
    """Move a dedicated IP address to another pool."""
    dedicated_ips.move(account, ip, destination_pool_name)


def put_dedicated_ip_warmup_attributes(
    account: Account, *, ip: str, warmup_percentage: int
) -> None:
    """Set the warm-up percentage of a dedicated IP address.

    Stored only: sending is not affected.
    """
    dedicated_ips.set_warmup(account, ip, warmup_percentage)


def _summary(account: Account, dedicated_ip: DedicatedIp) -> dict[str, Any]:
    status, percentage = dedicated_ips.warmup(account.dedicated_ip_pools, dedicated_ip)
    return {
        "Ip": dedicated_ip.address,
        "WarmupStatus": status,
        "WarmupPercentage": percentage,
        "PoolName": dedicated_ip.pool_name,
    }
