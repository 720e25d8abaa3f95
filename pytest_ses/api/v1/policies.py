"""How does API v1 keep the sending authorization policies of identities?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.identities import identities, policies

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def put_identity_policy(account: Account, *, identity: str, policy_name: str, policy: str) -> None:
    """Keep a policy, in the place of one that has its name.

    Stored only: the fake does not ask policies who may send.
    """
    policies.put(account, identity, policy_name, policy)


def get_identity_policies(
    account: Account, *, identity: str, policy_names: list[str]
) -> dict[str, Any]:
    """The policies of those names; unknown ones are left out."""
    kept = _policies(account, identity)
    return {"Policies": {name: kept[name] for name in policy_names if name in kept}}


def list_identity_policies(account: Account, *, identity: str) -> dict[str, Any]:
    """The names of an identity's policies."""
    return {"PolicyNames": sorted(_policies(account, identity))}


def delete_identity_policy(account: Account, *, identity: str, policy_name: str) -> None:
    """Drop a policy, if there is one.

    Stored only: the fake does not ask policies who may send.
    """
    _policies(account, identity).pop(policy_name, None)


def _policies(account: Account, identity: str) -> dict[str, str]:
    found = identities.known(account, identity)
    return found.policies if found else {}
