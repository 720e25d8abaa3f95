"""What is an e-mail template, which ones does SES keep, and what comes out of one?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses import handlebars
from pytest_ses.domain import associations, errors, mime
from pytest_ses.domain.associations import AssociationState
from pytest_ses.domain.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pytest_ses.domain.mime import Parts


# https://docs.aws.amazon.com/ses/latest/dg/quotas.html: text and html together.
MAX_SIZE = 500 * 1024
TEMPLATES = 20_000


@dataclass(slots=True)
class StoredTemplate:
    """A template of the account, which v1 and v2 share."""

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
        limit=TEMPLATES,
        order="newest first",
    )


def create(
    account: TemplateState, name: str, parts: Parts, *, tags: Mapping[str, str] | None = None
) -> StoredTemplate:
    """Keep a new template.

    Raises:
        InvalidParameterValue: without a name or a subject.
        InvalidTemplate: where a part cannot be compiled, or text and html are too large.
        TemplateAlreadyExists, LimitExceeded: as their names say.
    """
    _check(name, parts)
    template = StoredTemplate(name, parts, account.now(), dict(tags or {}))
    return account.templates.add(name, template)


def update(account: TemplateState, name: str, parts: Parts) -> None:
    """Replace the content of a template; its tags and its place in the list stay."""
    _check(name, parts)
    account.templates.find(name).parts = parts


def delete(account: TemplateState, name: str) -> None:
    """Drop a template.

    Raises:
        TemplateDoesNotExist, TenantAssociationsLeft: as their names say.
    """
    associations.check_none(account, "template", name)
    account.templates.remove(name)


def test_render(account: TemplateState, name: str, data: str) -> str:
    """The mail that comes of a template and data, as MIME text.

    Raises:
        TemplateDoesNotExist: as its name says.
        InvalidRenderingParameter: for data that is not a JSON object.
        MissingRenderingAttribute: for data that lacks what the template names.
    """
    template = account.templates.find(name)
    values = parse_data(data)
    if values is None:
        raise errors.InvalidRenderingParameter
    try:
        subject, text, html = renderer(template.parts)(values)
    except handlebars.TemplateError as error:
        raise errors.MissingRenderingAttribute(str(error)) from error
    return mime.rendered(subject, text, html, account.now())


def inline(parts: Parts) -> Parts:
    """The content of a template that came with a send, which may only substitute plain variables.

    Raises:
        InvalidParameterValue: for blocks, nested attributes and the like.
    """
    for kind, part in parts._asdict().items():
        if part is not None and not _compiled(kind, part).is_plain:
            raise errors.UnsupportedTemplate
    return parts


def parse_data(text: str) -> dict[str, Any] | None:
    """Template data as a dict, None if the text is not a JSON object."""
    text = text.strip(" \t\n\r")
    try:
        data, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and end == len(text) else None


def renderer(parts: Parts) -> Callable[[Mapping[str, Any]], list[str | None]]:
    """What fills in subject, text and HTML; compiled once for all the data of a bulk send.

    The function raises `handlebars.TemplateError` for an attribute that the data lacks, or for a
    result without end.
    """
    compiled = [None if part is None else handlebars.compile(_shielded(part)) for part in parts]
    return lambda data: [None if one is None else one.render(data) for one in compiled]


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
        return handlebars.compile(_shielded(part))
    except handlebars.TemplateSyntaxError as error:
        raise errors.InvalidTemplate(f"In the {kind} part: {error}") from error


def _shielded(part: str) -> str:
    """A part whose placeholders for SES itself are no attributes: they go out as they are."""
    return _FOR_SES.sub(r"\\\g<0>", part) if "SES" in part or "ses:" in part else part


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_FOR_SES = re.compile(r"(?<!\\)\{\{(?:amazonSESUnsubscribeUrl|ses:openTracker)\}\}")
_JSON = json.JSONDecoder(parse_constant=_refuse)
