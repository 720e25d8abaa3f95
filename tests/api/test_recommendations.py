"""Recommendations, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of

BAD_REQUEST = ("BadRequestException", 400)
ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"


@pytest.fixture(name="list_types")
def _list_types(ses_backend, sesv2_client):
    """A function that returns the types of the recommendations on a page, and the next token."""
    ses_backend.verify("example.com", "example.org")

    def list_types(**params):
        page = sesv2_client.list_recommendations(**params)
        types = [recommendation["Type"] for recommendation in page["Recommendations"]]
        return types, page.get("NextToken")

    return list_types


def test_recommendation(ses_backend, sesv2_client, list_types):
    """A recommendation shows the domain, what is missing and its impact."""
    first, *_ = sesv2_client.list_recommendations()["Recommendations"]
    age = ses_backend.clock.now() - first.pop("CreatedTimestamp")
    assert timedelta(0) <= age
    assert timedelta(0) <= ses_backend.clock.now() - first.pop("LastUpdatedTimestamp")
    assert {
        "ResourceArn": ARN,
        "Type": "DMARC",
        "Description": "There is no DMARC record.",
        "Status": "OPEN",
        "Impact": "HIGH",
    } == first


def test_dkim(sesv2_client, list_types):
    """A domain with DKIM signing disabled has a DKIM recommendation."""
    sesv2_client.put_email_identity_dkim_attributes(
        EmailIdentity="example.com", SigningEnabled=False
    )
    assert (["DKIM"], None) == list_types(Filter={"TYPE": "DKIM"})


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, ["DMARC", "SPF", "BIMI"] * 2),
        ({"RESOURCE_ARN": ARN}, ["DMARC", "SPF", "BIMI"]),
        ({"IMPACT": "LOW", "STATUS": "OPEN"}, ["BIMI", "BIMI"]),
        ({"TYPE": "SPF", "STATUS": "OPEN"}, ["SPF", "SPF"]),
        ({"STATUS": "FIXED"}, []),
    ],
)
def test_filters(list_types, filter, expected):
    """Filters match the domain, type, impact and status."""
    assert (expected, None) == list_types(**({"Filter": filter} if filter else {}))


def test_fixed(ses_backend, list_types):
    """A recommendation is fixed once its DNS record exists."""
    list_types()
    ses_backend.account().dns_records["example.com"] = {"DMARC"}
    assert (["DMARC"], None) == list_types(Filter={"STATUS": "FIXED"})


def test_pages(list_types):
    """Recommendations are listed in pages."""
    first, token = list_types(PageSize=4)
    assert (["DMARC", "SPF", "BIMI", "DMARC"], (["SPF", "BIMI"], None)) == (
        first,
        list_types(NextToken=token),
    )


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"Filter": {"TYPE": "SPF", "IMPACT": "LOW"}},
            "The filters TYPE and IMPACT cannot be combined.",
        ),
        ({"PageSize": 101}, "The page size must be between 1 and 100"),
        ({"NextToken": "nonsense"}, "Invalid NextToken <nonsense>."),
    ],
)
def test_rejected(list_types, params, expected):
    """Filters that cannot be combined, and an invalid page size or token, are rejected."""
    assert (*BAD_REQUEST, expected) == error_of(list_types, **params)
