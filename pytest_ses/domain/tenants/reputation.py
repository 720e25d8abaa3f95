"""What is known of the reputation of a tenant, and what does its owner make of it?

SES speaks of reputation entities; its tenants are what it has of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import Status, Tenant, TenantState

if TYPE_CHECKING:
    from collections.abc import Callable


POLICIES = (tenants.NO_POLICY, "standard", "strict")
# No finding is ever made here. The word is not among those of the model; SES says it all the same,
# as somebody has recorded who compared a fake of his own with the service in 2026.
NO_IMPACT = "NONE"
# By the same source.
CAUSE = "Status manually updated."
ENTITY_TYPE = "RESOURCE"


def find(account: TenantState, reference: str) -> Tenant:
    """The tenant of that ARN.

    Raises:
        ReputationEntityDoesNotExist: as its name says.
    """
    found = tenants.by_arn(account, reference)
    if found is None:
        raise errors.ReputationEntityDoesNotExist(name=reference)
    return found


def set_status(account: TenantState, reference: str, status: str) -> None:
    """Let a tenant send, keep it from sending, or let it send whatever is found.

    Raises:
        UnknownReputationEntity: as its name says.
    """
    _changed(account, reference).status = Status(status, account.now())


def set_policy(account: TenantState, reference: str, policy: str) -> None:
    """Set the policy of a tenant by the ARN of one of those that SES has.

    Raises:
        UnknownReputationEntity, UnknownReputationPolicy: as their names say.
    """
    found = _changed(account, reference)
    word = next((one for one in POLICIES if policy_arn(account, one) == policy), None)
    if word is None:
        raise errors.UnknownReputationPolicy(name=policy)
    found.policy = word


def policy_arn(account: TenantState, word: str) -> str:
    """The ARN of a policy: its owner is AWS."""
    return f"arn:{account.partition}:ses:{account.region}:aws:reputation-policy/{word}"


FILTERS: dict[str, Callable[[str], Callable[[Tenant], bool]]] = {
    "ENTITY_TYPE": lambda wanted: lambda _tenant: wanted == ENTITY_TYPE,
    "REPUTATION_IMPACT": lambda wanted: lambda _tenant: wanted == NO_IMPACT,
    "SENDING_STATUS": lambda wanted: lambda tenant: wanted == tenant.sending_status,
    "ENTITY_REFERENCE_PREFIX": lambda wanted: lambda tenant: tenant.arn.startswith(wanted),
}


def _changed(account: TenantState, reference: str) -> Tenant:
    """The tenant of a change; the model of one has no error for what is not there."""
    try:
        return find(account, reference)
    except errors.ReputationEntityDoesNotExist as error:
        raise errors.UnknownReputationEntity(error.message) from None
