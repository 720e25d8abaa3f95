"""Composition of MIME messages from subject, bodies, headers and attachments."""

import re
from datetime import datetime, timezone
from email import message_from_bytes, policy

import pytest
from hypothesis import given, strategies as st
from timing import is_linear

from pytest_ses.domain import mime
from pytest_ses.domain.mime import Attachment

DATE = datetime(2026, 3, 1, 9, 5, 7, tzinfo=timezone.utc)
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from("a =?.\t\r\né😀")
)
LONG_TEXT = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 40, 400]))
MEDIA_TYPES = ["application/pdf", "image/png", "text/csv", "text/x-log; charset=utf-8", "?"]
SEVEN_BIT = b"Content-Transfer-Encoding: 7bit\r\n\r\n"
ENCODINGS = [None, "BASE64", "QUOTED_PRINTABLE", "SEVEN_BIT"]
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(str.strip).filter(bool)
ATTACHMENTS = st.builds(
    Attachment,
    filename=st.none() | NAMES,
    content_type=st.sampled_from(MEDIA_TYPES),
    content=st.binary() | st.sampled_from([b"a,b\r\nc,d\r\n", b"a\nb", b"=20 \n", b"x" * 2000]),
    content_id=st.none() | st.just("logo@example.org"),
    inline=st.booleans(),
    description=st.none() | st.just("Größe"),
    transfer_encoding=st.sampled_from(ENCODINGS),
)


def compose(subject="s", text=None, html=None, headers=(), **options):
    return mime.compose(
        headers=headers, subject=subject, text=text, html=html, seed="1.2", **options
    )


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def contents(content):
    return content.subject, content.text, content.html


def test_compose_plain():
    """Text without HTML is a single part, and short ASCII is encoded as 7bit."""
    expected = (
        b"To: a@x\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        b"one\r\ntwo\r\n"
    )
    assert expected == compose("Hi", "one\ntwo\r\n", headers=[("To", "a@x")])


def test_compose_html():
    """HTML without text is a single part."""
    raw = compose("Hi", html="<p>one")
    assert raw.endswith(b"Content-Type: text/html; charset=UTF-8\r\n" + SEVEN_BIT + b"<p>one")


def test_compose_alternative():
    """Text and HTML are alternatives in this order, with boundaries derived from the seed."""
    raw = compose("Hi", "text", "<p>größer</p>")
    assert raw.startswith(
        b"Subject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; \r\n"
        b'\tboundary="----=_Part_1_1.2"\r\n\r\n------=_Part_1_1.2\r\n'
    )
    assert b"quoted-printable\r\n\r\n<p>gr=C3=B6=C3=9Fer</p>\r\n------=_Part_1_1.2--\r\n" in raw
    types = ["multipart/alternative", "text/plain", "text/html"]
    assert types == [part.get_content_type() for part in parsed(raw).walk()]


def test_compose_related():
    """Inline images with a content ID are related to the HTML; other files follow the body."""
    files = [
        Attachment("a.pdf", "application/pdf", b"%PDF"),
        Attachment("logo.png", "image/png", b"\x89PNG", "logo", inline=True),
        Attachment("b.png", "image/png", b"\x89PNG", inline=True),
    ]
    text_and_html = compose(text="t", html="h", attachments=files)
    assert [
        "multipart/mixed",
        *["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
        *["application/pdf", "image/png"],
    ] == [part.get_content_type() for part in parsed(text_and_html).walk()]
    text_only = compose(text="t", attachments=files)
    assert [
        *["multipart/mixed", "text/plain", "application/pdf", "image/png", "image/png"],
    ] == [part.get_content_type() for part in parsed(text_only).walk()]


def test_compose_empty_message():
    """A message with neither subject nor body has an empty text."""
    raw = compose(None)
    assert (None, "", None) == contents(mime.read(raw))
    assert b"Subject" not in raw


def test_compose_keeps_lines_short():
    """Long lines in bodies and headers are folded, and a parser restores them."""
    text, to = "x" * 5000, ", ".join(f"reader{n}@example.org" for n in range(50))
    subject = "word " * 300 + "end"
    raw = compose(subject, text, headers=[("To", to), ("X-Long", "a" * 100)])
    assert max(map(len, raw.split(b"\r\n"))) <= 108
    message = parsed(raw)
    assert (subject, to, text) == (message["Subject"], message["To"], message.get_content())


@pytest.mark.parametrize("name", ["To", "Subject", "X-Campaign", "X-Campaign: x\r\nBcc"])
@pytest.mark.parametrize(
    "value", ["a\r\nBcc: b@x", "a\nBcc: b@x", "a\rBcc: b@x", "é\r\n\r\nBcc: b"]
)
def test_header_injection(name, value):
    """A line end in a header becomes a space."""
    raw = compose("s", "t", headers=[(name, value)])
    assert "Bcc" not in parsed(raw)
    assert "t" == parsed(raw).get_content()


def test_header_without_a_valid_name():
    """A header whose name has no allowed character is omitted."""
    assert compose("s", "t") == compose("s", "t", headers=[(" é", "x")])


@pytest.mark.parametrize(
    ("address", "display_name"),
    [
        ("Zoë <zoe@example.org>", "Zoë"),
        ('"Zoë, \\"Z\\"" <zoe@example.org>', 'Zoë, "Z"'),
        ("=?UTF-8?Q?Zo=C3=AB?= ü <zoe@example.org>", "Zoë ü"),
        ('"L, Ada" <zoe@example.org>', "L, Ada"),
    ],
)
def test_display_names(address, display_name):
    """A display name outside ASCII is encoded, and the address stays readable."""
    raw = compose(headers=[("From", address), ("To", f"a@x, {address}")])
    first, second = parsed(raw)["From"].addresses[0], parsed(raw)["To"].addresses[1]
    assert (display_name, "zoe@example.org") == (first.display_name, first.addr_spec)
    assert (display_name, "zoe@example.org") == (second.display_name, second.addr_spec)


def test_address_without_brackets():
    """An address outside ASCII without a display name is written unencoded."""
    assert "To: zoë@example.org\r\n".encode() in compose(headers=[("To", "zoë@example.org")])


@pytest.mark.parametrize(
    ("charset", "text", "expected"),
    [
        ("ISO-8859-1", "größer\nals", "iso-8859-1"),
        ("Shift_JIS", "日本語\nソ", "shift_jis"),
        ("ISO-2022-JP", "日本語", "iso-2022-jp"),
        ("ISO-8859-1", "日本語", "utf-8"),
        ("Shift_JIS", "¥ 100", "utf-8"),
        ("UTF-16", "größer", "utf-8"),
        ("no-such", "größer", "utf-8"),
        ("utf\r\n8", "größer", "utf-8"),
    ],
)
def test_charsets(charset, text, expected):
    """Subject and bodies use the requested charset, or UTF-8 if they cannot be encoded in it."""
    charsets = dict.fromkeys(["subject", "text", "html"], charset)
    raw = compose(text, text, f"<p>{text}", charsets=charsets)
    plain, html = parsed(raw).iter_parts()
    assert [expected, expected] == [plain.get_content_charset(), html.get_content_charset()]
    assert f"Subject: =?{expected}?B?".lower() in raw.decode().lower()
    assert (text.replace("\n", " "), text, f"<p>{text}") == contents(mime.read(raw))


@given(subject=TEXT, text=LONG_TEXT, html=st.none() | LONG_TEXT)
def test_composed_message_is_parsed(subject, text, html):
    r"""The standard library and `mime.read` both parse any text, with `\n` for `\r\n`."""
    raw = compose(subject, text, html)
    message = parsed(raw)
    plain = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html_ = html and message.get_body(("html",)).get_content().replace("\r\n", "\n")
    one_line = re.sub(r"[\r\n]+[ \t]*", " ", subject)
    expected = (text.replace("\r\n", "\n"), html and html.replace("\r\n", "\n"))
    assert expected == (plain, html_)
    assert (one_line, *expected) == contents(mime.read(raw))
    assert raw.split(b"\r\n\r\n")[0].isascii()


@given(subject=st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" =?é")))
def test_standard_library_reads_the_subject(subject):
    """The standard library decodes the original subject."""
    assert subject == parsed(compose(subject))["Subject"]


@given(attachments=st.lists(ATTACHMENTS, max_size=3), html=st.none() | st.just("<p>h"))
def test_attachments_are_parsed(attachments, html):
    """Attachments are parsed with name, bytes, content ID and description, in any encoding."""
    raw = compose(text="t", html=html, attachments=attachments)
    expected = sorted(
        (attachment.filename or "", attachment.content, attachment.inline)
        for attachment in attachments
    )
    content = mime.read(raw)
    actual = sorted(
        (attachment.filename or "", attachment.content, attachment.inline)
        for attachment in content.attachments
    )
    assert expected == actual
    assert ("s", "t", html) == contents(content)
    expected_details = sorted(
        (attachment.content_id or "", attachment.description or "") for attachment in attachments
    )
    actual_details = sorted(
        (attachment.content_id or "", attachment.description or "")
        for attachment in content.attachments
    )
    assert expected_details == actual_details
    leaves = [part for part in parsed(raw).walk() if part.get_content_disposition()]
    names = sorted(part.get_filename() or "" for part in leaves)
    assert [name for name, _, _ in expected] == names


@pytest.mark.parametrize(
    ("requested", "content", "expected"),
    [
        (None, b"a\r\n", "SEVEN_BIT"),
        (None, b"%PDF\xff\0", "SEVEN_BIT"),
        ("BASE64", b"a\r\n", "BASE64"),
        ("QUOTED_PRINTABLE", b"a\r\n\xff", "QUOTED_PRINTABLE"),
        ("SEVEN_BIT", b"a\r\n", "SEVEN_BIT"),
        ("SEVEN_BIT", b"a\xff", "SEVEN_BIT"),
    ],
)
def test_transfer_encodings(requested, content, expected):
    """A file has the requested encoding; the default is 7bit. No content is lost."""
    file = Attachment("a.txt", "text/plain", content, transfer_encoding=requested)
    (actual,) = mime.read(compose(text="t", attachments=[file])).attachments
    assert (expected, content) == (actual.transfer_encoding, actual.content)


@pytest.mark.parametrize(("body", "encoding"), [(b"hi", "7bit"), (b"\xff", "8bit")])
def test_attached_message(body, encoding):
    """An attached message is never encoded, as the standard requires."""
    inner = b"Subject: inner\r\n\r\n" + body
    raw = compose(text="t", attachments=[Attachment("a.eml", "message/rfc822", inner)])
    assert f"Content-Transfer-Encoding: {encoding}\r\nContent-Disp".encode() in raw
    (actual,) = mime.read(raw).attachments
    assert ("a.eml", "message/rfc822", inner) == (
        actual.filename,
        actual.content_type,
        actual.content,
    )


def test_invalid_media_type():
    """An invalid content type becomes `application/octet-stream`."""
    file = Attachment("a", "text/plain\r\nBcc: b@x", b"a")
    raw = compose(text="t", attachments=[file, Attachment("b", "", b"b")])
    expected = ["application/octet-stream"] * 2
    assert expected == [attachment.content_type for attachment in mime.read(raw).attachments]


@pytest.mark.parametrize(
    ("subject", "address"), [("s", "a@example.org"), ("é", "é <a@example.org>")]
)
@pytest.mark.parametrize("piece", [" ", "\r\n ", "<", "a ", "é "])
def test_headers_take_linear_time(subject, address, piece):
    """The time to write a header is proportional to its length."""

    def write(text):
        headers = [("To", text + address), ("X-Note", text + subject)]
        return compose(subject + text, headers=headers)

    assert is_linear(write, lambda size: piece * size, 4000)


def test_compose_rendered():
    """A rendered template is a message with Date, Subject and parts."""
    text = mime.compose_rendered("Hi", "one", "<p>two", DATE)
    headers = "Date: Sun, 1 Mar 2026 09:05:07 +0000\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n"
    assert text.startswith(headers + "Content-Type: multipart/alternative; \r\n\tboundary=")
    assert ("Hi", "one", "<p>two") == contents(mime.read(text.encode()))


@pytest.mark.parametrize(("inline", "disposition"), [(False, "attachment"), (True, "inline")])
def test_headers_of_an_attachment(inline, disposition):
    """An attachment has its type, encoding, disposition, content ID and description as headers."""
    attachment = Attachment("a.txt", "text/csv", b"a", "logo", inline, "Logo", "BASE64")
    raw = compose(text="t", attachments=[attachment])
    assert b'\r\n\tboundary="----=_Part_0_1.2"\r\n' in raw
    assert (
        "Content-Type: text/csv\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: {disposition}; filename="a.txt"\r\n'
        "Content-ID: <logo>\r\n"
        "Content-Description: Logo\r\n"
        "\r\n"
    ) in raw.decode()
