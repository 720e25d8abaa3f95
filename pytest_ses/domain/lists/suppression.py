"""Which addresses does the account not send to, and why?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pytest_ses.domain import collection, errors
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime


# Known of contact lists, inferred here.
_BLANK = "EmailAddress can't be blank."
# A send to an unknown tenant has another text.
_NO_TENANT = "The requested tenant <{name}> does not exist."


@dataclass(frozen=True, slots=True)
class SuppressedDestination:
    """An address on the suppression list of the account.

    Attributes:
        address: as it was given, but its domain in lower case.
        reason: `BOUNCE` or `COMPLAINT`.
        updated_at: when it was last put on the list.
        message_id: the mail whose event put it there, None if no event did.
        feedback_id: the id of that event.
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
        """The tenants, each of which may use a suppression list of its own."""
        ...


def store() -> collection.Collection[SuppressedDestination]:
    """Return an empty suppression list."""
    return collection.Collection(
        "suppressed destinations", missing=errors.SuppressedDestinationDoesNotExist
    )


def find(
    account: SuppressionState, address: str, *, tenant: str | None = None
) -> SuppressedDestination | None:
    """The entry that a send to a bare address meets, in capitals or not.

    Of several that differ in capitals, the one that is spelled alike.
    """
    destinations = kept(account, tenant)
    exact = destinations.get(_canonical(address))
    if exact is not None:
        return exact
    wanted = address.lower()
    return next((entry for name, entry in destinations.items() if name.lower() == wanted), None)


def add(
    account: SuppressionState,
    address: str,
    reason: str,
    *,
    message_id: str | None = None,
    feedback_id: str | None = None,
    tenant: str | None = None,
) -> SuppressedDestination:
    """Put a bare address on the list, or on that of a tenant, in the place of the entry it had.

    Raises:
        InvalidParameterValue: for a blank address.
        TenantDoesNotExist: as its name says.
    """
    name, destinations = _checked(address), kept(account, tenant)
    entry = SuppressedDestination(name, reason, account.now(), message_id, feedback_id)
    # Put back, it is the last of the list, which goes by the time of the last update.
    destinations.discard(name)
    return destinations.put(name, entry)


def kept(
    account: SuppressionState, tenant: str | None
) -> collection.Collection[SuppressedDestination]:
    """The list of the account, or that of a tenant.

    Raises:
        TenantDoesNotExist: as its name says.
    """
    check_tenant(account, tenant)
    owner: SuppressionListOwner = account if tenant is None else account.tenants[tenant]
    return owner.suppressed_destinations


def put(account: SuppressionState, address: str, reason: str, *, tenant: str | None = None) -> None:
    """Put an address on the list at the request of the user; see `add`.

    Raises:
        InvalidParameterValue: for a blank address.
        TenantDoesNotExist: as its name says.
    """
    add(account, address, reason, tenant=tenant)


def get(
    account: SuppressionState, address: str, *, tenant: str | None = None
) -> SuppressedDestination:
    """The entry of an address, whose local part has to be spelled as on the list.

    Raises:
        InvalidParameterValue: for a blank address.
        SuppressedDestinationDoesNotExist, TenantDoesNotExist: as their names say.
    """
    name = _checked(address)
    return kept(account, tenant).find(name)


def remove(account: SuppressionState, address: str, *, tenant: str | None = None) -> None:
    """Take an address off the list; refused like `get`."""
    entry = get(account, address, tenant=tenant)
    kept(account, tenant).remove(entry.address)


def listed(
    reasons: Collection[str], start: datetime | None, end: datetime | None
) -> Callable[[SuppressedDestination], bool]:
    """Whether an entry has one of the reasons and was last updated within the time.

    No reasons are all of them, and both ends of the time belong to it.
    """
    return lambda entry: (
        (not reasons or entry.reason in reasons)
        and (start is None or start <= entry.updated_at)
        and (end is None or entry.updated_at <= end)
    )


def check_tenant(account: SuppressionState, tenant: str | None) -> None:
    """Refuse a tenant that is not there."""
    if tenant is not None and tenant not in account.tenants:
        raise errors.TenantDoesNotExist(
            _NO_TENANT.format(name=tenant), name=tenant, account_id=account.account_id
        )


def _checked(address: str) -> str:
    name = _canonical(address)
    if not name:
        raise errors.InvalidParameterValue(_BLANK)
    return name


def _canonical(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    return f"{local}@{domain.lower()}" if at else domain
