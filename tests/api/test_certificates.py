"""Certificates of identities through API v2."""

import pytest
from asking import answer, needs, refusal

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
ADA = "ada@example.org"
BAD_REQUEST = ("BadRequestException", 400)
MISSING = ("NotFoundException", 404, "Email identity example.net does not exist.")


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client of an account with a domain and an address; skipped where botocore is older."""
    needs(sesv2_client, "AssociateEmailIdentityCertificate")
    ses_backend.verify("example.com", ADA)
    return sesv2_client


@pytest.fixture(name="give")
def _give(client):
    """Give an identity a certificate."""

    def give(identity=ADA, address=None):
        words = {} if address is None else {"FromAddress": address}
        return answer(
            client.associate_email_identity_certificate(
                EmailIdentity=identity, CertificateArn=CERTIFICATE, **words
            )
        )

    return give


@pytest.fixture(name="listed")
def _listed(client):
    """The addresses on a page of an identity, and the token of the next."""

    def listed(identity="example.com", **params):
        page = client.list_email_identity_certificates(EmailIdentity=identity, **params)
        return [one["FromAddress"] for one in page["Certificates"]], page.get("NextToken")

    return listed


@pytest.mark.parametrize("address", [None, ADA])
def test_address(client, give, address):
    """The certificate of an address is active at once."""
    assert {} == give(address=address)

    found = client.list_email_identity_certificates(EmailIdentity=ADA)["Certificates"]
    assert [{"FromAddress": ADA, "Status": "ACTIVE", "CertificateArn": CERTIFICATE}] == found


def test_domain(give, listed):
    """A domain has a certificate for each address of it, listed page by page."""
    for address in ("b@example.com", "a@mail.Example.com"):
        give("example.com", address)

    first, token = listed(PageSize=1)
    assert (["a@mail.example.com"], (["b@example.com"], None)) == (first, listed(NextToken=token))


@pytest.mark.parametrize(
    ("identity", "address", "given"),
    [
        ("example.com", None, ""),
        ("example.com", "a@notexample.com", "a@notexample.com"),
        ("example.com", "example.com", "example.com"),
        ("example.com", "Ada <a@example.com>", "Ada <a@example.com>"),
        (ADA, "bob@example.org", "bob@example.org"),
    ],
)
def test_other_address(client, give, identity, address, given):
    """The address has to be one of the identity, in words of our own."""
    text = f"The from address <{given}> does not belong to the identity <{identity}>."
    assert (*BAD_REQUEST, text) == refusal(give, identity, address)
    words = {} if address is None else {"FromAddress": address}
    assert (*BAD_REQUEST, text) == refusal(
        client.disassociate_email_identity_certificate, EmailIdentity=identity, **words
    )


def test_duplicate(ses_backend, give):
    """An address has one certificate, by whichever identity; in words of our own."""
    ses_backend.verify("a@example.com")
    give("a@example.com")
    text = "The address <a@example.com> has a certificate already."
    assert ("AlreadyExistsException", 400, text) == refusal(give, "example.com", "a@example.com")


def test_take(client, give, listed):
    """A certificate that is taken away is gone; once more changes nothing."""
    give("example.com", "a@example.com")
    for _ in range(2):
        assert {} == answer(
            client.disassociate_email_identity_certificate(
                EmailIdentity="example.com", FromAddress="a@example.com"
            )
        )
    assert ([], None) == listed()


def test_missing(client, give, listed):
    """An identity that is not there is missed."""
    assert MISSING == refusal(give, "example.net") == refusal(listed, "example.net")
    assert MISSING == refusal(
        client.disassociate_email_identity_certificate, EmailIdentity="example.net"
    )


def test_deleted_identity(client, ses_backend, give, listed):
    """An identity that is deleted takes its certificates along."""
    give("example.com", "a@example.com")
    client.delete_email_identity(EmailIdentity="example.com")
    ses_backend.verify("example.com")
    assert ([], None) == listed()


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
def test_refused_list(listed, params, text):
    """Page size and token are refused as in the lists of tenants."""
    assert (*BAD_REQUEST, text) == refusal(listed, **params)
