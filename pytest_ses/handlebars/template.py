"""How does a source become a template, and a template with data a text?"""

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

    ShortCut = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template; `compile` makes it.

    `is_plain` tells whether it has nothing but text, comments and plain one-segment variables
    without `_` in their names. SES permits no more in inline templates; source: the reports in
    aws-sdk-js-v3 #6657.
    """

    is_plain: bool
    _render: Step = field(repr=False)
    _short_cut: ShortCut = field(repr=False)

    def render(self, data: Mapping[str, Any]) -> str:
        """The text of the template with `data`, which has the types that `json.loads` gives.

        Raises:
            MissingAttribute: The template prints something that the data lacks, or has as null.
            RenderLimitExceeded: The output grows too large or partials nest too deep.
        """
        if (text := self._short_cut(data)) is not None:
            return text
        rendering = Rendering()
        self._render(Context(dict(data)), rendering)
        return "".join(rendering.parts)


#: What keeps the short cut well within the limits of a rendering.
SHORT, MOST_NAMES, LONGEST_TEXT = 1_000, 1_000, 1_000_000


def compile(source: str) -> Template:
    """The template that `source` writes, in the dialect of handlebars.java and without escaping.

    Raises:
        TemplateSyntaxError: It is no template, or it calls a partial that it does not define.
    """
    return _compile(source)


@lru_cache(maxsize=512)
def _compile(source: str) -> Template:
    body = parse(source)
    names = _names(body)
    is_plain = names is not None and not any("_" in name for name in names)
    short_cut = _no_short_cut if names is None else _short_cut(body, names)
    return Template(is_plain, compile_body(body), short_cut)


def _names(body: Body) -> tuple[str, ...] | None:
    """The variables of a template that has nothing else but text; None for any other."""
    calls = [one.call for one in body.statements if isinstance(one, Output)]
    only_these = all(isinstance(one, (Text, Output)) for one in body.statements)
    simple = all(call == Invocation(call.path) and is_plain(call.path) for call in calls)
    if body.partials or not only_these or not simple:
        return None
    return tuple([call.path.text for call in calls])


def _short_cut(body: Body, names: tuple[str, ...]) -> ShortCut:
    """The commonest template, text and names of the data, filled in by `%`.

    The function gives None where a value is missing or is no short string; the statements know
    what to do then.
    """
    text = "".join(
        [one.text.replace("%", "%%") if isinstance(one, Text) else "%s" for one in body.statements]
    )
    helped = not set(names).isdisjoint(HELPERS)
    if helped or not names or len(names) > MOST_NAMES or len(text) > LONGEST_TEXT:
        return _no_short_cut
    # Of one name `itemgetter` would give the value itself instead of a tuple.
    find, count = itemgetter(*names, names[0]), len(names)

    def filled(data: Mapping[str, Any]) -> str | None:
        try:
            values: tuple[Any, ...] = find(data)[:count]
        except KeyError:
            return None
        for value in values:
            if type(value) is not str or len(value) > SHORT:
                return None
        return text % values

    return filled


def _no_short_cut(_: Mapping[str, Any]) -> None:
    return None
