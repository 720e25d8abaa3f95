"""The tenants of an account, their resources and their sending status."""

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

# The limit is in the description of CreateTenant in the service model.
MAX_NAME_LENGTH = 64
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_TENANTS = 10_000
ENABLED, REINSTATED, DISABLED = "ENABLED", "REINSTATED", "DISABLED"
NO_POLICY = "none"
ACCOUNT_SCOPE = "ACCOUNT"

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME_LENGTH}}}")
_OF_SES = re.compile(r"arn:[^:]+:ses:")
_ID_LETTERS = string.digits + "abcdef"


class TenantSuppression(NamedTuple):
    """The suppression list that a tenant uses, and the reasons for adding addresses to it."""

    reasons: Sequence[str] | None = None
    scope: str = ACCOUNT_SCOPE


class SendingStatus(NamedTuple):
    """A sending status and the time at which it was set."""

    status: str
    updated_at: datetime


@dataclass(slots=True)
class Tenant:
    """A tenant of an account.

    `status` is the sending status that the customer has set, `policy` the last part of the ARN of
    its reputation policy. `resources` are its associations by ARN.
    """

    name: str
    id: str
    arn: str
    created_at: datetime
    status: SendingStatus | None = None
    policy: str = NO_POLICY
    suppression: TenantSuppression | None = None
    tags: dict[str, str] = field(default_factory=dict)
    resources: Collection[Association] = field(init=False, repr=False)
    suppressed_destinations: Collection[SuppressedDestination] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.resources = Collection("resources", missing=errors.NotFound, order="name")
        self.suppressed_destinations = suppression_lists.store()

    @property
    def sending_status(self) -> str:
        """The sending status: `ENABLED`, `DISABLED` or `REINSTATED`."""
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
        limit=MAX_TENANTS,
        order="name",
        error_details={"account_id": account_id},
    )


class _ResourceKind(NamedTuple):
    """A kind of resource that a tenant can have.

    `find` returns the canonical name of a resource, or `None`; `missing` is the text of the error
    for a resource that does not exist.
    """

    find: Callable[[TenantState, str], str | None]
    missing: str


def _identity_name(account: TenantState, name: str) -> str | None:
    identity = account.identities.get(addresses.normalized(name))
    return identity.name if identity else None


_RESOURCE_KINDS = {
    "identity": _ResourceKind(_identity_name, "Identity <{name}> does not exist"),
    "configuration-set": _ResourceKind(
        lambda account, name: name if name in account.configuration_sets else None,
        # SES ends the text with a colon.
        "Configuration set <{name}> does not exist:",
    ),
    "template": _ResourceKind(
        lambda account, name: name if name in account.templates else None,
        "Email template <{name}> does not exist",
    ),
}


def create(
    account: TenantState,
    name: str,
    *,
    tags: Mapping[str, str] | None = None,
    suppression: TenantSuppression | None = None,
) -> Tenant:
    """Create a tenant.

    Raises:
        InvalidParameterValue: if the name is blank.
        InvalidTenantName: if the name is too long or contains invalid characters.
        TenantAlreadyExists: if the name is taken.
        LimitExceeded: if the account has 10,000 tenants.
    """
    _check_name(name)
    if not _NAME.fullmatch(name):
        raise errors.InvalidTenantName(name=name, limit=MAX_NAME_LENGTH)
    id_ = f"tn-{account.new_token(_ID_LETTERS, 29)}"
    tenant = Tenant(
        name=name,
        id=id_,
        arn=account.arn("tenant", f"{name}/{id_}"),
        created_at=account.now(),
        suppression=suppression,
        tags=dict(tags or {}),
    )
    return account.tenants.add(name, tenant)


def find(account: TenantState, name: str) -> Tenant:
    """Return a tenant by name.

    Raises:
        InvalidParameterValue: if the name is blank.
        TenantDoesNotExist: if the tenant does not exist.
    """
    _check_name(name)
    return account.tenants.find(name)


def by_arn(account: TenantState, arn: str) -> Tenant | None:
    """Return a tenant by its ARN, which ends with its name and ID, or `None`."""
    name = arn.removeprefix(account.arn("tenant", "")).partition("/")[0]
    tenant = account.tenants.get(name)
    return tenant if tenant and tenant.arn == arn else None


def delete(account: TenantState, name: str) -> None:
    """Delete a tenant and its associations; the resources are kept."""
    tenant = find(account, name)
    for arn in list(tenant.resources):
        associations.remove(account.associations, tenant, arn)
    account.tenants.remove(name)


def name_contains(part: str) -> Callable[[Tenant], bool]:
    """Return a predicate for the tenants whose name contains `part`, ignoring case."""
    return lambda tenant: part.lower() in tenant.name.lower()


def set_suppression(account: TenantState, name: str, suppression: TenantSuppression) -> None:
    """Set which suppression list a tenant uses."""
    find(account, name).suppression = suppression


def associate(account: TenantState, name: str, arn: str) -> None:
    """Associate a resource with a tenant.

    Raises:
        InvalidParameterValue: if the ARN is not that of a resource that a tenant can have.
        TenantDoesNotExist: if the tenant does not exist.
        AssociatedResourceDoesNotExist: if the resource does not exist.
        AssociationAlreadyExists: if the resource is already associated with the tenant.
    """
    resource = _checked_resource(account, arn)
    tenant = find(account, name)
    canonical_arn = _canonical_arn(account, resource)
    association = Association(tenant, canonical_arn, resource.kind, account.now())
    associations.add(account.associations, association)


def dissociate(account: TenantState, name: str, arn: str) -> None:
    """Dissociate a resource from a tenant; do nothing if it is not associated."""
    resource = _checked_resource(account, arn)
    canonical_name = _RESOURCE_KINDS[resource.kind].find(account, resource.name) or resource.name
    associations.remove(
        account.associations, find(account, name), account.arn(resource.kind, canonical_name)
    )


def of_resource(account: TenantState, arn: str) -> tuple[str, Collection[Association]]:
    """Return the canonical ARN of a resource, and its associations.

    Raises:
        InvalidParameterValue: if the ARN is not that of a resource that a tenant can have.
        AssociatedResourceDoesNotExist: if the resource does not exist.
    """
    canonical_arn = _canonical_arn(account, _checked_resource(account, arn))
    return canonical_arn, associations.of_resource(account.associations, canonical_arn)


def check_sending(tenants: Collection[Tenant], name: str, arns: Iterable[str]) -> None:
    """Check that a tenant can send a message with these resources.

    Raises:
        TenantDoesNotExist: if the tenant does not exist.
        TenantNotAssociated: if one of the resources is not associated with the tenant.
        TenantSendingPaused: if the tenant's sending is disabled.
    """
    tenant = tenants.find(name)
    unassociated = [arn for arn in arns if arn not in tenant.resources]
    if unassociated:
        raise errors.TenantNotAssociated(arns=", ".join(unassociated))
    if tenant.sending_status == DISABLED:
        raise errors.TenantSendingPaused(name=name)


def _check_name(name: str) -> None:
    if not name.strip():
        raise errors.InvalidParameterValue("TenantName cannot be empty")


def _checked_resource(account: TenantState, arn: str) -> ResourceArn:
    """Return the resource of an ARN; the order in which its parts are checked is our own."""
    if not _OF_SES.match(arn):
        raise errors.InvalidParameterValue("Provided resource identifier is not an SES resource")
    resource = resource_of(arn)
    if resource is None:
        raise errors.InvalidParameterValue("Provided ARN is not in SES resource ARN format")
    if resource.kind not in _RESOURCE_KINDS:
        raise errors.InvalidParameterValue(f"Unsupported resource type: {resource.kind}")
    for part, value, expected in (
        ("region", resource.region, account.region),
        ("account", resource.account_id, account.account_id),
    ):
        if value != expected:
            raise errors.InvalidParameterValue(f"Resource <{arn}> must be in the same {part}")
    return resource


def _canonical_arn(account: TenantState, resource: ResourceArn) -> str:
    kind = _RESOURCE_KINDS[resource.kind]
    canonical_name = kind.find(account, resource.name)
    if canonical_name is None:
        raise errors.AssociatedResourceDoesNotExist(kind.missing.format(name=resource.name))
    return account.arn(resource.kind, canonical_name)
