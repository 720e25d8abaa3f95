"""Reading, scanning and redacting of raw MIME messages."""

import contextlib
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
SES_HEADERS = {"message_id_header": "<1@email.amazonses.com>", "date": DATE}
DATE_LINE = b"Date: Sun, 1 Mar 2026 09:05:07 +0000"

SNIPPETS = rb"""
Subject: |Content-Type: |multipart/mixed; boundary=b|message/rfc822|text/plain; charset=|x
=?utf-8?|b?|q?|?=|--b|--b--|:|Bcc: |X-SES-A: |Date: |MESSAGE-ID:|base64|quoted-printable|x-uuencode
begin 666 a|Content-ID: <x>|=|Content-Disposition: attachment; filename*=|utf-8''%
Content-Transfer-Encoding: """
SINGLE_BYTES = [b"\n", b"\r\n", b"\r", b" ", b"\t", b"\xe9"]
RAW = st.binary() | st.lists(
    st.sampled_from([*re.split(rb"[|\n]", SNIPPETS.lstrip()), *SINGLE_BYTES]), max_size=30
).map(b"".join)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def contents(content):
    return content.subject, content.text, content.html


def test_import_is_light():
    """Importing messages and outbox does not import the standard library's email package."""
    code = (
        "import sys, pytest_ses.domain.mail.messages, pytest_ses.domain.mail.outbox as _; "
        "print('email' in sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert "False\n" == process.stdout


def test_headers_ignore_case():
    """Header names are case-insensitive; of repeated headers, the first is kept, as written."""
    headers = mime.Headers([("Subject", "a"), ("X-Two", "1"), ("x-two", "2")])
    assert "1" == headers["X-TWO"]
    assert [("Subject", "a"), ("X-Two", "1")] == list(headers.items())
    assert 2 == len(headers)
    assert "x-three" not in headers
    assert "Headers([('Subject', 'a'), ('X-Two', '1')])" == repr(headers)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_validated_fields_unfolds(end):
    """Headers are unfolded and in order, with any line ends, up to the empty line."""
    raw = f"To: a@x,{end}\tb@y{end}Subject: {end}  long {end} story{end}{end}Not: a header"
    expected = [("To", "a@x,\tb@y"), ("Subject", "long  story")]
    assert expected == mime.validated_fields(raw.encode())


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
def test_validated_fields_ends_with_the_headers(raw, expected):
    """The first line that is not a header ends the headers; raw UTF-8 and Latin-1 are decoded."""
    assert expected == mime.validated_fields(raw)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"Content-Type: a\ncontent-type: b\n", "Duplicate header 'content-type'."),
        (b"DKIM-Signature: a\nDKIM-Signature: b\n", "Duplicate header 'DKIM-Signature'."),
        (b"VBR-Info: a\nX: b\nVBR-Info: c\n", "Duplicate header 'VBR-Info'."),
        (b"Subject: a\n: b\n", "Empty header names are illegal."),
        (b"A: " + b"x" * mime.HEADER_LIMIT + b"\n\nbody", "Header section too long."),
    ],
)
def test_validated_fields_rejects(raw, message):
    """Duplicate, nameless or too many headers are rejected with SES's own messages."""
    with pytest.raises(InvalidParameterValue) as caught:
        mime.validated_fields(raw)
    assert message == caught.value.message


def test_validated_fields_allows_a_long_body():
    """The limit applies only to the headers."""
    assert [("A", "b")] == mime.validated_fields(b"A: b\n\n" + b"c: d\n" * mime.HEADER_LIMIT)


@given(RAW)
def test_any_bytes_can_be_scanned(raw):
    """Any bytes are scanned or raise `InvalidParameterValue`."""
    with contextlib.suppress(InvalidParameterValue):
        assert mime.fields(raw) == mime.validated_fields(raw)


def test_redact():
    """Bcc and X-SES headers are removed, and Message-ID and Date are replaced in place."""
    raw = (
        b"message-id: <mine>\r\nTo: a@x,\r\n b@y\r\nBCC: c@z,\r\n d@z\r\nDate: then\r\n"
        b"X-SES-MESSAGE-TAGS: a=b\r\nX-Sess: 1\r\nDate: again\r\n\r\nBcc: in the body\n"
    )
    expected = (
        b"message-id: <1@email.amazonses.com>\r\nTo: a@x,\r\n b@y\r\n" + DATE_LINE + b"\r\n"
        b"X-Sess: 1\r\n\r\nBcc: in the body\n"
    )
    assert expected == mime.redact(raw, **SES_HEADERS)


@pytest.mark.parametrize(
    ("raw", "start", "end", "rest"),
    [
        (b"To: a@x\n\nhi", b"To: a@x\n", b"\n", b"\nhi"),
        (b"To: a@x", b"To: a@x\r\n", b"\r\n", b"\r\n"),
        (b"To: a@x\n", b"To: a@x\n", b"\n", b"\n"),
        (b"", b"", b"\r\n", b"\r\n"),
        (b" no header", b"", b"\r\n", b"\r\n no header"),
        (b"To: a@x\r\rhi", b"To: a@x\r", b"\r\n", b"\rhi"),
    ],
)
def test_redact_adds(raw, start, end, rest):
    """A missing Date and Message-ID are added after the last header, with the same line ends."""
    expected = start + DATE_LINE + end + b"Message-ID: <1@email.amazonses.com>" + end + rest
    assert expected == mime.redact(raw, **SES_HEADERS)


def test_redact_with_mixed_line_ends():
    """Removing a header between different line ends does not end the headers early."""
    raw = b"Date: then\nMessage-ID: <mine>\nTo: a@x\rBcc: b@x\n\nbody: this"
    assert ["Date", "Message-ID", "To"] == [
        name for name, _ in mime.fields(mime.redact(raw, **SES_HEADERS))
    ]


@given(RAW)
def test_redact_keeps_other_headers(raw):
    """For any bytes, other headers stay unchanged and no hidden header remains."""
    hidden = re.compile("bcc|date|message-id|x-ses-.*", re.IGNORECASE)
    delivered = mime.fields(mime.redact(raw, **SES_HEADERS))
    kept = [pair for pair in mime.fields(raw) if not hidden.fullmatch(pair[0])]
    assert kept == [pair for pair in delivered if not hidden.fullmatch(pair[0])]
    from_ses = sorted(name.lower() for name, _ in delivered if hidden.fullmatch(name))
    assert ["date", "message-id"] == from_ses


def test_internet_date():
    """A date is formatted according to RFC 5322, with its own offset."""
    india = timezone(timedelta(hours=5, minutes=30))
    expected = "Thu, 31 Dec 2026 23:59:58 +0530"
    assert expected == mime.internet_date(datetime(2026, 12, 31, 23, 59, 58, 9, tzinfo=india))


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "utf-7"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_read_charsets(charset, line_end):
    r"""Text in any charset is decoded, with `\n` line ends."""
    multipart = MIMEMultipart("alternative")
    multipart["Subject"] = "Größer"
    multipart.attach(MIMEText("größer\n", "plain", charset))
    multipart.attach(MIMEText("<p>größer\n", "html", charset))
    raw = line_end.join(multipart.as_bytes().splitlines()) + line_end
    assert ("Größer", "größer\n", "<p>größer\n") == contents(mime.read(raw))


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
    """With a wrong or unknown charset, at most some characters are lost."""
    raw = b"Content-Type: text/plain; charset=" + charset + b"\n\n" + body
    assert expected == mime.read(raw).text


def test_read_attachments():
    """Files, inline images, attached messages and a second text are attachments."""
    inner = MIMEText("inner")
    inner["Subject"] = "Inner"
    multipart = MIMEMultipart()
    multipart.attach(MIMEText("first"))
    multipart.attach(MIMEText("second"))
    picture = MIMEImage(b"\x89PNG", "png")
    picture["Content-ID"] = "<logo>"
    multipart.attach(picture)
    pdf = MIMEApplication(b"\x00\xff", "pdf")
    pdf.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "größe.pdf"))
    pdf["Content-Description"] = "=?utf-8?q?Gr=C3=B6=C3=9Fe?="
    multipart.attach(pdf)
    multipart.attach(MIMEMessage(inner))
    content = mime.read(multipart.as_bytes())
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
    """A file name in encoded words, as many mail clients write it, is decoded."""
    raw = b'Content-Disposition: attachment; filename="=?utf-8?q?gr=C3=B6=C3=9Fe?="\n\nx'
    (actual,) = mime.read(raw).attachments
    assert "größe" == actual.filename


def test_read_unreadable():
    """If the standard library cannot parse a message, its subject and text are read."""
    raw = b"Subject: a\nContent-Type: multipart/mixed; boundary*=undefined''%FF\n\nbody\n"
    assert Content("a", text="body\n") == mime.read(raw)


@given(RAW)
def test_any_bytes_can_be_read(raw):
    """Any bytes can be read, both as submitted and as delivered."""
    assert isinstance(mime.read(raw), Content)
    assert mime.read(raw).subject == mime.read(mime.redact(raw, **SES_HEADERS)).subject


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
def test_decode_header(value, expected):
    """Encoded words are decoded and joined; those that cannot be decoded are kept."""
    assert expected == mime.decode_header(value)
