"""What does a mail of API v2 say? The content of a send as the domain has it."""

from __future__ import annotations

from mimetypes import guess_type
from typing import TYPE_CHECKING, Any

from pytest_ses.api import messages
from pytest_ses.domain import errors
from pytest_ses.domain.mail.requests import TemplateUse
from pytest_ses.domain.mime import Attachment, Content, Parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAMES = ("TemplateName", "TemplateArn")


def only(content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The one kind of content that a send may have."""
    if len(content) != 1:
        raise errors.AmbiguousContent(kinds=", ".join(content) or "none")
    return next(iter(content.items()))


def said(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a `Mail` that hold what a simple or templated one says."""
    extras: dict[str, Any] = {
        "headers": headers(given.get("Headers", ())),
        "attachments": tuple(_attachment(one) for one in given.get("Attachments", ())),
    }
    if kind == "Template":
        return {"content": Content(**extras), "template": _template(given)}
    return {"content": messages.simple(given["Subject"], given["Body"], **extras)}


def _template(given: Mapping[str, Any]) -> TemplateUse:
    """A stored template by name or ARN, or one that comes along."""
    named = [given[word].rpartition("/")[2] for word in _NAMES if word in given]
    inline = given.get("TemplateContent")
    if bool(named) == bool(inline is not None):
        raise errors.AmbiguousContent(kinds=", ".join(given) or "none")
    data = given.get("TemplateData")
    if inline is None:
        return TemplateUse(name=named[0], data=data)
    parts = Parts(inline.get("Subject"), inline.get("Text"), inline.get("Html"))
    return TemplateUse(parts=parts, data=data)


def headers(given: Sequence[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers of a mail as pairs."""
    return tuple((header["Name"], header["Value"]) for header in given)


def _attachment(given: Mapping[str, Any]) -> Attachment:
    guessed, _ = guess_type(given["FileName"])
    return Attachment(
        filename=given["FileName"],
        content_type=given.get("ContentType") or guessed or "application/octet-stream",
        content=given["RawContent"],
        content_id=given.get("ContentId"),
        inline=given.get("ContentDisposition") == "INLINE",
        description=given.get("ContentDescription"),
        transfer_encoding=given.get("ContentTransferEncoding"),
    )
