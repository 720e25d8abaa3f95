"""The lexer, which splits a template into text and tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from .errors import TemplateSyntaxError, syntax_error

#: handlebars.java keeps the whitespace around a tag that is alone on its line; handlebars.js removes
#: the line.
KEEP_STANDALONE_LINES = True

_WHITESPACE = " \t\r\n\f\v"


class Lexeme(NamedTuple):
    """A part of a tag: a `path`, a `string`, a `number` or `punctuation` (one of `( ) = |`)."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, or the text between two tags."""

    kind: str
    offset: int
    text: str
    lexemes: tuple[Lexeme, ...] = ()

    @property
    def length(self) -> int:
        """The number of characters in the lexemes."""
        return sum([len(lexeme.text) for lexeme in self.lexemes])


_SEGMENT = r"(?:\[[^\]]+\]|[\w$@:-]+)"
_FIRST_SEGMENT = r"(?:\[[^\]]+\]|(?![\d-])[\w$@:-]+)"
_DOTS = r"\.\.?(?![\w$@:./-])"
_LEXEME = re.compile(
    rf"""[{_WHITESPACE}]*(?:
      (?P<string> "(?:\\"|[^"])*" | '(?:\\'|[^'])*' )
    | (?P<number> -?\d{{1,300}}(?:\.\d{{1,300}})?(?![\w$@:.-]) )
    | (?P<path> (?: @?\.\.?/(?:\.\.?/)*(?:{_SEGMENT}|{_DOTS}) | {_FIRST_SEGMENT} )
                (?:[./]+{_SEGMENT})*[./]?
              | {_DOTS} )
    | (?P<punctuation> [()=|] )
    )""",
    re.VERBOSE,
)
_OPENING = re.compile(r"\{\{(~?)(#>|#\s*\*|[#^/>&{]?)")
_ESCAPED = re.compile(r"\\(\{\{[^{}]*\}\})")
_CLOSING = re.compile(rf"[{_WHITESPACE}]*(~?)\}}\}}(?!\}})")
_CLOSING_TRIPLE = re.compile(rf"[{_WHITESPACE}]*\}}(~?)\}}\}}(?!\}})")
_CLOSING_RAW = re.compile(rf"[{_WHITESPACE}]*\}}{{4}}")

_KINDS = {
    "": "variable",
    "&": "variable",
    "{": "variable",
    "#": "block",
    "^": "inverse",
    "/": "close",
    ">": "partial",
    "#>": "layout",
    "#*": "inline",
}
_BLOCKS = {"block", "inverse", "layout", "inline"}
_NEVER_STANDALONE = {"text", "variable"}
_LINE_START = re.compile(r"\n[ \t]*\Z")
_FIRST_LINE_START = re.compile(r"(?:\A|\n)[ \t]*\Z")
_LINE_END = re.compile(r"\A[ \t]*\r?\n")
_LAST_LINE_END = re.compile(r"\A[ \t]*(?:\r?\n|\Z)")


def tokenize(source: str) -> list[Token]:
    """Split a template into text and tags, and strip the whitespace that `~` removes."""
    tokens = _Lexer(source).run()
    return tokens if KEEP_STANDALONE_LINES else _without_standalone_lines(tokens)


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = []
        self.trim_next = False
        self.open_blocks: list[str] = []

    def run(self) -> list[Token]:
        source, position = self.source, 0
        while (start := source.find("{{", position)) >= 0 and (
            opening := _OPENING.match(source, start)
        ):
            if start > position and source[start - 1] == "\\":
                position = self.escaped(position, start - 1)
            elif source.startswith("{{{{", start):
                position = self.raw_block(position, start)
            elif source.startswith("!", start + 2):
                position = self.comment(position, start)
            else:
                position = self.tag(position, opening)
        self.text(position, len(source))
        return self.tokens

    def text(self, start: int, end: int, *, trim: bool = False) -> None:
        text = self.source[start:end]
        if self.trim_next:
            text = text.lstrip(_WHITESPACE)
            self.trim_next = False
        if trim:
            text = text.rstrip(_WHITESPACE)
        if text:
            self.tokens.append(Token("text", start, text))

    def escaped(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        match = _ESCAPED.match(self.source, start)
        if match is None:
            raise syntax_error(self.source, start, "a backslash can only escape a complete {{…}}")
        self.tokens.append(Token("text", start, match[1]))
        return match.end()

    def raw_block(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        lexemes, opening = self.lexemes(start, start + 4, _CLOSING_RAW)
        self.tokens.append(Token("block", start, "{{{{", lexemes))
        end = self.source.find("{{{{/", opening.end())
        if end < 0:
            raise syntax_error(self.source, start, "this raw block is never closed; expected {{{{/")
        self.text(opening.end(), end)
        lexemes, closing = self.lexemes(end, end + 5, _CLOSING_RAW)
        self.tokens.append(Token("close", end, "{{{{/", lexemes))
        return closing.end()

    def comment(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        closing = "--}}" if self.source.startswith("--", start + 3) else "}}"
        # The search starts at the dashes, because those of {{!--}} both open and close the comment.
        end = self.source.find(closing, start + 3)
        if end < 0:
            raise syntax_error(
                self.source, start, f"this comment is never closed; expected {closing}"
            )
        self.tokens.append(Token("comment", start, "{{!"))
        return end + len(closing)

    def tag(self, text_start: int, opening: re.Match[str]) -> int:
        start, sigil = opening.start(), "".join(opening[2].split())
        trims = not self.ignores_trim(sigil)
        self.text(text_start, start, trim=trims and opening[1] == "~")
        closing_pattern = _CLOSING_TRIPLE if sigil == "{" else _CLOSING
        lexemes, closing = self.lexemes(start, opening.end(), closing_pattern)
        token = _tag_token(sigil, start, opening[0], lexemes)
        if token.kind == "else" and sigil and opening[1]:
            # handlebars.java accepts `{{~else}}`, but not `{{~^}}`.
            raise syntax_error(self.source, start, "an else written as '^' cannot have a ~")
        self.tokens.append(token)
        self.trim_next = trims and closing[1] == "~"
        if token.kind in _BLOCKS:
            self.open_blocks.append(token.kind)
        elif token.kind == "close":
            del self.open_blocks[-1:]
        return closing.end()

    def ignores_trim(self, sigil: str) -> bool:
        """Whether handlebars.java accepts a `~` in a tag with this sigil, but ignores it."""
        closes = self.open_blocks[-1] if sigil == "/" and self.open_blocks else ""
        return sigil == "#>" or closes in {"inverse", "layout"}

    def lexemes(
        self, start: int, position: int, closing_pattern: re.Pattern[str]
    ) -> tuple[tuple[Lexeme, ...], re.Match[str]]:
        lexemes: list[Lexeme] = []
        while (closing := closing_pattern.match(self.source, position)) is None:
            match = _LEXEME.match(self.source, position)
            if match is None or match.lastgroup is None:
                raise self.unexpected(start, position)
            kind = match.lastgroup
            lexemes.append(Lexeme(kind, match[kind], match.start(kind)))
            position = match.end()
        return tuple(lexemes), closing

    def unexpected(self, start: int, position: int) -> TemplateSyntaxError:
        rest = self.source[position:].lstrip(_WHITESPACE)
        if not rest:
            return syntax_error(self.source, start, "this tag is never closed")
        characters = re.split(r"[\s\w]", rest[:3], maxsplit=1)[0] or rest[0]
        offset = len(self.source) - len(rest)
        return syntax_error(self.source, offset, f"unexpected {characters!r} in a tag")


def _tag_token(sigil: str, offset: int, text: str, lexemes: tuple[Lexeme, ...]) -> Token:
    if sigil == "" and lexemes and lexemes[0].text == "else":
        return Token("else", offset, text, lexemes[1:])
    if sigil == "^" and not lexemes:
        return Token("else", offset, text)
    return Token(_KINDS[sigil], offset, text, lexemes)


def _without_standalone_lines(tokens: list[Token]) -> list[Token]:
    standalone = [index for index in range(len(tokens)) if _is_standalone(tokens, index)]
    texts = [token.text for token in tokens]
    for index in standalone:
        if index > 0:
            texts[index - 1] = texts[index - 1].rstrip(" \t")
        if index + 1 < len(tokens):
            texts[index + 1] = _LAST_LINE_END.sub("", texts[index + 1], count=1)
    return [replace(token, text=text) for token, text in zip(tokens, texts, strict=True)]


def _is_standalone(tokens: list[Token], index: int) -> bool:
    if tokens[index].kind in _NEVER_STANDALONE:
        return False
    line_start = _FIRST_LINE_START if index == 1 else _LINE_START
    line_end = _LAST_LINE_END if index + 2 == len(tokens) else _LINE_END
    starts_line = index == 0 or (
        tokens[index - 1].kind == "text" and line_start.search(tokens[index - 1].text)
    )
    ends_line = index + 1 == len(tokens) or (
        tokens[index + 1].kind == "text" and line_end.match(tokens[index + 1].text)
    )
    return bool(starts_line and ends_line)
