"""Tests of the templates of an application, which are files."""

from __future__ import annotations

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).with_name("templates")


def test_rendering(ses_backend, ses_client):
    """Every template is accepted by SES and can be rendered."""
    ses_backend.load_templates(TEMPLATES)
    message = ses_client.test_render_template(
        TemplateName="welcome", TemplateData='{"name": "Ada"}'
    )["RenderedTemplate"]
    assert "Subject: Welcome, Ada" in message
    assert "Dear Ada, good to have you <b>here</b>." in message


def test_missing_data(ses_backend, ses_client):
    """A template that is rendered without a value is an error."""
    ses_backend.load_templates(TEMPLATES)
    with pytest.raises(ses_client.exceptions.MissingRenderingAttributeException, match="name"):
        ses_client.test_render_template(TemplateName="welcome", TemplateData="{}")
