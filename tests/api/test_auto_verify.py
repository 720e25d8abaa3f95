"""Identities of an account that verifies them as soon as they are asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from keys import elliptic_key, private_key

pytestmark = pytest.mark.ses(auto_verify=True)


def verification_status(client, name):
    attributes = client.get_identity_verification_attributes(Identities=[name])
    return attributes["VerificationAttributes"][name]["VerificationStatus"]


@pytest.mark.parametrize(
    ("operation", "params", "name"),
    [
        ("verify_email_identity", {"EmailAddress": "ada@example.com"}, "ada@example.com"),
        ("verify_email_address", {"EmailAddress": "ada@example.com"}, "ada@example.com"),
        ("verify_domain_identity", {"Domain": "example.com"}, "example.com"),
        ("verify_domain_dkim", {"Domain": "example.com"}, "example.com"),
    ],
)
def test_v1(ses_backend, ses_client, operation, params, name):
    """Each operation of v1 that starts a verification completes it, and it stays complete."""
    getattr(ses_client, operation)(**params)
    ses_backend.clock.advance(days=4)
    assert "Success" == verification_status(ses_client, name)


def test_custom_verification_email(ses_backend, ses_client):
    """An address that gets a custom verification email is verified at once."""
    ses_backend.verify("example.com")
    ses_client.create_custom_verification_email_template(
        TemplateName="t",
        FromEmailAddress="news@example.com",
        TemplateSubject="s",
        TemplateContent="c",
        SuccessRedirectionURL="https://example.com/yes",
        FailureRedirectionURL="https://example.com/no",
    )
    ses_client.send_custom_verification_email(EmailAddress="ada@example.org", TemplateName="t")
    assert "Success" == verification_status(ses_client, "ada@example.org")


def test_v2_domain(sesv2_client):
    """A new domain of v2 is verified with its DKIM."""
    created = sesv2_client.create_email_identity(EmailIdentity="example.com")
    assert created["VerifiedForSendingStatus"]
    assert "SUCCESS" == created["DkimAttributes"]["Status"]


def test_v2_address(sesv2_client):
    """A new address of v2 is verified."""
    created = sesv2_client.create_email_identity(EmailIdentity="ada@example.com")
    assert created["VerifiedForSendingStatus"]


def test_changed_dkim(sesv2_client):
    """Changed DKIM keys are verified at once, unless SES could not use them."""
    sesv2_client.create_email_identity(EmailIdentity="example.com")

    def status_with(key):
        return sesv2_client.put_email_identity_dkim_signing_attributes(
            EmailIdentity="example.com",
            SigningAttributesOrigin="EXTERNAL",
            SigningAttributes={
                "DomainSigningSelector": "s1",
                "DomainSigningPrivateKey": key,
            },
        )["DkimStatus"]

    assert ["SUCCESS", "FAILED"] == [status_with(private_key(1024)), status_with(elliptic_key())]


def test_mail_from(ses_backend, ses_client, sesv2_client):
    """A custom MAIL FROM domain is verified at once."""
    sesv2_client.create_email_identity(EmailIdentity="example.com")
    ses_client.set_identity_mail_from_domain(
        Identity="example.com", MailFromDomain="mail.example.com"
    )
    ses_backend.clock.advance(days=4)
    identity = sesv2_client.get_email_identity(EmailIdentity="example.com")
    assert "SUCCESS" == identity["MailFromAttributes"]["MailFromDomainStatus"]


def test_time_of_verification(ses_backend, sesv2_client):
    """Asking again does not change the time of the first verification."""
    sesv2_client.create_email_identity(EmailIdentity="example.com")
    first = ses_backend.account().identities["example.com"].verified_at
    ses_backend.clock.advance(timedelta(hours=1))
    ses_backend._call("ses", "VerifyDomainIdentity", {"Domain": "example.com"})
    assert first == ses_backend.account().identities["example.com"].verified_at


@pytest.mark.ses(region="eu-west-1")
def test_only_in_its_region(ses_backend, ses_client):
    """An identity is verified in the region of the call only."""
    ses_client.verify_email_identity(EmailAddress="ada@example.com")
    assert [] == list(ses_backend.account("us-east-1").identities)
