"""The operations of API v1 on email templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import templates
from pytest_ses.domain.mime import Parts

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_template(account: Account, *, template: dict[str, str]) -> None:
    """Create a template; its parts must compile."""
    templates.create(account, template["TemplateName"], _parts(template))


def get_template(account: Account, *, template_name: str) -> dict[str, Any]:
    """Return the parts of a template."""
    template = account.templates.find(template_name)
    subject, text, html = template.parts
    parts = without_none(SubjectPart=subject, TextPart=text, HtmlPart=html)
    return {"Template": {"TemplateName": template.name, **parts}}


def list_templates(
    account: Account, *, next_token: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the templates with their creation times, newest first."""
    page, token = paging.V1_TEMPLATES.page(account, account.templates, max_items, next_token)
    metadata = [
        {"Name": template.name, "CreatedTimestamp": template.created_at} for template in page
    ]
    return {"TemplatesMetadata": metadata, **paging.next_token(token)}


def update_template(account: Account, *, template: dict[str, str]) -> None:
    """Replace the parts of a template."""
    templates.update(account, template["TemplateName"], _parts(template))


def delete_template(account: Account, *, template_name: str) -> None:
    """Delete a template, if it exists."""
    if template_name in account.templates:
        templates.delete(account, template_name)


def test_render_template(
    account: Account, *, template_name: str, template_data: str
) -> dict[str, Any]:
    """Render a template and return the resulting MIME message."""
    return {"RenderedTemplate": templates.test_render(account, template_name, template_data)}


def _parts(template: dict[str, str]) -> Parts:
    return Parts(template.get("SubjectPart"), template.get("TextPart"), template.get("HtmlPart"))
