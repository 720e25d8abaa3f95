"""Templates, which are compiled from their source and rendered with data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .compiler import compile_body
from .context import Context
from .evaluation import HELPERS
from .expressions import is_plain
from .nodes import Body, Invocation, Output, Text
from .output import Rendering, Step
from .parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    FastPath = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template; see `compile`.

    `is_plain` is true if the template contains only text, comments and variables that are a single
    name without `_`. SES allows nothing else in inline templates; source: the reports in
    aws-sdk-js-v3 #6657.
    """

    is_plain: bool
    _render: Step = field(repr=False)
    _fast_path: FastPath = field(repr=False)

    def render(self, data: Mapping[str, Any]) -> str:
        """Render the template with `data`, whose types are those of `json.loads`.

        Raises:
            MissingAttribute: if an attribute that the template prints is missing or null.
            RenderLimitExceeded: if the output is too large or partials are nested too deeply.
        """
        if (text := self._fast_path(data)) is not None:
            return text
        rendering = Rendering()
        self._render(Context(dict(data)), rendering)
        return "".join(rendering.parts)


#: The limit of the fast path, far below `MAX_OUTPUT`.
MAX_FAST_OUTPUT = 1_000_000


def compile(source: str) -> Template:
    """Compile a template in the dialect of handlebars.java, without escaping.

    Raises:
        TemplateSyntaxError: if it is not a valid template, or calls a partial it does not define.
    """
    return _compile(source)


@lru_cache(maxsize=512)
def _compile(source: str) -> Template:
    body = parse(source)
    names = _names(body)
    is_plain = names is not None and not any("_" in name for name in names)
    fast_path = _no_fast_path if names is None else _fast_path(body, names)
    return Template(is_plain, compile_body(body), fast_path)


def _names(body: Body) -> tuple[str, ...] | None:
    """The variables of a template that contains only text and plain variables; otherwise None."""
    statements = body.statements
    calls = [statement.call for statement in statements if isinstance(statement, Output)]
    has_blocks = not all(isinstance(statement, (Text, Output)) for statement in statements)
    plain = all(call == Invocation(call.path) and is_plain(call.path) for call in calls)
    if body.partials or has_blocks or not plain:
        return None
    return tuple([call.path.text for call in calls])


def _fast_path(body: Body, names: tuple[str, ...]) -> FastPath:
    """The function that fills in the most common kind of template, text and variables.

    It returns None if a value is missing or is not a string, or if the output is long; the template is
    then rendered by its statements.
    """
    if not names or not set(names).isdisjoint(HELPERS):
        return _no_fast_path
    texts = [""]
    for statement in body.statements:
        if isinstance(statement, Text):
            texts[-1] += statement.text
        else:
            texts.append("")
    # Every second piece is the value of a variable.
    pieces = [piece for text in texts for piece in (text, "")][:-1]
    values_of = itemgetter(*names) if len(names) > 1 else lambda data: (data[names[0]],)

    def render(data: Mapping[str, Any]) -> str | None:
        filled = pieces.copy()
        try:
            filled[1::2] = values_of(data)
            text = "".join(filled)
        except (KeyError, TypeError):
            return None
        return text if len(text) <= MAX_FAST_OUTPUT else None

    return render


def _no_fast_path(_: Mapping[str, Any]) -> None:
    return None
