"""The content of messages and templates."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NO_CHARSETS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a message.

    `content_id` has no angle brackets; `transfer_encoding` is `BASE64`, `QUOTED_PRINTABLE` or
    `SEVEN_BIT`, as in API v2, or None.
    """

    filename: str | None
    content_type: str
    content: bytes
    content_id: str | None = None
    inline: bool = False
    description: str | None = None
    transfer_encoding: str | None = None


class Parts(NamedTuple):
    """The three parts of a template, or of a message rendered from one."""

    subject: str | None = None
    text: str | None = None
    html: str | None = None


class Content(NamedTuple):
    """The content of a message; `charsets` are those requested for `subject`, `text` and `html`."""

    subject: str | None = None
    text: str | None = None
    html: str | None = None
    attachments: Sequence[Attachment] = ()
    headers: Sequence[tuple[str, str]] = ()
    charsets: Mapping[str, str] = _NO_CHARSETS
