"""Fixtures that serialize requests and parse responses with botocore."""

from __future__ import annotations

import pytest
from botocore.awsrequest import AWSRequest, HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, settings

from pytest_ses.wire import Request

settings.register_profile(
    "wire",
    max_examples=8,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


def _protocol(operation):
    return operation.model.service_model.metadata["protocol"]


@pytest.fixture(scope="session")
def sent():
    """A function that returns the request that botocore sends for an operation."""

    def send(operation, params):
        serializer = create_serializer(_protocol(operation), include_validation=False)
        parts = serializer.serialize_to_request(params, operation.model)
        prepared = AWSRequest(
            method=parts["method"],
            url=f"https://email.us-east-1.amazonaws.com{parts['url_path']}",
            headers=parts["headers"],
            data=parts["body"],
            params=parts["query_string"],
        ).prepare()
        headers = {name.lower(): value for name, value in prepared.headers.items()}
        body = prepared.body or b""
        return Request(
            prepared.method,
            prepared.url,
            headers,
            body if isinstance(body, bytes) else body.encode(),
        )

    return send


@pytest.fixture(scope="session")
def received():
    """A function that returns the result that botocore parses from a response."""

    def receive(operation, response):
        raw = {
            "body": response.body,
            "headers": HeadersDict(response.headers),
            "status_code": response.status,
        }
        return create_parser(_protocol(operation)).parse(raw, operation.output)

    return receive
