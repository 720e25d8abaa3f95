"""The sending authorization policies of identities."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.domain.identities import identities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.identities.identities import IdentityState

# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
MAX_POLICIES = 20
# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityPolicies.html
MAX_NAMES = 20
MAX_SIZE = 4 * 1024

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_BAD_NAME = (
    "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, "
    "and underscores."
)
# These texts are our own; SES's are unknown.
_NOT_JSON = "The policy is not a JSON object."
_TOO_LONG = f"The policy is longer than {MAX_SIZE} bytes."
_TOO_MANY_NAMES = f"At most {MAX_NAMES} policies can be requested at a time."


def of_identity(account: IdentityState, identity: str) -> dict[str, str]:
    """The policies of an identity by name, in the order of their creation.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
    """
    owner = identities.get(account, identity)
    if owner is None:
        raise errors.IdentityDoesNotExist(f"Email identity <{identity}> does not exist.")
    return owner.policies


def of_any_identity(account: IdentityState, identity: str) -> dict[str, str]:
    """The policies of an identity by name; an identity that does not exist has none.

    This is how v1's `ListIdentityPolicies`, `GetIdentityPolicies` and `DeleteIdentityPolicy`
    behave, as Terraform's acceptance tests and another project's comparison with SES show.
    """
    owner = identities.get(account, identity)
    return owner.policies if owner else {}


def named(account: IdentityState, identity: str, names: Sequence[str]) -> dict[str, str]:
    """The policies with the given names; names that do not exist are omitted.

    Raises:
        InvalidParameterValue: if there are more than 20 names.
    """
    if len(names) > MAX_NAMES:
        raise errors.InvalidParameterValue(_TOO_MANY_NAMES)
    policies = of_any_identity(account, identity)
    return {name: policies[name] for name in names if name in policies}


def put(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Store a policy, replacing any policy of the same name.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
        TooManyPolicies: if the identity has 20 other policies.
        InvalidParameterValue: if the name contains invalid characters.
        InvalidPolicy: if the policy is too long or is not a JSON object.
    """
    _store(of_identity(account, identity), identity, _checked_name(name), policy)


def create(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Store a new policy.

    Raises:
        PolicyAlreadyExists: if the identity has a policy of that name; other errors as
            in `put`.
    """
    policies = of_identity(account, identity)
    if _checked_name(name) in policies:
        raise errors.PolicyAlreadyExists(name=name)
    _store(policies, identity, name, policy)


def update(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Replace a policy.

    Raises:
        PolicyDoesNotExist: if the identity has no policy of that name; other errors as
            in `put`.
    """
    policies = of_identity(account, identity)
    _check_exists(policies, _checked_name(name))
    _store(policies, identity, name, policy)


def remove(account: IdentityState, identity: str, name: str) -> None:
    """Delete a policy.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
        InvalidParameterValue: if the name contains invalid characters.
        PolicyDoesNotExist: if the identity has no policy of that name.
    """
    policies = of_identity(account, identity)
    _check_exists(policies, _checked_name(name))
    del policies[name]


def _store(policies: dict[str, str], identity: str, name: str, policy: str) -> None:
    compact = _compact(policy)
    if name not in policies and len(policies) >= MAX_POLICIES:
        raise errors.TooManyPolicies(identity=identity)
    policies[name] = compact


def _check_exists(policies: dict[str, str], name: str) -> None:
    if name not in policies:
        raise errors.PolicyDoesNotExist(name=name)


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(_BAD_NAME)
    return name


def _compact(policy: str) -> str:
    """Return the policy as SES returns it, without white space between its tokens."""
    try:
        document = json.loads(policy)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise errors.InvalidPolicy(_NOT_JSON)
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode(errors="replace")) > MAX_SIZE:
        raise errors.InvalidPolicy(_TOO_LONG)
    return compact
