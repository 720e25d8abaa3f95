"""The operations of API v2 on the sending authorization policies of identities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.identities import policies

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str, policy: str
) -> None:
    """Create a policy.

    Stored only: sending does not evaluate policies.
    """
    policies.create(account, email_identity, policy_name, policy)


def get_email_identity_policies(account: Account, *, email_identity: str) -> dict[str, Any]:
    """Return the policies of an identity, by name."""
    return {"Policies": dict(policies.of_identity(account, email_identity))}


def update_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str, policy: str
) -> None:
    """Replace a policy.

    Stored only: sending does not evaluate policies.
    """
    policies.update(account, email_identity, policy_name, policy)


def delete_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str
) -> None:
    """Delete a policy.

    Stored only: sending does not evaluate policies.
    """
    policies.remove(account, email_identity, policy_name)
