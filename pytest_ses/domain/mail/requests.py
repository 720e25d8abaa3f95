"""What a caller asks SES to send, whichever operation the request came by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.mime import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mime import Parts

NOTHING = Content()


class Destination(NamedTuple):
    """Whom a mail goes to; addresses as supplied."""

    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()

    def recipients(self) -> list[str]:
        """Everyone."""
        return [*self.to, *self.cc, *self.bcc]


class TemplateUse(NamedTuple):
    """The template of a send: a stored one by its name, or parts that came along; data as JSON."""

    name: str | None = None
    parts: Parts | None = None
    data: str | None = None


class SendRequest(NamedTuple):
    """What a caller asks SES to send, whichever operation it came by and whoever gets it.

    Addresses are as supplied. A raw mail has `raw`, a templated one `template`; `content` is what a
    simple mail says, or the headers and attachments that go with a template. `senders` are
    addresses that have to be verified besides `source` and `return_path`.
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
    content: Content = NOTHING
    raw: bytes | None = None
    template: TemplateUse | None = None


class BulkEntry(NamedTuple):
    """One destination of a bulk send, and what it changes of the mail that all share."""

    destination: Destination
    tags: Sequence[Mapping[str, str]] = ()
    headers: Sequence[tuple[str, str]] = ()
    data: str | None = None
