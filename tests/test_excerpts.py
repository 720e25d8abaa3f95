"""Excerpts of messages in the reports of failed tests."""

from __future__ import annotations

import pytest

from pytest_ses.excerpts import excerpt


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
