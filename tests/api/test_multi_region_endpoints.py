"""Multi-region endpoints through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal

from pytest_ses.wire.http import Fault

BAD_REQUEST = ("BadRequestException", 400)
MISSING = ("NotFoundException", 404, "Multi-region endpoint global does not exist.")
ARN = "arn:aws:ses:us-east-1:123456789012:multi-region-endpoint/global"


@pytest.fixture(name="make")
def _make(sesv2_client):
    """Make an endpoint."""

    def make(name="global", regions=("eu-west-1",), **params):
        details = {"RoutesDetails": [{"Region": region} for region in regions]}
        return answer(
            sesv2_client.create_multi_region_endpoint(EndpointName=name, Details=details, **params)
        )

    return make


@pytest.fixture(name="names")
def _names(sesv2_client):
    """The endpoints on a page, and the token of the next."""

    def names(**params):
        page = sesv2_client.list_multi_region_endpoints(**params)
        return [one["EndpointName"] for one in page["MultiRegionEndpoints"]], page.get("NextToken")

    return names


def test_create_and_get(sesv2_client, ses_backend, make):
    """An endpoint is being made for as long as nobody looks."""
    made = make()
    assert "CREATING" == made["Status"]

    found = answer(sesv2_client.get_multi_region_endpoint(EndpointName="global"))
    times = [found.pop(name) for name in ("CreatedTimestamp", "LastUpdatedTimestamp")]
    assert times[0] == times[1]
    assert ses_backend.clock.now() - times[0] < timedelta(minutes=1)
    assert {
        "EndpointName": "global",
        "EndpointId": made["EndpointId"],
        "Status": "READY",
        "Routes": [{"Region": "us-east-1"}, {"Region": "eu-west-1"}],
    } == found


def test_delete(sesv2_client, make):
    """An endpoint that is deleted is gone for the next call."""
    make()
    deleted = answer(sesv2_client.delete_multi_region_endpoint(EndpointName="global"))
    assert {"Status": "DELETING"} == deleted
    assert MISSING == refusal(sesv2_client.get_multi_region_endpoint, EndpointName="global")


def test_missing(sesv2_client):
    """What is not there is not deleted."""
    assert MISSING == refusal(sesv2_client.delete_multi_region_endpoint, EndpointName="global")


def test_duplicate(make):
    """A name is taken, in words of our own."""
    make()
    text = "Multi-region endpoint global already exists."
    assert ("AlreadyExistsException", 400, text) == refusal(make)


@pytest.mark.parametrize(
    ("regions", "given"),
    [
        ([], "none"),
        (["us-east-1"], "us-east-1"),
        ([""], "none"),
        (["eu-west-1", "eu-west-2"], "eu-west-1, eu-west-2"),
    ],
)
def test_routes(make, regions, given):
    """There is one other region, in words of our own."""
    text = f"Give exactly one region other than us-east-1; given: {given}."
    assert (*BAD_REQUEST, text) == refusal(make, regions=regions)


class TestList:
    @pytest.fixture(autouse=True)
    def two(self, make):
        """Two endpoints."""
        for name in ("b", "a"):
            make(name)

    def test_shown(self, sesv2_client):
        """An endpoint in the list shows its regions."""
        first = sesv2_client.list_multi_region_endpoints()["MultiRegionEndpoints"][0]
        assert ("a", "READY", ["us-east-1", "eu-west-1"]) == (
            first["EndpointName"],
            first["Status"],
            first["Regions"],
        )

    def test_pages(self, names):
        """They are listed by name, page by page."""
        found, token = names(PageSize=1)
        assert (["a"], (["b"], None)) == (found, names(NextToken=token))

    def test_bad_token(self, names):
        """A token that SES did not give out is refused, in words of our own."""
        assert (*BAD_REQUEST, "Invalid Next Token") == refusal(names, NextToken="none")


def test_tags(sesv2_client, make):
    """Tags come with an endpoint or later, and are read by its ARN."""
    make(Tags=[{"Key": "a", "Value": "1"}])
    sesv2_client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "b", "Value": "2"}])
    assert [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}] == (
        sesv2_client.list_tags_for_resource(ResourceArn=ARN)["Tags"]
    )


def test_tags_of_a_missing_one(sesv2_client):
    """An endpoint that is not there has no tags."""
    text = "No MultiRegionEndpoint present with name: global"
    assert ("NotFoundException", 404, text) == refusal(
        sesv2_client.list_tags_for_resource, ResourceArn=ARN
    )


class TestSend:
    """botocore signs a mail to an endpoint with a library of its own, so it is left out here."""

    @pytest.fixture(name="send")
    def _send(self, ses_backend):
        """Send a mail by an endpoint."""
        ses_backend.verify("example.com")

        def send(endpoint_id):
            content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
            return ses_backend.call(
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

    def test_sent(self, ses_backend, make, send):
        """A mail goes out by an endpoint that is there, from the region it was sent to."""
        send(make()["EndpointId"])
        assert ["us-east-1"] == [message.region for message in ses_backend.outbox]

    def test_missing(self, make, send):
        """A mail by an endpoint that is not there is refused."""
        make()
        with pytest.raises(Fault) as caught:
            send("global")
        assert MISSING == (caught.value.code, caught.value.status, caught.value.message)
