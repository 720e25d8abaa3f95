"""Parsing of ARNs."""

import pytest

from pytest_ses.domain import arns

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
TENANT = "arn:aws:ses:us-east-1:123456789012:tenant/shop/tn-1"


def test_region_and_account():
    """Every ARN contains a region and an account."""
    assert {"region": "eu-west-1", "account_id": "123456789012"} == arns.location(TOPIC)


@pytest.mark.parametrize("text", ["", "events", "arn:aws:sns:eu-west-1"])
def test_invalid_arn(text):
    """The error for an invalid ARN shows the text."""
    example = "arn:aws:sns:us-east-1:123456789012:news"
    with pytest.raises(
        ValueError, match=f"^'{text}' is not an ARN; expected one such as '{example}'$"
    ):
        arns.location(text)


def test_resource():
    """The name of a resource is everything after its kind."""
    expected = (TENANT, "us-east-1", "123456789012", "tenant", "shop/tn-1")
    assert expected == arns.resource_of(TENANT)


@pytest.mark.parametrize("text", [TOPIC, TENANT.replace("/", ":"), "tenant/shop"])
def test_not_a_resource_of_ses(text):
    """The ARN of another service, or of a malformed resource, is not the ARN of an SES resource."""
    assert arns.resource_of(text) is None
