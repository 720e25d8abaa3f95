"""Messages that SES accepted.

Every sending operation creates its messages from a `Submission`, which all messages of a bulk send share.
For a raw message, `submission.raw` contains its bytes and the destination's `to` all recipients of the
envelope. For any other message, `content` contains the subject, bodies and attachments.
"""

from __future__ import annotations

import binascii
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.mail import tracking, unsubscribing
from pytest_ses.domain.mail.requests import EMPTY_CONTENT
from pytest_ses.domain.mime import Attachment, Content, Headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.requests import Destination, Submission
    from pytest_ses.domain.mail.tracking import Link, Tracking
    from pytest_ses.domain.mime import Parts

_NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})
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
        "_destination",
        "_submission",
        "_tags",
        "message_id",
        "rendering_error",
        "template_data",
    )

    def __init__(
        self,
        submission: Submission,
        message_id: str,
        destination: Destination,
        *,
        tags: Mapping[str, str] = _NO_TAGS,
        template_data: dict[str, Any] | None = None,
        content: Content | None = EMPTY_CONTENT,
        rendering_error: str | None = None,
    ) -> None:
        self._submission = submission
        self.message_id = message_id
        self._destination = destination
        self._tags = tags
        self.template_data = template_data
        # That of a raw message is read on first use.
        self._content = content if submission.raw is None else None
        self.rendering_error = rendering_error
        # The account that accepted the message; it records the events.
        self._account: MessageOwner | None = None

    def _with_owner(self, owner: MessageOwner) -> Message:
        """Return a copy whose events come from another owner than the account that accepted it."""
        copied = Message.__new__(Message)
        for name in Message.__slots__:
            setattr(copied, name, getattr(self, name))
        copied._account = owner
        return copied

    @property
    def service(self) -> str:
        """The API: `"ses"`, `"sesv2"` or `"smtp"`."""
        return self._submission.service

    @property
    def operation(self) -> str:
        """The operation that sent the message."""
        return self._submission.operation

    @property
    def region(self) -> str:
        """The region that it was sent in."""
        return self._submission.region

    @property
    def account_id(self) -> str:
        """The ID of the account that sent it."""
        return self._submission.account_id

    @property
    def source(self) -> str:
        """The sender as supplied."""
        return self._submission.source

    @property
    def sent_at(self) -> datetime:
        """When it was sent, as an aware datetime."""
        return self._submission.sent_at

    @property
    def return_path(self) -> str | None:
        """The address for bounces, if the request named one."""
        return self._submission.return_path

    @property
    def submitted(self) -> bytes | None:
        """The bytes of a raw message as submitted."""
        return self._submission.raw

    @property
    def configuration_set(self) -> str | None:
        """The name of the configuration set that applies."""
        return self._submission.configuration_set

    @property
    def contact_list(self) -> str | None:
        """The name of the contact list, if the request named one."""
        return self._submission.contact_list

    @property
    def topic(self) -> str | None:
        """The topic of the contact list, if the request named one."""
        return self._submission.topic

    @property
    def tenant(self) -> str | None:
        """The name of the tenant, if the request named one."""
        return self._submission.tenant

    @property
    def template_name(self) -> str | None:
        """The name of the stored template."""
        return self._submission.template_name

    @property
    def _template_parts(self) -> Parts | None:
        """The template as it was when the message was sent; it may be changed later."""
        return self._submission.template

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the message."""
        return dict(self._tags)

    @property
    def to(self) -> list[str]:
        """The To addresses as supplied."""
        return list(self._addresses()[0])

    @property
    def cc(self) -> list[str]:
        """The Cc addresses as supplied."""
        return list(self._addresses()[1])

    @property
    def bcc(self) -> list[str]:
        """The Bcc addresses as supplied; for a raw message, all recipients not in To or Cc."""
        return list(self._addresses()[2])

    @property
    def reply_to(self) -> list[str]:
        """The Reply-To addresses as supplied."""
        return list(self._addresses()[3])

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
        if message_tracking := self._tracking:
            return tracking.raw_with_tracking(raw, message_tracking, self.unsubscribe_url)
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
    def _tracking(self) -> Tracking | None:
        """How its opens and clicks are tracked; None if neither is."""
        settings = self._submission.tracking
        if settings is None:
            return None
        return tracking.Tracking(
            settings.opens,
            settings.clicks,
            self.region,
            self.message_id,
            settings.domain,
            settings.https_policy,
        )

    @property
    def _is_text(self) -> bool:
        """Whether it has neither raw bytes nor attachments."""
        return self._content is not None and not self._content.attachments

    @property
    def _length(self) -> int:
        """The length of the content in characters, and of attachments in bytes, before any encoding."""
        submission, content = self._submission, self._content
        if content is None:
            return len(submission.raw or b"")
        length = len(content.subject or "") + len(content.text or "") + len(content.html or "")
        for attachment in content.attachments:
            length += len(attachment.content)
        return length

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
        return _read(self._submission.raw or b"") if self._content is None else self._content

    def _addresses(self) -> Sequence[Sequence[str]]:
        if self.submitted is None:
            return (*self._destination, self._submission.reply_to)
        fields = mime.fields(self.submitted)
        to, cc, reply_to = (
            addresses.parse_list(mime.joined_values(fields, name))
            for name in ("To", "Cc", "Reply-To")
        )
        visible = {addresses.bare(address) for address in (*to, *cc)}
        bcc = [address for address in self._envelope() if addresses.bare(address) not in visible]
        return [to, cc, bcc, reply_to]

    def _envelope(self) -> tuple[str, ...]:
        to, cc, bcc = self._destination
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
        to, cc, _, reply_to = self._addresses()
        address_lists = {"To": to, "Cc": cc, "Reply-To": reply_to}
        headers = [
            ("Date", mime.internet_date(self.sent_at)),
            ("Message-ID", self._message_id_header()),
            ("From", self.source),
            *((name, ", ".join(value)) for name, value in address_lists.items() if value),
        ]
        if custom_headers:
            taken = _SES_HEADERS | {name.lower() for name, _ in headers}
            headers += [pair for pair in custom_headers if _can_add(pair[0].lower(), taken)]
        return headers

    def _message_id_header(self) -> str:
        subdomain = "email" if self.region == "us-east-1" else self.region
        return f"<{self.message_id}@{subdomain}.amazonses.com>"

    def _seed(self) -> str:
        milliseconds = int(self.sent_at.timestamp() * 1000)
        return f"{binascii.crc32(self.message_id.encode())}.{milliseconds}"


@lru_cache(maxsize=2)
def _read(raw: bytes) -> Content:
    """Return the content of a raw message; the content of every message would take much memory."""
    return mime.read(raw)


def _can_add(name: str, taken: frozenset[str] | set[str]) -> bool:
    return name not in taken and not name.startswith("x-ses-")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_SUBJECT else f"{line[: _SHOWN_SUBJECT - 1]}…"
