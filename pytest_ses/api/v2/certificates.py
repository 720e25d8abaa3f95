"""The operations of API v2 on the certificates of identities."""

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
    """Associate a certificate with an address of an identity.

    Stored only: messages are not signed, and the certificate need not exist.
    """
    certificates.associate(account, email_identity, certificate_arn, from_address=from_address)


def disassociate_email_identity_certificate(
    account: Account, *, email_identity: str, from_address: str | None = None
) -> None:
    """Remove the certificate from an address of an identity, if it has one."""
    certificates.dissociate(account, email_identity, from_address=from_address)


def list_email_identity_certificates(
    account: Account,
    *,
    email_identity: str,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List the certificates of an identity, without expiry dates, sorted by address."""
    pages = paging.V2_CERTIFICATES
    size = pages.size(page_size)
    identity_certificates = certificates.of_identity(account, email_identity)
    page, token = pages.page(account, identity_certificates, size, next_token, scope=email_identity)
    summaries = [
        {
            "FromAddress": certificate.from_address,
            "Status": certificates.ACTIVE,
            "CertificateArn": certificate.arn,
        }
        for certificate in page
    ]
    return {"Certificates": summaries, **paging.next_token(token)}
