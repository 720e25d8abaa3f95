"""How does API v1 keep e-mail templates?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain import templates
from pytest_ses.domain.mime import Parts

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_template(account: Account, *, template: dict[str, str]) -> None:
    """Keep a new template; its parts have to compile."""
    templates.create(account, template["TemplateName"], _parts(template))


def get_template(account: Account, *, template_name: str) -> dict[str, Any]:
    """The parts of a template."""
    found = account.templates.find(template_name)
    subject, text, html = found.parts
    parts = given(SubjectPart=subject, TextPart=text, HtmlPart=html)
    return {"Template": {"TemplateName": found.name, **parts}}


def list_templates(
    account: Account, *, next_token: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """Names and times of the templates, newest first."""
    found, token = paging.V1_TEMPLATES.page(account, account.templates, max_items, next_token)
    metadata = [{"Name": one.name, "CreatedTimestamp": one.created_at} for one in found]
    return {"TemplatesMetadata": metadata, **paging.next_token(token)}


def update_template(account: Account, *, template: dict[str, str]) -> None:
    """Replace the parts of a template."""
    templates.update(account, template["TemplateName"], _parts(template))


def delete_template(account: Account, *, template_name: str) -> None:
    """Drop a template; one that is not there counts as dropped."""
    if template_name in account.templates:
        templates.delete(account, template_name)


def test_render_template(
    account: Account, *, template_name: str, template_data: str
) -> dict[str, Any]:
    """The MIME text that comes of a template and data."""
    return {"RenderedTemplate": templates.test_render(account, template_name, template_data)}


def _parts(template: dict[str, str]) -> Parts:
    return Parts(template.get("SubjectPart"), template.get("TextPart"), template.get("HtmlPart"))
