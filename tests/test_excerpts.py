"""Excerpts of messages in the reports of failed tests."""

from __future__ import annotations

import pytest

from pytest_ses import SESBackend
from pytest_ses.excerpts import events, excerpt


def lines(text, html=None):
    """The lines of an excerpt without their indentation."""
    excerpt_lines = excerpt(text, html).splitlines()
    assert all(line.startswith("    ") or not line for line in excerpt_lines)
    return [line.strip() for line in excerpt_lines]


def test_text():
    """The text of a message is shown with its paragraphs, without empty lines around it."""
    assert ["Hello,", "", "bye"] == lines("\r\nHello,\r\n\r\n\r\n\r\nbye\n\n", "<p>other</p>")


def test_no_text():
    """A message without text and HTML has an empty excerpt."""
    assert "" == excerpt(None, None)


def test_long_lines_are_wrapped():
    """Long lines are wrapped at words to at most 96 characters."""
    wrapped = lines("word " * 50)
    assert 3 == len(wrapped)
    assert "word " * 50 == " ".join(wrapped) + " "
    assert max(map(len, wrapped)) <= 96


@pytest.mark.parametrize("text", ["line\n" * 16, "word " * 1000, "x" * 10_000_000])
def test_at_most_fifteen_lines(text):
    """An excerpt has at most fifteen lines; the last one shows that something is left out."""
    shown = lines(text)
    assert 15 == len(shown)
    assert "…" == shown[-1]


def test_fifteen_lines():
    """A text of fifteen lines is shown completely."""
    assert ["line"] * 15 == lines("line\n" * 15)


def test_large_part_is_left_out():
    """The end of a large text is left out even if its beginning has few lines."""
    assert ["start", "…"] == lines("start\n" + " " * 30_000 + "end")


def test_control_characters():
    """Control characters, which could change the terminal, are replaced."""
    assert ["\ufffd[31mred\ufffd[0m a  b"] == lines("\x1b[31mred\x1b[0m a\tb")


def test_html():
    """Without a text, the visible text of the HTML is shown, with a line for each block."""
    html = (
        "<html><head><title>Title</title><style>p { color: red }</style></head><body>"
        "<script>alert('<p>')</script><h1>Hello\n <b>Ada</b></h1><p>your <a href='x'>order</a> &amp; "
        "more<br>is on its way<p>Bye</body></html>"
    )
    assert ["Hello Ada", "your order & more", "is on its way", "Bye"] == lines(None, html)


def test_nested_hidden_elements():
    """Elements inside a hidden element are hidden, too."""
    assert ["shown"] == lines("", "<template><style>a</style>b</template><i>shown</i>")


@pytest.fixture
def backend():
    """A backend with one message to four recipients; it has a link."""
    backend = SESBackend(verified=["example.com"])
    html = '<a href="https://example.com/a">a</a>'
    recipients = [f"{name}@example.org" for name in ("ada", "bob", "cy", "dee")]
    backend._call(
        "ses",
        "SendEmail",
        {
            "Source": "news@example.com",
            "Destination": {"ToAddresses": recipients},
            "Message": {"Subject": {"Data": "Hi"}, "Body": {"Html": {"Data": html}}},
        },
    )
    return backend


class TestEvents:
    def lines(self, backend):
        return events(backend.outbox.last.events).splitlines()

    def test_delivered(self, backend):
        """At most three recipients of an event are named."""
        line = "  Delivery: ada@example.org, bob@example.org, cy@example.org and 1 more"
        assert [line] == self.lines(backend)

    def test_details(self, backend):
        """An event is shown with what characterizes it."""
        message = backend.outbox.last
        backend.bounce(message, "bob@example.org", type="Transient", subtype="MailboxFull")
        backend.complain(message, "ada@example.org", "fraud")
        backend.click(message, "https://example.com/a")
        backend.open(message)
        everyone = "ada@example.org, bob@example.org, cy@example.org and 1 more"
        assert [
            "  Bounce (Transient, MailboxFull): bob@example.org",
            "  Complaint (fraud): ada@example.org",
            f"  Click (https://example.com/a): {everyone}",
            f"  Open: {everyone}",
        ] == self.lines(backend)[1:]

    def test_many(self, backend):
        """Only the last five events are shown."""
        for _ in range(6):
            backend.open(backend.outbox.last)
        lines = self.lines(backend)
        assert "  … and 2 earlier" == lines[0]
        assert 6 == len(lines)

    def test_not_sent(self):
        """A message that was not accepted has no events."""
        assert "" == events([])

    @pytest.mark.parametrize(
        ("address", "line"),
        [
            ("complaint@simulator.amazonses.com", "  Complaint (abuse): "),
            ("suppressionlist@simulator.amazonses.com", "  Bounce (Permanent, General): "),
        ],
    )
    def test_simulator(self, address, line):
        """Events of the mailbox simulator are shown like others."""
        backend = SESBackend(verified=["example.com"])
        params = {"Source": "a@example.com", "Destination": {"ToAddresses": [address]}}
        content = {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "x"}}}
        backend._call("ses", "SendEmail", {**params, "Message": content})
        assert f"{line}{address}" == self.lines(backend)[-1]
