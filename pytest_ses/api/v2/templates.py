"""The operations of API v2 on email templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import resource_tags, templates
from pytest_ses.domain.mime import Parts

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_email_template(
    account: Account,
    *,
    template_name: str,
    template_content: dict[str, str],
    tags: list[dict[str, str]] | None = None,
) -> None:
    """Create a template; its parts must compile."""
    templates.create(
        account, template_name, _parts(template_content), tags=resource_tags.parse(tags)
    )


def get_email_template(account: Account, *, template_name: str) -> dict[str, Any]:
    """Return the parts and tags of a template."""
    template = account.templates.find(template_name)
    subject, text, html = template.parts
    return {
        "TemplateName": template.name,
        "TemplateContent": without_none(Subject=subject, Text=text, Html=html),
        "Tags": resource_tags.to_list(template.tags),
    }


def list_email_templates(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """List the templates with their creation times, newest first."""
    page, token = paging.V2_TEMPLATES.page(account, account.templates, page_size, next_token)
    metadata = [
        {"TemplateName": template.name, "CreatedTimestamp": template.created_at}
        for template in page
    ]
    return {"TemplatesMetadata": metadata, **paging.next_token(token)}


def update_email_template(
    account: Account, *, template_name: str, template_content: dict[str, str]
) -> None:
    """Replace the parts of a template; its tags are kept."""
    templates.update(account, template_name, _parts(template_content))


def delete_email_template(account: Account, *, template_name: str) -> None:
    """Delete a template."""
    templates.delete(account, template_name)


def test_render_email_template(
    account: Account, *, template_name: str, template_data: str
) -> dict[str, Any]:
    """Render a template and return the resulting MIME message."""
    return {"RenderedTemplate": templates.test_render(account, template_name, template_data)}


def _parts(template_content: dict[str, str]) -> Parts:
    return Parts(
        template_content.get("Subject"),
        template_content.get("Text"),
        template_content.get("Html"),
    )
