"""Fixtures that the tests of the operations share."""

from __future__ import annotations

import pytest
from botocore_models import NEWER_MEMBERS, members_not_in
from senders import V1, V2

from pytest_ses import api as operations


@pytest.fixture(autouse=True)
def _members_of_the_model(request):
    """Fail a test if a result contains a member that no model has."""
    uses_backend = "ses_backend" in request.fixturenames
    calls = request.getfixturevalue("ses_backend").calls if uses_backend else ()
    yield
    for call in calls:
        if call.response:
            shape = operations.model(call.service).operation(call.operation).output
            assert set() == set(members_not_in(shape, call.response)) - NEWER_MEMBERS


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
