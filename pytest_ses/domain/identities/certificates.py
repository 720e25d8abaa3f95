"""Which S/MIME certificates belong to an identity?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.identities import Certificate, IdentityState

if TYPE_CHECKING:
    from pytest_ses.domain.identities.identities import Identity

# A certificate can sign at once: nothing here looks at it. (In SES it is provisioned first.)
ACTIVE = "ACTIVE"


def associate(
    account: IdentityState, name: str, arn: str, *, from_address: str | None = None
) -> None:
    """Give an address of an identity a certificate.

    Raises:
        IdentityDoesNotExist: as its name says.
        InvalidFromAddress: for an address that is not one of the identity.
        CertificateAlreadyExists: where the address has one, by whichever identity.
    """
    identity, address = _of(account, name, from_address)
    if any(address in kept for kept in account.certificates.values()):
        raise errors.CertificateAlreadyExists(name=address)
    certificates = account.certificates.setdefault(identity.name, _none())
    certificates.put(address, Certificate(address, arn))


def dissociate(account: IdentityState, name: str, *, from_address: str | None = None) -> None:
    """Take the certificate from an address; one that has none stays as it is.

    Raises:
        IdentityDoesNotExist, InvalidFromAddress: see `associate`.
    """
    identity, address = _of(account, name, from_address)
    of_identity(account, identity.name).discard(address)


def of_identity(account: IdentityState, name: str) -> Collection[Certificate]:
    """The certificates of an identity by address, or `IdentityDoesNotExist`."""
    return account.certificates.get(identities.find(account, name).name) or _none()


def _of(account: IdentityState, name: str, from_address: str | None) -> tuple[Identity, str]:
    identity = identities.find(account, name)
    address = addresses.normalised(from_address or identity.name)
    fits = _is_below(address, identity.name) if identity.is_domain else address == identity.name
    if not fits:
        raise errors.InvalidFromAddress(name=from_address or "", identity=identity.name)
    return identity, address


def _is_below(address: str, domain: str) -> bool:
    """Whether it is an address of the domain or of one below it."""
    try:
        parsed = addresses.parse(address)
    except errors.InvalidParameterValue:
        return False
    return parsed.bare == address and f".{parsed.domain}".endswith(f".{domain}")


def _none() -> Collection[Certificate]:
    return Collection("certificates", missing=errors.NotFound, order="name")
