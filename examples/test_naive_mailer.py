"""Tests of `naive_mailer.py`, which all pass; `test_readiness.py` shows what they do not find."""

from __future__ import annotations

import naive_mailer
import pytest

pytestmark = pytest.mark.ses(verified=["example.com"])

READERS = ["ada@example.org", "bob@example.org", "cleo@example.org"]


@pytest.fixture
def template(sesv2_client):
    sesv2_client.create_email_template(
        TemplateName="news", TemplateContent={"Subject": "News", "Text": "Dear reader"}
    )


def test_confirm(ses_backend):
    """A customer receives the confirmation of an order."""
    naive_mailer.confirm("ada@example.org", 7)
    assert ses_backend.outbox.last.to == ["ada@example.org"]


@pytest.mark.usefixtures("template")
def test_announce(ses_backend):
    """Every reader receives the newsletter."""
    naive_mailer.announce(READERS)
    assert {message.to[0] for message in ses_backend.outbox} == set(READERS)
