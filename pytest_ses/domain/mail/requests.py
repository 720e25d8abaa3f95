"""Requests to send messages, in a form that all sending operations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.mime import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.mail.tracking import TrackingSettings
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


class SenderArns(NamedTuple):
    """The ARNs of the identities of other accounts that a request uses.

    Attributes:
        source: the ARN for the source of the request, which also applies where the others are
            missing.
        header: the ARN for the addresses in the From and Sender headers.
        return_path: the ARN for the return path.
    """

    source: str | None = None
    header: str | None = None
    return_path: str | None = None


NO_ARNS = SenderArns()


class TrackingOverrides(NamedTuple):
    """Whether opens and clicks are tracked; `None` leaves it to the account's settings."""

    opens: bool | None = None
    clicks: bool | None = None


NO_OVERRIDES = TrackingOverrides()


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
    arns: SenderArns = NO_ARNS
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
    overrides: TrackingOverrides = NO_OVERRIDES


class Submission(NamedTuple):
    """What the messages of one request have in common.

    `configuration_set` is the one that applies. `template` has the parts of the template as they were
    when the messages were sent, and `raw` the bytes of a raw message.
    """

    service: str
    operation: str
    region: str
    account_id: str
    source: str
    sent_at: datetime
    reply_to: Sequence[str] = ()
    return_path: str | None = None
    configuration_set: str | None = None
    contact_list: str | None = None
    topic: str | None = None
    tenant: str | None = None
    template_name: str | None = None
    template: Parts | None = None
    raw: bytes | None = None
    tracking: TrackingSettings | None = None


class BulkEntry(NamedTuple):
    """A destination of a bulk send, and its changes to the shared request."""

    destination: Destination
    tags: Sequence[Mapping[str, str]] = ()
    headers: Sequence[tuple[str, str]] = ()
    data: str | None = None
