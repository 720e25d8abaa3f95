"""How does API v2 keep the sending authorization policies of identities?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.identities import policies

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str, policy: str
) -> None:
    """Keep a new policy.

    Stored only: the fake does not ask policies who may send.
    """
    policies.create(account, email_identity, policy_name, policy)


def get_email_identity_policies(account: Account, *, email_identity: str) -> dict[str, Any]:
    """The policies of an identity by name."""
    return {"Policies": dict(policies.of(account, email_identity))}


def update_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str, policy: str
) -> None:
    """Replace a policy.

    Stored only: the fake does not ask policies who may send.
    """
    policies.update(account, email_identity, policy_name, policy)


def delete_email_identity_policy(
    account: Account, *, email_identity: str, policy_name: str
) -> None:
    """Drop a policy.

    Stored only: the fake does not ask policies who may send.
    """
    policies.remove(account, email_identity, policy_name)
