"""What does an ARN say?"""

import pytest

from pytest_ses.domain import arns

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"
TENANT = "arn:aws:ses:us-east-1:123456789012:tenant/shop/tn-1"


def test_place():
    """Every ARN says in which region and account a thing is."""
    assert {"region": "eu-west-1", "account_id": "123456789012"} == arns.place(TOPIC)


@pytest.mark.parametrize("text", ["", "events", "arn:aws:sns:eu-west-1"])
def test_no_place(text):
    """What is no ARN is shown in the error."""
    with pytest.raises(ValueError, match=f"^'{text}' is no ARN$"):
        arns.place(text)


def test_resource():
    """The name of a resource is all that follows its kind."""
    expected = (TENANT, "us-east-1", "123456789012", "tenant", "shop/tn-1")
    assert expected == arns.resource_of(TENANT)


@pytest.mark.parametrize("text", [TOPIC, TENANT.replace("/", ":"), "tenant/shop"])
def test_no_resource(text):
    """What SES has not, or has not so, is no resource."""
    assert arns.resource_of(text) is None
