"""Parsing of the expressions in a tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import TemplateSyntaxError, syntax_error
from .nodes import Expression, Invocation, Literal, Path

if TYPE_CHECKING:
    from .lexer import Lexeme, Token

#: The maximum nesting of blocks in blocks, and of subexpressions in subexpressions.
MAX_NESTING = 50

Named = tuple[tuple[str, Expression], ...]

_BOOLEANS = {"true": True, "false": False}
_RESERVED = {*_BOOLEANS, "else", "as"}
_PREFIX = re.compile(r"@?((?:\.\.?/)*)")
_SEGMENT = re.compile(r"(?:\[([^\]]+)\]|([^./\[\]]+))([./]*)")


def parse_path(text: str) -> Path:
    """Parse a path."""
    match = _PREFIX.match(text)
    prefix = match[1] if match else ""
    rest = text[len(prefix) + text.startswith("@") :]
    levels_up = prefix.count("../") + (rest == "..")
    segments = _SEGMENT.findall(rest)
    is_this = rest in {".", ".."} or (bool(segments) and segments[0][1] == "this")
    return Path(
        text=text,
        levels_up=levels_up,
        this_only=is_this or (prefix != "" and levels_up == 0),
        is_data=text.startswith("@"),
        names=_names(segments) if segments or is_this else None,
    )


def _names(segments: list[tuple[str, str, str]]) -> tuple[str, ...] | None:
    if any(len(separator) > 1 for _, _, separator in segments):
        return None
    return tuple(bracketed or name for bracketed, name, _ in segments if name != "this")


def is_plain(path: Path) -> bool:
    """Whether the path is a single bare name."""
    return path.names == (path.text,)


@dataclass(slots=True)
class Reader:
    """Reads the lexemes of a tag from left to right."""

    source: str
    token: Token
    position: int = 0

    def name(self) -> Path:
        lexeme = self.take("path")
        if lexeme.text in _RESERVED:
            raise self.error(f"{lexeme.text!r} is reserved and cannot be used as a name", lexeme)
        return parse_path(lexeme.text)

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
            self.take("punctuation")
            pairs.append((key, self.expression(nesting)))
        return tuple(pairs)

    def expression(self, nesting: int) -> Expression:
        if self.peek() == "(":
            return self.subexpression(nesting + 1)
        lexeme = self.take("string", "number", "path")
        if lexeme.kind == "string":
            quote = lexeme.text[0]
            return Literal(lexeme.text[1:-1].replace(f"\\{quote}", quote))
        if lexeme.kind == "number":
            return Literal(float(lexeme.text) if "." in lexeme.text else int(lexeme.text))
        if lexeme.text in _BOOLEANS:
            return Literal(_BOOLEANS[lexeme.text])
        self.position -= 1
        return self.name()

    def subexpression(self, nesting: int) -> Invocation:
        opening = self.take("punctuation")
        if nesting > MAX_NESTING:
            message = f"subexpressions are nested more than {MAX_NESTING} levels deep"
            raise self.error(message, opening)
        call = self.call(nesting)
        self.skip(")")
        return call

    def parameters(self) -> tuple[str, ...]:
        """The names in `as |a b|`, if the tag has it."""
        if self.peek() != "as":
            return ()
        self.take("path")
        self.skip("|")
        names = [self.name().text]
        while self.peek() != "|":
            names.append(self.name().text)
        self.skip("|")
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

    def skip(self, text: str) -> None:
        if self.peek() != text:
            raise self.unexpected(f"{text!r}")
        self.position += 1

    def end(self) -> None:
        if self.peek():
            raise self.unexpected("the end of the tag")

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.token.lexemes[index].text if index < len(self.token.lexemes) else ""

    def take(self, *kinds: str) -> Lexeme:
        if self.position == len(self.token.lexemes):
            raise self.unexpected(f"a {kinds[-1]}")
        lexeme = self.token.lexemes[self.position]
        if lexeme.kind not in kinds:
            raise self.unexpected(f"a {kinds[-1]}")
        self.position += 1
        return lexeme

    def unexpected(self, expected: str) -> TemplateSyntaxError:
        if not self.peek():
            return self.error(f"expected {expected}, found the end of the tag")
        lexeme = self.token.lexemes[self.position]
        return self.error(f"expected {expected}, found {lexeme.text!r}", lexeme)

    def error(self, message: str, lexeme: Lexeme | None = None) -> TemplateSyntaxError:
        return syntax_error(self.source, lexeme.offset if lexeme else self.token.offset, message)
