"""What is a tenant of an account, what belongs to it, and may it send?"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import addresses, associations, errors
from pytest_ses.domain.arns import resource_of
from pytest_ses.domain.associations import Association, AssociationState
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.lists import suppression as suppression_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.arns import ResourceArn
    from pytest_ses.domain.lists.suppression import SuppressedDestination

# The service model, in the documentation of CreateTenant.
NAME_LENGTH = 64
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
TENANTS = 10_000
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
        self.suppressed_destinations = suppression_lists.store()

    @property
    def sending_status(self) -> str:
        """Whether it may send: `ENABLED`, `DISABLED`, or `REINSTATED`."""
        return self.status.status if self.status else ENABLED


class NamedResource(Protocol):
    """A resource that can be associated with a tenant."""

    name: str


class TenantState(AssociationState, Protocol):
    """The tenants of an account and the resources that can be associated with them."""

    tenants: Collection[Tenant]

    @property
    def identities(self) -> Mapping[str, NamedResource]:
        """The identities of the account."""
        ...

    @property
    def configuration_sets(self) -> Container[str]:
        """The names of the configuration sets of the account."""
        ...

    @property
    def templates(self) -> Container[str]:
        """The names of the email templates of the account."""
        ...


def store(account_id: str) -> Collection[Tenant]:
    """Return an empty store of the tenants of an account."""
    return Collection(
        "tenants",
        missing=errors.TenantDoesNotExist,
        duplicate=errors.TenantAlreadyExists,
        limit=TENANTS,
        order="name",
        about={"account_id": account_id},
    )


class _Kind(NamedTuple):
    """A kind of resource that a tenant can have: who is it, and what if it is nobody."""

    find: Callable[[TenantState, str], str | None]
    missing: str


def _identity(account: TenantState, name: str) -> str | None:
    identity = account.identities.get(addresses.normalised(name))
    return identity.name if identity else None


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
    account: TenantState,
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


def find(account: TenantState, name: str) -> Tenant:
    """The tenant of that name.

    Raises:
        InvalidParameterValue: for a blank name.
        TenantDoesNotExist: as its name says.
    """
    _check_name(name)
    return account.tenants.find(name)


def by_arn(account: TenantState, arn: str) -> Tenant | None:
    """The tenant of that ARN, which ends in name and id, if there is one."""
    name = arn.removeprefix(account.arn("tenant", "")).partition("/")[0]
    found = account.tenants.get(name)
    return found if found and found.arn == arn else None


def delete(account: TenantState, name: str) -> None:
    """Drop a tenant and its associations; the resources stay."""
    found = find(account, name)
    for arn in list(found.resources):
        associations.drop(account.associations, found, arn)
    account.tenants.remove(name)


def name_contains(part: str) -> Callable[[Tenant], bool]:
    """Whether the name has that part, in capitals or not."""
    return lambda tenant: part.lower() in tenant.name.lower()


def set_suppression(account: TenantState, name: str, suppression: Suppression) -> None:
    """Set which suppression list a tenant is to use."""
    find(account, name).suppression = suppression


def associate(account: TenantState, name: str, arn: str) -> None:
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
    associations.keep(account.associations, made)


def dissociate(account: TenantState, name: str, arn: str) -> None:
    """Take a resource from a tenant; one that it has not counts as taken."""
    resource = _resource(account, arn)
    found = _KINDS[resource.kind].find(account, resource.name) or resource.name
    associations.drop(account.associations, find(account, name), account.arn(resource.kind, found))


def of_resource(account: TenantState, arn: str) -> tuple[str, Collection[Association]]:
    """The ARN of a resource as SES writes it, and its tenants.

    Raises:
        InvalidParameterValue, AssociatedResourceDoesNotExist: see `associate`.
    """
    whole = _whole_arn(account, _resource(account, arn))
    return whole, associations.of_resource(account.associations, whole)


def check_sending(tenants: Collection[Tenant], name: str, arns: Iterable[str]) -> None:
    """Refuse a mail of a tenant that may not send it, by these resources.

    Raises:
        TenantDoesNotExist, TenantNotAssociated, TenantSendingPaused: as their names say.
    """
    tenant = tenants.find(name)
    strange = [arn for arn in arns if arn not in tenant.resources]
    if strange:
        raise errors.TenantNotAssociated(arns=", ".join(strange))
    if tenant.sending_status == DISABLED:
        raise errors.TenantSendingPaused(name=name)


def _check_name(name: str) -> None:
    if not name.strip():
        raise errors.InvalidParameterValue("TenantName cannot be empty")


def _resource(account: TenantState, arn: str) -> ResourceArn:
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


def _whole_arn(account: TenantState, resource: ResourceArn) -> str:
    kind = _KINDS[resource.kind]
    found = kind.find(account, resource.name)
    if found is None:
        raise errors.AssociatedResourceDoesNotExist(kind.missing.format(name=resource.name))
    return account.arn(resource.kind, found)
