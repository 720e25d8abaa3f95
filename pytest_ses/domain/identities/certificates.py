"""The S/MIME certificates of identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.identities import Certificate, IdentityState

if TYPE_CHECKING:
    from pytest_ses.domain.identities.identities import Identity

# Here a certificate is active immediately; SES provisions it first.
ACTIVE = "ACTIVE"


def associate(
    account: IdentityState, name: str, arn: str, *, from_address: str | None = None
) -> None:
    """Associate a certificate with an address of an identity.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
        InvalidFromAddress: if the address does not belong to the identity.
        CertificateAlreadyExists: if the address already has a certificate, through this or
            another identity.
    """
    identity, address = _identity_and_address(account, name, from_address)
    if any(address in certificates for certificates in account.certificates.values()):
        raise errors.CertificateAlreadyExists(name=address)
    certificates = account.certificates.setdefault(identity.name, _empty_store())
    certificates.put(address, Certificate(address, arn))


def dissociate(account: IdentityState, name: str, *, from_address: str | None = None) -> None:
    """Remove the certificate of an address, if it has one.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
        InvalidFromAddress: if the address does not belong to the identity.
    """
    identity, address = _identity_and_address(account, name, from_address)
    of_identity(account, identity.name).discard(address)


def of_identity(account: IdentityState, name: str) -> Collection[Certificate]:
    """The certificates of an identity, by address.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
    """
    return account.certificates.get(identities.find(account, name).name) or _empty_store()


def _identity_and_address(
    account: IdentityState, name: str, from_address: str | None
) -> tuple[Identity, str]:
    identity = identities.find(account, name)
    address = addresses.normalized(from_address or identity.name)
    if identity.is_domain:
        belongs = _is_in_domain(address, identity.name)
    else:
        belongs = address == identity.name
    if not belongs:
        raise errors.InvalidFromAddress(name=from_address or "", identity=identity.name)
    return identity, address


def _is_in_domain(address: str, domain: str) -> bool:
    """Whether an address belongs to a domain or to one of its subdomains."""
    try:
        parsed = addresses.parse(address)
    except errors.InvalidParameterValue:
        return False
    return parsed.bare == address and f".{parsed.domain}".endswith(f".{domain}")


def _empty_store() -> Collection[Certificate]:
    return Collection("certificates", missing=errors.NotFound, order="name")
