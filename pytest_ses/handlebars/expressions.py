"""What do the words of a tag mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import TemplateSyntaxError, syntax_error
from .nodes import Expression, Invocation, Literal, Path

if TYPE_CHECKING:
    from .lexer import Token, Word

#: How deep blocks may stand in blocks, and subexpressions in subexpressions.
MAX_NESTING = 50

Named = tuple[tuple[str, Expression], ...]

_BOOLEANS = {"true": True, "false": False}
_RESERVED = {*_BOOLEANS, "else", "as"}
_ASCENT = re.compile(r"@?((?:\.\.?/)*)")
_STEP = re.compile(r"(?:\[([^\]]+)\]|([^./\[\]]+))([./]*)")


def parse_path(text: str) -> Path:
    """The path that `text` writes."""
    ascent = _ASCENT.match(text)
    ups = ascent[1] if ascent else ""
    rest = text[len(ups) + text.startswith("@") :]
    up = ups.count("../") + (rest == "..")
    steps = _STEP.findall(rest)
    this = rest in {".", ".."} or (bool(steps) and steps[0][1] == "this")
    return Path(
        text=text,
        up=up,
        own=this or (ups != "" and up == 0),
        data=text.startswith("@"),
        names=_names(steps) if steps or this else None,
    )


def _names(steps: list[tuple[str, str, str]]) -> tuple[str, ...] | None:
    if any(len(separator) > 1 for _, _, separator in steps):
        return None
    return tuple(key or name for key, name, _ in steps if name != "this")


def is_plain(path: Path) -> bool:
    """Whether the path is a single bare name."""
    return path.names == (path.text,)


@dataclass(slots=True)
class Reader:
    """Reads the words of one tag from left to right."""

    source: str
    token: Token
    position: int = 0

    def name(self) -> Path:
        word = self.take("path")
        if word.text in _RESERVED:
            raise self.error(f"{word.text!r} cannot be a name", word)
        return parse_path(word.text)

    def call(self, nesting: int = 0) -> Invocation:
        path = self.name()
        arguments: list[Expression] = []
        while self.peek() not in {"", ")", "as"} and self.peek(1) != "=":
            arguments.append(self.expression(nesting))
        return Invocation(path, tuple(arguments), self.named(nesting))

    def named(self, nesting: int = 0) -> Named:
        pairs: list[tuple[str, Expression]] = []
        while self.peek(1) == "=":
            key = self.name().text
            self.take("mark")
            pairs.append((key, self.expression(nesting)))
        return tuple(pairs)

    def expression(self, nesting: int) -> Expression:
        if self.peek() == "(":
            return self.subexpression(nesting + 1)
        word = self.take("string", "number", "path")
        if word.kind == "string":
            quote = word.text[0]
            return Literal(word.text[1:-1].replace(f"\\{quote}", quote))
        if word.kind == "number":
            return Literal(float(word.text) if "." in word.text else int(word.text))
        if word.text in _BOOLEANS:
            return Literal(_BOOLEANS[word.text])
        self.position -= 1
        return self.name()

    def subexpression(self, nesting: int) -> Invocation:
        opening = self.take("mark")
        if nesting > MAX_NESTING:
            raise self.error(f"subexpressions stand more than {MAX_NESTING} deep", opening)
        call = self.call(nesting)
        self.mark(")")
        return call

    def parameters(self) -> tuple[str, ...]:
        """The names of `as |a b|`, if it is there."""
        if self.peek() != "as":
            return ()
        self.take("path")
        self.mark("|")
        names = [self.name().text]
        while self.peek() != "|":
            names.append(self.name().text)
        self.mark("|")
        return tuple(names)

    def partial_name(self) -> str | Invocation:
        if self.peek() == "(":
            return self.subexpression(1)
        if self.peek()[:1] in {"'", '"'}:
            return self.string()
        text = self.name().text
        return text[1:-1] if text.startswith("[") else text

    def string(self) -> str:
        return self.take("string").text[1:-1]

    def mark(self, text: str) -> None:
        if self.peek() != text:
            raise self.unexpected(f"{text!r}")
        self.position += 1

    def end(self) -> None:
        if self.peek():
            raise self.unexpected("the end of the tag")

    def peek(self, ahead: int = 0) -> str:
        at = self.position + ahead
        return self.token.words[at].text if at < len(self.token.words) else ""

    def take(self, *kinds: str) -> Word:
        if self.position == len(self.token.words):
            raise self.unexpected(f"a {kinds[-1]}")
        word = self.token.words[self.position]
        if word.kind not in kinds:
            raise self.unexpected(f"a {kinds[-1]}")
        self.position += 1
        return word

    def unexpected(self, wanted: str) -> TemplateSyntaxError:
        found = self.peek() or "the end of the tag"
        word = self.token.words[self.position] if self.peek() else None
        return self.error(f"found {found} where {wanted} should be", word)

    def error(self, message: str, word: Word | None = None) -> TemplateSyntaxError:
        return syntax_error(self.source, word.at if word else self.token.at, message)
