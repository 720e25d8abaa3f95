"""Fixtures for the tests of planned failures."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from senders import V1, V2, BulkV1, BulkV2

from pytest_ses import SESBackend

# Three attempts, with a wait before the second and the third.
STANDARD = Config(retries={"mode": "standard", "total_max_attempts": 3})


@pytest.fixture(name="backend")
def _backend():
    """A backend that does not check at the end whether every planned failure happened."""
    with SESBackend(verified=["example.com"], seed=1) as backend:
        yield backend


@pytest.fixture(params=[V1, V2], ids=["v1", "v2"])
def api(request, backend):
    """A sender for either API, with three attempts."""
    return request.param(STANDARD)


@pytest.fixture(params=[BulkV1, BulkV2], ids=["v1", "v2"])
def bulk(request, backend, client):
    """A bulk sender for either API, with three attempts."""
    parts = {"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Dear reader"}
    client("ses").create_template(Template=parts)
    return request.param(STANDARD)


@pytest.fixture
def client(backend):
    """A function that creates a client of either API, with three attempts by default."""
    return lambda service, config=STANDARD: boto3.client(
        service, region_name="us-east-1", config=config
    )
