"""Creating, verifying, reading and deleting identities, in both APIs."""

from datetime import datetime, timezone

import pytest
from asking import error_of, without_metadata
from botocore_models import needs

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
CUSTOM_KEY = {"DomainSigningSelector": "s1", "DomainSigningPrivateKey": "MIIE"}


@pytest.mark.parametrize("operation", ["verify_email_identity", "verify_email_address"])
def test_an_address_is_pending_until_the_test_verifies_it(ses_backend, ses_client, operation):
    """An address is pending until the test verifies it; a second request has no effect."""

    def status():
        attributes = ses_client.get_identity_verification_attributes(Identities=["a@example.com"])
        return attributes["VerificationAttributes"]["a@example.com"]

    for _ in range(2):
        assert {} == without_metadata(getattr(ses_client, operation)(EmailAddress="a@example.com"))
    assert {"VerificationStatus": "Pending"} == status()

    ses_backend.verify("a@example.com")
    assert {"VerificationStatus": "Success"} == status()


def test_a_domain_is_verified_by_a_token(ses_client):
    """Verifying a domain returns the same token each time, which its attributes show."""
    token = ses_client.verify_domain_identity(Domain="Example.com")["VerificationToken"]

    assert token == ses_client.verify_domain_identity(Domain="example.com")["VerificationToken"]
    attributes = ses_client.get_identity_verification_attributes(Identities=["EXAMPLE.com"])
    assert {
        "EXAMPLE.com": {"VerificationStatus": "Pending", "VerificationToken": token}
    } == attributes["VerificationAttributes"]


def test_a_domain_is_verified_by_dkim(ses_client):
    """Easy DKIM returns the same tokens each time, which the DKIM attributes show."""
    tokens = ses_client.verify_domain_dkim(Domain="example.com")["DkimTokens"]

    assert tokens == ses_client.verify_domain_dkim(Domain="example.com")["DkimTokens"]
    attributes = ses_client.get_identity_dkim_attributes(Identities=["example.com"])
    assert {
        "DkimEnabled": True,
        "DkimVerificationStatus": "Pending",
        "DkimTokens": tokens,
    } == attributes["DkimAttributes"]["example.com"]


def test_waiter_identity_exists(ses_backend, ses_client):
    """The waiter returns immediately if the identities are verified."""
    ses_backend.verify("example.com", "a@example.org")

    ses_client.get_waiter("identity_exists").wait(Identities=["example.com", "a@example.org"])


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "ses",
            "verify_email_identity",
            {"EmailAddress": "STUB"},
            (*INVALID, "Invalid email address<STUB>."),
        ),
        (
            "ses",
            "verify_email_address",
            {"EmailAddress": "a@"},
            (*INVALID, "Invalid email address<a@>."),
        ),
        (
            "sesv2",
            "create_email_identity",
            {"EmailIdentity": "a@"},
            (*BAD_REQUEST, "Invalid email address<a@>."),
        ),
        (
            "ses",
            "verify_domain_identity",
            {"Domain": "example.com."},
            (*INVALID, "Invalid domain name example.com.."),
        ),
        (
            "ses",
            "verify_domain_dkim",
            {"Domain": "a@example.com"},
            (*INVALID, "Invalid domain name a@example.com."),
        ),
        (
            "sesv2",
            "create_email_identity",
            {"EmailIdentity": "example.com."},
            (*BAD_REQUEST, "Invalid domain name example.com.."),
        ),
    ],
)
def test_malformed_identities(clients, service, operation, params, expected):
    """A malformed address or domain is rejected."""
    assert expected == error_of(getattr(clients[service], operation), **params)


def test_create_and_get_an_address(sesv2_client):
    """A new address is created and shown with SES's defaults."""
    created = sesv2_client.create_email_identity(EmailIdentity="a@example.com")

    assert {"IdentityType": "EMAIL_ADDRESS", "VerifiedForSendingStatus": False} == without_metadata(
        created
    )
    assert {
        "IdentityType": "EMAIL_ADDRESS",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": False,
        "DkimAttributes": {
            "SigningEnabled": False,
            "Status": "NOT_STARTED",
            "SigningAttributesOrigin": "AWS_SES",
            "NextSigningKeyLength": "RSA_1024_BIT",
        },
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "Tags": [],
        "VerificationStatus": "PENDING",
        "VerificationInfo": {},
    } == without_metadata(sesv2_client.get_email_identity(EmailIdentity="a@example.com"))


@needs("sesv2", "GetEmailIdentity", "DkimAttributes.SigningHostedZone")
def test_create_and_get_a_domain(sesv2_client):
    """A new domain's DKIM status is NOT_STARTED in the first response and PENDING after it."""
    created = sesv2_client.create_email_identity(EmailIdentity="Example.com")

    first = created["DkimAttributes"]
    assert ("DOMAIN", False) == (created["IdentityType"], created["VerifiedForSendingStatus"])
    assert 3 == len(first["Tokens"])
    assert {
        "SigningEnabled": True,
        "Status": "NOT_STARTED",
        "Tokens": first["Tokens"],
        "SigningHostedZone": "dkim.amazonses.com",
        "SigningAttributesOrigin": "AWS_SES",
        "NextSigningKeyLength": "RSA_2048_BIT",
        "CurrentSigningKeyLength": "RSA_2048_BIT",
        "LastKeyGenerationTimestamp": first["LastKeyGenerationTimestamp"],
    } == first
    shown = sesv2_client.get_email_identity(EmailIdentity="example.com")
    assert first | {"Status": "PENDING"} == shown["DkimAttributes"]


def test_get_a_verified_domain(ses_backend, sesv2_client):
    """A verified domain shows its status and when it was last checked."""
    ses_backend.verify("example.com")

    shown = sesv2_client.get_email_identity(EmailIdentity="example.com")

    assert (True, "SUCCESS", "SUCCESS") == (
        shown["VerifiedForSendingStatus"],
        shown["VerificationStatus"],
        shown["DkimAttributes"]["Status"],
    )
    info = shown["VerificationInfo"]
    assert info["LastCheckedTimestamp"] == info["LastSuccessTimestamp"]
    assert info["LastSuccessTimestamp"] <= datetime.now(timezone.utc)


def test_create_with_all_options(ses_backend, sesv2_client):
    """Tags, default configuration set and a custom DKIM key are kept."""
    sesv2_client.create_configuration_set(ConfigurationSetName="cs")

    sesv2_client.create_email_identity(
        EmailIdentity="example.com",
        Tags=[{"Key": "team", "Value": "a"}],
        DkimSigningAttributes=CUSTOM_KEY,
        ConfigurationSetName="cs",
    )

    shown = sesv2_client.get_email_identity(EmailIdentity="example.com")
    assert ([{"Key": "team", "Value": "a"}], "cs") == (
        shown["Tags"],
        shown["ConfigurationSetName"],
    )
    assert {
        "SigningEnabled": True,
        "Status": "PENDING",
        "Tokens": ["s1"],
        "SigningAttributesOrigin": "EXTERNAL",
    } == shown["DkimAttributes"]


def test_create_with_a_shorter_key(sesv2_client):
    """The length of the keys that SES manages can be set."""
    created = sesv2_client.create_email_identity(
        EmailIdentity="example.com", DkimSigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"}
    )

    assert "RSA_1024_BIT" == created["DkimAttributes"]["CurrentSigningKeyLength"]


def test_create_checks_in_order(ses_backend, sesv2_client):
    """Duplicate name, tags and configuration set are checked in this order."""
    invalid = {"Tags": [{"Key": "aws:x", "Value": ""}], "ConfigurationSetName": "missing"}
    ses_backend.verify("taken.com")

    assert (
        "AlreadyExistsException",
        400,
        "Email identity taken.com already exist.",
    ) == error_of(sesv2_client.create_email_identity, EmailIdentity="taken.com", **invalid)
    assert (
        BAD_REQUEST
        == error_of(sesv2_client.create_email_identity, EmailIdentity="example.com", **invalid)[:2]
    )
    assert (*NOT_FOUND, "Configuration set <missing> does not exist.") == error_of(
        sesv2_client.create_email_identity,
        EmailIdentity="example.com",
        ConfigurationSetName="missing",
    )
    assert ["taken.com"] == list(ses_backend.account().identities)


def test_create_rejects_dkim_of_an_address(sesv2_client):
    """DKIM settings of an email address are rejected."""
    assert (*BAD_REQUEST, "The EmailIdentity value must be a valid domain.") == error_of(
        sesv2_client.create_email_identity,
        EmailIdentity="a@example.com",
        DkimSigningAttributes=CUSTOM_KEY,
    )


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("delete_identity", {"Identity": "a@EXAMPLE.com"}),
        ("delete_verified_email_address", {"EmailAddress": "a@EXAMPLE.com"}),
    ],
)
def test_delete_twice_in_v1(ses_backend, ses_client, operation, params):
    """Deleting an identity twice succeeds in v1."""
    ses_backend.verify("a@example.com")

    for _ in range(2):
        assert {} == without_metadata(getattr(ses_client, operation)(**params))

    assert [] == list(ses_backend.account().identities)


def test_delete_twice_in_v2(ses_backend, sesv2_client):
    """Deleting an identity twice fails in v2."""
    ses_backend.verify("example.com")
    sesv2_client.delete_email_identity(EmailIdentity="Example.com")

    assert (*NOT_FOUND, "Email identity Example.com does not exist.") == error_of(
        sesv2_client.delete_email_identity, EmailIdentity="Example.com"
    )


def test_get_an_unknown_identity(sesv2_client):
    """Reading an identity that does not exist fails."""
    assert (*NOT_FOUND, "Email identity example.com does not exist.") == error_of(
        sesv2_client.get_email_identity, EmailIdentity="example.com"
    )


def test_default_configuration_set(identity, sesv2_client):
    """A request without a configuration set removes the default configuration set."""
    sesv2_client.create_configuration_set(ConfigurationSetName="cs")
    put = sesv2_client.put_email_identity_configuration_set_attributes

    put(EmailIdentity="example.com", ConfigurationSetName="cs")
    assert "cs" == identity.configuration_set_name

    put(EmailIdentity="example.com")
    shown = sesv2_client.get_email_identity(EmailIdentity="example.com")
    assert "ConfigurationSetName" not in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.org", "Identity <x.org> does not exist."),
        ("example.com", "Configuration set <cs> does not exist."),
    ],
)
def test_default_configuration_set_is_rejected(identity, sesv2_client, name, text):
    """A missing identity or configuration set is rejected."""
    assert (*NOT_FOUND, text) == error_of(
        sesv2_client.put_email_identity_configuration_set_attributes,
        EmailIdentity=name,
        ConfigurationSetName="cs",
    )
