"""The operations of API v2 on tenants and their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import known_members, without_none
from pytest_ses.domain import resource_tags
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import ACCOUNT_SCOPE, Tenant, TenantSuppression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.associations import Association

# The resource types in ARNs, which SES also returns, by those in the model.
_RESOURCE_TYPES = {
    "EMAIL_IDENTITY": "identity",
    "CONFIGURATION_SET": "configuration-set",
    "EMAIL_TEMPLATE": "template",
}
_FILTERS: Mapping[str, Callable[[str], Callable[[Tenant], bool]]] = {
    "TENANT_NAME_CONTAINS": tenants.name_contains,
    "SENDING_STATUS": lambda status: lambda tenant: tenant.sending_status == status,
}


def create_tenant(
    account: Account,
    *,
    tenant_name: str,
    tags: list[dict[str, str]] | None = None,
    suppression_attributes: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Create a tenant with sending enabled."""
    tenant = tenants.create(
        account,
        tenant_name,
        tags=resource_tags.parse(tags),
        suppression=None
        if suppression_attributes is None
        else _suppression(suppression_attributes),
    )
    return _described(tenant)


def get_tenant(account: Account, *, tenant_name: str) -> dict[str, Any]:
    """Return the settings of a tenant."""
    return {"Tenant": _described(tenants.find(account, tenant_name))}


def delete_tenant(account: Account, *, tenant_name: str) -> None:
    """Delete a tenant; its resources are kept."""
    tenants.delete(account, tenant_name)


def list_tenants(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List all tenants, or those that match the filter, sorted by name."""
    conditions = [_FILTERS[key](value) for key, value in (filter or {}).items()]
    page, token = paging.V2_TENANTS.page(
        account,
        account.tenants,
        page_size,
        next_token,
        where=lambda tenant: all(matches(tenant) for matches in conditions),
        scope=f"{sorted((filter or {}).items())}",
    )
    summaries = [known_members("sesv2", "TenantInfo", _summary(tenant)) for tenant in page]
    return {"Tenants": summaries, **paging.next_token(token)}


def create_tenant_resource_association(
    account: Account, *, tenant_name: str, resource_arn: str
) -> None:
    """Associate an identity, a configuration set or a template with a tenant."""
    tenants.associate(account, tenant_name, resource_arn)


def delete_tenant_resource_association(
    account: Account, *, tenant_name: str, resource_arn: str
) -> None:
    """Remove a resource from a tenant, if they are associated."""
    tenants.dissociate(account, tenant_name, resource_arn)


def list_tenant_resources(
    account: Account,
    *,
    tenant_name: str,
    filter: dict[str, str] | None = None,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """List all resources of a tenant, or those of one type, sorted by ARN."""
    pages = paging.V2_TENANTS
    size = pages.size(page_size)
    tenant = tenants.find(account, tenant_name)
    requested_type = (filter or {}).get("RESOURCE_TYPE")
    resource_type = _RESOURCE_TYPES.get(requested_type, requested_type) if requested_type else None
    page, token = pages.page(
        account,
        tenant.resources,
        size,
        next_token,
        where=lambda association: resource_type in (None, association.kind),
        scope=f"{tenant.id} {resource_type}",
    )
    resources = [
        {"ResourceType": association.kind, "ResourceArn": association.arn} for association in page
    ]
    return {"TenantResources": resources, **paging.next_token(token)}


def list_resource_tenants(
    account: Account,
    *,
    resource_arn: str,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """List the tenants of a resource in the order of association."""
    pages = paging.V2_TENANTS
    size = pages.size(page_size)
    arn, associations = tenants.of_resource(account, resource_arn)
    page, token = pages.page(account, associations, size, next_token, scope=arn)
    return {
        "ResourceTenants": [_metadata(association) for association in page],
        **paging.next_token(token),
    }


def put_tenant_suppression_attributes(
    account: Account,
    *,
    tenant_name: str,
    suppressed_reasons: list[str] | None = None,
    suppression_scope: str | None = None,
) -> None:
    """Set the suppression list that a tenant uses; defaults to the account's."""
    suppression = TenantSuppression(suppressed_reasons, suppression_scope or ACCOUNT_SCOPE)
    tenants.set_suppression(account, tenant_name, suppression)


def _suppression(attributes: Mapping[str, Any]) -> TenantSuppression:
    return TenantSuppression(
        attributes.get("SuppressedReasons"), attributes.get("SuppressionScope") or ACCOUNT_SCOPE
    )


def _summary(tenant: Tenant) -> dict[str, Any]:
    return {
        "TenantName": tenant.name,
        "TenantId": tenant.id,
        "TenantArn": tenant.arn,
        "CreatedTimestamp": tenant.created_at,
        "SendingStatus": tenant.sending_status,
    }


def _described(tenant: Tenant) -> dict[str, Any]:
    suppression = tenant.suppression
    attributes = suppression and {
        **without_none(SuppressedReasons=suppression.reasons),
        "SuppressionScope": suppression.scope,
    }
    return {
        **_summary(tenant),
        "Tags": resource_tags.to_list(tenant.tags),
        **without_none(SuppressionAttributes=attributes),
    }


def _metadata(association: Association) -> dict[str, Any]:
    return {
        "TenantName": association.tenant.name,
        "TenantId": association.tenant.id,
        "ResourceArn": association.arn,
        "AssociatedTimestamp": association.associated_at,
    }
