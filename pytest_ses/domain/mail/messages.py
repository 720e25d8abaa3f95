"""What was sent?

    Message(*, message_id, service, operation, region, account_id, source, sent_at, to, cc=(), bcc=(),
            reply_to=(), return_path=None, configuration_set=None, template_name=None,
            template_data=None, tags={}, content=Content(), submitted=None, rendering_error=None,
            contact_list=None, topic=None, tenant=None, tracking=None)

Every sending operation makes its messages so. A raw mail gives its bytes as `submitted` and its
whole envelope as `to`; any other says its piece in `content`.
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

_NOTHING: Final = Content()
_SHOWN_ID = 16  # region and time
_SHOWN_RECIPIENTS = 3
_SHOWN_SUBJECT = 60
# Headers that a composed mail has from SES alone.
_OURS = frozenset(
    """
    date message-id from to cc bcc subject
    mime-version content-type content-transfer-encoding content-disposition
    """.split()  # noqa: SIM905 - one name a line would hide the groups
)


class MessageOwner(Protocol):
    """An account, as far as the events of its messages are concerned."""

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message."""
        ...


class Message:
    """A mail that SES accepted.

    `source`, `to`, `cc`, `bcc` and `reply_to` are addresses as supplied; `sender` and `recipients`
    are bare. In a raw mail `to`, `cc` and `reply_to` come from its headers, and `bcc` is whoever else
    the envelope names; `submitted` are its bytes as they came. `sent_at` is aware. A message with a `rendering_error` has no body: its
    `subject`, `text` and `html` are None, and `raw` is empty.
    """

    __slots__ = (
        "_content",
        "_given",
        "account",
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
        "tracking",
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
        content: Content = _NOTHING,
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
        self.tracking = tracking
        # The account, once it has accepted the mail: it keeps what happens.
        self.account: MessageOwner | None = None
        # Tuples, and the empty one shared: an outbox may hold a hundred thousand of these.
        self._given = (tuple(to), tuple(cc), tuple(bcc), tuple(reply_to))
        self._content = None if submitted is not None else _NOTHING if rendering_error else content

    @property
    def to(self) -> list[str]:
        """The To addresses as supplied."""
        return self._addressed()[0]

    @property
    def cc(self) -> list[str]:
        """The Cc addresses as supplied."""
        return self._addressed()[1]

    @property
    def bcc(self) -> list[str]:
        """The Bcc addresses as supplied; of a raw mail everyone whom To and Cc do not name."""
        return self._addressed()[2]

    @property
    def reply_to(self) -> list[str]:
        """The Reply-To addresses as supplied."""
        return self._addressed()[3]

    @property
    def sender(self) -> str:
        """The bare address of `source`."""
        return addresses.bare(self.source)

    @property
    def recipients(self) -> list[str]:
        """The envelope: everyone the mail goes to, bare."""
        return [addresses.bare(address) for address in self._envelope()]

    @property
    def subject(self) -> str | None:
        """The subject as a reader sees it."""
        if self._content is None and self.submitted is not None:
            subject = Headers(mime.fields(self.submitted)).get("Subject")
            return None if subject is None else mime.decoded(subject)
        return self._said().subject

    @property
    def text(self) -> str | None:
        r"""The plain text as the caller wrote it; of a raw mail its first, with `\n` line ends."""
        return self._said().text

    @property
    def html(self) -> str | None:
        r"""The HTML as the caller wrote it; of a raw mail its first, with `\n` line ends."""
        return self._said().html

    @property
    def attachments(self) -> list[Attachment]:
        """The attachments, inline pictures among them."""
        return list(self._said().attachments)

    @property
    def headers(self) -> Headers:
        """The headers of the mail as delivered, decoded; of a repeated header the first."""
        return Headers((name, mime.decoded(value)) for name, value in mime.fields(self.raw))

    @property
    def raw(self) -> bytes:
        """The mail as delivered: composed anew each time, or as submitted without what SES removes."""
        if self.rendering_error is not None:
            return b""
        if self.submitted is not None:
            raw = mime.redact(
                self.submitted, message_id_header=self._message_id_header(), date=self.sent_at
            )
        else:
            raw = self._composed(self._said())
        if self.tracking is not None:
            return tracking.tracked_bytes(raw, self.tracking, self.unsubscribe_url)
        if self.unsubscribe_url is not None:
            return unsubscribing.replaced_bytes(raw, self.unsubscribe_url)
        return raw

    @property
    def unsubscribe_url(self) -> str | None:
        """Where the recipient leaves the list that the mail was sent for; SES asks for just one."""
        if self.contact_list is None or len(self._envelope()) > 1:
            return None
        return unsubscribing.url(self.message_id, self.region, self.contact_list, self.topic)

    @property
    def mime(self) -> EmailMessage:
        """The mail as delivered, parsed by the standard library."""
        from email import message_from_bytes, policy  # noqa: PLC0415 - slow to import

        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def events(self) -> list[Event]:
        """What happened to the mail, in order."""
        return self.account.events_of(self) if self.account else []

    @property
    def links(self) -> list[str]:
        """The web links of the HTML as the caller wrote them, in order."""
        found = tracking.links(self.html or "")
        return [link.url for link in found if link.url.startswith(("http://", "https://"))]

    def link(self, url: str) -> Link | None:
        """The link of the HTML that a URL stands for: as it was written, or as it arrived."""
        return tracking.original(url, self.tracking, self.html or "")

    @property
    def may_carry_files(self) -> bool:
        """Whether there may be files in the mail."""
        return self.submitted is not None or bool(self._said().attachments)

    @property
    def least_size(self) -> int:
        """The bytes of what the mail says before any encoding, found without composing it."""
        if self.submitted is not None:
            return len(self.submitted)
        said = self._said()
        files = sum([len(one.content) for one in said.attachments]) if said.attachments else 0
        return _size(said.subject) + _size(said.text) + _size(said.html) + files

    def summary(self) -> str:
        """One line for reports: operation, sender, a few recipients, subject or rendering error."""
        recipients = self.recipients
        names = ", ".join(recipients[:_SHOWN_RECIPIENTS]) or "nobody"
        if len(recipients) > _SHOWN_RECIPIENTS:
            names += f" and {len(recipients) - _SHOWN_RECIPIENTS} more"
        return f"{self.operation} from {self.sender} to {names} {self._title()}"

    def __repr__(self) -> str:
        return f"<Message {self.message_id[:_SHOWN_ID]}… {self.summary()}>"

    def _title(self) -> str:
        if self.rendering_error is not None:
            return f"(not rendered: {_one_line(self.rendering_error)})"
        return "(no subject)" if self.subject is None else f'"{_one_line(self.subject)}"'

    def _said(self) -> Content:
        if self._content is None:
            self._content = mime.read(self.submitted or b"")
        return self._content

    def _addressed(self) -> list[list[str]]:
        if self.submitted is None:
            return [list(group) for group in self._given]
        headers = Headers(mime.fields(self.submitted))
        to, cc, reply_to = (
            addresses.parse_list(headers.get(name, "")) for name in ("To", "Cc", "Reply-To")
        )
        named = {addresses.bare(address) for address in (*to, *cc)}
        bcc = [text for text in self._envelope() if addresses.bare(text) not in named]
        return [to, cc, bcc, reply_to]

    def _envelope(self) -> tuple[str, ...]:
        to, cc, bcc, _ = self._given
        return (*to, *cc, *bcc)

    def _composed(self, said: Content) -> bytes:
        return mime.compose(
            headers=self._head(said.headers),
            subject=said.subject,
            text=said.text,
            html=said.html,
            attachments=said.attachments,
            charsets=said.charsets,
            seed=self._seed(),
        )

    def _head(self, extra: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        lists = {"To": self.to, "Cc": self.cc, "Reply-To": self.reply_to}
        head = [
            ("Date", mime.internet_date(self.sent_at)),
            ("Message-ID", self._message_id_header()),
            ("From", self.source),
            *((name, ", ".join(value)) for name, value in lists.items() if value),
        ]
        taken = _OURS | {name.lower() for name, _ in head}
        return [*head, *(pair for pair in extra if _may_add(pair[0].lower(), taken))]

    def _message_id_header(self) -> str:
        subdomain = "email" if self.region == "us-east-1" else self.region
        return f"<{self.message_id}@{subdomain}.amazonses.com>"

    def _seed(self) -> str:
        milliseconds = int(self.sent_at.timestamp() * 1000)
        return f"{binascii.crc32(self.message_id.encode())}.{milliseconds}"


def _may_add(name: str, taken: frozenset[str] | set[str]) -> bool:
    return name not in taken and not name.startswith("x-ses-")


def _size(text: str | None) -> int:
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_SUBJECT else f"{line[: _SHOWN_SUBJECT - 1]}…"
