"""What do DKIM, MAIL FROM, notifications and policies of an identity do?"""

from datetime import datetime, timezone

import pytest

from pytest_ses.domain import dkim, errors, identities, policies
from pytest_ses.domain.account import Account
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


def test_an_address_has_the_dkim_of_its_domain(account):
    """An address inherits DKIM from the closest domain, whether it is an identity or not."""
    own = identities.register_address(account, "ada@mail.example.com").dkim
    assert own is identities.dkim_of(account, "ada@mail.example.com")

    above = identities.create(account, "example.com").dkim
    assert above is identities.dkim_of(account, "ada@mail.example.com")
    assert above is identities.dkim_of(account, "bob@EXAMPLE.com")
    assert above is identities.dkim_of(account, "example.com")
    assert Dkim() == identities.dkim_of(account, "mail.example.com")


def test_signing_is_switched_on_a_domain(account):
    """Signing is switched without a change of its status."""
    identity = identities.verify(account, "example.com")

    identities.set_dkim_signing(account, "example.com", enabled=False)

    assert (False, "SUCCESS") == (identity.dkim.signing_enabled, identity.dkim.status)


def test_signing_of_an_address_is_its_domains(account):
    """For an address whose domain is an identity nothing happens."""
    identity = identities.create(account, "example.com")

    identities.set_dkim_signing(account, "ada@example.com", enabled=False)

    assert identity.dkim.signing_enabled


@pytest.mark.parametrize("name", ["example.org", "ada@example.org"])
def test_signing_needs_a_domain_that_is_an_identity(account, name):
    """Without its domain an identity cannot sign, not even a registered address."""
    identities.register_address(account, "ada@example.org")

    with pytest.raises(
        errors.InvalidParameterValue,
        match=r"^Domain example\.org is not verified for DKIM signing\.$",
    ):
        identities.set_dkim_signing(account, name, enabled=True)


@pytest.mark.parametrize("asked", [Signing(), Signing(key_length=dkim.DOMAIN_KEY_LENGTH)])
def test_the_same_keys_are_kept(account, asked):
    """Asking for what is there already changes nothing."""
    before = identities.verify(account, "example.com").dkim

    assert before is identities.change_dkim(account, "example.com", asked)


@pytest.mark.parametrize(
    "asked", [Signing(key_length="RSA_1024_BIT"), Signing(origin="AWS_SES_EU_WEST_1"), OWN_KEY]
)
def test_new_keys_have_to_be_verified_again(account, asked):
    """Other keys put DKIM back to pending; the identity stays verified."""
    identity = identities.verify(account, "example.com")
    before = identity.dkim

    after = identities.change_dkim(account, "example.com", asked)

    assert after is identity.dkim
    assert (asked.origin, "PENDING") == (after.origin, after.status)
    assert before.tokens != after.tokens
    assert identity.verified


def test_easy_dkim_comes_back(account):
    """A domain with a key of its own goes back to Easy DKIM with new tokens."""
    identities.create(account, "example.com", signing=OWN_KEY)

    assert 3 == len(identities.change_dkim(account, "example.com", Signing()).tokens)


@pytest.mark.parametrize(
    "asked",
    [
        Signing(origin="EXTERNAL"),
        Signing(origin="EXTERNAL", selector="s1"),
        Signing(origin="EXTERNAL", private_key="MIIE"),
    ],
)
def test_a_key_of_ones_own_has_to_be_whole(account, asked):
    """A key of one's own is refused without its selector or itself, and changes nothing."""
    before = identities.create(account, "example.com").dkim

    with pytest.raises(errors.InvalidParameterValue):
        identities.change_dkim(account, "example.com", asked)

    assert before is account.identities["example.com"].dkim


@pytest.mark.parametrize("name", ["ada@example.com", " "])
def test_keys_are_for_domains(account, name):
    """The keys of an address cannot be changed."""
    with pytest.raises(
        errors.InvalidParameterValue, match=r"^The EmailIdentity value must be a valid domain\.$"
    ):
        identities.change_dkim(account, name, Signing())


def test_mail_from_begins_pending(account):
    """A custom MAIL FROM domain has to be verified, also on a verified identity."""
    identity = identities.verify(account, "example.com")

    identities.set_mail_from(account, "example.com", "Mail.example.com", behavior="REJECT_MESSAGE")

    assert ("mail.example.com", "PENDING", "REJECT_MESSAGE") == (
        identity.mail_from_domain,
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


def test_the_same_mail_from_stays_verified(account):
    """Setting the same domain again changes the behaviour only."""
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


@pytest.mark.parametrize("nothing", [None, ""])
def test_mail_from_is_taken_away(account, nothing):
    """No domain takes the custom MAIL FROM domain and its behaviour away."""
    identity = identities.create(account, "example.com")
    identities.set_mail_from(account, "example.com", "mail.example.com", behavior="REJECT_MESSAGE")

    identities.set_mail_from(account, "example.com", nothing, behavior="REJECT_MESSAGE")

    assert (None, None, "USE_DEFAULT_VALUE") == (
        identity.mail_from_domain,
        identity.mail_from_status,
        identity.behavior_on_mx_failure,
    )


@pytest.mark.parametrize("domain", ["example.com", "mail.example.org", "notexample.com"])
@pytest.mark.parametrize("name", ["example.com", "ada@example.com"])
def test_mail_from_lies_below_the_identity(account, name, domain):
    """A MAIL FROM domain is a subdomain of the identity's domain."""
    identities.create(account, name)

    with pytest.raises(errors.InvalidParameterValue) as refused:
        identities.set_mail_from(account, name, domain)

    assert (
        f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity "
        "<example.com>."
    ) == refused.value.message


@pytest.mark.parametrize("status", ["PENDING", "FAILED", "TEMPORARY_FAILURE"])
def test_mail_is_refused_while_mail_from_is_broken(account, status):
    """An identity that rejects mail does so until its MAIL FROM domain is verified."""
    identity = identities.verify(account, "example.com")
    identities.check_mail_from(identity)
    identities.set_mail_from(account, "example.com", "mail.example.com", behavior="REJECT_MESSAGE")
    identity.mail_from_status = status

    with pytest.raises(errors.MailFromDomainNotVerified, match=r"\bexample\.com\b"):
        identities.check_mail_from(identity)
    identities.verify(account, "example.com")
    identities.check_mail_from(identity)


def test_mail_passes_where_the_default_is_used(account):
    """An identity that uses the default MAIL FROM domain instead sends meanwhile."""
    identities.set_mail_from(
        account, identities.verify(account, "example.com").name, "mail.example.com"
    )

    identities.check_mail_from(account.identities["example.com"])


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (
            lambda account: identities.set_mail_from(account, "x.org", "mail.x.org"),
            "Identity <x.org> does not exist.",
        ),
        (
            lambda account: identities.set_feedback_forwarding(account, "x.org", enabled=True),
            "Identity x.org is invalid. Must be a verified email address or domain.",
        ),
        (
            lambda account: identities.set_topic(account, "x.org", "Bounce", None),
            "Identity x.org is invalid. Must be a verified email address or domain.",
        ),
        (
            lambda account: identities.set_headers_in_notifications(
                account, "x.org", "Bounce", enabled=True
            ),
            "Identity x.org is invalid. It must be a verified email address or domain.",
        ),
    ],
)
def test_settings_are_of_identities(account, refused, expected):
    """What is no identity has no settings; each setting has words of its own for it."""
    with pytest.raises(errors.InvalidParameterValue) as refusal:
        refused(account)

    assert expected == refusal.value.message


def test_topics_are_set_and_taken_away(account):
    """A type of notification has a topic until it is taken away, which can be done twice."""
    identity = identities.create(account, "example.com")
    topic = "arn:aws:sns:us-east-1:123456789012:bounces"

    identities.set_topic(account, "example.com", "Bounce", topic)
    assert {"Bounce": topic} == identity.topics

    identities.set_topic(account, "example.com", "Bounce", None)
    identities.set_topic(account, "example.com", "Bounce", None)
    assert {} == identity.topics


def test_a_topic_is_an_arn(account):
    """What is no ARN of a topic is refused."""
    identities.create(account, "example.com")

    with pytest.raises(errors.InvalidParameterValue, match=r"^SNS topic  is invalid\.$"):
        identities.set_topic(account, "example.com", "Bounce", "")


def test_headers_in_notifications_are_switched(account):
    """Headers are switched for each type of notification, on and off."""
    identity = identities.create(account, "example.com")

    for enabled, expected in ((True, {"Bounce"}), (False, set()), (False, set())):
        identities.set_headers_in_notifications(account, "example.com", "Bounce", enabled=enabled)
        assert expected == identity.headers_in_notifications


@pytest.mark.parametrize("policy", ["", "{", "[]", '"text"', "[" * 100_000])
def test_a_policy_is_a_json_object(account, policy):
    """What is no JSON object is no policy."""
    identities.create(account, "example.com")

    with pytest.raises(errors.InvalidPolicy):
        policies.put(account, "example.com", "p", policy)


def test_a_policy_has_a_limit(account):
    """A policy of more than 4 KB, its white space not counted, is refused."""
    identities.create(account, "example.com")
    longest = '{"a":"%s"}' % ("x" * (4096 - 8))

    policies.put(account, "example.com", "p", longest.replace(":", " " * 100 + ":"))
    assert longest == policies.of(account, "example.com")["p"]

    with pytest.raises(errors.InvalidPolicy):
        policies.put(account, "example.com", "p", longest.replace("x", "xx", 1))
