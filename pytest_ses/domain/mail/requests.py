"""Requests to send messages, in a form that all sending operations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.mime import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mime import Parts

EMPTY_CONTENT = Content()


class Destination(NamedTuple):
    """The recipients of a message, as supplied."""

    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()

    def recipients(self) -> list[str]:
        """Return all recipients."""
        return [*self.to, *self.cc, *self.bcc]


class TemplateUse(NamedTuple):
    """The template of a request, either stored under a name or inline, and its data as JSON."""

    name: str | None = None
    parts: Parts | None = None
    data: str | None = None


class SendRequest(NamedTuple):
    """A request to send a message, without its recipients.

    Addresses are as supplied. `raw` is set for a raw message, and `template` for a templated one.
    `content` is the content of a simple message, or the headers and attachments of a templated one.
    `senders` are addresses that must be verified in addition to `source` and `return_path`.
    """

    service: str
    operation: str
    source: str
    tags: Mapping[str, str]
    source_arn: str | None = None
    senders: Sequence[str] = ()
    reply_to: Sequence[str] = ()
    return_path: str | None = None
    configuration_set: str | None = None
    contact_list: str | None = None
    topic: str | None = None
    tenant: str | None = None
    content: Content = EMPTY_CONTENT
    raw: bytes | None = None
    template: TemplateUse | None = None


class BulkEntry(NamedTuple):
    """A destination of a bulk send, and its changes to the shared request."""

    destination: Destination
    tags: Sequence[Mapping[str, str]] = ()
    headers: Sequence[tuple[str, str]] = ()
    data: str | None = None
