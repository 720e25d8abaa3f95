"""What is a tenant of an account, what belongs to it, and may it send?"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import associations, errors, identities
from pytest_ses.domain.arns import resource_of
from pytest_ses.domain.associations import Association
from pytest_ses.domain.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.arns import Resource
    from pytest_ses.domain.suppression import SuppressedDestination

# The service model, in the documentation of CreateTenant.
NAME_LENGTH = 64
ENABLED, REINSTATED, DISABLED = "ENABLED", "REINSTATED", "DISABLED"
NO_POLICY = "none"
ACCOUNT_SCOPE = "ACCOUNT"

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{NAME_LENGTH}}}")
_OF_SES = re.compile(r"arn:[^:]+:ses:")
_ID_LETTERS = string.digits + "abcdef"


class Suppression(NamedTuple):
    """Which suppression list a tenant is to use, and which reasons put an address on it."""

    reasons: Sequence[str] | None = None
    scope: str = ACCOUNT_SCOPE


class Status(NamedTuple):
    """A sending status, and since when it is so."""

    status: str
    updated_at: datetime


@dataclass(slots=True)
class Tenant:
    """A tenant; `status` is what the customer has set, `policy` the last word of the policy's ARN.

    `resources` are its associations by ARN.
    """

    name: str
    id: str
    arn: str
    created_at: datetime
    status: Status | None = None
    policy: str = NO_POLICY
    suppression: Suppression | None = None
    tags: dict[str, str] = field(default_factory=dict)
    resources: Collection[Association] = field(init=False, repr=False)
    suppressed_destinations: Collection[SuppressedDestination] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.resources = Collection("resources", missing=errors.NotFound, order="name")
        self.suppressed_destinations = Collection(
            "suppressed destinations", missing=errors.SuppressedDestinationDoesNotExist
        )

    @property
    def sending_status(self) -> str:
        """Whether it may send: `ENABLED`, `DISABLED`, or `REINSTATED`."""
        return self.status.status if self.status else ENABLED


class _Kind(NamedTuple):
    """A kind of resource that a tenant can have: who is it, and what if it is nobody."""

    find: Callable[[Account, str], str | None]
    missing: str


def _identity(account: Account, name: str) -> str | None:
    found = identities.known(account, name)
    return found.name if found else None


_KINDS = {
    "identity": _Kind(_identity, "Identity <{name}> does not exist"),
    "configuration-set": _Kind(
        lambda account, name: name if name in account.configuration_sets else None,
        # The colon is SES's.
        "Configuration set <{name}> does not exist:",
    ),
    "template": _Kind(
        lambda account, name: name if name in account.templates else None,
        "Email template <{name}> does not exist",
    ),
}


def create(
    account: Account,
    name: str,
    *,
    tags: Mapping[str, str] | None = None,
    suppression: Suppression | None = None,
) -> Tenant:
    """Make a tenant.

    Raises:
        InvalidParameterValue: for a name that none can have.
        TenantAlreadyExists, LimitExceeded: as their names say.
    """
    _check_name(name)
    if not _NAME.fullmatch(name):
        raise errors.InvalidTenantName(name=name, limit=NAME_LENGTH)
    id_ = f"tn-{account.new_token(_ID_LETTERS, 29)}"
    made = Tenant(
        name=name,
        id=id_,
        arn=account.arn("tenant", f"{name}/{id_}"),
        created_at=account.now(),
        suppression=suppression,
        tags=dict(tags or {}),
    )
    return account.tenants.add(name, made)


def find(account: Account, name: str) -> Tenant:
    """The tenant of that name.

    Raises:
        InvalidParameterValue: for a blank name.
        TenantDoesNotExist: as its name says.
    """
    _check_name(name)
    return account.tenants.find(name)


def by_arn(account: Account, arn: str) -> Tenant | None:
    """The tenant of that ARN, which ends in name and id, if there is one."""
    name = arn.removeprefix(account.arn("tenant", "")).partition("/")[0]
    found = account.tenants.get(name)
    return found if found and found.arn == arn else None


def delete(account: Account, name: str) -> None:
    """Drop a tenant and its associations; the resources stay."""
    found = find(account, name)
    for arn in list(found.resources):
        associations.drop(account, found, arn)
    account.tenants.remove(name)


def name_contains(part: str) -> Callable[[Tenant], bool]:
    """Whether the name has that part, in capitals or not."""
    return lambda tenant: part.lower() in tenant.name.lower()


def set_suppression(account: Account, name: str, suppression: Suppression) -> None:
    """Set which suppression list a tenant is to use."""
    find(account, name).suppression = suppression


def associate(account: Account, name: str, arn: str) -> None:
    """Give a resource to a tenant.

    Raises:
        InvalidParameterValue: for an ARN that is not one of a resource that a tenant can have.
        TenantDoesNotExist, AssociatedResourceDoesNotExist: as their names say.
        AssociationAlreadyExists: as its name says.
    """
    resource = _resource(account, arn)
    tenant = find(account, name)
    whole = _whole_arn(account, resource)
    made = Association(tenant, whole, resource.kind, account.now())
    associations.keep(account, made)


def dissociate(account: Account, name: str, arn: str) -> None:
    """Take a resource from a tenant; one that it has not counts as taken."""
    resource = _resource(account, arn)
    found = _KINDS[resource.kind].find(account, resource.name) or resource.name
    associations.drop(account, find(account, name), account.arn(resource.kind, found))


def of_resource(account: Account, arn: str) -> tuple[str, Collection[Association]]:
    """The ARN of a resource as SES writes it, and its tenants.

    Raises:
        InvalidParameterValue, AssociatedResourceDoesNotExist: see `associate`.
    """
    whole = _whole_arn(account, _resource(account, arn))
    return whole, associations.of_resource(account, whole)


def check_sending(account: Account, name: str, arns: Iterable[str]) -> None:
    """Refuse a mail of a tenant that may not send it, by these resources.

    Raises:
        TenantDoesNotExist, TenantNotAssociated, TenantSendingPaused: as their names say.
    """
    tenant = account.tenants.find(name)
    strange = [arn for arn in arns if arn not in tenant.resources]
    if strange:
        raise errors.TenantNotAssociated(arns=", ".join(strange))
    if tenant.sending_status == DISABLED:
        raise errors.TenantSendingPaused(name=name)


def _check_name(name: str) -> None:
    if not name.strip():
        raise errors.InvalidParameterValue("TenantName cannot be empty")


def _resource(account: Account, arn: str) -> Resource:
    """What an ARN names; that SES looks at its parts in this order is ours."""
    if not _OF_SES.match(arn):
        raise errors.InvalidParameterValue("Provided resource identifier is not an SES resource")
    found = resource_of(arn)
    if found is None:
        raise errors.InvalidParameterValue("Provided ARN is not in SES resource ARN format")
    if found.kind not in _KINDS:
        raise errors.InvalidParameterValue(f"Unsupported resource type: {found.kind}")
    for what, given, own in (
        ("region", found.region, account.region),
        ("account", found.account_id, account.account_id),
    ):
        if given != own:
            raise errors.InvalidParameterValue(f"Resource <{arn}> must be in the same {what}")
    return found


def _whole_arn(account: Account, resource: Resource) -> str:
    kind = _KINDS[resource.kind]
    found = kind.find(account, resource.name)
    if found is None:
        raise errors.AssociatedResourceDoesNotExist(kind.missing.format(name=resource.name))
    return account.arn(resource.kind, found)
