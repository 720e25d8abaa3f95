"""The reputation of tenants, which are the only reputation entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import SendingStatus, Tenant, TenantState

if TYPE_CHECKING:
    from collections.abc import Callable


POLICIES = (tenants.NO_POLICY, "standard", "strict")
# There are never any findings. This value is not in the service model; it was recorded from the
# real service in 2026.
NO_IMPACT = "NONE"
# From the same recording.
CAUSE = "Status manually updated."
ENTITY_TYPE = "RESOURCE"


def find(account: TenantState, reference: str) -> Tenant:
    """Return a tenant by its ARN.

    Raises:
        ReputationEntityDoesNotExist: if the tenant does not exist.
    """
    tenant = tenants.by_arn(account, reference)
    if tenant is None:
        raise errors.ReputationEntityDoesNotExist(name=reference)
    return tenant


def set_status(account: TenantState, reference: str, status: str) -> None:
    """Set the sending status of a tenant: `ENABLED`, `DISABLED` or `REINSTATED`.

    Raises:
        UnknownReputationEntity: if the tenant does not exist.
    """
    _tenant_to_change(account, reference).status = SendingStatus(status, account.now())


def set_policy(account: TenantState, reference: str, policy: str) -> None:
    """Set the reputation policy of a tenant by the ARN of the policy.

    Raises:
        UnknownReputationEntity: if the tenant does not exist.
        UnknownReputationPolicy: if SES does not have the policy.
    """
    tenant = _tenant_to_change(account, reference)
    names = {policy_arn(account, name): name for name in POLICIES}
    if policy not in names:
        raise errors.UnknownReputationPolicy(name=policy)
    tenant.policy = names[policy]


def policy_arn(account: TenantState, name: str) -> str:
    """Return the ARN of a reputation policy, which AWS owns."""
    return f"arn:{account.partition}:ses:{account.region}:aws:reputation-policy/{name}"


FILTERS: dict[str, Callable[[str], Callable[[Tenant], bool]]] = {
    "ENTITY_TYPE": lambda value: lambda _tenant: value == ENTITY_TYPE,
    "REPUTATION_IMPACT": lambda value: lambda _tenant: value == NO_IMPACT,
    "SENDING_STATUS": lambda value: lambda tenant: value == tenant.sending_status,
    "ENTITY_REFERENCE_PREFIX": lambda value: lambda tenant: tenant.arn.startswith(value),
}


def _tenant_to_change(account: TenantState, reference: str) -> Tenant:
    """Return a tenant by its ARN; changes report a missing tenant with a different error."""
    try:
        return find(account, reference)
    except errors.ReputationEntityDoesNotExist as error:
        raise errors.UnknownReputationEntity(error.message) from None
