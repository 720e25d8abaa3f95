"""Identities: how they are named, verified, set up and found for a sender."""

from datetime import datetime, timezone

import pytest

from pytest_ses.domain import addresses, errors, identities
from pytest_ses.domain.account import IDENTITIES, Account
from pytest_ses.domain.dkim import Dkim, Signing

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
OWN_KEY = Signing(origin="EXTERNAL", selector="s1", private_key="MIIE")
DOMAIN_ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"


class Noon:
    """A clock that stands still."""

    def now(self):
        return NOON


@pytest.fixture(name="account")
def _account():
    return Account("123456789012", "us-east-1", clock=Noon(), outbox=[])


def covering(account, text):
    """The name of the identity that covers a sender, None if there is none."""
    identity = identities.sender_identity(account, addresses.parse(text))
    return identity and identity.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("EXAMPLE.Com", "example.com"),
        ("Ada@EXAMPLE.Com", "Ada@example.com"),
        ('"a@B"@EXAMPLE.com', '"a@B"@example.com'),
    ],
)
def test_domains_are_kept_in_lower_case(account, name, expected):
    """The domain of a name is case-insensitive, the local part is not."""
    identities.verify(account, name)

    assert [expected] == list(account.identities)
    assert expected == identities.find(account, name).name


def test_an_arn_of_this_account_and_region_names_an_identity(account):
    """An identity is found by its ARN, one of another region is not."""
    identities.verify(account, "example.com")

    assert "example.com" == identities.find(account, DOMAIN_ARN).name
    assert identities.known(account, DOMAIN_ARN.replace("us-east-1", "eu-west-1")) is None


def test_find_refuses_an_unknown_name(account):
    """An unknown identity is refused by name."""
    with pytest.raises(
        errors.IdentityDoesNotExist, match=r"^Email identity X@example\.com does not exist\.$"
    ):
        identities.find(account, "X@example.com")


@pytest.mark.parametrize(
    ("name", "kind", "domain"),
    [("example.com", "DOMAIN", "example.com"), ("a@example.com", "EMAIL_ADDRESS", "example.com")],
)
def test_a_name_with_an_at_is_an_address(account, name, kind, domain):
    """What has an @ is an address, else it is a domain."""
    identity = identities.create(account, name)

    assert (kind, kind == "DOMAIN", domain) == (identity.kind, identity.is_domain, identity.domain)


@pytest.mark.parametrize("register", [identities.register_address, identities.create])
@pytest.mark.parametrize("name", ["a@", "a b@example.com", "Ada <ada@example.com>", " a@b.c"])
def test_malformed_addresses_are_refused(account, register, name):
    """An identity is a bare address that SES would send from."""
    with pytest.raises(errors.InvalidParameterValue) as refused:
        register(account, name)

    assert f"Invalid email address<{name}>." == refused.value.message
    assert {} == dict(account.identities)


@pytest.mark.parametrize(
    "register", [identities.register_domain, identities.register_dkim, identities.create]
)
@pytest.mark.parametrize("name", ["example.com.", "exa mple.com", "münchen.de", "-a.com", ""])
def test_malformed_domains_are_refused(account, register, name):
    """A domain has no dot at its end, no space and no letter beyond ASCII."""
    with pytest.raises(errors.InvalidParameterValue) as refused:
        register(account, name)

    assert f"Invalid domain name {name}." == refused.value.message


def test_registering_again_changes_nothing(account):
    """An identity that is there already stays as it is, with its tokens."""
    domain = identities.register_domain(account, "example.com")
    address = identities.verify(account, "ada@example.com")

    assert domain is identities.register_domain(account, "EXAMPLE.com")
    assert address is identities.register_address(account, "ada@EXAMPLE.com")
    assert address.verified


def test_a_domain_verified_by_token_has_no_dkim(account):
    """Verifying by a token gives one of 44 letters and starts no DKIM."""
    identity = identities.register_domain(account, "example.com")

    assert 44 == len(identity.verification_token)
    assert Dkim() == identity.dkim


def test_register_dkim_starts_easy_dkim_once(account):
    """Easy DKIM gives three tokens of 32 letters, the same each time."""
    tokens = identities.register_dkim(account, "example.com").dkim.tokens

    assert [32, 32, 32] == [len(token) for token in tokens]
    assert tokens == identities.register_dkim(account, "example.com").dkim.tokens


def test_register_dkim_replaces_a_key_of_ones_own(account):
    """Easy DKIM takes the place of a key of one's own."""
    identities.create(account, "example.com", signing=OWN_KEY)

    assert identities.register_dkim(account, "example.com").dkim.is_easy


def test_create_keeps_what_is_given(account):
    """A new identity is pending, with its tags and DKIM."""
    identity = identities.create(account, "example.com", tags={"team": "a"})

    assert (False, {"team": "a"}) == (identity.verified, identity.tags)
    assert ("PENDING", True) == (identity.dkim.status, identity.dkim.is_easy)


def test_create_with_an_unknown_configuration_set_leaves_nothing(account):
    """A refused creation leaves nothing behind."""
    with pytest.raises(errors.ConfigurationSetDoesNotExist):
        identities.create(account, "example.com", configuration_set_name="missing")

    assert {} == dict(account.identities)


def test_dkim_settings_are_for_domains(account):
    """An address takes no DKIM settings."""
    with pytest.raises(
        errors.InvalidParameterValue, match=r"^The EmailIdentity value must be a valid domain\.$"
    ):
        identities.create(account, "ada@example.com", signing=OWN_KEY)


def test_an_account_has_a_limit(account):
    """An account takes no more than 10,000 identities in a region."""
    for number in range(IDENTITIES):
        identities.register_address(account, f"a{number}@example.com")

    with pytest.raises(errors.LimitExceeded):
        identities.register_address(account, "one-more@example.com")


def test_check_is_new(account):
    """A name that is taken is refused as it was given."""
    identities.check_is_new(account, "example.com")
    identities.create(account, "example.com")

    with pytest.raises(errors.IdentityAlreadyExists) as refused:
        identities.check_is_new(account, "EXAMPLE.com")

    assert "Email identity EXAMPLE.com already exist." == refused.value.message


def test_verify_makes_an_identity(account):
    """A domain that was not there is made, with its DKIM verified."""
    identity = identities.verify(account, "example.com")

    assert (True, NOON) == (identity.verified, identity.verified_at)
    assert ("SUCCESS", True) == (identity.dkim.status, identity.dkim.signing_enabled)


def test_verify_turns_an_identity(account):
    """A pending identity keeps its tokens and settings when it is verified."""
    created = identities.create(account, "example.com", signing=OWN_KEY)
    identities.set_mail_from(account, "example.com", "mail.example.com")

    identity = identities.verify(account, "example.com")

    assert created is identity
    assert (["s1"], "SUCCESS") == (identity.dkim.tokens, identity.dkim.status)
    assert "SUCCESS" == identity.mail_from_status


def test_verify_an_address(account):
    """A verified address has no DKIM of its own."""
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
    """A sender is covered by its own identity, else by the closest domain that it lies in."""
    account.verify(*verified)

    assert expected == covering(account, sender)
    assert (expected is not None) == identities.is_verified(account, addresses.bare(sender))


def test_a_pending_identity_covers_nobody(account):
    """An identity that is not verified is passed over for one that is."""
    identities.register_address(account, "ada@example.com")
    assert covering(account, "ada@example.com") is None

    identities.verify(account, "example.com")
    assert "example.com" == covering(account, "ada@example.com")


def test_is_verified_takes_a_domain(account):
    """A domain is verified by itself or by one above it."""
    identities.verify(account, "example.com")

    assert identities.is_verified(account, "A.example.com")
    assert not identities.is_verified(account, "example.org")


def test_an_address_is_no_domain_and_a_domain_no_address(account):
    """An identity of the other kind does not stand in for a name that is wrong."""
    identities.register_address(account, "ada@example.com")
    identities.register_domain(account, "example.com")
    for register in (identities.register_domain, identities.register_dkim):
        with pytest.raises(errors.InvalidParameterValue, match="Invalid domain name ada@example"):
            register(account, "ada@example.com")
    with pytest.raises(errors.InvalidParameterValue, match=r"Invalid email address<example\.com>"):
        identities.register_address(account, "example.com")
