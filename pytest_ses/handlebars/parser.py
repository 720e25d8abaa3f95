"""The parser, which turns the tokens of a template into a tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import syntax_error
from .expressions import MAX_NESTING, Reader, parse_path
from .lexer import Lexeme, Token, tokenize
from .nodes import (
    PARTIAL_BLOCK,
    Block,
    Body,
    Branch,
    Invocation,
    Output,
    Partial,
    Statement,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def parse(source: str) -> Body:
    """Parse a template.

    Raises:
        TemplateSyntaxError: if it is not a valid template, or calls a partial it does not define.
    """
    parser = _Parser(source)
    body = parser.body(0)
    parser.check_end()
    parser.check_partials()
    return body


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [*tokenize(source), Token("end", len(source), "")]
        self.position = 0
        self.defined = {PARTIAL_BLOCK}
        self.called: list[tuple[str, Token]] = []
        # For each open block, the path in `{{#with path}}`; empty for other blocks.
        self.with_paths = [""]

    def body(self, depth: int) -> Body:
        statements: list[Statement] = []
        partials: dict[str, Body] = {}
        while (kind := self.peek()) not in {"else", "close", "end"}:
            token = self.take()
            if kind == "inline":
                name = self.inline_name(token)
                self.with_paths.append("")
                partials[name] = self.content(token, depth, closed_by="inline")
                self.with_paths.pop()
            elif kind != "comment":
                statements.append(_STATEMENTS[kind](self, token, depth))
        return Body(tuple(statements), partials)

    def text(self, token: Token, _depth: int) -> Statement:
        return Text(token.text)

    def variable(self, token: Token, _depth: int) -> Statement:
        reader = Reader(self.source, token)
        call = reader.call()
        reader.end()
        return Output(self.qualified(call), token.length)

    def qualified(self, call: Invocation) -> Invocation:
        """In `{{#with a}}`, `{{a.b}}` is `{{this.a.b}}`: handlebars.java imitates JavaScript here."""
        name, with_path = call.path.text, self.with_paths[-1]
        is_within = with_path and f"{name}.".startswith(f"{with_path}.")
        if not is_within or call != Invocation(call.path):
            return call
        return Invocation(parse_path(f"this.{name}"))

    def block(self, token: Token, depth: int) -> Statement:
        self.with_paths.append(_with_path(token))
        branches = [self.branch(token, depth)]
        else_body: Body | None = None
        while self.peek() == "else":
            else_token = self.take()
            if else_token.lexemes:
                branches.append(self.branch(else_token, depth))
            else:
                else_body = self.nested(else_token, depth)
        self.with_paths.pop()
        self.close(token, branches[0].call.path.text)
        return Block(tuple(branches), else_body)

    def inverse(self, token: Token, depth: int) -> Statement:
        self.with_paths.append("")
        branch = self.branch(token, depth, inverted=True)
        self.with_paths.pop()
        self.close(token, branch.call.path.text)
        return Block((branch,), None)

    def branch(self, token: Token, depth: int, *, inverted: bool = False) -> Branch:
        reader = Reader(self.source, token)
        call, parameters = reader.call(), reader.parameters()
        reader.end()
        return Branch(call, inverted, parameters, self.nested(token, depth), token.length)

    def partial(self, token: Token, depth: int) -> Statement:
        partial = self.partial_call(token, depth)
        if isinstance(partial.name, str):
            self.called.append((partial.name, token))
        return partial

    def layout(self, token: Token, depth: int) -> Statement:
        return replace(self.partial_call(token, depth), body=self.content(token, depth))

    def partial_call(self, token: Token, depth: int) -> Partial:
        reader = Reader(self.source, token)
        name = reader.partial_name()
        context = reader.name() if reader.peek() and reader.peek(1) != "=" else None
        named = reader.named()
        reader.end()
        return Partial(name, context, named, None, depth, token.length)

    def inline_name(self, token: Token) -> str:
        reader = Reader(self.source, token)
        decorator = reader.take("path")
        if decorator.text != "inline":
            message = f"unknown decorator {decorator.text!r}; only 'inline' is supported"
            raise reader.error(message, decorator)
        name = reader.string()
        reader.end()
        self.defined.add(name)
        return name

    def content(self, token: Token, depth: int, *, closed_by: str | None = None) -> Body:
        body = self.nested(token, depth)
        self.close(token, closed_by)
        return body

    def nested(self, token: Token, depth: int) -> Body:
        if depth == MAX_NESTING:
            message = f"blocks are nested more than {MAX_NESTING} levels deep"
            raise syntax_error(self.source, token.offset, message)
        return self.body(depth + 1)

    def close(self, opening: Token, name: str | None) -> None:
        token = self.take()
        if token.kind == "end":
            raise syntax_error(self.source, opening.offset, "this block is never closed")
        if token.kind == "else":
            raise syntax_error(self.source, token.offset, "this block cannot have an else")
        reader = Reader(self.source, token)
        closing_name = reader.take("path")
        reader.end()
        if name not in {None, closing_name.text}:
            message = f"expected /{name}, found /{closing_name.text}"
            raise reader.error(message, closing_name)

    def check_end(self) -> None:
        if self.peek() != "end":
            message = "this tag does not belong to an open block"
            raise syntax_error(self.source, self.take().offset, message)

    def check_partials(self) -> None:
        for name, token in self.called:
            if name not in self.defined:
                message = f"unknown partial {name!r}; define it with {{{{#*inline {name!r}}}}}"
                raise syntax_error(self.source, token.offset, message)

    def peek(self) -> str:
        return self.tokens[self.position].kind

    def take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]


def _with_path(token: Token) -> str:
    match token.lexemes:
        case (Lexeme(text="with"), Lexeme("path", path), *rest) if not path.startswith("."):
            others = [lexeme.text for lexeme in rest]
            is_redefined = path.split(".")[0] in others  # {{#with a as |a|}}
            return "" if is_redefined or others[:1] == ["="] else path
    return ""


_STATEMENTS: dict[str, Callable[[_Parser, Token, int], Statement]] = {
    "text": _Parser.text,
    "variable": _Parser.variable,
    "block": _Parser.block,
    "inverse": _Parser.inverse,
    "partial": _Parser.partial,
    "layout": _Parser.layout,
}
