"""How does API v2 keep e-mail templates?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
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
    """Keep a new template; its parts have to compile."""
    templates.create(
        account, template_name, _parts(template_content), tags=resource_tags.checked(tags)
    )


def get_email_template(account: Account, *, template_name: str) -> dict[str, Any]:
    """The parts and tags of a template."""
    found = account.templates.find(template_name)
    subject, text, html = found.parts
    return {
        "TemplateName": found.name,
        "TemplateContent": given(Subject=subject, Text=text, Html=html),
        "Tags": resource_tags.listed(found.tags),
    }


def list_email_templates(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """Names and times of the templates, newest first."""
    found, token = paging.V2_TEMPLATES.page(account, account.templates, page_size, next_token)
    metadata = [{"TemplateName": one.name, "CreatedTimestamp": one.created_at} for one in found]
    return {"TemplatesMetadata": metadata, **paging.next_token(token)}


def update_email_template(
    account: Account, *, template_name: str, template_content: dict[str, str]
) -> None:
    """Replace the parts of a template; its tags stay."""
    templates.update(account, template_name, _parts(template_content))


def delete_email_template(account: Account, *, template_name: str) -> None:
    """Drop a template."""
    templates.delete(account, template_name)


def test_render_email_template(
    account: Account, *, template_name: str, template_data: str
) -> dict[str, Any]:
    """The MIME text that comes of a template and data."""
    return {"RenderedTemplate": templates.test_render(account, template_name, template_data)}


def _parts(template_content: dict[str, str]) -> Parts:
    return Parts(
        template_content.get("Subject"),
        template_content.get("Text"),
        template_content.get("Html"),
    )
