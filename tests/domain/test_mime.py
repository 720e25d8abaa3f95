"""How does a mail look on the wire, and what does a mail from the wire say?"""

import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain import mime
from pytest_ses.domain.errors import InvalidParameterValue
from pytest_ses.domain.mime import Attachment, Content

DATE = datetime(2026, 3, 1, 9, 5, 7, tzinfo=timezone.utc)
OURS = {"message_id_header": "<1@email.amazonses.com>", "date": DATE}
DATE_LINE = b"Date: Sun, 1 Mar 2026 09:05:07 +0000"

TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from("a =?.\t\r\né😀")
)
LONG_TEXT = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 40, 400]))
MEDIA_TYPES = ["application/pdf", "image/png", "text/csv", "text/html; charset=utf-8", "nonsense"]
ENCODINGS = [None, "BASE64", "QUOTED_PRINTABLE", "SEVEN_BIT"]
ATTACHMENTS = st.builds(
    Attachment,
    filename=st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1),
    content_type=st.sampled_from(MEDIA_TYPES),
    content=st.binary() | st.sampled_from([b"a,b\r\nc,d\r\n", b"a\nb", b"=20 \n", b"x" * 2000]),
    content_id=st.none() | st.just("logo@example.org"),
    inline=st.booleans(),
    description=st.none() | st.just("Größe"),
    transfer_encoding=st.sampled_from(ENCODINGS),
)
RAW = st.binary() | st.lists(
    st.sampled_from(
        [b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"message/rfc822", b"\n"]
        + [
            b"text/plain; charset=",
            b"x",
            b"\xe9",
            b"=?utf-8?",
            b"b?",
            b"q?",
            b"=?=",
            b"\r\n",
            b"\r",
        ]
        + [b"--b", b"--b--", b" ", b"\t", b":", b"Bcc: ", b"X-SES-A: ", b"Date: ", b"MESSAGE-ID:"]
        + [
            b"Content-Disposition: attachment; filename*=",
            b"utf-8''%",
            b"Content-Transfer-Encoding: ",
        ]
        + [b"base64", b"quoted-printable", b"x-uuencode", b"begin 666 a", b"Content-ID: <x>", b"="]
    ),
    max_size=30,
).map(b"".join)


def compose(subject="s", text=None, html=None, headers=(), **more):
    return mime.compose(headers=headers, subject=subject, text=text, html=html, seed="1.2", **more)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def test_import_is_light():
    """Reading mail needs the standard library's email package, importing this does not."""
    code = (
        "import sys, pytest_ses.domain.messages, pytest_ses.domain.outbox as _; "
        "print('email' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert "False\n" == answer.stdout


# Headers


def test_headers_ignore_case():
    """A header is found in any case, a repeated one is its first, and order and spelling stay."""
    headers = mime.Headers([("Subject", "a"), ("X-Two", "1"), ("x-two", "2")])
    assert "1" == headers["X-TWO"]
    assert [("Subject", "a"), ("X-Two", "1")] == list(headers.items())
    assert 2 == len(headers)
    assert "x-three" not in headers
    assert "Headers([('Subject', 'a'), ('X-Two', '1')])" == repr(headers)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_scan_unfolds(end):
    """Headers come unfolded and in order, whatever the line ends, up to the empty line."""
    raw = f"To: a@x,{end}\tb@y{end}Subject: {end}  long {end} story{end}{end}Not: a header"
    expected = [("To", "a@x,\tb@y"), ("Subject", "long  story")]
    assert expected == mime.scan(raw.encode())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", []),
        (b"no header\nSubject: a\n", []),
        (b"\nSubject: a\n", []),
        (b"Subject:", [("Subject", "")]),
        (b"A: 1\nno header\nB: 2", [("A", "1")]),
        ("A: grün".encode(), [("A", "grün")]),
        ("A: grün".encode("latin-1"), [("A", "grün")]),
        (b"Received: 1\nReceived: 2\n", [("Received", "1"), ("Received", "2")]),
    ],
)
def test_scan_ends_where_headers_end(raw, expected):
    """The first line that is no header ends the headers; unencoded UTF-8 and Latin-1 are read."""
    assert expected == mime.scan(raw)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"Content-Type: a\ncontent-type: b\n", "Duplicate header 'content-type'."),
        (b"DKIM-Signature: a\nDKIM-Signature: b\n", "Duplicate header 'DKIM-Signature'."),
        (b"Subject: a\n: b\n", "Empty header names are illegal."),
        (b"A: " + b"x" * mime.HEADER_LIMIT + b"\n\nbody", "Header section too long."),
    ],
)
def test_scan_refuses(raw, message):
    """A header twice, one without a name and too many of them are refused in SES's words."""
    with pytest.raises(InvalidParameterValue) as caught:
        mime.scan(raw)
    assert message == caught.value.message


def test_scan_allows_a_long_body():
    """The limit is on the headers alone."""
    assert [("A", "b")] == mime.scan(b"A: b\n\n" + b"c: d\n" * mime.HEADER_LIMIT)


@given(RAW)
def test_any_bytes_can_be_scanned(raw):
    """Whatever the bytes, scanning gives the headers or `InvalidParameterValue`."""
    try:
        assert mime.fields(raw) == mime.scan(raw)
    except InvalidParameterValue:
        pass


# Delivery


def test_redact():
    """Bcc and X-SES headers go, Message-ID and Date become SES's in their places, all else stays."""
    raw = (
        b"message-id: <mine>\r\nTo: a@x,\r\n b@y\r\nBCC: c@z,\r\n d@z\r\nDate: then\r\n"
        b"X-SES-MESSAGE-TAGS: a=b\r\nX-Sess: 1\r\nDate: again\r\n\r\nBcc: in the body\n"
    )
    expected = (
        b"message-id: <1@email.amazonses.com>\r\nTo: a@x,\r\n b@y\r\n" + DATE_LINE + b"\r\n"
        b"X-Sess: 1\r\n\r\nBcc: in the body\n"
    )
    assert expected == mime.redact(raw, **OURS)


@pytest.mark.parametrize(
    ("raw", "head", "end", "tail"),
    [
        (b"To: a@x\n\nhi", b"To: a@x\n", b"\n", b"\nhi"),
        (b"To: a@x", b"To: a@x\r\n", b"\r\n", b"\r\n"),
        (b"To: a@x\n", b"To: a@x\n", b"\n", b"\n"),
        (b"", b"", b"\r\n", b"\r\n"),
        (b" no header", b"", b"\r\n", b"\r\n no header"),
    ],
)
def test_redact_adds(raw, head, end, tail):
    """A missing Date and Message-ID follow the last header, with the line ends of the mail."""
    expected = head + DATE_LINE + end + b"Message-ID: <1@email.amazonses.com>" + end + tail
    assert expected == mime.redact(raw, **OURS)


@given(RAW)
def test_redact_keeps_the_rest(raw):
    """Whatever the bytes, the other headers stay as they were, and none of the hidden ones."""
    gone = re.compile("bcc|date|message-id|x-ses-.*", re.IGNORECASE)
    delivered = mime.fields(mime.redact(raw, **OURS))
    kept = [pair for pair in mime.fields(raw) if not gone.fullmatch(pair[0])]
    assert kept == [pair for pair in delivered if not gone.fullmatch(pair[0])]
    ours = sorted(name.lower() for name, _ in delivered if gone.fullmatch(name))
    assert ["date", "message-id"] == ours


def test_internet_date():
    """A date is written as RFC 5322 has it, with its own offset."""
    india = timezone(timedelta(hours=5, minutes=30))
    expected = "Thu, 31 Dec 2026 23:59:58 +0530"
    assert expected == mime.internet_date(datetime(2026, 12, 31, 23, 59, 58, 9, tzinfo=india))


# Composing


def test_compose_plain():
    """Text alone is one part, and short ASCII is 7bit."""
    expected = (
        b"To: a@x\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        b"one\r\ntwo\r\n"
    )
    assert expected == compose("Hi", "one\ntwo\r\n", headers=[("To", "a@x")])


def test_compose_alternative():
    """Text and HTML are alternatives, the text first, between boundaries that the seed makes."""
    raw = compose("Hi", "text", "<p>größer</p>")
    assert raw.startswith(
        b"Subject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; \r\n"
        b'\tboundary="----=_Part_1_1.2"\r\n\r\n------=_Part_1_1.2\r\n'
    )
    assert b"quoted-printable\r\n\r\n<p>gr=C3=B6=C3=9Fer</p>\r\n------=_Part_1_1.2--\r\n" in raw
    types = ["multipart/alternative", "text/plain", "text/html"]
    assert types == [part.get_content_type() for part in parsed(raw).walk()]


def test_compose_related():
    """Pictures that the HTML can name stand beside it, other files beside the whole body."""
    files = [
        Attachment("a.pdf", "application/pdf", b"%PDF"),
        Attachment("logo.png", "image/png", b"\x89PNG", "logo", inline=True),
        Attachment("b.png", "image/png", b"\x89PNG", inline=True),
    ]
    both = compose(text="t", html="h", attachments=files)
    assert [
        "multipart/mixed",
        *["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
        *["application/pdf", "image/png"],
    ] == [part.get_content_type() for part in parsed(both).walk()]
    text_alone = compose(text="t", attachments=files)
    assert [
        *["multipart/mixed", "text/plain", "application/pdf", "image/png", "image/png"],
    ] == [part.get_content_type() for part in parsed(text_alone).walk()]


def test_compose_nothing():
    """A mail with neither subject nor body is an empty text."""
    raw = compose(None)
    assert Content(None, text="") == mime.read(raw).__class__(None, text=mime.read(raw).text)
    assert b"Subject" not in raw


def test_compose_keeps_lines_short():
    """Long lines, of bodies and of headers, are broken where a reader joins them again."""
    text, to = "x" * 5000, ", ".join(f"reader{n}@example.org" for n in range(50))
    subject = "word " * 300 + "end"
    raw = compose(subject, text, headers=[("To", to), ("X-Long", "a" * 100)])
    assert max(map(len, raw.split(b"\r\n"))) <= 108
    mail = parsed(raw)
    assert (subject, to, text) == (mail["Subject"], mail["To"], mail.get_content())


@pytest.mark.parametrize("name", ["To", "Subject", "X-Campaign", "X-Campaign: x\r\nBcc"])
@pytest.mark.parametrize(
    "value", ["a\r\nBcc: b@x", "a\nBcc: b@x", "a\rBcc: b@x", "é\r\n\r\nBcc: b"]
)
def test_no_header_can_be_smuggled_in(name, value):
    """A line end in a header becomes a space."""
    raw = compose("s", "t", headers=[(name, value)])
    assert "Bcc" not in parsed(raw)
    assert "t" == parsed(raw).get_content()


def test_nameless_header_is_left_out():
    """A header whose name has no character that a name may have is left out."""
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
    """A display name that is not ASCII is encoded, and the address stays readable."""
    raw = compose(headers=[("From", address), ("To", f"a@x, {address}")])
    first, second = parsed(raw)["From"].addresses[0], parsed(raw)["To"].addresses[1]
    assert (display_name, "zoe@example.org") == (first.display_name, first.addr_spec)
    assert (display_name, "zoe@example.org") == (second.display_name, second.addr_spec)


def test_address_without_brackets():
    """What is not ASCII outside a display name is written as it is."""
    assert "To: zoë@example.org\r\n".encode() in compose(headers=[("To", "zoë@example.org")])


@pytest.mark.parametrize(
    ("charset", "text", "used"),
    [
        ("ISO-8859-1", "größer\nals", "iso-8859-1"),
        ("Shift_JIS", "日本語\nソ", "shift_jis"),
        ("ISO-2022-JP", "日本語", "iso-2022-jp"),
        ("ISO-8859-1", "日本語", "utf-8"),
        ("UTF-16", "größer", "utf-8"),
        ("no-such", "größer", "utf-8"),
        ("utf\r\n8", "größer", "utf-8"),
    ],
)
def test_charsets(charset, text, used):
    """Subject and body use the charset asked for, or UTF-8 where it cannot be."""
    charsets = dict.fromkeys(["subject", "text", "html"], charset)
    raw = compose(text, text, f"<p>{text}", charsets=charsets)
    plain, html = parsed(raw).iter_parts()
    assert [used, used] == [plain.get_content_charset(), html.get_content_charset()]
    assert f"Subject: =?{used}?B?".encode() in raw.lower().replace(b"?b?", b"?B?").replace(
        b"subject", b"Subject"
    )
    assert (text.replace("\n", " "), text, f"<p>{text}") == _said(mime.read(raw))


def _said(content):
    return content.subject, content.text, content.html


@given(subject=TEXT, text=LONG_TEXT, html=st.none() | LONG_TEXT)
def test_composed_mail_says_the_same(subject, text, html):
    """Any text comes back from the wire, with `\\n` for `\\r\\n`, to the standard library and to us."""
    raw = compose(subject, text, html)
    mail = parsed(raw)
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    rich = html and mail.get_body(("html",)).get_content().replace("\r\n", "\n")
    one_line = re.sub(r"[\r\n]+[ \t]*", " ", subject)
    expected = (text.replace("\r\n", "\n"), html and html.replace("\r\n", "\n"))
    assert expected == (plain, rich)
    assert (one_line, *expected) == _said(mime.read(raw))
    assert raw.split(b"\r\n\r\n")[0].isascii()


@given(subject=st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" =?é")))
def test_standard_library_reads_the_subject(subject):
    """The standard library decodes the subject to what was written."""
    assert subject == parsed(compose(subject))["Subject"]


@given(attachments=st.lists(ATTACHMENTS, max_size=3), html=st.none() | st.just("<p>h"))
def test_attachments_come_back(attachments, html):
    """Every file comes back with its name, bytes, content id and description, however it travelled."""
    raw = compose(text="t", html=html, attachments=attachments)
    expected = sorted((one.filename or "", one.content, one.inline) for one in attachments)
    content = mime.read(raw)
    actual = sorted((one.filename or "", one.content, one.inline) for one in content.attachments)
    assert expected == actual
    assert ("s", "t", html) == _said(content)
    marks = sorted((one.content_id or "", one.description or "") for one in attachments)
    found = sorted((one.content_id or "", one.description or "") for one in content.attachments)
    assert marks == found
    leaves = [part for part in parsed(raw).walk() if part.get_content_disposition()]
    names = sorted(part.get_filename() or "" for part in leaves)
    assert [name for name, _, _ in expected] == names


@pytest.mark.parametrize(
    ("asked", "content", "used"),
    [
        (None, b"a\r\n", "BASE64"),
        ("BASE64", b"a\r\n", "BASE64"),
        ("QUOTED_PRINTABLE", b"a\r\n\xff", "QUOTED_PRINTABLE"),
        ("SEVEN_BIT", b"a\r\n", "SEVEN_BIT"),
        ("SEVEN_BIT", b"a\xff", "BASE64"),
        ("SEVEN_BIT", b"a" * 999, "BASE64"),
    ],
)
def test_transfer_encodings(asked, content, used):
    """A file travels as asked, but what is not 7bit is never sent as if it were."""
    file = Attachment("a.txt", "text/plain", content, transfer_encoding=asked)
    (actual,) = mime.read(compose(text="t", attachments=[file])).attachments
    assert (used, content) == (actual.transfer_encoding, actual.content)


@pytest.mark.parametrize(("body", "encoding"), [(b"hi", "7bit"), (b"\xff", "8bit")])
def test_attached_mail(body, encoding):
    """A mail within a mail is never encoded, as the standard has it."""
    inner = b"Subject: inner\r\n\r\n" + body
    raw = compose(text="t", attachments=[Attachment("a.eml", "message/rfc822", inner)])
    assert f"Content-Transfer-Encoding: {encoding}\r\nContent-Disp".encode() in raw
    (actual,) = mime.read(raw).attachments
    assert ("a.eml", "message/rfc822", inner) == (
        actual.filename,
        actual.content_type,
        actual.content,
    )


def test_bad_media_type():
    """A content type that is none, or smuggles a header, becomes that of any bytes."""
    file = Attachment("a", "text/plain\r\nBcc: b@x", b"a")
    raw = compose(text="t", attachments=[file, Attachment("b", "", b"b")])
    expected = ["application/octet-stream"] * 2
    assert expected == [one.content_type for one in mime.read(raw).attachments]


def test_rendered():
    """A rendered template is a mail of Date, Subject and parts."""
    text = mime.rendered("Hi", "one", "<p>two", DATE)
    head = "Date: Sun, 1 Mar 2026 09:05:07 +0000\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n"
    assert text.startswith(head + "Content-Type: multipart/alternative; \r\n\tboundary=")
    assert ("Hi", "one", "<p>two") == _said(mime.read(text.encode()))


# Reading


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "utf-7"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_read_charsets(charset, line_end):
    """Text in any charset is read, with `\\n` line ends."""
    mail = MIMEMultipart("alternative")
    mail["Subject"] = "Größer"
    mail.attach(MIMEText("größer\n", "plain", charset))
    mail.attach(MIMEText("<p>größer\n", "html", charset))
    raw = line_end.join(mail.as_bytes().splitlines()) + line_end
    assert ("Größer", "größer\n", "<p>größer\n") == _said(mime.read(raw))


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        (b"shift_jis", "日本".encode("shift_jis"), "日本"),
        (b"shift_jis", b"\x93\xfa\xff", "日\ufffd"),
        (b"us-ascii", "grün".encode(), "grün"),
        (b"unknown-8bit", "grün".encode(), "grün"),
        (b"unknown-8bit", "grün".encode("latin-1"), "grün"),
        (b"undefined", b"a", "a"),
        (b"unicode_escape", rb"\d", r"\d"),
    ],
)
def test_read_broken_charsets(charset, body, expected):
    """A charset that is wrong or unknown costs some characters at most."""
    raw = b"Content-Type: text/plain; charset=" + charset + b"\n\n" + body
    assert expected == mime.read(raw).text


def test_read_attachments():
    """Files, inline pictures, an attached mail and a second text are attachments."""
    inner = MIMEText("inner")
    inner["Subject"] = "Inner"
    mail = MIMEMultipart()
    mail.attach(MIMEText("first"))
    mail.attach(MIMEText("second"))
    picture = MIMEImage(b"\x89PNG", "png")
    picture["Content-ID"] = "<logo>"
    mail.attach(picture)
    pdf = MIMEApplication(b"\x00\xff", "pdf")
    pdf.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "größe.pdf"))
    pdf["Content-Description"] = "=?utf-8?q?Gr=C3=B6=C3=9Fe?="
    mail.attach(pdf)
    mail.attach(MIMEMessage(inner))
    content = mime.read(mail.as_bytes())
    second, logo, file, attached = content.attachments
    assert "first" == content.text
    assert Attachment(None, "text/plain", b"second", transfer_encoding="SEVEN_BIT") == second
    expected = Attachment(None, "image/png", b"\x89PNG", "logo", True, None, "BASE64")
    assert expected == logo
    description = ("größe.pdf", b"\x00\xff", None, False, "Größe")
    actual = (file.filename, file.content, file.content_id, file.inline, file.description)
    assert description == actual
    assert ("message/rfc822", "Inner") == (
        attached.content_type,
        parsed(attached.content)["Subject"],
    )


def test_read_encoded_filename():
    """A file name in encoded words, as many mailers write it, is decoded."""
    raw = b'Content-Disposition: attachment; filename="=?utf-8?q?gr=C3=B6=C3=9Fe?="\n\nx'
    (actual,) = mime.read(raw).attachments
    assert "größe" == actual.filename


def test_read_unreadable():
    """A mail that the standard library cannot parse is its subject and its text."""
    raw = b"Subject: a\nContent-Type: multipart/mixed; boundary*=undefined''%FF\n\nbody\n"
    assert Content("a", text="body\n") == mime.read(raw)


@given(RAW)
def test_any_bytes_can_be_read(raw):
    """Whatever the bytes, reading gives something, and so it does for the mail as delivered."""
    assert isinstance(mime.read(raw), Content)
    assert mime.read(raw).subject == mime.read(mime.redact(raw, **OURS)).subject


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe_1?=", "Größe 1"),
        ("=?ISO-8859-1?Q?Gr=F6=DFe?=", "Größe"),
        ("=?utf-8?b?R3LDtg==?= =?utf-8?b?w59l?=\t=?utf-8?q?!?= end", "Größe! end"),
        ("=?utf-8*de?b?R3LDtg?=", "Grö"),
        ("=?utf-8?b?x?=", "=?utf-8?b?x?="),
        ("=?no-such?q?Gr=C3=B6?=", "Grö"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
    ],
)
def test_decoded(value, expected):
    """Encoded words are decoded and joined, and what cannot be decoded stays."""
    assert expected == mime.decoded(value)
