"""The content of API v2's send requests, converted for the domain."""

from __future__ import annotations

from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from pytest_ses.api import messages
from pytest_ses.domain import errors
from pytest_ses.domain.mail.requests import TemplateUse
from pytest_ses.domain.mime import Attachment, Content, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME_MEMBERS = ("TemplateName", "TemplateArn")


def kind_and_members(content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the kind and the members of a request's content.

    Raises:
        AmbiguousContent: if there is not exactly one kind.
    """
    if len(content) != 1:
        raise errors.AmbiguousContent(kinds=", ".join(content) or "none")
    return next(iter(content.items()))


def request_arguments(kind: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `SendRequest` arguments for simple or templated content."""
    extras: dict[str, Any] = {}
    if "Headers" in members:
        extras["headers"] = headers(members["Headers"])
    if "Attachments" in members:
        extras["attachments"] = tuple(map(_attachment, members["Attachments"]))
    if kind == "Template":
        return {"content": Content(**extras), "template": _template(members)}
    return {"content": messages.simple(members["Subject"], members["Body"], **extras)}


def _template(template: Mapping[str, Any]) -> TemplateUse:
    """Return a stored template, by its name or ARN, or an inline template.

    Raises:
        AmbiguousContent: if there is not exactly one of these. The service model offers them as
            alternatives.
    """
    names = [template[member].rpartition("/")[2] for member in _NAME_MEMBERS if member in template]
    inline = template.get("TemplateContent")
    if len(names) + (inline is not None) != 1:
        raise errors.AmbiguousContent(kinds=", ".join(template) or "none")
    data = template.get("TemplateData")
    if inline is None:
        return TemplateUse(name=names[0], data=data)
    parts = Parts(inline.get("Subject"), inline.get("Text"), inline.get("Html"))
    return TemplateUse(parts=parts, data=data)


def headers(members: Sequence[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a message as name/value pairs."""
    return tuple((header["Name"], header["Value"]) for header in members)


def _attachment(attachment: Mapping[str, Any]) -> Attachment:
    guessed_type, _ = guess_type(attachment["FileName"])
    return Attachment(
        filename=attachment["FileName"],
        content_type=attachment.get("ContentType") or guessed_type or "application/octet-stream",
        content=attachment["RawContent"],
        content_id=attachment.get("ContentId"),
        inline=attachment.get("ContentDisposition") == "INLINE",
        description=attachment.get("ContentDescription"),
        transfer_encoding=attachment.get("ContentTransferEncoding"),
    )
