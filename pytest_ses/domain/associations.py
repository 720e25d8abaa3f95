"""Which resources belong to which tenants?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.tenants import Tenant


class Association(NamedTuple):
    """A resource of a tenant; `kind` is the word of its ARN: `identity`, say."""

    tenant: Tenant
    arn: str
    kind: str
    made_at: datetime


def of_resource(account: Account, arn: str) -> Collection[Association]:
    """The tenants of a resource by name, in the order in which it was given to them."""
    return account.associations.get(arn) or Collection("tenants", missing=errors.TenantDoesNotExist)


def keep(account: Account, made: Association) -> None:
    """Give a resource to a tenant.

    Raises:
        AssociationAlreadyExists: as its name says.
    """
    if made.arn in made.tenant.resources:
        raise errors.AssociationAlreadyExists(arn=made.arn, name=made.tenant.name)
    made.tenant.resources.put(made.arn, made)
    account.associations.setdefault(made.arn, of_resource(account, made.arn)).put(
        made.tenant.name, made
    )


def drop(account: Account, tenant: Tenant, arn: str) -> None:
    """Take a resource from a tenant; one that it has not counts as taken."""
    if arn in tenant.resources:
        tenant.resources.remove(arn)
        account.associations[arn].remove(tenant.name)


def check_none(account: Account, kind: str, name: str) -> None:
    """Refuse to delete a resource that a tenant has.

    Raises:
        TenantAssociationsLeft: as its name says.
    """
    arn = account.arn(kind, name)
    if account.associations.get(arn):
        raise errors.TenantAssociationsLeft(arn=arn)
