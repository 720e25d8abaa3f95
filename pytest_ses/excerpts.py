"""Excerpts of messages for the reports of failed tests."""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser

_MAX_LINES = 15
_WIDTH = 96
_INDENT = "    "
# Only the start of a text is read; it is longer than an excerpt, even with a lot of markup.
_MAX_CHARACTERS = 20_000

_HIDDEN = ("script", "style", "template", "title")
_INLINE = ("a", "abbr", "b", "code", "em", "font", "i", "img", "small", "span", "strong", "u")


def excerpt(text: str | None, html: str | None) -> str:
    """Return the first lines of the text of a message or, without one, of the text in its HTML."""
    body = text or _visible_text((html or "")[:_MAX_CHARACTERS])
    return textwrap.indent("\n".join(_lines(body)), _INDENT)


def _lines(body: str) -> list[str]:
    lines = [
        line
        for paragraph in _printable(body[:_MAX_CHARACTERS]).strip().splitlines()
        for line in textwrap.wrap(paragraph, _WIDTH, replace_whitespace=False) or [""]
    ]
    is_complete = len(lines) <= _MAX_LINES and len(body) <= _MAX_CHARACTERS
    return lines if is_complete else [*lines[: _MAX_LINES - 1], "…"]


def _printable(text: str) -> str:
    """Replace control characters, which could change the terminal, and long gaps."""
    lines = "\n".join(text.expandtabs().splitlines())
    printable = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in lines)
    return re.sub(r"\n{3,}", "\n\n", printable)


def _visible_text(html: str) -> str:
    parser = _VisibleText()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(filter(None, lines))


class _VisibleText(HTMLParser):
    """The text of an HTML document, with a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hiding = ""

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hiding = self._hiding or (tag if tag in _HIDDEN else "")
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hiding = "" if tag == self._hiding else self._hiding
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hiding:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            self.parts.append("\n")
