"""The placeholder signatures of requests for SES."""

from __future__ import annotations

import re

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from pytest_ses import SESBackend
from pytest_ses.transports import signatures

KEYS = {"aws_access_key_id": "AKIAOWN", "aws_secret_access_key": "own"}
CREDENTIALS = Credentials("AKIAOWN", "own")
REGION = "eu-west-1"
SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=AKIAOWN/(\d{8})/eu-west-1/ses/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)


@pytest.fixture(autouse=True)
def _backend():
    with SESBackend(region=REGION, verified=["*"]):
        yield


def sent_request(client):
    """The request that a client sends, as its event handlers see it last."""
    requests = []
    client.meta.events.register("before-send", lambda request, **_: requests.append(request))
    client.get_send_quota() if client.meta.service_model.service_name == "ses" else (
        client.get_account()
    )
    return requests[0]


def text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_request_is_well_formed(service):
    """A request has the headers of a signed request, and the signature lists those it is for."""
    client = boto3.client(service, region_name=REGION, **KEYS)

    request = sent_request(client)

    match = SIGNATURE.fullmatch(text(request.headers["Authorization"]))
    timestamp = text(request.headers["X-Amz-Date"])
    assert re.fullmatch(rf"{match[1]}T\d{{6}}Z", timestamp)
    assert {"host", "x-amz-date"} <= set(match[2].split(";"))
    assert match[2].split(";") == sorted(match[2].split(";"))
    assert "user-agent" not in match[2]


def test_headers_are_those_of_botocore():
    """Apart from the signature, the headers are the same as botocore's."""
    headers = {"Content-Type": "application/json", "User-Agent": "test", "amz-sdk-request": "1"}
    requests = [
        AWSRequest("POST", "https://email.eu-west-1.amazonaws.com/", headers, data=b"{}")
        for _ in range(2)
    ]
    auths = (
        SigV4Auth(CREDENTIALS.get_frozen_credentials(), "ses", REGION),
        signatures.PlaceholderAuth(CREDENTIALS.get_frozen_credentials(), "ses", REGION),
    )

    for request, auth in zip(requests, auths, strict=True):
        auth.add_auth(request)

    theirs, ours = (
        {**request.headers, "X-Amz-Date": "", "Authorization": authorization(request)}
        for request in requests
    )
    assert theirs == ours


def authorization(request):
    return re.sub(r"\d{8}/|Signature=.*", "", request.headers["Authorization"])


def test_session_token():
    """The request carries the session token of temporary credentials."""
    client = boto3.client("sesv2", region_name=REGION, aws_session_token="token", **KEYS)

    request = sent_request(client)

    assert "token" == text(request.headers["X-Amz-Security-Token"])
    assert "x-amz-security-token" in text(request.headers["Authorization"])


def test_retries_are_signed_again():
    """Each attempt has one date and one signature."""
    with SESBackend(region=REGION) as backend:
        backend.throttle("GetAccount", times=1)
        client = boto3.client("sesv2", region_name=REGION, **KEYS)
        headers = []
        client.meta.events.register(
            "before-send", lambda request, **_: headers.append(list(request.headers))
        )
        client.get_account()

    assert [1, 1] == [names.count("Authorization") for names in headers]
    assert [1, 1] == [names.count("X-Amz-Date") for names in headers]


def test_event_handlers_of_the_user_are_called():
    """Handlers see the request before it is signed, and what they change is sent."""
    client = boto3.client("sesv2", region_name=REGION, **KEYS)
    client.meta.events.register(
        "before-sign.sesv2", lambda request, **_: request.headers.add_header("x-own", "1")
    )

    request = sent_request(client)

    assert "1" == text(request.headers["x-own"])
    assert ";x-own," in text(request.headers["Authorization"])


def test_presigned_urls_are_signed():
    """The signature of a presigned URL depends on the secret key."""
    urls = [
        boto3.client(
            "ses", region_name=REGION, aws_access_key_id="AKIAOWN", aws_secret_access_key=secret
        ).generate_presigned_url("get_send_quota")
        for secret in ("one", "two")
    ]

    first, second = (url.rpartition("X-Amz-Signature=")[2] for url in urls)
    assert first != second


def test_signing_by_hand():
    """Code that signs a request with botocore gets a real signature."""
    request = AWSRequest("GET", "https://email.eu-west-1.amazonaws.com/")
    SigV4Auth(CREDENTIALS, "ses", REGION).add_auth(request)

    assert not request.headers["Authorization"].endswith("0" * 64)


def test_other_services_are_signed():
    """Requests to other services have real signatures."""
    client = boto3.client("sns", region_name=REGION, **KEYS)
    requests = []

    def stop(request, **_):
        requests.append(request)
        raise InterruptedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(InterruptedError):
        client.list_topics()

    assert not text(requests[0].headers["Authorization"]).endswith("0" * 64)
