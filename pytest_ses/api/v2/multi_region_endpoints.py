"""The operations of API v2 on multi-region endpoints."""

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
    """Create an endpoint; its status is `CREATING` in this response, and `READY` from then on."""
    endpoint = multi_region_endpoints.create(
        account,
        endpoint_name,
        [route["Region"] for route in details["RoutesDetails"]],
        tags=resource_tags.parse(tags),
    )
    return {"Status": CREATING, "EndpointId": endpoint.id}


def get_multi_region_endpoint(account: Account, *, endpoint_name: str) -> dict[str, Any]:
    """Return an endpoint and its routes."""
    endpoint = account.multi_region_endpoints.find(endpoint_name)
    return {**_summary(endpoint), "Routes": [{"Region": region} for region in endpoint.regions]}


def delete_multi_region_endpoint(account: Account, *, endpoint_name: str) -> dict[str, Any]:
    """Delete an endpoint at once; its status in this response is `DELETING`."""
    account.multi_region_endpoints.remove(endpoint_name)
    return {"Status": DELETING}


def list_multi_region_endpoints(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """List the endpoints of the region, sorted by name."""
    page, token = paging.V2_MULTI_REGION_ENDPOINTS.page(
        account, account.multi_region_endpoints, page_size, next_token
    )
    summaries = [{**_summary(endpoint), "Regions": list(endpoint.regions)} for endpoint in page]
    return {"MultiRegionEndpoints": summaries, **paging.next_token(token)}


def _summary(endpoint: MultiRegionEndpoint) -> dict[str, Any]:
    return {
        "EndpointName": endpoint.name,
        "EndpointId": endpoint.id,
        "Status": READY,
        "CreatedTimestamp": endpoint.created_at,
        "LastUpdatedTimestamp": endpoint.created_at,
    }
