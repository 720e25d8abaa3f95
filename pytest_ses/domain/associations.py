"""Which resources belong to which tenants?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from datetime import datetime


class ResourceOwner(Protocol):
    """A tenant, as far as its associations are concerned."""

    name: str
    id: str
    resources: Collection[Association]


class Association(NamedTuple):
    """A resource of a tenant; `kind` is the word of its ARN: `identity`, say."""

    tenant: ResourceOwner
    arn: str
    kind: str
    made_at: datetime


class AssociationState(Scope, Protocol):
    """The associations of an account, by the ARN of the resource."""

    associations: dict[str, Collection[Association]]


def of_resource(
    associations: dict[str, Collection[Association]], arn: str
) -> Collection[Association]:
    """The tenants of a resource by name, in the order in which it was given to them."""
    return associations.get(arn) or Collection("tenants", missing=errors.TenantDoesNotExist)


def keep(associations: dict[str, Collection[Association]], made: Association) -> None:
    """Give a resource to a tenant.

    Raises:
        AssociationAlreadyExists: as its name says.
    """
    if made.arn in made.tenant.resources:
        raise errors.AssociationAlreadyExists(arn=made.arn, name=made.tenant.name)
    made.tenant.resources.put(made.arn, made)
    associations.setdefault(made.arn, of_resource(associations, made.arn)).put(
        made.tenant.name, made
    )


def drop(associations: dict[str, Collection[Association]], tenant: ResourceOwner, arn: str) -> None:
    """Take a resource from a tenant; one that it has not counts as taken."""
    if arn in tenant.resources:
        tenant.resources.remove(arn)
        associations[arn].remove(tenant.name)


def check_none(account: AssociationState, kind: str, name: str) -> None:
    """Refuse to delete a resource that a tenant has.

    Raises:
        TenantAssociationsLeft: as its name says.
    """
    arn = account.arn(kind, name)
    if account.associations.get(arn):
        raise errors.TenantAssociationsLeft(arn=arn)
