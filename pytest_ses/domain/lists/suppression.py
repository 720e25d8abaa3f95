"""The suppression lists of an account and its tenants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pytest_ses.domain import collection, errors
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime


# Inferred from the text for contact lists.
_BLANK = "EmailAddress can't be blank."
# A send for an unknown tenant has another text.
_NO_TENANT = "The requested tenant <{name}> does not exist."


@dataclass(frozen=True, slots=True)
class SuppressedDestination:
    """An address on a suppression list.

    Attributes:
        address: the address as supplied, with its domain in lower case.
        reason: `BOUNCE` or `COMPLAINT`.
        updated_at: when the address was last added.
        message_id: the ID of the message whose bounce or complaint added the address, or `None`.
        feedback_id: the ID of that bounce or complaint, or `None`.
    """

    address: str
    reason: str
    updated_at: datetime
    message_id: str | None = None
    feedback_id: str | None = None


class SuppressionListOwner(Protocol):
    """An account or a tenant, as far as its suppression list is concerned."""

    suppressed_destinations: collection.Collection[SuppressedDestination]


class SuppressionState(Scope, SuppressionListOwner, Protocol):
    """The suppression lists of an account and its tenants."""

    @property
    def tenants(self) -> Mapping[str, SuppressionListOwner]:
        """The tenants, each of which has its own suppression list."""
        ...


def store() -> collection.Collection[SuppressedDestination]:
    """Return an empty suppression list."""
    return collection.Collection(
        "suppressed destinations", missing=errors.SuppressedDestinationDoesNotExist
    )


def match(
    account: SuppressionState, address: str, *, tenant: str | None = None
) -> SuppressedDestination | None:
    """Return the entry that suppresses a bare address, ignoring case, or `None`.

    If several entries differ only in case, an exact match is preferred.
    """
    return list_of(account, tenant).get_ignoring_case(_canonical(address))


def add(
    account: SuppressionState,
    address: str,
    reason: str,
    *,
    message_id: str | None = None,
    feedback_id: str | None = None,
    tenant: str | None = None,
) -> SuppressedDestination:
    """Add a bare address to the list of the account or a tenant, replacing its previous entry.

    Raises:
        InvalidParameterValue: if the address is blank.
        TenantDoesNotExist: if the tenant does not exist.
    """
    canonical, destinations = _checked_address(address), list_of(account, tenant)
    entry = SuppressedDestination(canonical, reason, account.now(), message_id, feedback_id)
    # The list is sorted by the time of the last update, so the entry moves to the end.
    destinations.discard(canonical)
    return destinations.put(canonical, entry)


def list_of(
    account: SuppressionState, tenant: str | None
) -> collection.Collection[SuppressedDestination]:
    """Return the suppression list of the account or a tenant.

    Raises:
        TenantDoesNotExist: if the tenant does not exist.
    """
    check_tenant(account, tenant)
    owner: SuppressionListOwner = account if tenant is None else account.tenants[tenant]
    return owner.suppressed_destinations


def put(account: SuppressionState, address: str, reason: str, *, tenant: str | None = None) -> None:
    """Add an address to the list at the request of the user, not because of a message.

    Raises:
        InvalidParameterValue: if the address is blank.
        TenantDoesNotExist: if the tenant does not exist.
    """
    add(account, address, reason, tenant=tenant)


def find(
    account: SuppressionState, address: str, *, tenant: str | None = None
) -> SuppressedDestination:
    """Return the entry of an address; its local part is case-sensitive.

    Raises:
        InvalidParameterValue: if the address is blank.
        SuppressedDestinationDoesNotExist: if the address is not on the list.
        TenantDoesNotExist: if the tenant does not exist.
    """
    canonical = _checked_address(address)
    return list_of(account, tenant).find(canonical)


def remove(account: SuppressionState, address: str, *, tenant: str | None = None) -> None:
    """Remove an address from the list; raises the same errors as `find`."""
    entry = find(account, address, tenant=tenant)
    list_of(account, tenant).remove(entry.address)


def matching(
    reasons: Collection[str], start: datetime | None, end: datetime | None
) -> Callable[[SuppressedDestination], bool]:
    """Return a predicate for the entries with one of the reasons that were updated in a period.

    Without reasons, every reason matches. The period includes both ends.
    """
    return lambda entry: (
        (not reasons or entry.reason in reasons)
        and (start is None or start <= entry.updated_at)
        and (end is None or entry.updated_at <= end)
    )


def check_tenant(account: SuppressionState, tenant: str | None) -> None:
    """Raise `TenantDoesNotExist` if a tenant is given and does not exist."""
    if tenant is not None and tenant not in account.tenants:
        raise errors.TenantDoesNotExist(
            _NO_TENANT.format(name=tenant), name=tenant, account_id=account.account_id
        )


def _checked_address(address: str) -> str:
    canonical = _canonical(address)
    if not canonical:
        raise errors.InvalidParameterValue(_BLANK)
    return canonical


def _canonical(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    return f"{local}@{domain.lower()}" if at else domain
