"""Tests of `newsletter.py` with generated readers."""

from __future__ import annotations

import newsletter
import pytest

pytest.importorskip("faker", reason="the fixture ses_faker needs `pip install pytest-ses[faker]`")

pytestmark = pytest.mark.ses(verified=["example.com"])


@pytest.fixture(autouse=True)
def set_up(ses_backend):
    newsletter.set_up()


def test_any_address(ses_backend, ses_faker):
    """Readers with any valid address receive the newsletter."""
    readers = {ses_faker.unique.ses_address(): ses_faker.name() for _ in range(120)}
    report = newsletter.send_newsletter(readers, title="June", stories=["We moved"])
    assert report.sent == list(readers)
    assert len(ses_backend.outbox) == 120


def test_invalid_address(ses_backend, ses_faker):
    """An invalid address is reported, and the other readers receive the newsletter."""
    invalid = ses_faker.ses_invalid_address()
    readers = {"ada@example.org": "Ada", invalid: "Bob"}
    report = newsletter.send_newsletter(readers, title="June", stories=["We moved"])
    assert report.sent == ["ada@example.org"]
    assert list(report.rejected) == [invalid]


def test_template_data(ses_backend, ses_faker, sesv2_client):
    """The template can be rendered with other data than that of the tests above."""
    template = sesv2_client.get_email_template(TemplateName=newsletter.TEMPLATE)
    rendered = sesv2_client.test_render_email_template(
        TemplateName=newsletter.TEMPLATE, TemplateData=ses_faker.ses_template_data(template)
    )["RenderedTemplate"]
    assert "Dear " in rendered
