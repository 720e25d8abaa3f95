"""Where does the text of a template end, and what are the words of each tag?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from .errors import TemplateSyntaxError, syntax_error

#: handlebars.java keeps the line on which a block tag stands alone, handlebars.js drops it.
KEEP_STANDALONE_LINES = True

_WHITESPACE = " \t\r\n\f\v"


class Word(NamedTuple):
    """One word of a tag: a `path`, a `string`, a `number` or a `mark` (one of `( ) = |`)."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Token:
    """A run of text or one tag; `at` is its offset in the source."""

    kind: str
    at: int
    text: str
    words: tuple[Word, ...] = ()

    @property
    def length(self) -> int:
        """The characters of its words together."""
        return sum([len(word.text) for word in self.words])


_SEGMENT = r"(?:\[[^\]]+\]|[\w$@:-]+)"
_FIRST_SEGMENT = r"(?:\[[^\]]+\]|(?![\d-])[\w$@:-]+)"
_DOTS = r"\.\.?(?![\w$@:./-])"
_WORD = re.compile(
    rf"""[{_WHITESPACE}]*(?:
      (?P<string> "(?:\\"|[^"])*" | '(?:\\'|[^'])*' )
    | (?P<number> -?\d{{1,300}}(?:\.\d{{1,300}})?(?![\w$@:.-]) )
    | (?P<path> (?: @?\.\.?/(?:\.\.?/)*(?:{_SEGMENT}|{_DOTS}) | {_FIRST_SEGMENT} )
                (?:[./]+{_SEGMENT})*[./]?
              | {_DOTS} )
    | (?P<mark> [()=|] )
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
_NEVER_STAND_ALONE = {"text", "variable"}
_LINE_START = re.compile(r"\n[ \t]*\Z")
_FIRST_LINE_START = re.compile(r"(?:\A|\n)[ \t]*\Z")
_LINE_END = re.compile(r"\A[ \t]*\r?\n")
_LAST_LINE_END = re.compile(r"\A[ \t]*(?:\r?\n|\Z)")


def tokenize(source: str) -> list[Token]:
    """The template as text and tags, with `~` and (if they are to go) standalone lines applied."""
    found = _Lexer(source).run()
    return found if KEEP_STANDALONE_LINES else _without_standalone_lines(found)


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Token] = []
        self.trim_next = False

    def run(self) -> list[Token]:
        source, at = self.source, 0
        while (start := source.find("{{", at)) >= 0 and (opening := _OPENING.match(source, start)):
            if start > at and source[start - 1] == "\\":
                at = self.escaped(at, start - 1)
            elif source.startswith("{{{{", start):
                at = self.raw_block(at, start)
            elif source.startswith("!", start + 2):
                at = self.comment(at, start)
            else:
                at = self.tag(at, opening)
        self.text(at, len(source))
        return self.found

    def text(self, start: int, end: int, *, trim: bool = False) -> None:
        text = self.source[start:end]
        if self.trim_next:
            text = text.lstrip(_WHITESPACE)
            self.trim_next = False
        if trim:
            text = text.rstrip(_WHITESPACE)
        if text:
            self.found.append(Token("text", start, text))

    def escaped(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        match = _ESCAPED.match(self.source, start)
        if match is None:
            raise syntax_error(self.source, start, "only a whole {{…}} can be escaped by \\")
        self.found.append(Token("text", start, match[1]))
        return match.end()

    def raw_block(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        words, opening = self.words(start, start + 4, _CLOSING_RAW)
        self.found.append(Token("block", start, "{{{{", words))
        end = self.source.find("{{{{/", opening.end())
        if end < 0:
            raise syntax_error(self.source, start, "this raw block is never closed by {{{{/")
        self.text(opening.end(), end)
        words, closing = self.words(end, end + 5, _CLOSING_RAW)
        self.found.append(Token("close", end, "{{{{/", words))
        return closing.end()

    def comment(self, text_start: int, start: int) -> int:
        self.text(text_start, start)
        closing = "--}}" if self.source.startswith("--", start + 3) else "}}"
        # Searched from the third character on: the dashes of {{!--}} both open and close it.
        end = self.source.find(closing, start + 3)
        if end < 0:
            raise syntax_error(self.source, start, f"this comment is never closed by {closing}")
        self.found.append(Token("comment", start, "{{!"))
        return end + len(closing)

    def tag(self, text_start: int, opening: re.Match[str]) -> int:
        start = opening.start()
        self.text(text_start, start, trim=opening[1] == "~")
        sigil = "".join(opening[2].split())
        mark = _CLOSING_TRIPLE if sigil == "{" else _CLOSING
        words, closing = self.words(start, opening.end(), mark)
        self.found.append(_tag_token(sigil, start, opening[0], words))
        self.trim_next = closing[1] == "~"
        return closing.end()

    def words(
        self, start: int, at: int, mark: re.Pattern[str]
    ) -> tuple[tuple[Word, ...], re.Match[str]]:
        words: list[Word] = []
        while (closing := mark.match(self.source, at)) is None:
            word = _WORD.match(self.source, at)
            if word is None or word.lastgroup is None:
                raise self.unreadable(start, at)
            words.append(Word(word.lastgroup, word[word.lastgroup], word.start(word.lastgroup)))
            at = word.end()
        return tuple(words), closing

    def unreadable(self, start: int, at: int) -> TemplateSyntaxError:
        rest = self.source[at:].lstrip(_WHITESPACE)
        if not rest:
            return syntax_error(self.source, start, "this tag is never closed")
        found = re.split(r"[\s\w]", rest[:3], maxsplit=1)[0] or rest[0]
        return syntax_error(
            self.source, len(self.source) - len(rest), f"{found!r} does not belong in a tag here"
        )


def _tag_token(sigil: str, at: int, text: str, words: tuple[Word, ...]) -> Token:
    if sigil == "" and words and words[0].text == "else":
        return Token("else", at, text, words[1:])
    if sigil == "^" and not words:
        return Token("else", at, text)
    return Token(_KINDS[sigil], at, text, words)


def _without_standalone_lines(found: list[Token]) -> list[Token]:
    alone = [at for at in range(len(found)) if _stands_alone(found, at)]
    texts = [token.text for token in found]
    for at in alone:
        if at > 0:
            texts[at - 1] = texts[at - 1].rstrip(" \t")
        if at + 1 < len(found):
            texts[at + 1] = _LAST_LINE_END.sub("", texts[at + 1], count=1)
    return [replace(token, text=text) for token, text in zip(found, texts, strict=True)]


def _stands_alone(found: list[Token], at: int) -> bool:
    if found[at].kind in _NEVER_STAND_ALONE:
        return False
    line_start = _FIRST_LINE_START if at == 1 else _LINE_START
    line_end = _LAST_LINE_END if at + 2 == len(found) else _LINE_END
    starts = at == 0 or (found[at - 1].kind == "text" and line_start.search(found[at - 1].text))
    ends = at + 1 == len(found) or (
        found[at + 1].kind == "text" and line_end.match(found[at + 1].text)
    )
    return bool(starts and ends)
