"""Identities through boto3, in both APIs."""

from datetime import datetime, timezone

import boto3
import pytest
from asking import answer, refusal

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
TOPIC = "arn:aws:sns:us-east-1:123456789012:bounces"
OWN_KEY = {"DomainSigningSelector": "s1", "DomainSigningPrivateKey": "MIIE"}

has_filter = pytest.mark.skipif(
    "Filter"
    not in boto3.client("sesv2", "us-east-1")
    .meta.service_model.operation_model("ListEmailIdentities")
    .input_shape.members,
    reason="this botocore does not know the filter",
)


@pytest.fixture(name="clients")
def _clients(ses_client, sesv2_client):
    return {"ses": ses_client, "sesv2": sesv2_client}


@pytest.fixture(name="identity")
def _identity(ses_backend):
    """The state behind example.com, which is verified."""
    ses_backend.verify("example.com")
    return ses_backend.account().identities["example.com"]


# Verifying.
@pytest.mark.parametrize("operation", ["verify_email_identity", "verify_email_address"])
def test_an_address_is_pending_until_the_test_verifies_it(ses_backend, ses_client, operation):
    """An address is made pending, again without effect, and verified by the test."""

    def status():
        attributes = ses_client.get_identity_verification_attributes(Identities=["a@example.com"])
        return attributes["VerificationAttributes"]["a@example.com"]

    for _ in range(2):
        assert {} == answer(getattr(ses_client, operation)(EmailAddress="a@example.com"))
    assert {"VerificationStatus": "Pending"} == status()

    ses_backend.verify("a@example.com")
    assert {"VerificationStatus": "Success"} == status()


def test_a_domain_is_verified_by_a_token(ses_client):
    """A domain gets a token, the same each time, which its attributes show."""
    token = ses_client.verify_domain_identity(Domain="Example.com")["VerificationToken"]

    assert token == ses_client.verify_domain_identity(Domain="example.com")["VerificationToken"]
    attributes = ses_client.get_identity_verification_attributes(Identities=["EXAMPLE.com"])
    assert {
        "EXAMPLE.com": {"VerificationStatus": "Pending", "VerificationToken": token}
    } == attributes["VerificationAttributes"]


def test_a_domain_is_verified_by_dkim(ses_client):
    """Easy DKIM gives three tokens, the same each time, which its attributes show."""
    tokens = ses_client.verify_domain_dkim(Domain="example.com")["DkimTokens"]

    assert tokens == ses_client.verify_domain_dkim(Domain="example.com")["DkimTokens"]
    attributes = ses_client.get_identity_dkim_attributes(Identities=["example.com"])
    assert {
        "DkimEnabled": True,
        "DkimVerificationStatus": "Pending",
        "DkimTokens": tokens,
    } == attributes["DkimAttributes"]["example.com"]


def test_waiter_identity_exists(ses_backend, ses_client):
    """The waiter is content with verified identities at once."""
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
def test_malformed_identities_are_refused(clients, service, operation, params, expected):
    """What is neither an address nor a domain cannot be verified."""
    assert expected == refusal(getattr(clients[service], operation), **params)


def test_create_and_get_an_address(sesv2_client):
    """A new address is answered and shown as the real service does."""
    created = sesv2_client.create_email_identity(EmailIdentity="a@example.com")

    assert {"IdentityType": "EMAIL_ADDRESS", "VerifiedForSendingStatus": False} == answer(created)
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
    } == answer(sesv2_client.get_email_identity(EmailIdentity="a@example.com"))


def test_create_and_get_a_domain(sesv2_client):
    """A new domain has DKIM, which is not started in the first answer and pending after it."""
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
    """A verified domain says so, and when it was checked."""
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


def test_create_with_everything(ses_backend, sesv2_client):
    """Tags, default configuration set and a key of one's own are kept."""
    sesv2_client.create_configuration_set(ConfigurationSetName="cs")

    sesv2_client.create_email_identity(
        EmailIdentity="example.com",
        Tags=[{"Key": "team", "Value": "a"}],
        DkimSigningAttributes=OWN_KEY,
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
    """The length of the keys that SES keeps can be chosen."""
    created = sesv2_client.create_email_identity(
        EmailIdentity="example.com", DkimSigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"}
    )

    assert "RSA_1024_BIT" == created["DkimAttributes"]["CurrentSigningKeyLength"]


def test_create_checks_in_order(ses_backend, sesv2_client):
    """A taken name comes before bad tags, those before an unknown configuration set."""
    bad = {"Tags": [{"Key": "aws:x", "Value": ""}], "ConfigurationSetName": "missing"}
    ses_backend.verify("taken.com")

    assert (
        "AlreadyExistsException",
        400,
        "Email identity taken.com already exist.",
    ) == refusal(sesv2_client.create_email_identity, EmailIdentity="taken.com", **bad)
    assert (
        BAD_REQUEST
        == refusal(sesv2_client.create_email_identity, EmailIdentity="example.com", **bad)[:2]
    )
    assert (*NOT_FOUND, "Configuration set <missing> does not exist.") == refusal(
        sesv2_client.create_email_identity,
        EmailIdentity="example.com",
        ConfigurationSetName="missing",
    )
    assert ["taken.com"] == list(ses_backend.account().identities)


def test_create_refuses_dkim_of_an_address(sesv2_client):
    """DKIM settings are given for domains."""
    assert (*BAD_REQUEST, "The EmailIdentity value must be a valid domain.") == refusal(
        sesv2_client.create_email_identity,
        EmailIdentity="a@example.com",
        DkimSigningAttributes=OWN_KEY,
    )


# Lists.
def test_list_identities(ses_backend, ses_client):
    """All identities are listed, verified or not, or those of one type."""
    ses_backend.verify("example.com")
    ses_client.verify_email_identity(EmailAddress="a@example.org")

    assert {"Identities": ["example.com", "a@example.org"]} == answer(ses_client.list_identities())
    for kind, expected in (("Domain", "example.com"), ("EmailAddress", "a@example.org")):
        assert [expected] == ses_client.list_identities(IdentityType=kind)["Identities"]


def test_list_email_identities(ses_backend, sesv2_client):
    """All identities are listed with their status."""
    ses_backend.verify("example.com")
    sesv2_client.create_email_identity(EmailIdentity="a@example.org")

    assert {
        "EmailIdentities": [
            {
                "IdentityType": "DOMAIN",
                "IdentityName": "example.com",
                "SendingEnabled": True,
                "VerificationStatus": "SUCCESS",
            },
            {
                "IdentityType": "EMAIL_ADDRESS",
                "IdentityName": "a@example.org",
                "SendingEnabled": False,
                "VerificationStatus": "PENDING",
            },
        ]
    } == answer(sesv2_client.list_email_identities())


def test_list_verified_email_addresses(ses_backend, ses_client):
    """The old list has addresses that are verified, and only those."""
    ses_backend.verify("example.com", "a@example.org")
    ses_client.verify_email_identity(EmailAddress="b@example.org")

    listed = ses_client.list_verified_email_addresses()

    assert ["a@example.org"] == listed["VerifiedEmailAddresses"]


def test_pages_of_v1_go_on_in_v2(ses_backend, ses_client, sesv2_client):
    """Both lists share their tokens; the last page has none."""
    ses_backend.verify("a.com", "b.com", "c.com")

    first = ses_client.list_identities(MaxItems=2)
    last = sesv2_client.list_email_identities(PageSize=2, NextToken=first["NextToken"])

    assert ["a.com", "b.com"] == first["Identities"]
    assert ["c.com"] == [one["IdentityName"] for one in last["EmailIdentities"]]
    assert "NextToken" not in last


def test_default_page_sizes(ses_backend, ses_client, sesv2_client):
    """A page has 25 identities in v2 and all of them, up to 1000, in v1."""
    ses_backend.verify(*(f"d{number}.com" for number in range(26)))

    assert 26 == len(ses_client.list_identities()["Identities"])
    assert 25 == len(sesv2_client.list_email_identities()["EmailIdentities"])


@pytest.mark.parametrize("size", [0, 1001])
@pytest.mark.parametrize(
    ("service", "operation", "parameter", "code"),
    [
        ("ses", "list_identities", "MaxItems", INVALID),
        ("sesv2", "list_email_identities", "PageSize", BAD_REQUEST),
    ],
)
def test_page_sizes_have_limits(clients, service, operation, parameter, code, size):
    """A page of no or of more than 1000 identities is refused."""
    text = f"Value {size} for parameter {parameter} is invalid. {parameter} must be between 1 and 1000."

    assert (*code, text) == refusal(getattr(clients[service], operation), **{parameter: size})


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [("ses", "list_identities", INVALID), ("sesv2", "list_email_identities", BAD_REQUEST)],
)
def test_unknown_tokens_are_refused(clients, service, operation, code):
    """A token that SES did not give out is refused."""
    assert (*code, "Invalid NextToken <x>.") == refusal(
        getattr(clients[service], operation), NextToken="x"
    )


@pytest.fixture(name="filtered")
def _filtered(ses_backend, sesv2_client):
    """The names that pass a filter."""
    ses_backend.verify("Beta.Example.com", "a@example.com")
    sesv2_client.create_email_identity(EmailIdentity="alpha.example.com")
    sesv2_client.create_email_identity(EmailIdentity="c@other.org")
    ses_backend.account().identities["c@other.org"].verification_status = "FAILED"

    def names(**words):
        listed = sesv2_client.list_email_identities(Filter=words)
        return [one["IdentityName"] for one in listed["EmailIdentities"]]

    return names


@has_filter
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            {"IDENTITY_NAME_CONTAINS": " EXAMPLE.c "},
            ["beta.example.com", "a@example.com", "alpha.example.com"],
        ),
        ({"IDENTITY_NAME_CONTAINS": "x" * 320}, []),
        ({"IDENTITY_TYPE": "EMAIL_ADDRESS"}, ["a@example.com", "c@other.org"]),
        ({"VERIFICATION_STATUS": "PENDING"}, ["alpha.example.com"]),
        ({"VERIFICATION_STATUS": "FAILED"}, ["c@other.org"]),
        (
            {"IDENTITY_TYPE": "DOMAIN", "VERIFICATION_STATUS": "SUCCESS"},
            ["beta.example.com"],
        ),
    ],
)
def test_list_filters(filtered, words, expected):
    """A filter selects by a part of the name in any case, by type and by status."""
    assert expected == filtered(**words)


@has_filter
@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            {"IDENTITY_NAME_CONTAINS": " ab ", "IDENTITY_TYPE": "x"},
            "Filter IDENTITY_NAME_CONTAINS must be at least 3 characters.",
        ),
        (
            {"IDENTITY_NAME_CONTAINS": "x" * 321},
            "Filter IDENTITY_NAME_CONTAINS must be at most 320 characters.",
        ),
        (
            {"IDENTITY_TYPE": "MANAGED_DOMAIN", "VERIFICATION_STATUS": "x"},
            "Invalid identity type <MANAGED_DOMAIN> in filter.",
        ),
        ({"VERIFICATION_STATUS": "Pending"}, "Invalid verification status <Pending> in filter."),
        ({"VERIFICATION_STATUS": "NOT_STARTED"}, "Invalid verification status <NotStarted>."),
    ],
)
def test_list_refuses_filters(sesv2_client, words, text):
    """A filter that cannot be is refused: name before type before status before token."""
    assert (*BAD_REQUEST, text) == refusal(
        sesv2_client.list_email_identities, Filter=words, NextToken="x"
    )


@has_filter
def test_a_page_size_is_checked_before_the_filter(sesv2_client):
    """Of two faults the page size is told first."""
    assert refusal(sesv2_client.list_email_identities, PageSize=0, Filter={"IDENTITY_TYPE": "x"})[
        2
    ].startswith("Value 0 for parameter PageSize is invalid.")


@has_filter
def test_tokens_are_good_for_their_filter(ses_backend, sesv2_client):
    """A token goes on with its own filter, in any case, and with no other."""
    ses_backend.verify("a.example.com", "b.example.com")
    listing = sesv2_client.list_email_identities
    words = {"IDENTITY_NAME_CONTAINS": "example"}
    token = listing(PageSize=1, Filter=words)["NextToken"]
    unfiltered = listing(PageSize=1)["NextToken"]

    page = listing(NextToken=token, Filter={"IDENTITY_NAME_CONTAINS": " EXAMPLE "})

    assert ["b.example.com"] == [one["IdentityName"] for one in page["EmailIdentities"]]
    assert (*BAD_REQUEST, f"Invalid NextToken <{token}>.") == refusal(listing, NextToken=token)
    assert (*BAD_REQUEST, "Invalid NextToken.") == refusal(
        listing, NextToken=unfiltered, Filter=words
    )


# Deleting.
@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("delete_identity", {"Identity": "a@EXAMPLE.com"}),
        ("delete_verified_email_address", {"EmailAddress": "a@EXAMPLE.com"}),
    ],
)
def test_v1_deletes_what_may_not_be_there(ses_backend, ses_client, operation, params):
    """Deleting an identity twice is no error in v1."""
    ses_backend.verify("a@example.com")

    for _ in range(2):
        assert {} == answer(getattr(ses_client, operation)(**params))

    assert [] == list(ses_backend.account().identities)


def test_v2_deletes_what_is_there(ses_backend, sesv2_client):
    """Deleting an identity twice is an error in v2."""
    ses_backend.verify("example.com")
    sesv2_client.delete_email_identity(EmailIdentity="Example.com")

    assert (*NOT_FOUND, "Email identity Example.com does not exist.") == refusal(
        sesv2_client.delete_email_identity, EmailIdentity="Example.com"
    )


def test_get_an_unknown_identity(sesv2_client):
    """An identity that is not there cannot be shown."""
    assert (*NOT_FOUND, "Email identity example.com does not exist.") == refusal(
        sesv2_client.get_email_identity, EmailIdentity="example.com"
    )


# Attributes in v1.
def test_unknown_identities_are_left_out(ses_client):
    """Attributes of unknown identities are left out, but those of DKIM have not started."""
    unknown = {"Identities": ["example.com"]}

    assert (
        {} == (ses_client.get_identity_verification_attributes(**unknown)["VerificationAttributes"])
    )
    assert (
        {}
        == (
            ses_client.get_identity_mail_from_domain_attributes(**unknown)[
                "MailFromDomainAttributes"
            ]
        )
    )
    assert (
        {} == (ses_client.get_identity_notification_attributes(**unknown)["NotificationAttributes"])
    )
    assert {"example.com": {"DkimEnabled": False, "DkimVerificationStatus": "NotStarted"}} == (
        ses_client.get_identity_dkim_attributes(**unknown)["DkimAttributes"]
    )


@pytest.mark.parametrize("kind", ["verification", "dkim", "mail_from_domain", "notification"])
def test_attributes_of_more_than_100_identities_are_refused(ses_client, kind):
    """Up to 100 identities can be asked for at a time."""
    method = getattr(ses_client, f"get_identity_{kind}_attributes")

    method(Identities=["a.com"] * 100)

    assert (*INVALID, "At most 100 identities can be asked for at a time.") == refusal(
        method, Identities=["a.com"] * 101
    )


# DKIM.
@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ses", "set_identity_dkim_enabled", {"Identity": "example.com", "DkimEnabled": False}),
        (
            "sesv2",
            "put_email_identity_dkim_attributes",
            {"EmailIdentity": "example.com", "SigningEnabled": False},
        ),
        ("sesv2", "put_email_identity_dkim_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_signing_is_switched_off(clients, identity, service, operation, params):
    """Signing is switched off; in v2 by leaving the word out, too."""
    assert {} == answer(getattr(clients[service], operation)(**params))

    assert not identity.dkim.signing_enabled


@pytest.mark.parametrize("name", ["example.org", "a@example.org"])
@pytest.mark.parametrize(
    ("service", "operation", "words", "code"),
    [
        ("ses", "set_identity_dkim_enabled", ("Identity", "DkimEnabled"), INVALID),
        (
            "sesv2",
            "put_email_identity_dkim_attributes",
            ("EmailIdentity", "SigningEnabled"),
            BAD_REQUEST,
        ),
    ],
)
def test_signing_needs_a_known_domain(clients, service, operation, words, code, name):
    """The mail of a domain that is no identity cannot be signed."""
    params = dict(zip(words, (name, True), strict=True))

    assert (*code, "Domain example.org is not verified for DKIM signing.") == refusal(
        getattr(clients[service], operation), **params
    )


def test_an_address_shows_the_dkim_of_its_domain(identity, ses_client, sesv2_client):
    """An address has the tokens and status of its domain."""
    sesv2_client.create_email_identity(EmailIdentity="a@example.com")

    shown = sesv2_client.get_email_identity(EmailIdentity="a@example.com")["DkimAttributes"]
    attributes = ses_client.get_identity_dkim_attributes(Identities=["a@example.com"])

    assert (identity.dkim.tokens, "SUCCESS") == (shown["Tokens"], shown["Status"])
    assert {
        "DkimEnabled": True,
        "DkimVerificationStatus": "Success",
        "DkimTokens": identity.dkim.tokens,
    } == attributes["DkimAttributes"]["a@example.com"]


def test_keys_are_changed(identity, sesv2_client):
    """A domain changes to a key of its own, and back to keys that SES keeps."""
    change = sesv2_client.put_email_identity_dkim_signing_attributes

    own = change(
        EmailIdentity="example.com",
        SigningAttributesOrigin="EXTERNAL",
        SigningAttributes=OWN_KEY,
    )
    easy = change(EmailIdentity="example.com", SigningAttributesOrigin="AWS_SES")

    assert {"DkimStatus": "PENDING", "DkimTokens": ["s1"]} == answer(own)
    assert {
        "DkimStatus": "PENDING",
        "DkimTokens": identity.dkim.tokens,
        "SigningHostedZone": "dkim.amazonses.com",
    } == answer(easy)
    assert identity.verified


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"EmailIdentity": "a@example.com", "SigningAttributesOrigin": "AWS_SES"},
            (*BAD_REQUEST, "The EmailIdentity value must be a valid domain."),
        ),
        (
            {"EmailIdentity": "example.org", "SigningAttributesOrigin": "AWS_SES"},
            (*NOT_FOUND, "Email identity example.org does not exist."),
        ),
        (
            {"EmailIdentity": "example.com", "SigningAttributesOrigin": "EXTERNAL"},
            (
                *BAD_REQUEST,
                "A selector and a private key are required to sign with a key of your own.",
            ),
        ),
    ],
)
def test_keys_are_refused(identity, sesv2_client, params, expected):
    """Keys are those of a known domain, and whole."""
    assert expected == refusal(sesv2_client.put_email_identity_dkim_signing_attributes, **params)


# MAIL FROM.
@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        (
            "ses",
            "set_identity_mail_from_domain",
            {"Identity": "example.com", "BehaviorOnMXFailure": "RejectMessage"},
        ),
        (
            "sesv2",
            "put_email_identity_mail_from_attributes",
            {"EmailIdentity": "example.com", "BehaviorOnMxFailure": "REJECT_MESSAGE"},
        ),
    ],
)
def test_mail_from_is_shown_in_both(clients, identity, service, operation, params):
    """A custom MAIL FROM domain set in one API is shown in both."""
    getattr(clients[service], operation)(MailFromDomain="mail.example.com", **params)

    v1 = clients["ses"].get_identity_mail_from_domain_attributes(Identities=["example.com"])
    v2 = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert {
        "MailFromDomain": "mail.example.com",
        "MailFromDomainStatus": "Pending",
        "BehaviorOnMXFailure": "RejectMessage",
    } == v1["MailFromDomainAttributes"]["example.com"]
    assert {
        "MailFromDomain": "mail.example.com",
        "MailFromDomainStatus": "PENDING",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    } == v2["MailFromAttributes"]


def test_without_mail_from_only_the_behavior_is_shown(identity, ses_client):
    """An identity without a custom MAIL FROM domain shows none, and no status."""
    attributes = ses_client.get_identity_mail_from_domain_attributes(Identities=["example.com"])

    assert {"example.com": {"BehaviorOnMXFailure": "UseDefaultValue"}} == (
        attributes["MailFromDomainAttributes"]
    )


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ses", "set_identity_mail_from_domain", {"Identity": "example.com"}),
        ("sesv2", "put_email_identity_mail_from_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_mail_from_is_taken_away(clients, identity, service, operation, params):
    """Leaving the domain out takes it away."""
    method = getattr(clients[service], operation)
    method(MailFromDomain="mail.example.com", **params)

    method(**params)

    assert identity.mail_from_domain is None


@pytest.mark.parametrize(
    ("service", "operation", "word", "code"),
    [
        ("ses", "set_identity_mail_from_domain", "Identity", INVALID),
        ("sesv2", "put_email_identity_mail_from_attributes", "EmailIdentity", BAD_REQUEST),
    ],
)
def test_mail_from_is_refused(clients, identity, service, operation, word, code):
    """A MAIL FROM domain is below the domain of a known identity."""
    method = getattr(clients[service], operation)

    assert (*code, "Identity <x.org> does not exist.") == refusal(
        method, MailFromDomain="mail.x.org", **{word: "x.org"}
    )
    assert (
        *code,
        (
            "Provided MAIL-FROM domain <mail.x.org> is not subdomain of the domain of the identity "
            "<example.com>."
        ),
    ) == refusal(method, MailFromDomain="mail.x.org", **{word: "example.com"})


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "ses",
            "set_identity_mail_from_domain",
            {"Identity": "example.com", "BehaviorOnMXFailure": "x"},
            (
                "ValidationError",
                400,
                (
                    "1 validation error detected: Value at 'behaviorOnMXFailure' failed to satisfy "
                    "constraint: Member must satisfy enum value set: [RejectMessage, UseDefaultValue]"
                ),
            ),
        ),
        (
            "sesv2",
            "put_email_identity_mail_from_attributes",
            {"EmailIdentity": "example.com", "BehaviorOnMxFailure": "x"},
            (
                *BAD_REQUEST,
                (
                    "1 validation error detected: Value at 'behaviorOnMxFailure' failed to satisfy "
                    "constraint: Member must satisfy enum value set: "
                    "[REJECT_MESSAGE, USE_DEFAULT_VALUE]"
                ),
            ),
        ),
    ],
)
def test_behaviors_are_of_a_set(clients, service, operation, params, expected):
    """What to do without an MX record is one of two words."""
    assert expected == refusal(getattr(clients[service], operation), **params)


# Notifications and feedback.
@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        (
            "ses",
            "set_identity_feedback_forwarding_enabled",
            {"Identity": "example.com", "ForwardingEnabled": False},
        ),
        (
            "sesv2",
            "put_email_identity_feedback_attributes",
            {"EmailIdentity": "example.com", "EmailForwardingEnabled": False},
        ),
        ("sesv2", "put_email_identity_feedback_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_feedback_forwarding_is_switched_off(clients, identity, service, operation, params):
    """Forwarding is switched off; in v2 by leaving the word out, too."""
    getattr(clients[service], operation)(**params)

    shown = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert not shown["FeedbackForwardingStatus"]


def test_notification_attributes(identity, ses_client):
    """Topics and headers are shown by type; what has no topic shows none."""
    ses_client.set_identity_notification_topic(
        Identity="example.com", NotificationType="Bounce", SnsTopic=TOPIC
    )
    ses_client.set_identity_headers_in_notifications_enabled(
        Identity="example.com", NotificationType="Bounce", Enabled=True
    )

    attributes = ses_client.get_identity_notification_attributes(Identities=["example.com"])

    assert {
        "BounceTopic": TOPIC,
        "ForwardingEnabled": True,
        "HeadersInBounceNotificationsEnabled": True,
        "HeadersInComplaintNotificationsEnabled": False,
        "HeadersInDeliveryNotificationsEnabled": False,
    } == attributes["NotificationAttributes"]["example.com"]


def test_a_topic_is_taken_away(identity, ses_client):
    """Leaving the topic out takes it away."""
    ses_client.set_identity_notification_topic(
        Identity="example.com", NotificationType="Bounce", SnsTopic=TOPIC
    )

    ses_client.set_identity_notification_topic(Identity="example.com", NotificationType="Bounce")

    assert {} == identity.topics


def test_a_topic_is_an_arn(identity, ses_client):
    """An empty topic is refused."""
    assert (*INVALID, "SNS topic  is invalid.") == refusal(
        ses_client.set_identity_notification_topic,
        Identity="example.com",
        NotificationType="Bounce",
        SnsTopic="",
    )


NOT_IDENTITY = "Identity x.org is invalid. Must be a verified email address or domain."
NOT_IDENTITY_FOR_HEADERS = (
    "Identity x.org is invalid. It must be a verified email address or domain."
)


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "ses",
            "set_identity_notification_topic",
            {"Identity": "x.org", "NotificationType": "Bounce", "SnsTopic": TOPIC},
            (*INVALID, NOT_IDENTITY),
        ),
        (
            "ses",
            "set_identity_feedback_forwarding_enabled",
            {"Identity": "x.org", "ForwardingEnabled": True},
            (*INVALID, NOT_IDENTITY),
        ),
        (
            "sesv2",
            "put_email_identity_feedback_attributes",
            {"EmailIdentity": "x.org", "EmailForwardingEnabled": True},
            (*BAD_REQUEST, NOT_IDENTITY),
        ),
        (
            "ses",
            "set_identity_headers_in_notifications_enabled",
            {"Identity": "x.org", "NotificationType": "Bounce", "Enabled": True},
            (*INVALID, NOT_IDENTITY_FOR_HEADERS),
        ),
        (
            "ses",
            "set_identity_headers_in_notifications_enabled",
            {"Identity": "x.org", "NotificationType": "x", "Enabled": True},
            (
                "ValidationError",
                400,
                (
                    "1 validation error detected: Value at 'notificationType' failed to satisfy "
                    "constraint: Member must satisfy enum value set: [Bounce, Complaint, Delivery]"
                ),
            ),
        ),
    ],
)
def test_notifications_are_refused(clients, service, operation, params, expected):
    """Notifications are set for identities."""
    assert expected == refusal(getattr(clients[service], operation), **params)


# The default configuration set.
def test_default_configuration_set(identity, sesv2_client):
    """A default configuration set is set, and taken away by leaving it out."""
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
def test_default_configuration_set_is_refused(identity, sesv2_client, name, text):
    """Identity and configuration set have to be there."""
    assert (*NOT_FOUND, text) == refusal(
        sesv2_client.put_email_identity_configuration_set_attributes,
        EmailIdentity=name,
        ConfigurationSetName="cs",
    )
