"""Certificates of identities, through API v2."""

import pytest
from asking import error_of, require_operation, without_metadata

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
ADA = "ada@example.org"
BAD_REQUEST = ("BadRequestException", 400)
MISSING = ("NotFoundException", 404, "Email identity example.net does not exist.")


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client of an account with a verified domain and address, if botocore is new enough."""
    require_operation(sesv2_client, "AssociateEmailIdentityCertificate")
    ses_backend.verify("example.com", ADA)
    return sesv2_client


@pytest.fixture(name="associate")
def _associate(client):
    """A function that associates a certificate with an identity."""

    def associate(identity=ADA, address=None):
        params = {} if address is None else {"FromAddress": address}
        return without_metadata(
            client.associate_email_identity_certificate(
                EmailIdentity=identity, CertificateArn=CERTIFICATE, **params
            )
        )

    return associate


@pytest.fixture(name="list_page")
def _list_page(client):
    """A function that returns the addresses with certificates on a page, and the next token."""

    def list_page(identity="example.com", **params):
        page = client.list_email_identity_certificates(EmailIdentity=identity, **params)
        addresses = [certificate["FromAddress"] for certificate in page["Certificates"]]
        return addresses, page.get("NextToken")

    return list_page


@pytest.mark.parametrize("address", [None, ADA])
def test_address(client, associate, address):
    """The certificate of an email address is active immediately."""
    assert {} == associate(address=address)

    certificates = client.list_email_identity_certificates(EmailIdentity=ADA)["Certificates"]
    assert [{"FromAddress": ADA, "Status": "ACTIVE", "CertificateArn": CERTIFICATE}] == certificates


def test_domain(associate, list_page):
    """A domain has one certificate for each of its addresses, listed in pages."""
    for address in ("b@example.com", "a@mail.Example.com"):
        associate("example.com", address)

    first, token = list_page(PageSize=1)
    assert (["a@mail.example.com"], (["b@example.com"], None)) == (
        first,
        list_page(NextToken=token),
    )


@pytest.mark.parametrize(
    ("identity", "address", "shown"),
    [
        ("example.com", None, ""),
        ("example.com", "a@notexample.com", "a@notexample.com"),
        ("example.com", "example.com", "example.com"),
        ("example.com", "Ada <a@example.com>", "Ada <a@example.com>"),
        (ADA, "bob@example.org", "bob@example.org"),
    ],
)
def test_other_address(client, associate, identity, address, shown):
    """An address that does not belong to the identity is rejected."""
    # This text is our own; SES's is unknown.
    text = f"The from address <{shown}> does not belong to the identity <{identity}>."
    assert (*BAD_REQUEST, text) == error_of(associate, identity, address)
    params = {} if address is None else {"FromAddress": address}
    assert (*BAD_REQUEST, text) == error_of(
        client.disassociate_email_identity_certificate, EmailIdentity=identity, **params
    )


def test_duplicate(ses_backend, associate):
    """A second certificate for an address is rejected, whichever identity it is set through."""
    ses_backend.verify("a@example.com")
    associate("a@example.com")
    # This text is our own; SES's is unknown.
    text = "The address <a@example.com> already has a certificate."
    assert ("AlreadyExistsException", 400, text) == error_of(
        associate, "example.com", "a@example.com"
    )


def test_disassociate(client, associate, list_page):
    """Disassociating removes the certificate; repeating it has no effect."""
    associate("example.com", "a@example.com")
    for _ in range(2):
        assert {} == without_metadata(
            client.disassociate_email_identity_certificate(
                EmailIdentity="example.com", FromAddress="a@example.com"
            )
        )
    assert ([], None) == list_page()


def test_missing_identity(client, associate, list_page):
    """An identity that does not exist is rejected by every operation."""
    assert MISSING == error_of(associate, "example.net") == error_of(list_page, "example.net")
    assert MISSING == error_of(
        client.disassociate_email_identity_certificate, EmailIdentity="example.net"
    )


def test_deleted_identity(client, ses_backend, associate, list_page):
    """Deleting an identity deletes its certificates."""
    associate("example.com", "a@example.com")
    client.delete_email_identity(EmailIdentity="example.com")
    ses_backend.verify("example.com")
    assert ([], None) == list_page()


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (
            {"PageSize": 101},
            "1 validation error detected: Value '101' at 'pageSize' failed to satisfy "
            "constraint: Member must have value less than or equal to 100",
        ),
        ({"NextToken": "none"}, "Invalid Next Token"),
    ],
)
def test_rejected_list(list_page, params, text):
    """An invalid page size or token is rejected with the same texts as for lists of tenants."""
    assert (*BAD_REQUEST, text) == error_of(list_page, **params)
