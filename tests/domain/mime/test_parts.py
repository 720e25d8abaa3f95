"""The parts of raw messages, compared with the standard library's parser."""

import re
from email import message_from_bytes

import pytest
from hypothesis import assume, given, strategies as st
from timing import is_linear, seconds

from pytest_ses.domain import mime

SNIPPETS = [
    *(b"--b\n", b"--b\r\n", b"\n--b--\n", b"--b--", b"--b \n", b"--bb\n", b"--c\n", b"\n--c--\n"),
    *(b"--", b"-", b"\n", b"\r\n", b"\r", b" ", b"QUFB", b"=41", b"text", b"\xe9", b"X: y\n"),
    b"Content-Type: text/html\n",
    b"Content-Type: image/png\r\n",
    b"Content-Type: multipart/mixed; boundary=c\n",
    b"Content-Type: multipart/digest; boundary=c\r\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Disposition: attachment; filename=a\n",
    b"Content-ID: <x>\n",
]
STARTS = [
    b"Content-Type: multipart/mixed; boundary=b\n",
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n',
    b"Content-Type: multipart/mixed\n\n",
    b"Content-Type: text/html\n\n",
    b"",
]
RAW = st.builds(
    lambda start, snippets: start + b"".join(snippets),
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(SNIPPETS), max_size=12),
)
# The standard library reads a part from the lines after a closing delimiter that follows another
# delimiter, and takes some lines that are not headers for headers.
AMBIGUOUS = re.compile(rb"--[bc]+[ \t]*(?:\r\n?|\n)--[bc]+--|(?:^|[\r\n])[ \t]")


def leaves(message):
    """The parts that the standard library finds."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        return [leaf for part in message.get_payload() for leaf in leaves(part)]
    return [message]


def has_content(content_type):
    """Whether the standard library keeps the content of a type unchanged."""
    return not content_type.startswith(("multipart/", "message/"))


@given(RAW)
def test_like_the_standard_library(raw):
    """Any bytes have the same parts, types, names and contents as in the standard library."""
    assume(not AMBIGUOUS.search(raw))
    content = mime.read(raw)
    bodies = {"text/plain": content.text, "text/html": content.html}
    attachments = iter(content.attachments)
    for part in leaves(message_from_bytes(raw)):
        payload = b"" if part.is_multipart() else part.get_payload(decode=True)
        is_file = part.get_content_disposition() == "attachment"
        text = None if is_file else bodies.pop(part.get_content_type(), None)
        if text is not None:
            # The charsets of bodies have their own tests.
            if payload.isascii():
                assert payload.decode().replace("\r\n", "\n") == text
            continue
        attachment = next(attachments)
        assert part.get_content_type() == attachment.content_type
        assert part.get_filename() == attachment.filename
        if has_content(attachment.content_type):
            assert payload == attachment.content
    assert [] == list(attachments)


def test_attached_message():
    """The content of an attached message is its bytes, with its own line ends and charsets."""
    inner = b"Subject: gr\xfcn\nX-Long: a\n  b\n\n\xff\n>From me"
    raw = b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + inner
    (attachment,) = mime.read(raw).attachments
    assert inner == attachment.content


def test_digest():
    """The parts of a digest are messages by default."""
    raw = b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\nx\n--b--"
    (attachment,) = mime.read(raw).attachments
    assert ("message/rfc822", b"Subject: a\n\nx") == (attachment.content_type, attachment.content)


@pytest.mark.parametrize("part", [b"--b\r\n\r\n", b"--b\r\nContent-Type: image/png\r\n\r\n"])
def test_time(part):
    """The time to read a message is proportional to the number of its parts."""
    start = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert is_linear(mime.read, lambda size: start + part * size, 2000)


def test_time_of_different_headers():
    """Reading takes about the time of the standard library's parser, even if no headers are equal."""
    start = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    raw = start + b"".join(b"--b\r\nX: %d\r\n\r\nx\r\n" % number for number in range(5000))
    # A measurement of coverage slows down only the first of them.
    assert seconds(mime.read, raw) < 3 * seconds(message_from_bytes, raw)
