"""How does API v2 keep the certificates of identities?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain.identities import certificates

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def associate_email_identity_certificate(
    account: Account,
    *,
    email_identity: str,
    certificate_arn: str,
    from_address: str | None = None,
) -> None:
    """Give an address of an identity a certificate.

    Stored only: no mail is signed here, and nobody looks for the certificate.
    """
    certificates.associate(account, email_identity, certificate_arn, from_address=from_address)


def disassociate_email_identity_certificate(
    account: Account, *, email_identity: str, from_address: str | None = None
) -> None:
    """Take the certificate from an address of an identity; one that has none stays as it is."""
    certificates.dissociate(account, email_identity, from_address=from_address)


def list_email_identity_certificates(
    account: Account,
    *,
    email_identity: str,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The certificates of an identity by address; when they expire is not known here."""
    pages = paging.V2_CERTIFICATES
    size = pages.size(page_size)
    kept = certificates.of_identity(account, email_identity)
    found, token = pages.page(account, kept, size, next_token, scope=email_identity)
    listed = [
        {
            "FromAddress": one.from_address,
            "Status": certificates.ACTIVE,
            "CertificateArn": one.arn,
        }
        for one in found
    ]
    return {"Certificates": listed, **paging.next_token(token)}
