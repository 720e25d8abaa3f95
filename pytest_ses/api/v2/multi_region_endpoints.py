"""How does API v2 keep multi-region endpoints?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import resource_tags
from pytest_ses.domain.configuration import multi_region_endpoints
from pytest_ses.domain.configuration.multi_region_endpoints import CREATING, DELETING, READY

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.configuration.multi_region_endpoints import MultiRegionEndpoint


def create_multi_region_endpoint(
    account: Account,
    *,
    endpoint_name: str,
    details: dict[str, Any],
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Make an endpoint, which is ready by the next call."""
    made = multi_region_endpoints.create(
        account,
        endpoint_name,
        [route["Region"] for route in details["RoutesDetails"]],
        tags=resource_tags.checked(tags),
    )
    return {"Status": CREATING, "EndpointId": made.id}


def get_multi_region_endpoint(account: Account, *, endpoint_name: str) -> dict[str, Any]:
    """An endpoint and its routes."""
    found = account.multi_region_endpoints.find(endpoint_name)
    return {**_summary(found), "Routes": [{"Region": region} for region in found.regions]}


def delete_multi_region_endpoint(account: Account, *, endpoint_name: str) -> dict[str, Any]:
    """Drop an endpoint, which is gone by the next call."""
    account.multi_region_endpoints.remove(endpoint_name)
    return {"Status": DELETING}


def list_multi_region_endpoints(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """The endpoints of this region by name."""
    found, token = paging.V2_MULTI_REGION_ENDPOINTS.page(
        account, account.multi_region_endpoints, page_size, next_token
    )
    endpoints = [{**_summary(one), "Regions": list(one.regions)} for one in found]
    return {"MultiRegionEndpoints": endpoints, **paging.next_token(token)}


def _summary(found: MultiRegionEndpoint) -> dict[str, Any]:
    return {
        "EndpointName": found.name,
        "EndpointId": found.id,
        "Status": READY,
        "CreatedTimestamp": found.created_at,
        "LastUpdatedTimestamp": found.created_at,
    }
