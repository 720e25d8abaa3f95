"""Messages: their addresses, contents, headers and MIME form."""

from datetime import datetime, timezone
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, strategies as st
from mailing import sent

from pytest_ses.domain.mime import Attachment, Content

SENT_AT = datetime(2026, 3, 1, 9, 5, 7, 250_000, tzinfo=timezone.utc)
MESSAGE_ID = "0100019ca8a2b1f2-b2f812a4-b841-4e14-bb91-3feff941d97b-000000"
ARGUMENTS = {
    "message_id": MESSAGE_ID,
    "service": "sesv2",
    "operation": "SendEmail",
    "region": "us-east-1",
    "account_id": "123456789012",
    "source": "Ada <ada@example.com>",
    "sent_at": SENT_AT,
    "to": ["Bob <bob@example.org>"],
    "content": Content("Hi", "text", "<p>html"),
}
RAW = b"""\
From: Ada <ada@example.com>
To: Bob <bob@example.org>,
 carl@example.org
Cc: =?utf-8?q?D=C3=B6ra=2C_?= <dora@example.org>
Reply-To: help@example.com
X-SES-CONFIGURATION-SET: main
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

<p>gr\xfcn
"""


def message(**options):
    arguments = {**ARGUMENTS, **options}
    return sent(arguments.pop("content"), *arguments.pop("to"), **arguments)


def raw_message(submitted=RAW, **options):
    to = ["bob@example.org", "carl@example.org", "dora@example.org", "Eve <eve@example.org>"]
    return message(**{"to": to, "raw": submitted, "operation": "SendRawEmail", **options})


def test_arguments():
    """A message has its arguments as attributes."""
    arguments = {
        **ARGUMENTS,
        "return_path": "bounces@example.com",
        "configuration_set": "main",
        "template_name": "welcome",
        "template_data": {"name": "Bob"},
        "tags": {"campaign": "spring"},
        "cc": ["c@example.org"],
        "bcc": ["d@example.org"],
        "reply_to": ["Help <help@example.com>"],
        "rendering_error": None,
    }
    sent = message(**arguments)
    del arguments["content"]
    assert arguments == {name: getattr(sent, name) for name in arguments}


def test_defaults():
    """Optional attributes are empty by default."""
    sent = message()
    assert ([], [], [], {}) == (sent.cc, sent.bcc, sent.reply_to, sent.tags)
    assert [None] * 5 == [
        sent.return_path,
        sent.configuration_set,
        sent.template_name,
        sent.template_data,
        sent.rendering_error,
    ]


def test_addresses():
    """Sender and recipients are bare addresses, with recipients in the order To, Cc, Bcc."""
    sent = message(cc=["C <c@example.org>"], bcc=["d@example.org"])
    assert "ada@example.com" == sent.sender
    assert ["bob@example.org", "c@example.org", "d@example.org"] == sent.recipients


def test_content():
    """Subject, text, HTML and attachments are those given by the caller."""
    file = Attachment("a.txt", "text/plain", b"a")
    sent = message(content=Content("Hi\n", "one\r\ntwo", "<p>", [file]))
    assert ("Hi\n", "one\r\ntwo", "<p>") == (sent.subject, sent.text, sent.html)
    assert [file] == sent.attachments


def test_composed_headers():
    """A composed message has SES's headers, then the caller's, then those of its body."""
    extra = [("X-Campaign", "größer"), ("List-Unsubscribe", "<https://example.com>")]
    sent = message(
        cc=["c@example.org", "Döra <d@example.org>"],
        reply_to=["help@example.com"],
        content=Content("Grüße", "text", headers=extra),
    )
    assert {
        "Date": "Sun, 1 Mar 2026 09:05:07 +0000",
        "Message-ID": f"<{MESSAGE_ID}@email.amazonses.com>",
        "From": "Ada <ada@example.com>",
        "To": "Bob <bob@example.org>",
        "Cc": "c@example.org, Döra <d@example.org>",
        "Reply-To": "help@example.com",
        "X-Campaign": "größer",
        "List-Unsubscribe": "<https://example.com>",
        "Subject": "Grüße",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "7bit",
    } == dict(sent.headers)
    assert list(sent.headers) == list(sent.mime)


@pytest.mark.parametrize("name", ["Bcc", "X-SES-A", "to", "Date", "Subject", "Content-Type"])
def test_reserved_headers(name):
    """Headers that SES writes or removes cannot be added to a composed message."""
    plain = message(bcc=["secret@example.org"])
    sent = message(
        bcc=["secret@example.org"],
        content=Content("Hi", "text", "<p>html", headers=[(name, "secret@example.org")]),
    )
    assert plain.raw == sent.raw
    assert b"secret" not in sent.raw


def test_custom_reply_to_header():
    """A custom Reply-To header is used only if the call has no Reply-To addresses."""
    content = Content("Hi", "text", headers=[("Reply-To", "b@x")])
    assert "b@x" == message(content=content).headers["reply-to"]
    assert "a@x" == message(content=content, reply_to=["a@x"]).headers["reply-to"]
    assert 1 == message(content=content, reply_to=["a@x"]).raw.count(b"Reply-To")


def test_message_without_to():
    """A message with only Bcc recipients has no To header."""
    assert "To" not in message(to=[], bcc=["b@example.org"]).headers


def test_boundaries():
    """MIME boundaries derive from the message, so equal messages have equal bytes."""
    assert message().raw == message().raw
    assert message().raw != message(message_id="another").raw
    assert b'.1772355907250"' in message().raw


@pytest.mark.parametrize(
    ("region", "domain"),
    [("us-east-1", "email.amazonses.com"), ("eu-west-1", "eu-west-1.amazonses.com")],
)
@pytest.mark.parametrize("make", [message, raw_message])
def test_message_id_header(make, region, domain):
    """The Message-ID header consists of the ID and a domain of the region."""
    assert f"<{MESSAGE_ID}@{domain}>" == make(region=region).headers["message-id"]


def test_mime():
    """A message is available as an `EmailMessage` of the standard library."""
    parsed = message(content=Content("Grüße", "größer", "<p>größer")).mime
    assert isinstance(parsed, EmailMessage)
    assert "Grüße" == parsed["Subject"]
    assert "größer" == parsed.get_body(("plain",)).get_content()


def test_raw_message():
    """Subject, bodies and addresses of a raw message are parsed."""
    sent = raw_message()
    assert ("Grüße", None, "<p>grün\n") == (sent.subject, sent.text, sent.html)
    assert ["Bob <bob@example.org>", "carl@example.org"] == sent.to
    assert ["=?utf-8?q?D=C3=B6ra=2C_?= <dora@example.org>"] == sent.cc
    assert ["Eve <eve@example.org>"] == sent.bcc
    assert ["help@example.com"] == sent.reply_to
    assert "Grüße" == sent.subject


def test_raw_envelope():
    """The recipients of a raw message are those of its envelope, whatever its headers are."""
    sent = raw_message(to=["Zed <zed@example.org>"])
    assert ["zed@example.org"] == sent.recipients
    assert ["Zed <zed@example.org>"] == sent.bcc
    assert ["Bob <bob@example.org>", "carl@example.org"] == sent.to


def test_raw_message_as_delivered():
    """A raw message is delivered without X-SES headers and with SES's Date and Message-ID."""
    sent = raw_message()
    assert RAW == sent.submitted
    assert b"X-SES" not in sent.raw
    assert "Döra,  <dora@example.org>" == sent.headers["Cc"]
    assert "Sun, 1 Mar 2026 09:05:07 +0000" == sent.headers["Date"]
    assert sent.raw.endswith(b"\n\n<p>gr\xfcn\n")


def test_raw_message_with_attachments():
    """Files in a raw message are its attachments, parsed only once."""
    multipart = MIMEMultipart()
    multipart.attach(MIMEText("text"))
    file = MIMEText("a,b", "csv")
    file.add_header("Content-Disposition", "attachment", filename="a.csv")
    multipart.attach(file)
    sent = raw_message(multipart.as_bytes())
    assert [("a.csv", b"a,b")] == [
        (attachment.filename, attachment.content) for attachment in sent.attachments
    ]
    assert sent.attachments[0] is sent.attachments[0]


def test_raw_message_without_headers():
    """A raw message without headers has no subject, and its text is the whole body."""
    sent = raw_message(b"\nhello", to=["b@example.org"])
    assert (None, "hello", None) == (sent.subject, sent.text, sent.html)
    assert ([], [], ["b@example.org"]) == (sent.to, sent.cc, sent.bcc)


def test_rendering_error():
    """A message that could not be rendered has no content."""
    sent = message(
        content=Content(), rendering_error="Attribute 'name' is not present in the rendering data."
    )
    assert (None, None, None, []) == (sent.subject, sent.text, sent.html, sent.attachments)
    assert (b"", {}, None) == (sent.raw, dict(sent.headers), sent.mime["Subject"])
    assert ["Bob <bob@example.org>"] == sent.to


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"raw": b"12345"}, 5),
        ({"content": Content("ab", "cde", None)}, 5),
        ({"content": Content("ä", None, "é", [Attachment("x", "y/z", b"123")])}, 5),
    ],
)
def test_length(options, expected):
    """The length is that of the content before any encoding."""
    assert expected == message(**options)._length


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_encoded_size(text):
    """A character takes at most 16 bytes, apart from soft line breaks and headers."""
    sent = message(content=Content("", text * 100, None))
    assert len(sent.raw) <= 16 * sent._length + 1000


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 'SendEmail from ada@example.com to bob@example.org "Hi"'),
        (
            {"content": Content("One\r\n two " + "x" * 60)},
            f'SendEmail from ada@example.com to bob@example.org "One two {"x" * 51}…"',
        ),
        (
            {"to": ["a@x", "b@x"], "cc": ["c@x"], "bcc": ["d@x", "e@x"], "content": Content()},
            "SendEmail from ada@example.com to a@x, b@x, c@x and 2 more (no subject)",
        ),
        (
            {"to": [], "rendering_error": "no\nname", "operation": "SendBulkEmail"},
            "SendBulkEmail from ada@example.com to no recipients (not rendered: no name)",
        ),
    ],
)
def test_summary(options, expected):
    """The summary of a message is a single line."""
    sent = message(**options)
    assert expected == sent.summary()
    assert f"<Message 0100019ca8a2b1f2… {expected}>" == repr(sent)


def test_equality():
    """Messages are compared by identity."""
    first, second = message(), message()
    assert first != second
    assert 2 == len({first, second, first})
