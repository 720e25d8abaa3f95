"""The rendering of several templates with the same data, such as the parts of a message.

Most templates contain only text and variables, and most data only strings. Such templates are compiled
to one Python function, because a bulk send renders them for every destination.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from .evaluation import HELPERS
from .nodes import Text
from .template import Template, compile, names  # noqa: A004 - compile, as in re.compile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .nodes import Output

    Renderer: TypeAlias = Callable[[Mapping[str, Any]], "Sequence[str | None]"]

#: The limits of the fast path: characters of all templates, far below `MAX_OUTPUT`, and variables.
MAX_FAST_OUTPUT, MAX_FAST_VARIABLES = 1_000_000, 1000


@lru_cache(maxsize=512)
def renderer(*sources: str | None) -> Renderer:
    """Return a function that renders templates with the same data; for a missing one, it returns None.

    Raises:
        TemplateSyntaxError: if one is not a valid template.
    """
    templates = [None if source is None else compile(source) for source in sources]

    def render(data: Mapping[str, Any]) -> Sequence[str | None]:
        return [None if template is None else template.render(data) for template in templates]

    return _with_fast_path(templates, render) or render


def _with_fast_path(templates: Sequence[Template | None], render: Renderer) -> Renderer | None:
    """Return a faster `render`, which does the same, or None if the templates allow none.

    It calls `render` if a value is missing or not a string, and if the output could be long.
    """
    bodies = [None if template is None else template.substitutions for template in templates]
    if bodies.count(None) > templates.count(None):
        return None
    uses = Counter(name for body in bodies if body for name in names(body))
    if not uses or uses.total() > MAX_FAST_VARIABLES or not HELPERS.keys().isdisjoint(uses):
        return None
    substitute = _substitute(bodies, list(uses))
    first, *_ = uses
    values_of = itemgetter(*uses) if len(uses) > 1 else lambda data: (data[first],)
    length = sum(map(len, filter(None, substitute(*[""] * len(uses)))))
    # That of all values, each of which may be used several times.
    max_length = (MAX_FAST_OUTPUT - length) / max(uses.values())

    def render_fast(data: Mapping[str, Any]) -> Sequence[str | None]:
        try:
            values = values_of(data)
            # It fails unless all values are strings.
            is_long = len("".join(values)) > max_length
        except (KeyError, TypeError):
            return render(data)
        return render(data) if is_long else substitute(*values)

    return render_fast


def _substitute(
    bodies: Sequence[Sequence[Text | Output] | None], variables: Sequence[str]
) -> Callable[..., Sequence[str | None]]:
    """Return the function that takes the values of the variables and returns the output of each body.

    For `Dear {{name}}`, it is `lambda v0: ("" "Dear " f"{v0}",)`.
    """
    parameters = {name: f"v{number}" for number, name in enumerate(variables)}

    def expression(body: Sequence[Text | Output] | None) -> str:
        if body is None:
            return "None"
        pieces = (
            repr(statement.text)
            if isinstance(statement, Text)
            else f'f"{{{parameters[statement.call.path.text]}}}"'
            for statement in body
        )
        return " ".join(['""', *pieces])

    outputs = ", ".join(map(expression, bodies))
    # Text of the templates is only in literals, and none of their names is in the code.
    function: Callable[..., Sequence[str | None]] = eval(  # noqa: S307
        f"lambda {', '.join(parameters.values())}: ({outputs},)", {"__builtins__": {}}
    )
    return function
