"""What was sent?"""

from datetime import datetime, timezone
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain.messages import Message
from pytest_ses.domain.mime import Attachment, Content

SENT_AT = datetime(2026, 3, 1, 9, 5, 7, 250_000, tzinfo=timezone.utc)
MESSAGE_ID = "0100019ca8a2b1f2-b2f812a4-b841-4e14-bb91-3feff941d97b-000000"
GIVEN = {
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


def message(**given):
    return Message(**{**GIVEN, **given})


def raw_message(submitted=RAW, **given):
    to = ["bob@example.org", "carl@example.org", "dora@example.org", "Eve <eve@example.org>"]
    return message(**{"to": to, "submitted": submitted, "operation": "SendRawEmail", **given})


def test_given():
    """A message keeps what it was made of."""
    given = {
        **GIVEN,
        "return_path": "bounces@example.com",
        "configuration_set": "main",
        "template_name": "welcome",
        "template_data": {"name": "Bob"},
        "tags": {"campaign": "spring"},
        "cc": ["c@example.org"],
        "bcc": ["d@example.org"],
        "reply_to": ["Help <help@example.com>"],
        "submitted": None,
        "rendering_error": None,
    }
    del given["content"]
    sent = message(**given)
    assert given == {name: getattr(sent, name) for name in given}


def test_defaults():
    """What an operation does not speak of is empty."""
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
    """Sender and recipients are bare, the recipients in the order To, Cc, Bcc."""
    sent = message(cc=["C <c@example.org>"], bcc=["d@example.org"])
    assert "ada@example.com" == sent.sender
    assert ["bob@example.org", "c@example.org", "d@example.org"] == sent.recipients


def test_content():
    """Subject, text, HTML and attachments are what the caller wrote."""
    file = Attachment("a.txt", "text/plain", b"a")
    sent = message(content=Content("Hi\n", "one\r\ntwo", "<p>", [file]))
    assert ("Hi\n", "one\r\ntwo", "<p>") == (sent.subject, sent.text, sent.html)
    assert [file] == sent.attachments


def test_composed_headers():
    """A composed mail has SES's headers first, then the caller's, then those of its body."""
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
def test_headers_that_ses_keeps_for_itself(name):
    """A header that SES writes or removes cannot be added to a composed mail."""
    plain = message(bcc=["secret@example.org"])
    sent = message(
        bcc=["secret@example.org"],
        content=Content("Hi", "text", "<p>html", headers=[(name, "secret@example.org")]),
    )
    assert plain.raw == sent.raw
    assert b"secret" not in sent.raw


def test_own_reply_to_header():
    """A Reply-To among the caller's headers counts where the call has no Reply-To addresses."""
    content = Content("Hi", "text", headers=[("Reply-To", "b@x")])
    assert "b@x" == message(content=content).headers["reply-to"]
    assert "a@x" == message(content=content, reply_to=["a@x"]).headers["reply-to"]
    assert 1 == message(content=content, reply_to=["a@x"]).raw.count(b"Reply-To")


def test_message_without_to():
    """A mail that goes to Bcc alone has no To header."""
    assert "To" not in message(to=[], bcc=["b@example.org"]).headers


def test_boundaries():
    """The boundaries come of the message, so that the same mail is the same bytes."""
    assert message().raw == message().raw
    assert message().raw != message(message_id="another").raw
    assert b'.1772355907250"' in message().raw


@pytest.mark.parametrize(
    ("region", "domain"),
    [("us-east-1", "email.amazonses.com"), ("eu-west-1", "eu-west-1.amazonses.com")],
)
@pytest.mark.parametrize("make", [message, raw_message])
def test_message_id_header(make, region, domain):
    """The Message-ID header is the id at a domain of the region."""
    assert f"<{MESSAGE_ID}@{domain}>" == make(region=region).headers["message-id"]


def test_mime():
    """The mail as the standard library has it."""
    mail = message(content=Content("Grüße", "größer", "<p>größer")).mime
    assert isinstance(mail, EmailMessage)
    assert "Grüße" == mail["Subject"]
    assert "größer" == mail.get_body(("plain",)).get_content()


def test_raw_mail():
    """A raw mail is read: its subject, its bodies and the addresses of its headers."""
    sent = raw_message()
    assert ("Grüße", None, "<p>grün\n") == (sent.subject, sent.text, sent.html)
    assert ["Bob <bob@example.org>", "carl@example.org"] == sent.to
    assert ["=?utf-8?q?D=C3=B6ra=2C_?= <dora@example.org>"] == sent.cc
    assert ["Eve <eve@example.org>"] == sent.bcc
    assert ["help@example.com"] == sent.reply_to
    assert "Grüße" == sent.subject


def test_raw_envelope():
    """The recipients of a raw mail are its envelope, whatever its headers say."""
    sent = raw_message(to=["Zed <zed@example.org>"])
    assert ["zed@example.org"] == sent.recipients
    assert ["Zed <zed@example.org>"] == sent.bcc
    assert ["Bob <bob@example.org>", "carl@example.org"] == sent.to


def test_raw_mail_as_delivered():
    """A raw mail is delivered without X-SES headers and with SES's Date and Message-ID."""
    sent = raw_message()
    assert RAW == sent.submitted
    assert b"X-SES" not in sent.raw
    assert "Döra,  <dora@example.org>" == sent.headers["Cc"]
    assert "Sun, 1 Mar 2026 09:05:07 +0000" == sent.headers["Date"]
    assert sent.raw.endswith(b"\n\n<p>gr\xfcn\n")


def test_raw_mail_with_attachments():
    """The files of a raw mail are its attachments, and are the same objects each time."""
    mail = MIMEMultipart()
    mail.attach(MIMEText("text"))
    file = MIMEText("a,b", "csv")
    file.add_header("Content-Disposition", "attachment", filename="a.csv")
    mail.attach(file)
    sent = raw_message(mail.as_bytes())
    assert [("a.csv", b"a,b")] == [(one.filename, one.content) for one in sent.attachments]
    assert sent.attachments[0] is sent.attachments[0]


def test_empty_raw_mail():
    """A raw mail without headers has no subject, and its text is all there is."""
    sent = raw_message(b"\nhello", to=["b@example.org"])
    assert (None, "hello", None) == (sent.subject, sent.text, sent.html)
    assert ([], [], ["b@example.org"]) == (sent.to, sent.cc, sent.bcc)


def test_rendering_error():
    """A mail that could not be rendered says nothing."""
    sent = message(rendering_error="Attribute 'name' is not present in the rendering data.")
    assert (None, None, None, []) == (sent.subject, sent.text, sent.html, sent.attachments)
    assert (b"", {}, None) == (sent.raw, dict(sent.headers), sent.mime["Subject"])
    assert ["Bob <bob@example.org>"] == sent.to


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"submitted": b"12345"}, 5),
        ({"content": Content("ab", "cde", None)}, 5),
        ({"content": Content("ä", None, "é", [Attachment("x", "y/z", b"123")])}, 7),
        ({"rendering_error": "no"}, 0),
    ],
)
def test_least_size(given, expected):
    """The least size counts the bytes of what the mail says, before any encoding."""
    assert expected == message(**given).least_size


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_composed_mail_is_seldom_more_than_three_times_its_least_size(text):
    """Encoding makes a mail three times as large, soft line breaks and headers aside."""
    sent = message(content=Content("", text * 100, None))
    assert len(sent.raw) <= 3.2 * sent.least_size + 1000


@pytest.mark.parametrize(
    ("given", "expected"),
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
            "SendBulkEmail from ada@example.com to nobody (not rendered: no name)",
        ),
    ],
)
def test_summary(given, expected):
    """A message is one line in a report, whatever it says."""
    sent = message(**given)
    assert expected == sent.summary()
    assert f"<Message 0100019ca8a2b1f2… {expected}>" == repr(sent)


def test_messages_are_told_apart():
    """Two messages are equal only if they are the same one."""
    first, second = message(), message()
    assert first != second
    assert 2 == len({first, second, first})
