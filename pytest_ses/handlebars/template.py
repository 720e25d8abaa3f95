"""How does a source become a template, and a template with data a text?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .compiler import compile_body
from .expressions import is_plain
from .nodes import Body, Call, Output, Statement, Text
from .output import Rendering, Step
from .parser import parse
from .scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template; `compile` makes it.

    `is_plain` tells whether it has nothing but text, comments and plain one-segment variables
    without `_` in their names. SES permits no more in inline templates; source: the reports in
    aws-sdk-js-v3 #6657.
    """

    is_plain: bool
    _render: Step = field(repr=False)

    def render(self, data: Mapping[str, Any]) -> str:
        """The text of the template with `data`, which has the types that `json.loads` gives.

        Raises:
            MissingAttribute: The template prints something that the data lacks, or has as null.
            RenderLimitExceeded: The output grows too large or partials nest too deep.
        """
        rendering = Rendering()
        self._render(Scope(dict(data)), rendering)
        return "".join(rendering.parts)


def compile(source: str) -> Template:
    """The template that `source` writes, in the dialect of handlebars.java and without escaping.

    Raises:
        TemplateSyntaxError: It is no template, or it calls a partial that it does not define.
    """
    return _compile(source)


@lru_cache(maxsize=512)
def _compile(source: str) -> Template:
    body = parse(source)
    return Template(_is_plain(body), compile_body(body))


def _is_plain(body: Body) -> bool:
    return not body.partials and all(map(_is_plain_statement, body.statements))


def _is_plain_statement(statement: Statement) -> bool:
    if not isinstance(statement, Output):
        return isinstance(statement, Text)
    call = statement.call
    name = call.path.text
    return call == Call(call.path) and is_plain(call.path) and "_" not in name
