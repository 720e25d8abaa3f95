"""Identities: names, verification, creation, and the identity that covers a sender."""

from datetime import datetime, timezone

import pytest
from keys import private_key

from pytest_ses.clock import Clock
from pytest_ses.domain import addresses, errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.dkim import Dkim, Signing
from pytest_ses.domain.identities.identities import MAX_IDENTITIES

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
CUSTOM_KEY = Signing(origin="EXTERNAL", selector="s1", private_key=private_key(1024))
DOMAIN_ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"


class FixedClock(Clock):
    """A clock that stands still."""

    def now(self):
        return NOON


@pytest.fixture(name="account")
def _account():
    return Account("123456789012", "us-east-1", clock=FixedClock())


def covering(account, text):
    """The name of the identity that covers a sender, or `None`."""
    identity = identities.sender_identity(account.identities, addresses.parse(text))
    return identity and identity.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("EXAMPLE.Com", "example.com"),
        ("Ada@EXAMPLE.Com", "Ada@example.com"),
        ('"a@B"@EXAMPLE.com', '"a@B"@example.com'),
    ],
)
def test_domains_are_stored_in_lower_case(account, name, expected):
    """The domain of a name is case-insensitive, but the local part is not."""
    identities.verify(account, name)

    assert [expected] == list(account.identities)
    assert expected == identities.find(account, name).name


def test_find_by_arn(account):
    """An identity is found by its ARN, but not by an ARN of another region."""
    identities.verify(account, "example.com")

    assert "example.com" == identities.find(account, DOMAIN_ARN).name
    assert identities.get(account, DOMAIN_ARN.replace("us-east-1", "eu-west-1")) is None


def test_find_rejects_an_unknown_name(account):
    """The error for an unknown identity contains its name."""
    with pytest.raises(
        errors.IdentityDoesNotExist, match=r"^Email identity X@example\.com does not exist\.$"
    ):
        identities.find(account, "X@example.com")


@pytest.mark.parametrize(
    ("name", "kind", "domain"),
    [("example.com", "DOMAIN", "example.com"), ("a@example.com", "EMAIL_ADDRESS", "example.com")],
)
def test_a_name_with_an_at_is_an_address(account, name, kind, domain):
    """A name with an @ is an address; any other name is a domain."""
    identity = identities.create(account, name)

    assert (kind, kind == "DOMAIN", domain) == (identity.kind, identity.is_domain, identity.domain)


@pytest.mark.parametrize("register", [identities.register_address, identities.create])
@pytest.mark.parametrize("name", ["a@", "a b@example.com", "Ada <ada@example.com>", " a@b.c"])
def test_invalid_addresses_are_rejected(account, register, name):
    """The address of an identity must be bare and valid."""
    with pytest.raises(errors.InvalidParameterValue) as caught:
        register(account, name)

    assert f"Invalid email address<{name}>." == caught.value.message
    assert {} == dict(account.identities)


@pytest.mark.parametrize(
    "register", [identities.register_domain, identities.register_dkim, identities.create]
)
@pytest.mark.parametrize(
    "name", ["example.com.", "exa mple.com", "münchen.de", "-a.com", "a_b.com", ""]
)
def test_invalid_domains_are_rejected(account, register, name):
    """A domain with a final dot, a space, an underscore or a non-ASCII character is rejected."""
    with pytest.raises(errors.InvalidParameterValue) as caught:
        register(account, name)

    assert f"Invalid domain name {name}." == caught.value.message


def test_registering_again_changes_nothing(account):
    """Registering an identity again keeps it and its tokens unchanged."""
    domain = identities.register_domain(account, "example.com")
    address = identities.verify(account, "ada@example.com")

    assert domain is identities.register_domain(account, "EXAMPLE.com")
    assert address is identities.register_address(account, "ada@EXAMPLE.com")
    assert address.verified


def test_a_domain_verified_by_token_has_no_dkim(account):
    """Verifying by token creates a token of 44 letters and does not start DKIM."""
    identity = identities.register_domain(account, "example.com")

    assert 44 == len(identity.verification_token)
    assert Dkim() == identity.dkim


def test_register_dkim_starts_easy_dkim_once(account):
    """Easy DKIM has three tokens of 32 letters, which never change."""
    tokens = identities.register_dkim(account, "example.com").dkim.tokens

    assert [32, 32, 32] == [len(token) for token in tokens]
    assert tokens == identities.register_dkim(account, "example.com").dkim.tokens


def test_register_dkim_replaces_a_custom_key(account):
    """Easy DKIM replaces a custom key."""
    identities.create(account, "example.com", signing=CUSTOM_KEY)

    assert identities.register_dkim(account, "example.com").dkim.is_easy


def test_create_stores_tags_and_dkim(account):
    """A new identity is pending and has its tags and DKIM."""
    identity = identities.create(account, "example.com", tags={"team": "a"})

    assert (False, {"team": "a"}) == (identity.verified, identity.tags)
    assert ("PENDING", True) == (identity.dkim.status, identity.dkim.is_easy)


def test_create_with_an_unknown_configuration_set(account):
    """A rejected creation stores nothing."""
    with pytest.raises(errors.ConfigurationSetDoesNotExist):
        identities.create(account, "example.com", configuration_set_name="missing")

    assert {} == dict(account.identities)


def test_dkim_settings_are_for_domains(account):
    """An address cannot have DKIM settings."""
    with pytest.raises(
        errors.InvalidParameterValue, match=r"^The EmailIdentity value must be a valid domain\.$"
    ):
        identities.create(account, "ada@example.com", signing=CUSTOM_KEY)


def test_limit(account):
    """An account has at most 10,000 identities in a region."""
    for number in range(MAX_IDENTITIES):
        identities.register_address(account, f"a{number}@example.com")

    with pytest.raises(errors.LimitExceeded):
        identities.register_address(account, "one-more@example.com")


def test_check_is_new(account):
    """The error for an existing name shows the name as given."""
    identities.check_is_new(account, "example.com")
    identities.create(account, "example.com")

    with pytest.raises(errors.IdentityAlreadyExists) as caught:
        identities.check_is_new(account, "EXAMPLE.com")

    assert "Email identity EXAMPLE.com already exist." == caught.value.message


def test_verify_creates_an_identity(account):
    """A domain that does not exist is created, with verified DKIM."""
    identity = identities.verify(account, "example.com")

    assert (True, NOON) == (identity.verified, identity.verified_at)
    assert ("SUCCESS", True) == (identity.dkim.status, identity.dkim.signing_enabled)


def test_verify_a_pending_identity(account):
    """A pending identity keeps its tokens and settings when it is verified."""
    created = identities.create(account, "example.com", signing=CUSTOM_KEY)
    identities.set_mail_from(account, "example.com", "mail.example.com")

    identity = identities.verify(account, "example.com")

    assert created is identity
    assert (["s1"], "SUCCESS") == (identity.dkim.tokens, identity.dkim.status)
    assert "SUCCESS" == identity.mail_from_status


def test_verify_an_address(account):
    """A verified address has no DKIM settings."""
    identity = identities.verify(account, "ada@example.com")

    assert identity.verified
    assert Dkim() == identity.dkim


@pytest.mark.parametrize(
    ("verified", "sender", "expected"),
    [
        (["ada@example.com"], "Ada <ada@EXAMPLE.com>", "ada@example.com"),
        (["ada@example.com"], "bob@example.com", None),
        (["ada@example.com"], "ADA@example.com", None),
        (["example.com"], "ada@example.com", "example.com"),
        (["example.com"], "ada@a.b.example.com", "example.com"),
        (["example.com", "b.example.com"], "ada@a.b.example.com", "b.example.com"),
        (["example.com", "ada@example.com"], "ada@example.com", "ada@example.com"),
        (["b.example.com"], "ada@example.com", None),
        (["example.com"], "ada@notexample.com", None),
    ],
)
def test_sender_identity(account, verified, sender, expected):
    """A sender is covered by its own identity, or else by the closest parent domain."""
    account.verify(*verified)

    assert expected == covering(account, sender)
    assert (expected is not None) == identities.is_verified(
        account.identities, addresses.bare(sender)
    )


def test_a_pending_identity_covers_no_sender(account):
    """A pending identity is skipped in favor of a verified one."""
    identities.register_address(account, "ada@example.com")
    assert covering(account, "ada@example.com") is None

    identities.verify(account, "example.com")
    assert "example.com" == covering(account, "ada@example.com")


def test_is_verified_accepts_a_domain(account):
    """A domain is verified by its own identity or that of a parent domain."""
    identities.verify(account, "example.com")

    assert identities.is_verified(account.identities, "A.example.com")
    assert not identities.is_verified(account.identities, "example.org")


def test_identities_of_the_other_kind(account):
    """An existing address is not accepted as a domain, nor a domain as an address."""
    identities.register_address(account, "ada@example.com")
    identities.register_domain(account, "example.com")
    for register in (identities.register_domain, identities.register_dkim):
        with pytest.raises(errors.InvalidParameterValue, match="Invalid domain name ada@example"):
            register(account, "ada@example.com")
    with pytest.raises(errors.InvalidParameterValue, match=r"Invalid email address<example\.com>"):
        identities.register_address(account, "example.com")
