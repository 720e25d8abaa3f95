"""Recommendations through API v2."""

from datetime import timedelta

import pytest
from asking import refusal

BAD_REQUEST = ("BadRequestException", 400)
ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"


@pytest.fixture(name="types")
def _types(ses_backend, sesv2_client):
    """The types on a page, and the token of the next."""
    ses_backend.verify("example.com", "example.org")

    def types(**words):
        page = sesv2_client.list_recommendations(**words)
        return [one["Type"] for one in page["Recommendations"]], page.get("NextToken")

    return types


def test_shown(ses_backend, sesv2_client, types):
    """A recommendation names the domain, what is missing, and how much it matters."""
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


def test_dkim(sesv2_client, types):
    """A domain whose mail is not signed is advised to sign it."""
    sesv2_client.put_email_identity_dkim_attributes(
        EmailIdentity="example.com", SigningEnabled=False
    )
    assert (["DKIM"], None) == types(Filter={"TYPE": "DKIM"})


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["DMARC", "SPF", "BIMI"] * 2),
        ({"RESOURCE_ARN": ARN}, ["DMARC", "SPF", "BIMI"]),
        ({"IMPACT": "LOW", "STATUS": "OPEN"}, ["BIMI", "BIMI"]),
        ({"TYPE": "SPF", "STATUS": "OPEN"}, ["SPF", "SPF"]),
        ({"STATUS": "FIXED"}, []),
    ],
)
def test_filters(types, wanted, expected):
    """Filters go by domain, type, impact and status."""
    assert (expected, None) == types(**({"Filter": wanted} if wanted else {}))


def test_fixed(ses_backend, types):
    """What is done is shown as fixed."""
    types()
    ses_backend.account().dns_records["example.com"] = {"DMARC"}
    assert (["DMARC"], None) == types(Filter={"STATUS": "FIXED"})


def test_pages(types):
    """Recommendations are listed page by page."""
    first, token = types(PageSize=4)
    assert (["DMARC", "SPF", "BIMI", "DMARC"], (["SPF", "BIMI"], None)) == (
        first,
        types(NextToken=token),
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            {"Filter": {"TYPE": "SPF", "IMPACT": "LOW"}},
            "The filters TYPE and IMPACT cannot be combined.",
        ),
        ({"PageSize": 101}, "The page size must be between 1 and 100"),
        ({"NextToken": "nonsense"}, "Invalid NextToken <nonsense>."),
    ],
)
def test_refused(types, words, expected):
    """Filters that SES does not combine, sizes and tokens that it does not know."""
    assert (*BAD_REQUEST, expected) == refusal(types, **words)
