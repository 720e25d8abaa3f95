"""Messages that SES accepted.

    Message(*, message_id, service, operation, region, account_id, source, sent_at, to, cc=(),
            bcc=(), reply_to=(), return_path=None, configuration_set=None, template_name=None,
            template_data=None, tags={}, content=Content(), submitted=None, rendering_error=None,
            contact_list=None, topic=None, tenant=None, tracking=None)

Every sending operation creates its messages with these arguments. For a raw message, `submitted`
contains its bytes and `to` all recipients of the envelope. For any other message, `content`
contains the subject, bodies and attachments.
"""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.mail import tracking, unsubscribing
from pytest_ses.domain.mime import Attachment, Content, Headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.tracking import Link, Tracking

_EMPTY_CONTENT: Final = Content()
_SHOWN_ID = 16  # characters of the ID: region and time
_SHOWN_RECIPIENTS = 3
_SHOWN_SUBJECT = 60
# Headers of a composed message that only SES can set.
_SES_HEADERS = frozenset(
    """
    date message-id return-path from to cc bcc subject
    mime-version content-type content-transfer-encoding content-disposition
    """.split()  # noqa: SIM905 - one name per line would hide the groups
)


class MessageOwner(Protocol):
    """The part of an account that messages need."""

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message."""
        ...


class Message:
    """A message that SES accepted.

    `source`, `to`, `cc`, `bcc` and `reply_to` are addresses as supplied; `sender` and `recipients`
    are bare addresses. For a raw message, `to`, `cc` and `reply_to` come from its headers, `bcc` is
    the rest of the envelope, and `submitted` contains the bytes as submitted; over SMTP, they follow
    the Received header that SES adds. `sent_at` is an aware datetime. A message with a
    `rendering_error` has no content: its `subject`, `text` and `html` are None, and `raw` is empty.
    """

    __slots__ = (
        "_account",
        "_content",
        "_supplied",
        "_tracking",
        "account_id",
        "configuration_set",
        "contact_list",
        "message_id",
        "operation",
        "region",
        "rendering_error",
        "return_path",
        "sent_at",
        "service",
        "source",
        "submitted",
        "tags",
        "template_data",
        "template_name",
        "tenant",
        "topic",
    )

    def __init__(
        self,
        *,
        message_id: str,
        service: str,
        operation: str,
        region: str,
        account_id: str,
        source: str,
        sent_at: datetime,
        to: Sequence[str],
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        reply_to: Sequence[str] = (),
        return_path: str | None = None,
        configuration_set: str | None = None,
        template_name: str | None = None,
        template_data: dict[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        content: Content = _EMPTY_CONTENT,
        submitted: bytes | None = None,
        rendering_error: str | None = None,
        contact_list: str | None = None,
        topic: str | None = None,
        tenant: str | None = None,
        tracking: Tracking | None = None,
    ) -> None:
        self.message_id = message_id
        self.service = service
        self.operation = operation
        self.region = region
        self.account_id = account_id
        self.source = source
        self.sent_at = sent_at
        self.return_path = return_path
        self.configuration_set = configuration_set
        self.template_name = template_name
        self.template_data = template_data
        self.tags = dict(tags) if tags else {}
        self.rendering_error = rendering_error
        self.submitted = submitted
        self.contact_list = contact_list
        self.topic = topic
        self.tenant = tenant
        self._tracking = tracking
        # The account that accepted the message; it records the events.
        self._account: MessageOwner | None = None
        # Tuples, because Python shares the empty tuple: an outbox can hold 100,000 messages.
        self._supplied = (tuple(to), tuple(cc), tuple(bcc), tuple(reply_to))
        self._content = (
            None if submitted is not None else _EMPTY_CONTENT if rendering_error else content
        )

    @property
    def to(self) -> list[str]:
        """The To addresses as supplied."""
        return self._addresses()[0]

    @property
    def cc(self) -> list[str]:
        """The Cc addresses as supplied."""
        return self._addresses()[1]

    @property
    def bcc(self) -> list[str]:
        """The Bcc addresses as supplied; for a raw message, all recipients not in To or Cc."""
        return self._addresses()[2]

    @property
    def reply_to(self) -> list[str]:
        """The Reply-To addresses as supplied."""
        return self._addresses()[3]

    @property
    def sender(self) -> str:
        """The bare address of `source`."""
        return addresses.bare(self.source)

    @property
    def recipients(self) -> list[str]:
        """The bare addresses of the envelope: all recipients of the message."""
        return [addresses.bare(address) for address in self._envelope()]

    @property
    def envelope(self) -> list[str]:
        """The addresses of all recipients as supplied."""
        return list(self._envelope())

    @property
    def from_domain(self) -> str | None:
        """The domain of the From header, or None if a raw message has no From header."""
        if self.submitted is None:
            return self.sender.rpartition("@")[2]
        from_addresses = addresses.parse_list(Headers(mime.fields(self.submitted)).get("From", ""))
        return addresses.bare(from_addresses[0]).rpartition("@")[2] if from_addresses else None

    @property
    def subject(self) -> str | None:
        """The subject, decoded."""
        if self._content is None and self.submitted is not None:
            subject = Headers(mime.fields(self.submitted)).get("Subject")
            return None if subject is None else mime.decode_header(subject)
        return self._read_content().subject

    @property
    def text(self) -> str | None:
        r"""The plain text as supplied; for a raw message, the first one, with `\n` line endings."""
        return self._read_content().text

    @property
    def html(self) -> str | None:
        r"""The HTML as supplied; for a raw message, the first one, with `\n` line endings."""
        return self._read_content().html

    @property
    def attachments(self) -> list[Attachment]:
        """The attachments, including inline images."""
        return list(self._read_content().attachments)

    @property
    def headers(self) -> Headers:
        """The decoded headers of the delivered message; a repeated header has its first value."""
        return Headers((name, mime.decode_header(value)) for name, value in mime.fields(self.raw))

    @property
    def raw(self) -> bytes:
        """The bytes of the message as delivered.

        A raw message is as submitted, except for what SES removes, replaces or adds. Any other
        message is composed again at each access.
        """
        if self.rendering_error is not None:
            return b""
        if self.submitted is not None:
            raw = mime.redact(
                self.submitted, message_id_header=self._message_id_header(), date=self.sent_at
            )
        else:
            raw = self._composed(self._read_content())
        if self._tracking is not None:
            return tracking.raw_with_tracking(raw, self._tracking, self.unsubscribe_url)
        if self.unsubscribe_url is not None:
            return unsubscribing.raw_with_url(raw, self.unsubscribe_url)
        return raw

    @property
    def unsubscribe_url(self) -> str | None:
        """The URL at which the recipient can unsubscribe from the contact list.

        None if the message has no contact list, or several recipients.
        """
        if self.contact_list is None or len(self._envelope()) > 1:
            return None
        return unsubscribing.url(self.message_id, self.region, self.contact_list, self.topic)

    @property
    def mime(self) -> EmailMessage:
        """The message as delivered, parsed by the standard library."""
        from email import message_from_bytes, policy  # noqa: PLC0415 - slow to import

        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def events(self) -> list[Event]:
        """The events of the message, in order."""
        return self._account.events_of(self) if self._account else []

    @property
    def links(self) -> list[str]:
        """The web links in the HTML as supplied, in order."""
        urls = tracking.urls(self.html or "")
        return [url for url in urls if url.startswith(("http://", "https://"))]

    def _link(self, url: str) -> Link | None:
        """Return the link in the HTML with this URL, either as supplied or as delivered."""
        return tracking.find_link(url, self._tracking, self.html or "")

    @property
    def _may_carry_files(self) -> bool:
        """Whether the message might contain attachments."""
        return self.submitted is not None or bool(self._read_content().attachments)

    @property
    def _least_size(self) -> int:
        """The content's size in bytes before any encoding, without composing the message."""
        if self.submitted is not None:
            return len(self.submitted)
        content = self._read_content()
        attachments_size = (
            sum([len(attachment.content) for attachment in content.attachments])
            if content.attachments
            else 0
        )
        return _size(content.subject) + _size(content.text) + _size(content.html) + attachments_size

    def summary(self) -> str:
        """Return one line for reports: operation, sender, recipients and subject."""
        recipients = self.recipients
        shown = ", ".join(recipients[:_SHOWN_RECIPIENTS]) or "no recipients"
        if len(recipients) > _SHOWN_RECIPIENTS:
            shown += f" and {len(recipients) - _SHOWN_RECIPIENTS} more"
        return f"{self.operation} from {self.sender} to {shown} {self._title()}"

    def __repr__(self) -> str:
        return f"<Message {self.message_id[:_SHOWN_ID]}… {self.summary()}>"

    def _title(self) -> str:
        if self.rendering_error is not None:
            return f"(not rendered: {_one_line(self.rendering_error)})"
        return "(no subject)" if self.subject is None else f'"{_one_line(self.subject)}"'

    def _read_content(self) -> Content:
        if self._content is None:
            self._content = mime.read(self.submitted or b"")
        return self._content

    def _addresses(self) -> list[list[str]]:
        if self.submitted is None:
            return [list(group) for group in self._supplied]
        fields = mime.fields(self.submitted)
        to, cc, reply_to = (
            addresses.parse_list(mime.joined_values(fields, name))
            for name in ("To", "Cc", "Reply-To")
        )
        visible = {addresses.bare(address) for address in (*to, *cc)}
        bcc = [address for address in self._envelope() if addresses.bare(address) not in visible]
        return [to, cc, bcc, reply_to]

    def _envelope(self) -> tuple[str, ...]:
        to, cc, bcc, _ = self._supplied
        return (*to, *cc, *bcc)

    def _composed(self, content: Content) -> bytes:
        return mime.compose(
            headers=self._head(content.headers),
            subject=content.subject,
            text=content.text,
            html=content.html,
            attachments=content.attachments,
            charsets=content.charsets,
            seed=self._seed(),
        )

    def _head(self, custom_headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        address_lists = {"To": self.to, "Cc": self.cc, "Reply-To": self.reply_to}
        headers = [
            ("Date", mime.internet_date(self.sent_at)),
            ("Message-ID", self._message_id_header()),
            ("From", self.source),
            *((name, ", ".join(value)) for name, value in address_lists.items() if value),
        ]
        taken = _SES_HEADERS | {name.lower() for name, _ in headers}
        return [*headers, *(pair for pair in custom_headers if _can_add(pair[0].lower(), taken))]

    def _message_id_header(self) -> str:
        subdomain = "email" if self.region == "us-east-1" else self.region
        return f"<{self.message_id}@{subdomain}.amazonses.com>"

    def _seed(self) -> str:
        milliseconds = int(self.sent_at.timestamp() * 1000)
        return f"{binascii.crc32(self.message_id.encode())}.{milliseconds}"


def _can_add(name: str, taken: frozenset[str] | set[str]) -> bool:
    return name not in taken and not name.startswith("x-ses-")


def _size(text: str | None) -> int:
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_SUBJECT else f"{line[: _SHOWN_SUBJECT - 1]}…"
