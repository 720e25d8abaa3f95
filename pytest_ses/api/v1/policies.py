"""The operations of API v1 on the sending authorization policies of identities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.identities import policies

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def put_identity_policy(account: Account, *, identity: str, policy_name: str, policy: str) -> None:
    """Create or replace a policy.

    Stored only: sending does not evaluate policies.
    """
    policies.put(account, identity, policy_name, policy)


def get_identity_policies(
    account: Account, *, identity: str, policy_names: list[str]
) -> dict[str, Any]:
    """Return the policies with the given names; unknown names are omitted."""
    return {"Policies": policies.named(account, identity, policy_names)}


def list_identity_policies(account: Account, *, identity: str) -> dict[str, Any]:
    """List the names of the policies of an identity."""
    return {"PolicyNames": sorted(policies.of_any_identity(account, identity))}


def delete_identity_policy(account: Account, *, identity: str, policy_name: str) -> None:
    """Delete a policy, if it exists.

    Stored only: sending does not evaluate policies.
    """
    policies.of_any_identity(account, identity).pop(policy_name, None)
