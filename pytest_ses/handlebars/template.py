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


#: The limits of the fast path, which keep its output far below `MAX_OUTPUT`.
MAX_FAST_VALUE, MAX_FAST_NAMES, MAX_FAST_TEXT = 1_000, 1_000, 1_000_000


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
    """The function that fills in the most common kind of template, text and variables, with `%`.

    It returns None if a value is missing or is not a short string; the template is then rendered
    by its statements.
    """
    pattern = "".join(
        [
            statement.text.replace("%", "%%") if isinstance(statement, Text) else "%s"
            for statement in body.statements
        ]
    )
    has_helpers = not set(names).isdisjoint(HELPERS)
    too_large = len(names) > MAX_FAST_NAMES or len(pattern) > MAX_FAST_TEXT
    if has_helpers or too_large or not names:
        return _no_fast_path
    # With a single name, `itemgetter` would return the value itself instead of a tuple.
    values_of, count = itemgetter(*names, names[0]), len(names)

    def render(data: Mapping[str, Any]) -> str | None:
        try:
            values: tuple[Any, ...] = values_of(data)[:count]
        except KeyError:
            return None
        for value in values:
            if type(value) is not str or len(value) > MAX_FAST_VALUE:
                return None
        return pattern % values

    return render


def _no_fast_path(_: Mapping[str, Any]) -> None:
    return None
