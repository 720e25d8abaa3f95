"""Parts of a send request that have the same form in both APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.mail.requests import Destination
from pytest_ses.domain.mime import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def destination(members: Mapping[str, Sequence[str]]) -> Destination:
    """Return a destination; any member of the request's `Destination` may be missing."""
    return Destination(
        members.get("ToAddresses", ()),
        members.get("CcAddresses", ()),
        members.get("BccAddresses", ()),
    )


def simple(
    subject: Mapping[str, str], body: Mapping[str, Mapping[str, str]], **extras: Any
) -> Content:
    """Return the content for a `Subject` and a `Body`, with their charsets."""
    text, html = body.get("Text"), body.get("Html")
    for name, part in (("subject", subject), ("text", text), ("html", html)):
        if part and part.get("Charset"):
            extras.setdefault("charsets", {})[name] = part["Charset"]
    return Content(
        subject["Data"], text["Data"] if text else None, html["Data"] if html else None, **extras
    )
