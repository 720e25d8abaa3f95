"""Listing identities, in both APIs."""

import boto3
import pytest
from asking import error_of, without_metadata

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)

has_filter = pytest.mark.skipif(
    "Filter"
    not in boto3.client("sesv2", "us-east-1")
    .meta.service_model.operation_model("ListEmailIdentities")
    .input_shape.members,
    reason="this botocore does not have the filter",
)


def test_list_identities(ses_backend, ses_client):
    """v1 lists verified and pending identities, optionally of one type."""
    ses_backend.verify("example.com")
    ses_client.verify_email_identity(EmailAddress="a@example.org")

    assert {"Identities": ["example.com", "a@example.org"]} == without_metadata(
        ses_client.list_identities()
    )
    for identity_type, expected in (("Domain", "example.com"), ("EmailAddress", "a@example.org")):
        assert [expected] == ses_client.list_identities(IdentityType=identity_type)["Identities"]


def test_list_email_identities(ses_backend, sesv2_client):
    """v2 lists all identities with their status."""
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
    } == without_metadata(sesv2_client.list_email_identities())


def test_list_verified_email_addresses(ses_backend, ses_client):
    """ListVerifiedEmailAddresses lists only verified addresses."""
    ses_backend.verify("example.com", "a@example.org")
    ses_client.verify_email_identity(EmailAddress="b@example.org")

    response = ses_client.list_verified_email_addresses()

    assert ["a@example.org"] == response["VerifiedEmailAddresses"]


def test_v1_token_in_v2(ses_backend, ses_client, sesv2_client):
    """A token of v1 is valid in v2; the last page has none."""
    ses_backend.verify("a.com", "b.com", "c.com")

    first = ses_client.list_identities(MaxItems=2)
    last = sesv2_client.list_email_identities(PageSize=2, NextToken=first["NextToken"])

    assert ["a.com", "b.com"] == first["Identities"]
    assert ["c.com"] == [identity["IdentityName"] for identity in last["EmailIdentities"]]
    assert "NextToken" not in last


def test_default_page_sizes(ses_backend, ses_client, sesv2_client):
    """Without a page size, v2 returns 25 identities and v1 all of them, up to 1000."""
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
def test_invalid_page_size(clients, service, operation, parameter, code, size):
    """A page size that is not between 1 and 1000 is rejected."""
    text = f"Value {size} for parameter {parameter} is invalid. {parameter} must be between 1 and 1000."

    assert (*code, text) == error_of(getattr(clients[service], operation), **{parameter: size})


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [("ses", "list_identities", INVALID), ("sesv2", "list_email_identities", BAD_REQUEST)],
)
def test_unknown_token(clients, service, operation, code):
    """An unknown token is rejected."""
    assert (*code, "Invalid NextToken <x>.") == error_of(
        getattr(clients[service], operation), NextToken="x"
    )


@pytest.fixture(name="list_filtered")
def _list_filtered(ses_backend, sesv2_client):
    """A function that returns the names of the identities that match a filter."""
    ses_backend.verify("Beta.Example.com", "a@example.com")
    sesv2_client.create_email_identity(EmailIdentity="alpha.example.com")
    sesv2_client.create_email_identity(EmailIdentity="c@other.org")
    ses_backend.account().identities["c@other.org"].verification_status = "FAILED"

    def names(**filter):
        page = sesv2_client.list_email_identities(Filter=filter)
        return [identity["IdentityName"] for identity in page["EmailIdentities"]]

    return names


@has_filter
@pytest.mark.parametrize(
    ("filter", "expected"),
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
def test_list_filters(list_filtered, filter, expected):
    """A filter matches the type, the status and a part of the name, ignoring case."""
    assert expected == list_filtered(**filter)


@has_filter
@pytest.mark.parametrize(
    ("filter", "text"),
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
def test_invalid_filter(sesv2_client, filter, text):
    """An invalid filter is rejected; name, type, status and token are checked in this order."""
    assert (*BAD_REQUEST, text) == error_of(
        sesv2_client.list_email_identities, Filter=filter, NextToken="x"
    )


@has_filter
def test_page_size_is_checked_before_the_filter(sesv2_client):
    """An invalid page size is reported before an invalid filter."""
    assert error_of(sesv2_client.list_email_identities, PageSize=0, Filter={"IDENTITY_TYPE": "x"})[
        2
    ].startswith("Value 0 for parameter PageSize is invalid.")


@has_filter
def test_token_is_bound_to_its_filter(ses_backend, sesv2_client):
    """A token is valid only with its filter; the case of the filter is ignored."""
    ses_backend.verify("a.example.com", "b.example.com")
    list_identities = sesv2_client.list_email_identities
    filter = {"IDENTITY_NAME_CONTAINS": "example"}
    token = list_identities(PageSize=1, Filter=filter)["NextToken"]
    unfiltered = list_identities(PageSize=1)["NextToken"]

    page = list_identities(NextToken=token, Filter={"IDENTITY_NAME_CONTAINS": " EXAMPLE "})

    assert ["b.example.com"] == [identity["IdentityName"] for identity in page["EmailIdentities"]]
    assert (*BAD_REQUEST, f"Invalid NextToken <{token}>.") == error_of(
        list_identities, NextToken=token
    )
    assert (*BAD_REQUEST, "Invalid NextToken.") == error_of(
        list_identities, NextToken=unfiltered, Filter=filter
    )
