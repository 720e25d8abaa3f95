"""What do the tests of sends share?"""

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
