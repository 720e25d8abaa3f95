"""Email templates, stored or inline, and their rendering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses import handlebars
from pytest_ses.domain import associations, errors, formats, mime
from pytest_ses.domain.associations import AssociationState
from pytest_ses.domain.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.mime import Parts


# Text and HTML together; https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_SIZE = 500 * 1024
MAX_TEMPLATES = 20_000


@dataclass(slots=True)
class StoredTemplate:
    """A template of the account, shared by v1 and v2."""

    name: str
    parts: Parts
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict)


class TemplateState(AssociationState, Protocol):
    """The email templates of an account."""

    templates: Collection[StoredTemplate]


def store() -> Collection[StoredTemplate]:
    """Return an empty store of templates."""
    return Collection(
        "templates",
        missing=errors.TemplateDoesNotExist,
        duplicate=errors.TemplateAlreadyExists,
        limit=MAX_TEMPLATES,
        order="newest first",
    )


def create(
    account: TemplateState, name: str, parts: Parts, *, tags: Mapping[str, str] | None = None
) -> StoredTemplate:
    """Create a template.

    Raises:
        InvalidParameterValue: if the name or the subject is missing.
        InvalidTemplate: if a part cannot be compiled, or text and HTML together are too large.
        TemplateAlreadyExists: if the name is taken.
        LimitExceeded: if the account has too many templates.
    """
    _check(name, parts)
    template = StoredTemplate(name, parts, account.now(), dict(tags or {}))
    return account.templates.add(name, template)


def update(account: TemplateState, name: str, parts: Parts) -> None:
    """Replace the content of a template; its tags and position in the list do not change.

    Raises:
        InvalidParameterValue: if the name or the subject is missing.
        InvalidTemplate: if a part cannot be compiled, or text and HTML together are too large.
        TemplateDoesNotExist: if the template does not exist.
    """
    _check(name, parts)
    account.templates.find(name).parts = parts


def delete(account: TemplateState, name: str) -> None:
    """Delete a template.

    Raises:
        TenantAssociationsLeft: if the template is associated with a tenant.
        TemplateDoesNotExist: if the template does not exist.
    """
    associations.check_unassociated(account, "template", name)
    account.templates.remove(name)


def test_render(account: TemplateState, name: str, data: str) -> str:
    """Render a template with data, and return the message as MIME text.

    Raises:
        TemplateDoesNotExist: if the template does not exist.
        InvalidRenderingParameter: if the data is not a JSON object.
        MissingRenderingAttribute: if the data lacks an attribute that the template uses.
    """
    template = account.templates.find(name)
    values = formats.json_object(data)
    if values is None:
        raise errors.InvalidRenderingParameter
    try:
        subject, text, html = renderer(template.parts)(values)
    except handlebars.TemplateError as error:
        raise errors.MissingRenderingAttribute(str(error)) from error
    return mime.compose_rendered(subject, text, html, account.now())


def validate_inline(parts: Parts) -> Parts:
    """Return the parts of an inline template, if they only substitute plain variables.

    Raises:
        InvalidTemplate: if a part cannot be compiled.
        UnsupportedTemplate: if a part has blocks, nested attributes or other operations.
    """
    for kind, part in parts._asdict().items():
        if part is not None and not _compiled(kind, part).is_plain:
            raise errors.UnsupportedTemplate
    return parts


def renderer(parts: Parts) -> Callable[[Mapping[str, Any]], Sequence[str | None]]:
    """Return a function that renders subject, text and HTML with data.

    The function raises `handlebars.TemplateError` if the data lacks an attribute or the result is too
    large.
    """
    return handlebars.renderer(*[part and _escape_placeholders(part) for part in parts])


def example_data(parts: Parts, value_of: Callable[[str], Any]) -> dict[str, Any]:
    """Return data with which a template can be rendered; see `handlebars.example_data`.

    Raises:
        TemplateError: if a part is invalid or cannot be rendered with any data.
    """
    sources = [_escape_placeholders(part) for part in parts if part is not None]
    return handlebars.example_data(sources, value_of)


def _check(name: str, parts: Parts) -> None:
    if not name:
        raise errors.InvalidParameterValue("The template name must be specified.")
    if not parts.subject:
        raise errors.InvalidParameterValue("The subject must be specified.")
    for kind, part in parts._asdict().items():
        if part is not None:
            _compiled(kind, part)
    size = sum(len(part.encode()) for part in (parts.text, parts.html) if part)
    if size > MAX_SIZE:
        raise errors.TemplateTooLarge(size=size, limit=MAX_SIZE)


def _compiled(kind: str, part: str) -> handlebars.Template:
    try:
        return handlebars.compile(_escape_placeholders(part))
    except handlebars.TemplateSyntaxError as error:
        raise errors.InvalidTemplate(f"In the {kind} part: {error}") from error


def _escape_placeholders(part: str) -> str:
    """Escape the placeholders that SES itself replaces; template data has no values for them."""
    return _SES_PLACEHOLDER.sub(r"\\\g<0>", part) if "SES" in part or "ses:" in part else part


_SES_PLACEHOLDER = re.compile(r"(?<!\\)\{\{(?:amazonSESUnsubscribeUrl|ses:openTracker)\}\}")
