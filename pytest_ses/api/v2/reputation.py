"""How does API v2 show the reputation of tenants?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain.tenants import reputation, tenants

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.tenants.tenants import Tenant


def get_reputation_entity(
    account: Account,
    *,
    reputation_entity_reference: str,
    reputation_entity_type: str,  # noqa: ARG001  (the model knows one)
) -> dict[str, Any]:
    """The policy of a tenant, and whether it may send."""
    found = reputation.find(account, reputation_entity_reference)
    return {"ReputationEntity": _shown(account, found)}


def list_reputation_entities(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The tenants by name, filtered by their sending status or the head of their ARN."""
    wanted = [reputation.FILTERS[key](value) for key, value in (filter or {}).items()]
    found, token = paging.V2_TENANTS.page(
        account,
        account.tenants,
        page_size,
        next_token,
        where=lambda tenant: all(passes(tenant) for passes in wanted),
        scope=f"reputation {sorted((filter or {}).items())}",
    )
    entities = [_shown(account, one) for one in found]
    return {"ReputationEntities": entities, **paging.next_token(token)}


def update_reputation_entity_customer_managed_status(
    account: Account,
    *,
    reputation_entity_type: str,  # noqa: ARG001  (the model knows one)
    reputation_entity_reference: str,
    sending_status: str,
) -> None:
    """Let a tenant send or not."""
    reputation.set_status(account, reputation_entity_reference, sending_status)


def update_reputation_entity_policy(
    account: Account,
    *,
    reputation_entity_type: str,  # noqa: ARG001  (the model knows one)
    reputation_entity_reference: str,
    reputation_entity_policy: str,
) -> None:
    """Set what SES does about findings on a tenant.

    Stored only: nothing is ever found here.
    """
    reputation.set_policy(account, reputation_entity_reference, reputation_entity_policy)


def _shown(account: Account, tenant: Tenant) -> dict[str, Any]:
    own = tenant.status and {
        "Status": tenant.status.status,
        "Cause": reputation.CAUSE,
        "LastUpdatedTimestamp": tenant.status.updated_at,
    }
    return {
        "ReputationEntityReference": tenant.arn,
        "ReputationEntityType": reputation.ENTITY_TYPE,
        "ReputationManagementPolicy": reputation.policy_arn(account, tenant.policy),
        **given(CustomerManagedStatus=own),
        "AwsSesManagedStatus": {"Status": tenants.ENABLED},
        "SendingStatusAggregate": tenant.sending_status,
        "ReputationImpact": reputation.NO_IMPACT,
    }
