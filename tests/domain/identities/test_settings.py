"""DKIM, MAIL FROM, notification and policy settings of identities."""

from datetime import datetime, timezone

import pytest

from pytest_ses.clock import Clock
from pytest_ses.domain import errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.identities import identities, notifications, policies
from pytest_ses.domain.identities.dkim import Dkim, Signing

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
CUSTOM_KEY = Signing(origin="EXTERNAL", selector="s1", private_key="MIIE")
DOMAIN_ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"


class FixedClock(Clock):
    """A clock that stands still."""

    def now(self):
        return NOON


@pytest.fixture(name="account")
def _account():
    return Account("123456789012", "us-east-1", clock=FixedClock())


def test_an_address_has_the_dkim_of_its_domain(account):
    """An address inherits DKIM from its domain, even if the address is not an identity."""
    address_dkim = identities.register_address(account, "ada@mail.example.com").dkim
    assert address_dkim is identities.dkim_of(account, "ada@mail.example.com")

    domain_dkim = identities.create(account, "example.com").dkim
    assert domain_dkim is identities.dkim_of(account, "ada@mail.example.com")
    assert domain_dkim is identities.dkim_of(account, "bob@EXAMPLE.com")
    assert domain_dkim is identities.dkim_of(account, "example.com")
    assert Dkim() == identities.dkim_of(account, "mail.example.com")


def test_signing_of_a_domain(account):
    """Disabling signing does not change the DKIM status."""
    identity = identities.verify(account, "example.com")

    identities.set_dkim_signing(account, "example.com", enabled=False)

    assert (False, "SUCCESS") == (identity.dkim.signing_enabled, identity.dkim.status)


def test_signing_of_an_address(account):
    """Disabling signing for an address has no effect if its domain is an identity."""
    identity = identities.create(account, "example.com")

    identities.set_dkim_signing(account, "ada@example.com", enabled=False)

    assert identity.dkim.signing_enabled


@pytest.mark.parametrize("name", ["example.org", "ada@example.org"])
def test_signing_needs_a_domain_that_is_an_identity(account, name):
    """Signing requires that the domain is an identity, even for a registered address."""
    identities.register_address(account, "ada@example.org")

    with pytest.raises(
        errors.InvalidParameterValue,
        match=r"^Domain example\.org is not verified for DKIM signing\.$",
    ):
        identities.set_dkim_signing(account, name, enabled=True)


def test_the_same_keys_are_kept(account):
    """Requesting Easy DKIM without a key length keeps the keys."""
    before = identities.verify(account, "example.com").dkim

    assert before is identities.change_dkim(account, "example.com", Signing())


@pytest.mark.parametrize(
    "signing", [Signing(key_length="RSA_1024_BIT"), Signing(origin="AWS_SES_EU_WEST_1"), CUSTOM_KEY]
)
def test_new_keys_have_to_be_verified_again(account, signing):
    """New keys make DKIM pending, and the identity stays verified."""
    identity = identities.verify(account, "example.com")
    before = identity.dkim

    after = identities.change_dkim(account, "example.com", signing)

    assert after is identity.dkim
    assert (signing.origin, "PENDING") == (after.origin, after.status)
    assert before.tokens != after.tokens
    assert identity.verified


def test_easy_dkim_replaces_a_custom_key(account):
    """A domain with a custom key returns to Easy DKIM with new tokens."""
    identities.create(account, "example.com", signing=CUSTOM_KEY)

    assert 3 == len(identities.change_dkim(account, "example.com", Signing()).tokens)


@pytest.mark.parametrize(
    "signing",
    [
        Signing(origin="EXTERNAL"),
        Signing(origin="EXTERNAL", selector="s1"),
        Signing(origin="EXTERNAL", private_key="MIIE"),
    ],
)
def test_an_incomplete_custom_key_is_rejected(account, signing):
    """A custom key without selector or private key is rejected, and nothing changes."""
    before = identities.create(account, "example.com").dkim

    with pytest.raises(errors.InvalidParameterValue):
        identities.change_dkim(account, "example.com", signing)

    assert before is account.identities["example.com"].dkim


@pytest.mark.parametrize("name", ["ada@example.com", " "])
def test_keys_are_for_domains(account, name):
    """The keys of an address cannot be changed."""
    with pytest.raises(
        errors.InvalidParameterValue, match=r"^The EmailIdentity value must be a valid domain\.$"
    ):
        identities.change_dkim(account, name, Signing())


def test_mail_from_starts_pending(account):
    """A custom MAIL FROM domain starts as pending, even on a verified identity."""
    identity = identities.verify(account, "example.com")

    identities.set_mail_from(account, "example.com", "Mail.example.com", behavior="REJECT_MESSAGE")

    assert ("mail.example.com", "PENDING", "REJECT_MESSAGE") == (
        identity.mail_from_domain,
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


def test_the_same_mail_from_stays_verified(account):
    """Setting the same domain again changes only the behavior."""
    identity = identities.verify(account, "ada@example.com")
    identities.set_mail_from(account, "ada@example.com", "mail.example.com")
    identities.verify(account, "ada@example.com")

    identities.set_mail_from(
        account, "ada@example.com", "mail.example.com", behavior="REJECT_MESSAGE"
    )

    assert ("SUCCESS", "REJECT_MESSAGE") == (
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


@pytest.mark.parametrize("domain", [None, ""])
def test_mail_from_is_removed(account, domain):
    """Setting no domain removes the custom MAIL FROM domain and its behavior."""
    identity = identities.create(account, "example.com")
    identities.set_mail_from(account, "example.com", "mail.example.com", behavior="REJECT_MESSAGE")

    identities.set_mail_from(account, "example.com", domain, behavior="REJECT_MESSAGE")

    assert (None, None, "USE_DEFAULT_VALUE") == (
        identity.mail_from_domain,
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


@pytest.mark.parametrize("domain", ["example.com", "mail.example.org", "notexample.com"])
@pytest.mark.parametrize("name", ["example.com", "ada@example.com"])
def test_mail_from_is_a_subdomain(account, name, domain):
    """A MAIL FROM domain must be a subdomain of the identity's domain."""
    identities.create(account, name)

    with pytest.raises(errors.InvalidParameterValue) as caught:
        identities.set_mail_from(account, name, domain)

    assert (
        f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity "
        "<example.com>."
    ) == caught.value.message


@pytest.mark.parametrize("status", ["PENDING", "FAILED", "TEMPORARY_FAILURE"])
def test_messages_are_rejected_until_mail_from_is_verified(account, status):
    """With `REJECT_MESSAGE`, messages are rejected until the MAIL FROM domain is verified."""
    identity = identities.verify(account, "example.com")
    identities.check_mail_from(identity)
    identities.set_mail_from(account, "example.com", "mail.example.com", behavior="REJECT_MESSAGE")
    identity.mail_from_status = status

    with pytest.raises(errors.MailFromDomainNotVerified, match="DNS setup for MAIL FROM domain"):
        identities.check_mail_from(identity)
    identities.verify(account, "example.com")
    identities.check_mail_from(identity)


def test_messages_use_the_default_mail_from_meanwhile(account):
    """With `USE_DEFAULT_VALUE`, messages are accepted while the MAIL FROM domain is pending."""
    identity = identities.verify(account, "example.com")
    identities.set_mail_from(account, "example.com", "mail.example.com")

    identities.check_mail_from(identity)

    assert ("mail.example.com", "PENDING", "USE_DEFAULT_VALUE") == (
        identity.mail_from_domain,
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            lambda account: identities.set_mail_from(account, "x.org", "mail.x.org"),
            "Identity <x.org> does not exist.",
        ),
        (
            lambda account: notifications.set_feedback_forwarding(account, "x.org", enabled=True),
            "Identity x.org is invalid. Must be a verified email address or domain.",
        ),
        (
            lambda account: notifications.set_topic(account, "x.org", "Bounce", None),
            "Identity x.org is invalid. Must be a verified email address or domain.",
        ),
        (
            lambda account: notifications.set_headers_in_notifications(
                account, "x.org", "Bounce", enabled=True
            ),
            "Identity x.org is invalid. It must be a verified email address or domain.",
        ),
    ],
)
def test_settings_of_an_unknown_identity(account, call, expected):
    """Each setting has its own message for an unknown identity."""
    with pytest.raises(errors.InvalidParameterValue) as caught:
        call(account)

    assert expected == caught.value.message


def test_topics_are_set_and_removed(account):
    """A notification type has a topic until it is removed, which can be done repeatedly."""
    identity = identities.create(account, "example.com")
    topic = "arn:aws:sns:us-east-1:123456789012:bounces"

    notifications.set_topic(account, "example.com", "Bounce", topic)
    assert {"Bounce": topic} == identity.topics

    notifications.set_topic(account, "example.com", "Bounce", None)
    notifications.set_topic(account, "example.com", "Bounce", None)
    assert {} == identity.topics


def test_headers_in_notifications_are_switched(account):
    """Headers are enabled and disabled for each notification type."""
    identity = identities.create(account, "example.com")

    notifications.set_topic(
        account, "example.com", "Bounce", "arn:aws:sns:us-east-1:123456789012:bounces"
    )

    for enabled, expected in ((True, {"Bounce"}), (False, set()), (False, set())):
        notifications.set_headers_in_notifications(
            account, "example.com", "Bounce", enabled=enabled
        )
        assert expected == identity.headers_in_notifications


@pytest.mark.parametrize("policy", ["", "{", "[]", '"text"', "[" * 100_000])
def test_a_policy_is_a_json_object(account, policy):
    """A policy that is not a JSON object is rejected."""
    identities.create(account, "example.com")

    with pytest.raises(errors.InvalidPolicy):
        policies.put(account, "example.com", "p", policy)


def test_a_policy_has_a_limit(account):
    """A policy can have 4 KB, not counting white space."""
    identities.create(account, "example.com")
    longest = '{"a":"%s"}' % ("x" * (4096 - 8))

    policies.put(account, "example.com", "p", longest.replace(":", " " * 100 + ":"))
    assert longest == policies.of_identity(account, "example.com")["p"]

    with pytest.raises(errors.InvalidPolicy):
        policies.put(account, "example.com", "p", longest.replace("x", "xx", 1))
