"""Clients of other services: where their requests go, and that none goes to AWS."""

from __future__ import annotations

import botocore.httpsession
import pytest
from botocore.exceptions import EndpointResolutionError, EndpointVariantError
from moto import mock_aws

from pytest_ses.services.clients import ServiceClients, UnavailableServiceError
from pytest_ses.transports.hosts import host_of, is_outside_aws
from pytest_ses.wire.shapes import loader

ACCOUNT_ID = "123456789012"
PARTITIONS = {
    partition["id"]: partition for partition in loader().load_data("partitions")["partitions"]
}
CALLS = {
    "sns": ("publish", {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:t", "Message": "m"}),
    "firehose": ("put_record", {"DeliveryStreamName": "s", "Record": {"Data": b"d"}}),
    "events": ("put_events", {"Entries": [{"Source": "s", "DetailType": "t", "Detail": "{}"}]}),
    "cloudwatch": ("put_metric_data", {"Namespace": "n", "MetricData": [{"MetricName": "m"}]}),
    "s3": ("put_object", {"Bucket": "b", "Key": "k", "Body": b"c"}),
    "lambda": ("invoke", {"FunctionName": "f"}),
}

# Some partitions have no dual-stack endpoints, or none with FIPS.
NOT_SENT = (UnavailableServiceError, EndpointVariantError, EndpointResolutionError)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """The URLs of the requests that would have been sent."""
    urls = []

    def send(session, request):
        urls.append(request.url)
        raise ConnectionError

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
    return urls


def call(client):
    operation, params = CALLS[client.meta.service_model.service_name]
    getattr(client, operation)(**params)


@pytest.mark.parametrize("fips", ["false", "true"])
@pytest.mark.parametrize("dual_stack", ["false", "true"])
@pytest.mark.parametrize("partition", PARTITIONS.values(), ids=PARTITIONS)
class TestPartitions:
    @pytest.fixture(autouse=True)
    def endpoints(self, monkeypatch, dual_stack, fips):
        monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", dual_stack)
        monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", fips)

    @pytest.mark.parametrize("service", CALLS)
    def test_not_sent(self, monkeypatch, sent, partition, service):
        """A service is not available at its own endpoint, and no request would be sent to it."""
        clients = ServiceClients()
        where = {
            "region": partition["outputs"]["implicitGlobalRegion"],
            "account_id": ACCOUNT_ID,
        }
        with pytest.raises(NOT_SENT):
            clients.client(service, **where)
        monkeypatch.setattr(ServiceClients, "is_available", lambda *_, **__: True)
        with pytest.raises(NOT_SENT):
            call(clients.client(service, **where))
        assert [] == sent


@pytest.mark.parametrize("service", CALLS)
@pytest.mark.parametrize(
    "url",
    [
        "https://SNS.US-EAST-1.AMAZONAWS.COM",
        "https://sns.us-east-1.amazonaws.com.",
        "https://sns.us-east-1.amazonaws.com.:443/path",
        "https://vpce-0a1b-2c3d.sns.us-east-1.vpce.amazonaws.com",
        "https://sns.eu-west-1.api.aws",
    ],
)
def test_endpoint_of_aws(monkeypatch, sent, url, service):
    """An endpoint URL of AWS, however it is spelled, does not make a service available."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    clients = ServiceClients()
    assert not clients.is_available(service, region="us-east-1", account_id=ACCOUNT_ID)
    monkeypatch.setattr(ServiceClients, "is_available", lambda *_, **__: True)
    with pytest.raises(UnavailableServiceError):
        call(clients.client(service, region="us-east-1", account_id=ACCOUNT_ID))
    assert [] == sent


@pytest.mark.parametrize("service", CALLS)
def test_own_endpoint(monkeypatch, sent, service):
    """Requests go to the endpoint of the user, even with the endpoints of AWS set to dual-stack."""
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://amazonaws.com.localhost:4566")
    client = ServiceClients().client(service, region="cn-north-1", account_id=ACCOUNT_ID)
    with pytest.raises(ConnectionError):
        call(client)
    client.close()
    assert ["amazonaws.com.localhost"] == [host_of(url).removeprefix("b.") for url in sent]


class TestMoto:
    def test_answers(self, sent):
        """Inside mock_aws, moto answers."""
        with mock_aws():
            client = ServiceClients().client("sns", region="us-east-1", account_id=ACCOUNT_ID)
            assert [] == client.list_topics()["Topics"]
        assert [] == sent

    def test_does_not_answer(self, monkeypatch, sent):
        """A request that moto has no URL for is not sent to AWS."""
        monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
        with mock_aws():
            client = ServiceClients().client("sns", region="us-east-1", account_id=ACCOUNT_ID)
            with pytest.raises(UnavailableServiceError, match=r"'sns\.us-east-1\.api\.aws'"):
                client.list_topics()
        assert [] == sent

    def test_passes_through(self, sent):
        """A request of a service that mock_aws passes through is not sent to AWS."""
        with mock_aws(config={"core": {"passthrough": {"services": ["sns"]}}}):
            client = ServiceClients().client("sns", region="us-east-1", account_id=ACCOUNT_ID)
            with pytest.raises(UnavailableServiceError):
                client.list_topics()
        assert [] == sent


@pytest.mark.parametrize("partition", PARTITIONS.values(), ids=PARTITIONS)
def test_every_region_belongs_to_aws(partition):
    """No host of any region is outside AWS, whatever its service."""
    for region in partition["regions"]:
        for name in ("dnsSuffix", "dualStackDnsSuffix"):
            suffix = partition["outputs"][name]
            assert not is_outside_aws(f"https://b.s3.dualstack.{region}.{suffix}/key?query")
            assert not is_outside_aws(f"https://{suffix.upper()}.:443")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:4566", True),
        ("http://[::1]:4566", True),
        ("https://notamazonaws.com", True),
        ("https://amazonaws.com.example.org", True),
        ("http://ada:secret@localhost:4566/amazonaws.com", True),
        ("https://localhost:4566@sns.us-east-1.amazonaws.com", False),
        ("https://sns.us-east-1.amazonaws。com", False),
        ("https://[localhost", False),
        ("https://", False),
        ("", False),
    ],
)
def test_is_outside_aws(url, expected):
    """Only a valid host that is in no domain of AWS is outside AWS."""
    assert expected == is_outside_aws(url)
