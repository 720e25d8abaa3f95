"""Verifications that expire, and the rules of DKIM keys over time, in both APIs."""

import pytest
from asking import error_of
from keys import elliptic_key, private_key

LENGTHS = {"short": "RSA_1024_BIT", "long": "RSA_2048_BIT"}
# This text is our own; SES's is unknown.
LENGTH_CHANGED = (
    "BadRequestException",
    400,
    "The length of the DKIM signing key can be changed only once in 24 hours.",
)


def register(service):
    """A function that begins to verify an identity in an API, and can be called again."""

    def v1(client, name):
        if "@" in name:
            client.verify_email_identity(EmailAddress=name)
        else:
            client.verify_domain_identity(Domain=name)

    def v2(client, name):
        client.create_email_identity(EmailIdentity=name)

    return {"ses": v1, "sesv2": v2}[service]


def status(clients, name):
    """The verification status of an identity, after checking that both APIs agree."""
    shown = clients["sesv2"].get_email_identity(EmailIdentity=name)["VerificationStatus"]
    attributes = clients["ses"].get_identity_verification_attributes(Identities=[name])
    v1 = attributes["VerificationAttributes"][name]["VerificationStatus"]
    assert shown.capitalize() == v1
    return shown


@pytest.fixture(name="mail_from", params=["ses", "sesv2"])
def _mail_from(request, clients, identity):
    """A function that sets the MAIL FROM domain of example.com, in each API."""
    if request.param == "ses":
        return lambda: clients["ses"].set_identity_mail_from_domain(
            Identity="example.com", MailFromDomain="mail.example.com"
        )
    return lambda: clients["sesv2"].put_email_identity_mail_from_attributes(
        EmailIdentity="example.com", MailFromDomain="mail.example.com"
    )


@pytest.mark.parametrize("service", ["ses", "sesv2"])
@pytest.mark.parametrize(("name", "hours"), [("ada@example.com", 24), ("example.com", 72)])
def test_verification_fails(ses_backend, clients, service, name, hours):
    """The verification of an address fails after 24 hours, and that of a domain after 72."""
    register(service)(clients[service], name)

    ses_backend.clock.advance(hours=hours, minutes=-1)
    assert "PENDING" == status(clients, name)

    ses_backend.clock.advance(minutes=1)
    assert "FAILED" == status(clients, name)


@pytest.mark.parametrize(("name", "hours"), [("ada@example.com", 24), ("example.com", 72)])
def test_verification_begins_again(ses_backend, clients, name, hours):
    """In v1, a failed or pending verification begins again with each request."""
    begin = register("ses")
    begin(clients["ses"], name)
    ses_backend.clock.advance(hours=hours)

    begin(clients["ses"], name)
    assert "PENDING" == status(clients, name)

    ses_backend.clock.advance(hours=hours, minutes=-1)
    begin(clients["ses"], name)
    ses_backend.clock.advance(hours=1)
    assert "PENDING" == status(clients, name)


def test_a_failed_identity_still_exists(ses_backend, sesv2_client):
    """In v2, a failed identity must be deleted before it can be created again."""
    sesv2_client.create_email_identity(EmailIdentity="example.com")
    ses_backend.clock.advance(hours=72)

    assert (
        "AlreadyExistsException"
        == (error_of(sesv2_client.create_email_identity, EmailIdentity="example.com")[0])
    )
    sesv2_client.delete_email_identity(EmailIdentity="example.com")
    sesv2_client.create_email_identity(EmailIdentity="example.com")


@pytest.mark.parametrize("name", ["ada@example.com", "example.com"])
def test_success_does_not_expire(ses_backend, clients, name):
    """A verified identity and its DKIM stay verified."""
    register("sesv2")(clients["sesv2"], name)
    ses_backend.verify(name)

    ses_backend.clock.advance(hours=100)

    assert "SUCCESS" == status(clients, name)
    register("ses")(clients["ses"], name)
    assert "SUCCESS" == status(clients, name)


def test_a_failed_identity_can_be_verified(ses_backend, clients):
    """`verify` verifies a failed identity, as a new attempt of its owner would."""
    clients["sesv2"].create_email_identity(EmailIdentity="example.com")
    ses_backend.clock.advance(hours=72)

    ses_backend.verify("example.com")

    assert "SUCCESS" == status(clients, "example.com")


def test_dkim_fails(ses_backend, identity, clients):
    """New DKIM keys fail after 72 hours; the identity stays verified, and DKIM can begin again."""
    put = clients["sesv2"].put_email_identity_dkim_signing_attributes
    params = {"EmailIdentity": "example.com", "SigningAttributesOrigin": "AWS_SES"}
    put(SigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"}, **params)
    tokens = identity.dkim.tokens
    assert "Pending" == dkim_status(clients)

    ses_backend.clock.advance(hours=72)
    assert "Failed" == dkim_status(clients)
    assert "SUCCESS" == status(clients, "example.com")

    assert "PENDING" == put(**params)["DkimStatus"]
    ses_backend.clock.advance(hours=72)
    assert tokens == clients["ses"].verify_domain_dkim(Domain="example.com")["DkimTokens"]
    assert "Pending" == dkim_status(clients)


def dkim_status(clients):
    """The DKIM status of example.com in v1's spelling, after checking that both APIs agree."""
    attributes = clients["ses"].get_identity_dkim_attributes(Identities=["example.com"])
    v1 = attributes["DkimAttributes"]["example.com"]["DkimVerificationStatus"]
    shown = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert v1.upper() == shown["DkimAttributes"]["Status"]
    return v1


def test_mail_from_fails(ses_backend, clients, mail_from):
    """A MAIL FROM domain fails after 72 hours; setting it again begins again."""

    def shown():
        response = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
        return response["MailFromAttributes"]["MailFromDomainStatus"]

    mail_from()
    ses_backend.clock.advance(hours=71)
    assert "PENDING" == shown()
    ses_backend.clock.advance(hours=1)
    assert "FAILED" == shown()

    mail_from()
    assert "PENDING" == shown()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (private_key(1024), "SUCCESS"),
        (private_key(2048), "SUCCESS"),
        (private_key(1536), "FAILED"),
        (elliptic_key(), "FAILED"),
        ("MIIE", "FAILED"),
    ],
    ids=["1024", "2048", "1536", "elliptic", "no key"],
)
def test_own_keys(ses_backend, sesv2_client, key, expected):
    """DKIM with a key other than RSA of 1024 or 2048 bits is accepted, but never verified."""
    sesv2_client.create_email_identity(
        EmailIdentity="example.com",
        DkimSigningAttributes={"DomainSigningSelector": "s1", "DomainSigningPrivateKey": key},
    )

    ses_backend.verify("example.com")

    shown = sesv2_client.get_email_identity(EmailIdentity="example.com")
    assert (True, expected) == (
        shown["VerifiedForSendingStatus"],
        shown["DkimAttributes"]["Status"],
    )


@pytest.fixture(name="change")
def _change(sesv2_client):
    """A function that changes the length of the DKIM key of example.com."""

    def change(length):
        sesv2_client.put_email_identity_dkim_signing_attributes(
            EmailIdentity="example.com",
            SigningAttributesOrigin="AWS_SES",
            SigningAttributes={"NextSigningKeyLength": LENGTHS[length]},
        )

    return change


@pytest.mark.parametrize("first", ["short", "long"])
def test_the_key_length_changes_once_a_day(ses_backend, sesv2_client, change, first):
    """Within 24 hours of a change, only the first change to 1024 bits is accepted."""
    sesv2_client.create_email_identity(
        EmailIdentity="example.com",
        DkimSigningAttributes={"NextSigningKeyLength": LENGTHS[first]},
    )
    if first == "short":
        change("long")
        ses_backend.clock.advance(hours=12)
    change("short")
    ses_backend.clock.advance(hours=23)

    assert LENGTH_CHANGED == error_of(change, "long")

    ses_backend.clock.advance(hours=1)
    change("long")


def test_the_key_has_the_length_already(identity, change):
    """A key length that is not a change is rejected, at any time."""
    # This text is our own; SES's is unknown.
    text = "The length of the DKIM signing key is already RSA_2048_BIT."

    assert ("BadRequestException", 400, text) == error_of(change, "long")


def test_an_own_key_between(identity, sesv2_client, change):
    """An own key in between does not allow a second change to 1024 bits within 24 hours."""
    put = sesv2_client.put_email_identity_dkim_signing_attributes
    change("short")
    put(
        EmailIdentity="example.com",
        SigningAttributesOrigin="EXTERNAL",
        SigningAttributes={"DomainSigningSelector": "s", "DomainSigningPrivateKey": "MIIE"},
    )
    put(
        EmailIdentity="example.com",
        SigningAttributesOrigin="AWS_SES",
        SigningAttributes={"NextSigningKeyLength": "RSA_2048_BIT"},
    )

    assert LENGTH_CHANGED == error_of(change, "short")
