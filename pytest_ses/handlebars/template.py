"""Templates, which are compiled from their source and rendered with data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from .compiler import compile_body
from .context import Context
from .expressions import is_plain
from .nodes import Body, Invocation, Output, Text
from .output import Rendering, Step
from .parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template; see `compile`.

    `is_plain` is true if the template contains only text, comments and variables that are a single
    name without `_`. SES allows nothing else in inline templates; source: the reports in
    aws-sdk-js-v3 #6657. `substitutions` contains the statements of a template of text and variables
    that are a single name; None for other templates.
    """

    is_plain: bool
    substitutions: Sequence[Text | Output] | None = field(repr=False)
    _render: Step = field(repr=False)

    def render(self, data: Mapping[str, Any]) -> str:
        """Render the template with `data`, whose types are those of `json.loads`.

        Raises:
            MissingAttribute: if an attribute that the template prints is missing or null.
            RenderLimitExceeded: if the output is too large or partials are nested too deeply.
        """
        rendering = Rendering()
        self._render(Context(dict(data)), rendering)
        return "".join(rendering.parts)


def compile(source: str) -> Template:
    """Compile a template in the dialect of handlebars.java, without escaping.

    Raises:
        TemplateSyntaxError: if it is not a valid template, or calls a partial it does not define.
    """
    return _compile(source)


@lru_cache(maxsize=512)
def _compile(source: str) -> Template:
    body = parse(source)
    substitutions = _substitutions(body)
    plain = substitutions is not None and not any("_" in name for name in names(substitutions))
    return Template(plain, substitutions, compile_body(body))


def _substitutions(body: Body) -> Sequence[Text | Output] | None:
    if body.partials or not all(map(_is_substitution, body.statements)):
        return None
    return cast("Sequence[Text | Output]", body.statements)


def _is_substitution(statement: Any) -> bool:
    if isinstance(statement, Output):
        call = statement.call
        return call == Invocation(call.path) and is_plain(call.path)
    return isinstance(statement, Text)


def names(statements: Sequence[Text | Output]) -> list[str]:
    """Return the names of the variables, in order."""
    return [statement.call.path.text for statement in statements if isinstance(statement, Output)]
