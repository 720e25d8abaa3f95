"""Unsubscribe links and headers of messages sent to a contact list."""

import base64
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, strategies as st

from pytest_ses.domain import mime
from pytest_ses.domain.mail import unsubscribing

URL = "https://unsubscribe.eu-west-1.ses.invalid/id/list/topic"
HEADERS = (
    f"List-Unsubscribe: <{URL}>, "
    "<mailto:unsubscribe@unsubscribe.eu-west-1.ses.invalid?subject=id%2Flist%2Ftopic>\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
)
PLACEHOLDER = "{{amazonSESUnsubscribeUrl}}"
PIECES = [
    *(b"Content-Type: ", b"text/html", b"text/plain", b"multipart/mixed", b"; boundary=b", b": "),
    *(
        b"Content-Transfer-Encoding: ",
        b"base64",
        b"quoted-printable",
        b"x-odd",
        b"; charset=utf-16",
    ),
    *(b"Content-Type: multipart/mixed; boundary=b\n\n", b"\n--b\n", b"\r\n--b\r\n"),
    *(b"\r\n", b"\n", b"\r", b"--b", b"--", b"PGE+", b"=", b"{{amazonSESUnsubscribeUrl}}", b"\xff"),
    *(b"; boundary*=x'y'z", b"; charset*0=\xe9", b"; filename*=''%", b"List-Unsubscribe: x"),
]
JUNK = st.lists(st.sampled_from(PIECES) | st.binary(max_size=2)).map(b"".join)


def replaced(raw):
    """A message after replacement, without the added headers."""
    headers = HEADERS.encode().replace(b"\n", b"\r\n" if b"\r\n" in raw else b"\n")
    return unsubscribing.raw_with_url(raw, URL).replace(headers, b"")


def test_url():
    """The URL contains the region, the message, the list and the topic."""
    assert URL == unsubscribing.url("id", "eu-west-1", "list", "topic")


def test_url_without_topic():
    """Without a topic, the URL is for the whole list."""
    expected = "https://unsubscribe.us-east-1.ses.invalid/id/a%2Fb"
    assert expected == unsubscribing.url("id", "us-east-1", "a/b", None)


@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_url_any_name(name, topic):
    """Any name can be read back, and the URL needs no escaping in HTML or headers."""
    url = unsubscribing.url("id", "eu-west-1", name, topic)
    path = [unquote(step) for step in urlsplit(url).path.split("/")]
    assert ["", "id", name, *([] if topic is None else [topic])] == path
    assert url.isascii()
    assert not set("&<>\"'\r\n ,;") & set(url)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("{{other}}", "{{other}}"),
        (PLACEHOLDER, URL),
        (f"<a href='{PLACEHOLDER}'>{PLACEHOLDER}</a>", f"<a href='{URL}'>{URL}</a>"),
        (f"{PLACEHOLDER} {PLACEHOLDER} {PLACEHOLDER}", f"{URL} {URL} {PLACEHOLDER}"),
    ],
)
def test_with_url(text, expected):
    """The first two placeholders are replaced by the URL; others are kept."""
    assert expected == unsubscribing.with_url(text, URL)


def test_headers():
    """The headers offer unsubscribing by a single POST request or by email."""
    expected = [tuple(line.split(": ", 1)) for line in HEADERS.splitlines()]
    assert expected == unsubscribing.headers(URL)


def test_headers_keep_escapes():
    """Escaped characters of the URL are escaped once in the subject."""
    url = unsubscribing.url("id", "eu-west-1", "a b/ü", None)
    assert "subject=id%2Fa%20b%2F%C3%BC>" in unsubscribing.headers(url)[0][1]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A: 1\n\nbody", "A: 1\nOURS\nbody"),
        ("A: 1\nlist-UNSUBSCRIBE: x,\n y\nB: 2\n\nbody", "A: 1\nOURSB: 2\n\nbody"),
        (
            "List-Unsubscribe-Post: x\nA: 1\nList-Unsubscribe: x\nList-Unsubscribe: y\n\nbody",
            "OURSA: 1\n\nbody",
        ),
        ("A: 1\nList-Id: x\n\nList-Unsubscribe: x", "A: 1\nList-Id: x\nOURS\nList-Unsubscribe: x"),
        ("\nbody", "OURS\nbody"),
        ("A: 1\nno header", "A: 1\nOURS\nno header"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_raw_with_url_headers(raw, expected, line_end):
    """SES's headers replace those of the caller, or follow the last header."""
    result = unsubscribing.raw_with_url(raw.replace("\n", line_end).encode(), URL)
    expected = expected.replace("OURS", HEADERS).replace("\n", line_end)
    assert expected.encode() == result


@pytest.mark.parametrize(("raw", "start"), [("", ""), ("A: 1", "A: 1\r\n")])
def test_raw_with_url_no_line_end(raw, start):
    """A message without any line end gets CRLF."""
    expected = f"{start}{HEADERS}\n".replace("\r\n", "\n").replace("\n", "\r\n")
    assert expected.encode() == unsubscribing.raw_with_url(raw.encode(), URL)


def test_raw_with_url_bodies():
    """Two placeholders are replaced in text and in HTML each, but none in files."""
    file = mime.Attachment(
        "a.txt", "text/plain", PLACEHOLDER.encode(), None, False, None, "SEVEN_BIT"
    )
    text = PLACEHOLDER * 3
    raw = mime.compose(
        headers=[], subject=PLACEHOLDER, text=text, html=f"<p>{text}", attachments=[file], seed="1"
    )
    content = mime.read(unsubscribing.raw_with_url(raw, URL))
    expected = f"{URL}{URL}{PLACEHOLDER}"
    assert (expected, f"<p>{expected}", PLACEHOLDER) == (
        content.text,
        content.html,
        content.subject,
    )
    assert PLACEHOLDER.encode() == content.attachments[0].content


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_raw_with_url_base64(line_end):
    """A base64 body stays base64 and keeps the blank lines that follow it."""
    headers = b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: BASE64 \n\n"
    body = base64.encodebytes(f"ü {PLACEHOLDER} ".encode("utf-16") * 3) + b"\n"
    result = replaced((headers + body).replace(b"\n", line_end))
    start, data = result[: len(headers.replace(b"\n", line_end))], result.split(line_end * 2, 1)[1]
    assert headers.replace(b"\n", line_end) == start
    assert data.endswith(line_end * 2)
    assert 76 == max(map(len, data.split(line_end)))
    decoded = base64.b64decode(data).decode("utf-16").replace("\ufeff", "")
    assert f"ü {URL} ü {URL} ü {PLACEHOLDER} " == decoded


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_raw_with_url_quoted_printable(line_end):
    """A quoted-printable body stays quoted-printable and keeps the line ends of the message."""
    headers = b"Content-Transfer-Encoding: quoted-printable\n\n"
    body = b"{{amazonSES=\nUnsubscribeUrl}} =C3=BC=\n =3D=0D\nend=20\n"
    result = replaced((headers + body).replace(b"\n", line_end))
    expected = headers + f"{URL} =C3=BC =3D=0D\nend=20\n".encode()
    assert expected.replace(b"\n", line_end) == result


def test_raw_with_url_long_lines():
    """A quoted-printable line that becomes too long is broken."""
    headers = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    result = replaced(headers + PLACEHOLDER.encode() * 2)
    assert [76, 35] == [len(line) for line in result[len(headers) :].split(b"\r\n")]
    assert URL * 2 == mime.read(result).text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"", b"\xff"),
        (b"Content-Type: text/plain; charset=nonsense\n", b"\xff"),
        (b"Content-Type: text/plain; charset=us-ascii\n", b"\xc3\xbc"),
        (b"Content-Transfer-Encoding: 8bit\n", "ü".encode()),
    ],
)
def test_raw_with_url_broken_charsets(headers, body):
    """With a wrong or unknown charset, no other byte changes."""
    message = headers + b"\n%b " + body
    assert message % URL.encode() == replaced(message % PLACEHOLDER.encode())


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Transfer-Encoding: base64\n", b"e3s"),
        (b"Content-Transfer-Encoding: x-uuencode\n", PLACEHOLDER.encode()),
        (b"Content-Type: multipart/mixed\n", PLACEHOLDER.encode()),
        (b"Content-Type: multipart/mixed; boundary=b\n", PLACEHOLDER.encode()),
        (b"Content-Type: image/png\n", PLACEHOLDER.encode()),
    ],
)
def test_raw_with_url_unreadable(headers, body):
    """A body that is not text, or cannot be decoded, stays unchanged."""
    message = headers + b"\n" + body
    assert message == replaced(message)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("$\n--b\n\n$\n--b--\n$", "$\n--b\n\n@\n--b--\n$"),
        ("--b\n\n$\n--b \nA: $\n\n$", "--b\n\n@\n--b \nA: $\n\n@"),
        ("--b\n--b\n$\n--bc\n--b--\n--b\n$", "--b\n--b\n@\n--bc\n--b--\n--b\n$"),
        ("--b\n\n$--b\n\nx--b--", "--b\n\n@--b\n\nx--b--"),
        ("--b", "--b"),
        ("--b--", "--b--"),
    ],
)
def test_raw_with_url_parts(body, expected):
    """A boundary counts only if it starts a line and ends it."""
    headers = "Content-Type: multipart/mixed; boundary=b\n\n"
    expected = headers + expected.replace("$", PLACEHOLDER).replace("@", URL)
    assert expected.encode() == replaced((headers + body.replace("$", PLACEHOLDER)).encode())


def test_raw_with_url_too_deep():
    """In a message that is nested too deeply, only the headers are changed."""
    parts = "".join(f"Content-Type: multipart/mixed; boundary={n}\n\n--{n}\n" for n in range(1000))
    message = f"{parts}\n{PLACEHOLDER}".encode()
    assert message == replaced(message)


@given(JUNK)
@example(b"A: 1\r\n\nbody")
def test_rewrite_bodies_never_fails(raw):
    """For any bytes, a rewrite that changes no text changes no byte."""
    assert raw == mime.rewrite_bodies(raw, lambda _, text: text)
    assert b"List-Unsubscribe-Post: " in unsubscribing.raw_with_url(raw, URL)


@given(st.sampled_from(["plain", "html"]), st.text(), st.sampled_from(["utf-8", "shift_jis", "x"]))
def test_rewrite_bodies_any_text(kind, text, charset):
    """A body is passed to the rewrite function as decoded text."""
    body = {"text": None, "html": None} | {"text" if kind == "plain" else "html": f"{text}."}
    raw = mime.compose(
        headers=[], subject="s", charsets=dict.fromkeys(body, charset), seed="1", **body
    )
    calls = []

    def rewrite(*args):
        calls.append(args)
        return f"{args[1]}!"

    result = mime.read(mime.rewrite_bodies(raw, rewrite))
    content = mime.read(raw)
    expected = content.text if kind == "plain" else content.html
    assert [(kind, expected)] == [(k, t.replace("\r\n", "\n")) for k, t in calls]
    assert f"{expected}!" == (result.text if kind == "plain" else result.html)
