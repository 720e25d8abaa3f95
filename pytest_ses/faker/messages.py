"""Raw messages of any structure."""

from __future__ import annotations

from email import policy
from email.header import Header
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from pytest_ses.domain.addresses import parse
from pytest_ses.domain.errors import InvalidParameterValue
from pytest_ses.faker import addresses, events, names, times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faker.providers import BaseProvider

# Line endings: CRLF as in SMTP, or LF, which SES accepts as well.
_POLICIES = (policy.SMTP, policy.default)
_GREETINGS = ("Hello!", "Grüß Gott!", "¡Hola!", "Bonjour à tous !")
_ENCODINGS = (
    ("utf-8", "quoted-printable"),
    ("utf-8", "base64"),
    ("utf-8", "8bit"),
    ("iso-8859-1", "quoted-printable"),
    ("iso-8859-1", "8bit"),
)
# The smallest image: https://en.wikipedia.org/wiki/GIF#Example_GIF_file has the format.
_GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
_FILE_NAMES = ("report", "Übersicht", "a file with spaces", "résumé")
_EXTENSIONS = {"csv": ("text", "csv"), "pdf": ("application", "pdf"), "gif": ("image", "gif")}


def message(fake: BaseProvider, sender: str | None) -> bytes:
    """Return a raw message from an address at example.com or from a given one.

    Raises:
        ValueError: if SES would reject the sender.
    """
    if sender is not None:
        _check_sender(sender)
    content = EmailMessage(policy=fake.random_element(_POLICIES))
    set_content = fake.random_element(_CONTENTS)
    set_content(fake, content)
    for _ in range(fake.random_int(0, 2)):
        add_attachment = fake.random_element((_add_file, _add_text_file, _add_forwarded))
        add_attachment(fake, content)
    _set_boundaries(fake, content)
    # The standard library folds some lists of addresses incorrectly, so these headers are our own:
    # https://github.com/python/cpython/issues/100884
    headers = "".join(f"{name}: {value}\n" for name, value in _headers(fake, sender))
    return headers.replace("\n", content.policy.linesep).encode() + bytes(content)


def _check_sender(sender: str) -> None:
    try:
        parse(sender)
    except InvalidParameterValue as error:
        raise ValueError(
            f"sender={sender!r} is invalid: {error.message}; expected an address such as "
            "'Ada <ada@example.com>'"
        ) from None


def _headers(fake: BaseProvider, sender: str | None) -> list[tuple[str, str]]:
    """Return the encoded and folded headers, without those of the content."""
    default = formataddr((fake.generator.company(), _own_address(fake)))
    optional = fake.random_elements(tuple(_OPTIONAL_HEADERS), unique=True)
    return [
        ("From", sender or default),
        ("To", ",\n ".join(_recipient(fake) for _ in range(fake.random_int(1, 3)))),
        ("Subject", _subject(fake)),
        *((name, _OPTIONAL_HEADERS[name](fake)) for name in optional),
    ]


def _own_address(fake: BaseProvider) -> str:
    return f"{names.topic(fake)}@{events.SENDING_DOMAIN}"


def _recipient(fake: BaseProvider) -> str:
    name = fake.random_element(("", fake.generator.name(), addresses.foreign_name(fake)))
    return formataddr((name, addresses.plain(fake)))


def _subject(fake: BaseProvider) -> str:
    greeting = fake.random_element(("", *_GREETINGS))
    subject = f"{greeting} {fake.generator.sentence(fake.random_int(1, 20))}".strip()
    return Header(subject, header_name="Subject").encode()


_OPTIONAL_HEADERS: Mapping[str, Callable[[BaseProvider], str]] = {
    "Cc": _recipient,
    "Reply-To": _recipient,
    "Date": lambda fake: format_datetime(times.time(fake)),
    "Message-ID": lambda fake: f"<{fake.hexify('^' * 32)}@{events.SENDING_DOMAIN}>",
    "X-Campaign": lambda fake: Header(fake.generator.sentence(12)).encode(),
    "X-SES-MESSAGE-TAGS": lambda fake: f"campaign={names.topic(fake)}, topic={names.topic(fake)}",
}


def _text(fake: BaseProvider, charset: str) -> str:
    """Return a text of some lines; what a charset cannot encode is replaced."""
    lines = [fake.random_element(_GREETINGS), *fake.generator.sentences(3)]
    return "\n".join(lines).encode(charset, "replace").decode(charset) + "\n"


def _set_text(fake: BaseProvider, content: EmailMessage, subtype: str = "plain") -> None:
    charset, encoding = fake.random_element(_ENCODINGS)
    text = _text(fake, charset)
    content.set_content(text, subtype=subtype, charset=charset, cte=encoding)


def _set_html(fake: BaseProvider, content: EmailMessage) -> None:
    _set_text(fake, content, "html")


def _set_alternative(fake: BaseProvider, content: EmailMessage) -> None:
    _set_text(fake, content)
    content.add_alternative(_html(fake), subtype="html")


def _set_related(fake: BaseProvider, content: EmailMessage) -> None:
    content.set_content(_html(fake, '<img src="cid:logo@example.com">'), subtype="html")
    _add_image(content)


def _set_alternative_with_image(fake: BaseProvider, content: EmailMessage) -> None:
    _set_text(fake, content)
    content.add_alternative(_html(fake, '<img src="cid:logo@example.com">'), subtype="html")
    html: MIMEPart = list(content.iter_parts())[-1]
    _add_image(html)


def _set_invitation(fake: BaseProvider, content: EmailMessage) -> None:
    _set_text(fake, content)
    event = f"BEGIN:VEVENT\r\nUID:{fake.hexify('^' * 16)}\r\nEND:VEVENT\r\n"
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n{event}END:VCALENDAR\r\n"
    content.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})


_CONTENTS: tuple[Callable[[BaseProvider, EmailMessage], None], ...] = (
    _set_text,
    _set_html,
    _set_alternative,
    _set_related,
    _set_alternative_with_image,
    _set_invitation,
)


def _html(fake: BaseProvider, extra: str = "") -> str:
    return f"<html><body><p>{_text(fake, 'utf-8')}</p>{extra}</body></html>"


def _add_image(html: MIMEPart) -> None:
    html.add_related(_GIF, "image", "gif", cid="<logo@example.com>", disposition="inline")


def _add_file(fake: BaseProvider, content: EmailMessage) -> None:
    extension = fake.random_element(tuple(_EXTENSIONS))
    maintype, subtype = _EXTENSIONS[extension]
    name = f"{fake.random_element(_FILE_NAMES)}.{extension}"
    data = fake.generator.random.randbytes(fake.random_int(0, 500))
    content.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)


def _add_text_file(fake: BaseProvider, content: EmailMessage) -> None:
    name = f"{fake.random_element(_FILE_NAMES)}.txt"
    content.add_attachment(_text(fake, "utf-8"), filename=name)


def _add_forwarded(fake: BaseProvider, content: EmailMessage) -> None:
    forwarded = EmailMessage(policy=content.policy)
    forwarded["From"] = addresses.plain(fake)
    forwarded["Subject"] = names.topic(fake)
    _set_alternative(fake, forwarded)
    content.add_attachment(forwarded)


def _set_boundaries(fake: BaseProvider, content: EmailMessage) -> None:
    """Set all boundaries; those of the standard library do not depend on Faker's seed."""
    for part in content.walk():
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{fake.hexify('^' * 24)}")
