"""Whom does an identity authorize to send? Its sending authorization policies."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.domain.identities import identities

if TYPE_CHECKING:
    from pytest_ses.domain.identities.identities import IdentityState

# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
MAX_POLICIES = 20
MAX_SIZE = 4 * 1024

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_BAD_NAME = (
    "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, "
    "and underscores."
)
# The texts are ours: no source tells SES's.
_NOT_JSON = "The policy is not a JSON object."
_TOO_LONG = f"The policy is longer than {MAX_SIZE} bytes."


def of(account: IdentityState, identity: str) -> dict[str, str]:
    """The policies of an identity by name, in the order they were made.

    Raises:
        IdentityDoesNotExist: as its name says.
    """
    found = identities.known(account, identity)
    if found is None:
        raise errors.IdentityDoesNotExist(f"Email identity <{identity}> does not exist.")
    return found.policies


def put(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Keep a policy, in the place of one that has its name.

    Raises:
        IdentityDoesNotExist, TooManyPolicies: as their names say.
        InvalidParameterValue: for a name with other characters than it may have.
        InvalidPolicy: for a policy that is too long or no JSON object.
    """
    _keep(of(account, identity), identity, _checked_name(name), policy)


def create(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Keep a new policy; refused like `put`, and with `PolicyAlreadyExists`."""
    policies = of(account, identity)
    if _checked_name(name) in policies:
        raise errors.PolicyAlreadyExists(name=name)
    _keep(policies, identity, name, policy)


def update(account: IdentityState, identity: str, name: str, policy: str) -> None:
    """Replace a policy; refused like `put`, and with `PolicyDoesNotExist`."""
    policies = of(account, identity)
    _check_is_there(policies, _checked_name(name))
    _keep(policies, identity, name, policy)


def remove(account: IdentityState, identity: str, name: str) -> None:
    """Drop a policy; refused with `IdentityDoesNotExist` or `PolicyDoesNotExist`."""
    policies = of(account, identity)
    _check_is_there(policies, name)
    del policies[name]


def _keep(policies: dict[str, str], identity: str, name: str, policy: str) -> None:
    compact = _compact(policy)
    if name not in policies and len(policies) >= MAX_POLICIES:
        raise errors.TooManyPolicies(identity=identity)
    policies[name] = compact


def _check_is_there(policies: dict[str, str], name: str) -> None:
    if name not in policies:
        raise errors.PolicyDoesNotExist(name=name)


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(_BAD_NAME)
    return name


def _compact(policy: str) -> str:
    """The policy as SES gives it back, without white space between its tokens."""
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
