"""How much has a rendering written, and is it still within its limits?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from .context import Context
from .errors import RenderLimitExceeded
from .nodes import PARTIAL_BLOCK

#: Characters of output and, as a measure of work, of the tags that were run (and `TAG_COST` for
#: each). The largest mail of the v1 API has 10 MB:
#: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_OUTPUT = 10_000_000
TAG_COST = 16

#: How deep the places may stand, summed up, from which partials are called within partials.
MAX_DEPTH = 120


class Rendering:
    """The output so far, and the partials in reach."""

    __slots__ = ("depth", "layout", "left", "partials", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = MAX_OUTPUT
        self.depth = 0
        self.partials: Partials = None
        self.layout: Layout = None

    def write(self, text: str) -> None:
        self.left -= len(text)
        if self.left < 0:
            raise too_large()
        self.parts.append(text)

    def partial(self, name: str) -> Step | None:
        """The partial of that name in the nearest body that defines it, or None."""
        if name == PARTIAL_BLOCK and self.layout is not None:
            return _content_of(self.layout)
        partials = self.partials
        while partials is not None:
            defined, partials = partials
            if name in defined:
                return defined[name]
        return None

    def descend(self, levels: int) -> None:
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise RenderLimitExceeded(
                f"The partials of the template stand more than {MAX_DEPTH} levels deep in each other. "
                "Does one call itself without end?"
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
        # Within the content, the partial block is that of the layout around it.
        rendering.layout = outer
        content(scope, rendering)
        rendering.layout = layout

    return render


def too_large() -> RenderLimitExceeded:
    return RenderLimitExceeded(
        f"The output, or the work for it, would exceed {MAX_OUTPUT:,} characters. "
        "Does a loop in a loop, or a partial, multiply it?"
    )
