"""The output of a rendering, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from .context import Context
from .errors import RenderLimitExceeded
from .nodes import PARTIAL_BLOCK

#: The limit on the work of a rendering: the number of characters in its output and in the tags that
#: it runs, plus `TAG_COST` for each tag. The v1 API limits a message to 10 MB:
#: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_OUTPUT = 10_000_000
TAG_COST = 16

#: The maximum nesting of partials. Each call of a partial adds the depth of its tag, plus one.
MAX_DEPTH = 120


class Rendering:
    """The output so far, and the partials that are defined at the current position."""

    __slots__ = ("budget", "depth", "layout", "partials", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.budget = MAX_OUTPUT
        self.depth = 0
        self.partials: Partials = None
        self.layout: Layout = None

    def write(self, text: str) -> None:
        self.budget -= len(text)
        if self.budget < 0:
            raise too_large()
        self.parts.append(text)

    def partial(self, name: str) -> Step | None:
        """Return the partial from the nearest body that defines it, or None."""
        if name == PARTIAL_BLOCK and self.layout is not None:
            return _content_of(self.layout)
        partials = self.partials
        while partials is not None:
            defined, partials = partials
            if name in defined:
                return defined[name]
        return None

    def discard(self, step: Step, scope: Context) -> None:
        """Render a step and drop its output."""
        end = len(self.parts)
        step(scope, self)
        del self.parts[end:]

    def descend(self, levels: int) -> None:
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise RenderLimitExceeded(
                f"The partials of the template are nested more than {MAX_DEPTH} levels deep. "
                "Check for a partial that calls itself."
            )


#: One statement of a template, compiled.
Step: TypeAlias = Callable[[Context, Rendering], object]
#: The partials of a body, and those of the bodies around it.
Partials: TypeAlias = "tuple[dict[str, Step], Partials] | None"
#: The content of a `{{#> …}}`, and that of the `{{#> …}}` around it.
Layout: TypeAlias = "tuple[Step, Layout] | None"


def _content_of(layout: tuple[Step, Layout]) -> Step:
    content, outer = layout

    def render(scope: Context, rendering: Rendering) -> None:
        # Within the content, `@partial-block` is that of the outer layout.
        rendering.layout = outer
        content(scope, rendering)
        rendering.layout = layout

    return render


def too_large() -> RenderLimitExceeded:
    return RenderLimitExceeded(
        f"Rendering the template exceeds the limit of {MAX_OUTPUT:,} characters. "
        "Check for nested loops and repeated partials."
    )
