"""Multi-region endpoints, through API v2."""

from datetime import timedelta

import boto3
import pytest
from asking import error_of, without_metadata
from botocore_models import needs

from pytest_ses.wire.http import Fault

pytestmark = needs("sesv2", "CreateMultiRegionEndpoint")

BAD_REQUEST = ("BadRequestException", 400)
MISSING = ("NotFoundException", 404, "Multi-region endpoint global does not exist.")
ARN = "arn:aws:ses:us-east-1:123456789012:multi-region-endpoint/global"


@pytest.fixture(name="create")
def _create(sesv2_client):
    """A function that creates an endpoint."""

    def create(name="global", regions=("eu-west-1",), **params):
        details = {"RoutesDetails": [{"Region": region} for region in regions]}
        return without_metadata(
            sesv2_client.create_multi_region_endpoint(EndpointName=name, Details=details, **params)
        )

    return create


@pytest.fixture(name="list_names")
def _list_names(sesv2_client):
    """A function that returns the names of the endpoints on a page, and the next token."""

    def list_names(**params):
        page = sesv2_client.list_multi_region_endpoints(**params)
        names = [endpoint["EndpointName"] for endpoint in page["MultiRegionEndpoints"]]
        return names, page.get("NextToken")

    return list_names


def test_create_and_get(sesv2_client, ses_backend, create):
    """A new endpoint has the status CREATING in the response, and READY afterwards."""
    created = create()
    assert "CREATING" == created["Status"]

    endpoint = without_metadata(sesv2_client.get_multi_region_endpoint(EndpointName="global"))
    times = [endpoint.pop(name) for name in ("CreatedTimestamp", "LastUpdatedTimestamp")]
    assert times[0] == times[1]
    assert ses_backend.clock.now() - times[0] < timedelta(minutes=1)
    assert {
        "EndpointName": "global",
        "EndpointId": created["EndpointId"],
        "Status": "READY",
        "Routes": [{"Region": "us-east-1"}, {"Region": "eu-west-1"}],
    } == endpoint


def test_delete(sesv2_client, create):
    """A deleted endpoint has the status DELETING in the response, and does not exist afterwards."""
    create()
    deleted = without_metadata(sesv2_client.delete_multi_region_endpoint(EndpointName="global"))
    assert {"Status": "DELETING"} == deleted
    assert MISSING == error_of(sesv2_client.get_multi_region_endpoint, EndpointName="global")


def test_delete_missing(sesv2_client):
    """An endpoint that does not exist cannot be deleted."""
    assert MISSING == error_of(sesv2_client.delete_multi_region_endpoint, EndpointName="global")


def test_duplicate(create):
    """A duplicate name is rejected."""
    create()
    # This text is our own; SES's is unknown.
    text = "Multi-region endpoint global already exists."
    assert ("AlreadyExistsException", 400, text) == error_of(create)


@pytest.mark.parametrize(
    ("regions", "shown"),
    [
        ([], "none"),
        (["us-east-1"], "us-east-1"),
        ([""], "none"),
        (["eu-west-1", "eu-west-2"], "eu-west-1, eu-west-2"),
    ],
)
def test_routes(create, regions, shown):
    """Routes must contain exactly one other region."""
    # This text is our own; SES's is unknown.
    text = f"Give exactly one region other than us-east-1; given: {shown}."
    assert (*BAD_REQUEST, text) == error_of(create, regions=regions)


class TestList:
    @pytest.fixture(autouse=True)
    def _two_endpoints(self, create):
        for name in ("b", "a"):
            create(name)

    def test_listed_endpoint(self, sesv2_client):
        """A listed endpoint shows its status and regions."""
        first = sesv2_client.list_multi_region_endpoints()["MultiRegionEndpoints"][0]
        assert ("a", "READY", ["us-east-1", "eu-west-1"]) == (
            first["EndpointName"],
            first["Status"],
            first["Regions"],
        )

    def test_pages(self, list_names):
        """Endpoints are listed by name, in pages."""
        first_page, token = list_names(PageSize=1)
        assert (["a"], (["b"], None)) == (first_page, list_names(NextToken=token))

    def test_invalid_token(self, list_names):
        """An invalid token is rejected."""
        # This text is our own; SES's is unknown.
        assert (*BAD_REQUEST, "Invalid Next Token") == error_of(list_names, NextToken="none")


def test_tags(sesv2_client, create):
    """An endpoint can be tagged on creation and later, by its ARN."""
    create(Tags=[{"Key": "a", "Value": "1"}])
    sesv2_client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "b", "Value": "2"}])
    assert [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}] == (
        sesv2_client.list_tags_for_resource(ResourceArn=ARN)["Tags"]
    )


def test_tags_of_a_missing_endpoint(sesv2_client):
    """Listing the tags of a missing endpoint fails."""
    text = "No MultiRegionEndpoint present with name: global"
    assert ("NotFoundException", 404, text) == error_of(
        sesv2_client.list_tags_for_resource, ResourceArn=ARN
    )


def test_other_region(create):
    """An endpoint exists only in the region where it was created."""
    create()
    client = boto3.client("sesv2", region_name="eu-west-1")
    assert MISSING == error_of(client.get_multi_region_endpoint, EndpointName="global")
    assert MISSING == error_of(client.delete_multi_region_endpoint, EndpointName="global")
    assert [] == client.list_multi_region_endpoints()["MultiRegionEndpoints"]


class TestSend:
    """Sending through an endpoint, without botocore, which would need awscrt to sign it."""

    @pytest.fixture(name="send")
    def _send(self, ses_backend):
        """A function that sends a message through an endpoint."""
        ses_backend.verify("example.com")

        def send(endpoint_id):
            content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
            return ses_backend._call(
                "sesv2",
                "SendEmail",
                {
                    "FromEmailAddress": "a@example.com",
                    "Destination": {"ToAddresses": ["ada@example.org"]},
                    "Content": content,
                    "EndpointId": endpoint_id,
                },
            )

        return send

    def test_sent(self, ses_backend, create, send):
        """A message sent through an existing endpoint has the region of the request."""
        send(create()["EndpointId"])
        assert ["us-east-1"] == [message.region for message in ses_backend.outbox]

    def test_missing(self, create, send):
        """Sending through an endpoint that does not exist is rejected."""
        create()
        with pytest.raises(Fault) as caught:
            send("global")
        assert MISSING == (caught.value.code, caught.value.status, caught.value.message)
