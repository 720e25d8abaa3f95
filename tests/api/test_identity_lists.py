"""How are identities listed?"""

import boto3
import pytest
from asking import answer, refusal

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)

has_filter = pytest.mark.skipif(
    "Filter"
    not in boto3.client("sesv2", "us-east-1")
    .meta.service_model.operation_model("ListEmailIdentities")
    .input_shape.members,
    reason="this botocore does not know the filter",
)


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
