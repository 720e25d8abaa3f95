"""The operations of API v2 on the reputation of tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain.tenants import reputation, tenants

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.tenants.tenants import Tenant


def get_reputation_entity(
    account: Account,
    *,
    reputation_entity_reference: str,
    reputation_entity_type: str,  # noqa: ARG001  (the model allows only one value)
) -> dict[str, Any]:
    """Return the reputation policy and the sending status of a tenant."""
    tenant = reputation.find(account, reputation_entity_reference)
    return {"ReputationEntity": _entity(account, tenant)}


def list_reputation_entities(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List the reputation of all tenants, or of those that match the filter, sorted by name."""
    conditions = [reputation.FILTERS[key](value) for key, value in (filter or {}).items()]
    page, token = paging.V2_TENANTS.page(
        account,
        account.tenants,
        page_size,
        next_token,
        where=lambda tenant: all(matches(tenant) for matches in conditions),
        scope=f"reputation {sorted((filter or {}).items())}",
    )
    entities = [_entity(account, tenant) for tenant in page]
    return {"ReputationEntities": entities, **paging.next_token(token)}


def update_reputation_entity_customer_managed_status(
    account: Account,
    *,
    reputation_entity_type: str,  # noqa: ARG001  (the model allows only one value)
    reputation_entity_reference: str,
    sending_status: str,
) -> None:
    """Enable, disable or reinstate sending for a tenant."""
    reputation.set_status(account, reputation_entity_reference, sending_status)


def update_reputation_entity_policy(
    account: Account,
    *,
    reputation_entity_type: str,  # noqa: ARG001  (the model allows only one value)
    reputation_entity_reference: str,
    reputation_entity_policy: str,
) -> None:
    """Set the policy that decides how SES reacts to reputation findings about a tenant.

    Stored only: findings are not simulated.
    """
    reputation.set_policy(account, reputation_entity_reference, reputation_entity_policy)


def _entity(account: Account, tenant: Tenant) -> dict[str, Any]:
    customer_status = tenant.status and {
        "Status": tenant.status.status,
        "Cause": reputation.CAUSE,
        "LastUpdatedTimestamp": tenant.status.updated_at,
    }
    return {
        "ReputationEntityReference": tenant.arn,
        "ReputationEntityType": reputation.ENTITY_TYPE,
        "ReputationManagementPolicy": reputation.policy_arn(account, tenant.policy),
        **without_none(CustomerManagedStatus=customer_status),
        "AwsSesManagedStatus": {"Status": tenants.ENABLED},
        "SendingStatusAggregate": tenant.sending_status,
        "ReputationImpact": reputation.NO_IMPACT,
    }
