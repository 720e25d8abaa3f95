"""How does API v2 keep tenants and what belongs to them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given, known
from pytest_ses.domain import resource_tags
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import ACCOUNT_SCOPE, Suppression, Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.associations import Association

# The model's words for the kinds of resources; SES itself answers with those of the ARNs.
_KINDS = {
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
    """Make a tenant, which may send."""
    made = tenants.create(
        account,
        tenant_name,
        tags=resource_tags.checked(tags),
        suppression=None
        if suppression_attributes is None
        else _suppression(suppression_attributes),
    )
    return _whole(made)


def get_tenant(account: Account, *, tenant_name: str) -> dict[str, Any]:
    """All of a tenant but its resources."""
    return {"Tenant": _whole(tenants.find(account, tenant_name))}


def delete_tenant(account: Account, *, tenant_name: str) -> None:
    """Drop a tenant; the resources that belonged to it stay."""
    tenants.delete(account, tenant_name)


def list_tenants(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The tenants by name, filtered by a part of it or by their sending status."""
    wanted = [_FILTERS[key](value) for key, value in (filter or {}).items()]
    found, token = paging.V2_TENANTS.page(
        account,
        account.tenants,
        page_size,
        next_token,
        where=lambda tenant: all(passes(tenant) for passes in wanted),
        scope=f"{sorted((filter or {}).items())}",
    )
    infos = [known("sesv2", "TenantInfo", _summary(one)) for one in found]
    return {"Tenants": infos, **paging.next_token(token)}


def create_tenant_resource_association(
    account: Account, *, tenant_name: str, resource_arn: str
) -> None:
    """Give an identity, a configuration set or a template to a tenant."""
    tenants.associate(account, tenant_name, resource_arn)


def delete_tenant_resource_association(
    account: Account, *, tenant_name: str, resource_arn: str
) -> None:
    """Take a resource from a tenant; one that it has not counts as taken."""
    tenants.dissociate(account, tenant_name, resource_arn)


def list_tenant_resources(
    account: Account,
    *,
    tenant_name: str,
    filter: dict[str, str] | None = None,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """The resources of a tenant by ARN, or those of one kind."""
    pages = paging.V2_TENANTS
    size = pages.size(page_size)
    tenant = tenants.find(account, tenant_name)
    kind = (filter or {}).get("RESOURCE_TYPE")
    wanted = _KINDS.get(kind, kind) if kind else None
    found, token = pages.page(
        account,
        tenant.resources,
        size,
        next_token,
        where=lambda one: wanted in (None, one.kind),
        scope=f"{tenant.id} {wanted}",
    )
    resources = [{"ResourceType": one.kind, "ResourceArn": one.arn} for one in found]
    return {"TenantResources": resources, **paging.next_token(token)}


def list_resource_tenants(
    account: Account,
    *,
    resource_arn: str,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """The tenants of a resource, in the order in which it was given to them."""
    pages = paging.V2_TENANTS
    size = pages.size(page_size)
    arn, kept = tenants.of_resource(account, resource_arn)
    found, token = pages.page(account, kept, size, next_token, scope=arn)
    return {"ResourceTenants": [_metadata(one) for one in found], **paging.next_token(token)}


def put_tenant_suppression_attributes(
    account: Account,
    *,
    tenant_name: str,
    suppressed_reasons: list[str] | None = None,
    suppression_scope: str | None = None,
) -> None:
    """Set which suppression list a tenant is to use; without a word, that of the account."""
    suppression = Suppression(suppressed_reasons, suppression_scope or ACCOUNT_SCOPE)
    tenants.set_suppression(account, tenant_name, suppression)


def _suppression(attributes: Mapping[str, Any]) -> Suppression:
    return Suppression(
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


def _whole(tenant: Tenant) -> dict[str, Any]:
    own = tenant.suppression
    attributes = own and {
        **given(SuppressedReasons=own.reasons),
        "SuppressionScope": own.scope,
    }
    return {
        **_summary(tenant),
        "Tags": resource_tags.listed(tenant.tags),
        **given(SuppressionAttributes=attributes),
    }


def _metadata(one: Association) -> dict[str, Any]:
    return {
        "TenantName": one.tenant.name,
        "TenantId": one.tenant.id,
        "ResourceArn": one.arn,
        "AssociatedTimestamp": one.made_at,
    }
