"""Associations of resources with tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime


class ResourceOwner(Protocol):
    """The part of a tenant that associations need."""

    name: str
    id: str
    resources: Collection[Association]


class Association(NamedTuple):
    """A resource of a tenant; `kind` is the resource type in the ARN, such as `identity`."""

    tenant: ResourceOwner
    arn: str
    kind: str
    associated_at: datetime


class AssociationState(Scope, Protocol):
    """The associations of an account, by the ARN of the resource."""

    associations: dict[str, Collection[Association]]


def of_resource(
    associations: dict[str, Collection[Association]], arn: str
) -> Collection[Association]:
    """Return the tenants of a resource by name, in the order in which they were associated."""
    return associations.get(arn) or Collection("tenants", missing=errors.TenantDoesNotExist)


def add(associations: dict[str, Collection[Association]], association: Association) -> None:
    """Associate a resource with a tenant.

    Raises:
        AssociationAlreadyExists: if the resource is already associated with the tenant.
    """
    if association.arn in association.tenant.resources:
        raise errors.AssociationAlreadyExists(arn=association.arn, name=association.tenant.name)
    association.tenant.resources.put(association.arn, association)
    associations.setdefault(association.arn, of_resource(associations, association.arn)).put(
        association.tenant.name, association
    )


def remove(
    associations: dict[str, Collection[Association]], tenant: ResourceOwner, arn: str
) -> None:
    """Remove a resource from a tenant, if they are associated."""
    if arn in tenant.resources:
        tenant.resources.remove(arn)
        associations[arn].remove(tenant.name)


def check_unassociated(account: AssociationState, kind: str, name: str) -> None:
    """Reject the deletion of a resource that is associated with a tenant.

    Raises:
        TenantAssociationsLeft: if the resource is associated with a tenant.
    """
    arn = account.arn(kind, name)
    if account.associations.get(arn):
        raise errors.TenantAssociationsLeft(arn=arn)
