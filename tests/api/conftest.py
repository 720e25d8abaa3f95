"""Fixtures that the tests of the operations share."""

from __future__ import annotations

import pytest
from senders import V1, V2


@pytest.fixture(params=[V1, V2], ids=["v1", "v2"])
def api(request, ses_backend):
    ses_backend.verify("example.com")
    return request.param()


@pytest.fixture
def template(ses_client):
    ses_client.create_template(
        Template={
            "TemplateName": "t",
            "SubjectPart": "Hi {{name}}",
            "TextPart": "Dear {{name}} of {{place.city}}",
            "HtmlPart": "<p>{{name}}</p>",
        }
    )
    return "t"


@pytest.fixture(name="clients")
def _clients(ses_client, sesv2_client):
    return {"ses": ses_client, "sesv2": sesv2_client}


@pytest.fixture(name="identity")
def _identity(ses_backend):
    """The domain's object for the verified identity example.com."""
    ses_backend.verify("example.com")
    return ses_backend.account().identities["example.com"]
