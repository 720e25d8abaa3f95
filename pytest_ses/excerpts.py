"""Excerpts of messages, and lines about their events, for the reports of failed tests."""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.mail.events import Event

_MAX_LINES = 15
_WIDTH = 96
_INDENT = "    "
# Only the start of a text is read; it is longer than an excerpt, even with a lot of markup.
_MAX_CHARACTERS = 20_000

_MAX_EVENTS = 5
_MAX_RECIPIENTS = 3
# What an event says beyond its type, by members of its record.
_DETAILS = {
    "Bounce": ("bounceType", "bounceSubType"),
    "Complaint": ("complaintFeedbackType", "complaintSubType"),
    "DeliveryDelay": ("delayType",),
    "Click": ("link",),
    "Reject": ("reason",),
    "Rendering Failure": ("errorMessage",),
    "Subscription": ("contactList",),
}

_HIDDEN = ("script", "style", "template", "title")
_INLINE = ("a", "abbr", "b", "code", "em", "font", "i", "img", "small", "span", "strong", "u")


def excerpt(text: str | None, html: str | None) -> str:
    """Return the first lines of the text of a message or, without one, of the text in its HTML."""
    body = text or _visible_text((html or "")[:_MAX_CHARACTERS])
    return textwrap.indent("\n".join(_lines(body)), _INDENT)


def events(of_message: Sequence[Event]) -> str:
    """Return a line for each of the last events of a message, except that it was sent."""
    happened = [event for event in of_message if event.type != "Send"]
    hidden = max(len(happened) - _MAX_EVENTS, 0)
    earlier = [f"… and {hidden} earlier"] if hidden else []
    return textwrap.indent("\n".join([*earlier, *map(_event, happened[hidden:])]), "  ")


def _event(event: Event) -> str:
    values = [event.detail.get(name) for name in _DETAILS.get(event.type, ())]
    details = ", ".join(filter(None, values))
    recipients = ", ".join(event.recipients[:_MAX_RECIPIENTS])
    more = len(event.recipients) - _MAX_RECIPIENTS
    line = (
        f"{event.type}{f' ({details})' if details else ''}: "
        f"{recipients}{f' and {more} more' if more > 0 else ''}"
    )
    return " ".join(_printable(line).split())


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
