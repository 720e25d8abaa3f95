"""Which function renders which part of a template?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .blocks import compile_branch
from .context import Context, finder
from .errors import MissingAttribute
from .evaluation import optional, required
from .nodes import Block, Body, Invocation, Output, Partial, Statement, Text
from .output import TAG_COST, Rendering, Step, too_large
from .values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable


def compile_body(body: Body) -> Step:
    """The function that renders `body`, its inline partials in reach from the beginning."""
    step, partials = _compile_parts(body)
    return _with_partials(partials, step) if partials else step


def _compile_parts(body: Body) -> tuple[Step, dict[str, Step]]:
    steps = tuple([_COMPILERS[type(statement)](statement) for statement in body.statements])
    cost = TAG_COST + sum([_cost(statement) for statement in body.statements])

    def render(scope: Context, rendering: Rendering) -> None:
        rendering.left -= cost
        if rendering.left < 0:
            raise too_large()
        for step in steps:
            step(scope, rendering)

    return render, {name: compile_body(content) for name, content in body.partials.items()}


def _cost(statement: Statement) -> int:
    if isinstance(statement, Text):
        return len(statement.text)
    if isinstance(statement, Block):
        return sum([TAG_COST + branch.length for branch in statement.branches])
    return TAG_COST + statement.length


def _with_partials(partials: dict[str, Step], step: Step) -> Step:
    def render(scope: Context, rendering: Rendering) -> None:
        outer = rendering.partials
        rendering.partials = (partials, outer)
        step(scope, rendering)
        rendering.partials = outer

    return render


def _text(statement: Text) -> Step:
    text = statement.text
    return lambda _, rendering: rendering.parts.append(text)


def _output(statement: Output) -> Step:
    find = required(statement.call)

    def render(scope: Context, rendering: Rendering) -> None:
        value = find(scope)
        rendering.write(value if type(value) is str else text_of(value))

    return render


def _block(statement: Block) -> Step:
    attempts = tuple(
        [compile_branch(branch, compile_body(branch.body)) for branch in statement.branches]
    )
    otherwise = compile_body(statement.otherwise) if statement.otherwise else None
    if otherwise is None and len(attempts) == 1:
        return attempts[0]

    def render(scope: Context, rendering: Rendering) -> None:
        for attempt in attempts:
            if attempt(scope, rendering):
                return
        if otherwise is not None:
            otherwise(scope, rendering)

    return render


def _partial(statement: Partial) -> Step:
    name_of = _partial_name(statement.name)
    inner_scope = _partial_scope(statement)
    call = _layout_call(statement.body) if statement.body else _plain_call
    levels = statement.depth + 1

    def render(scope: Context, rendering: Rendering) -> None:
        rendering.descend(levels)
        call(name_of(scope), inner_scope(scope), rendering)
        rendering.descend(-levels)

    return render


def _partial_name(name: str | Invocation) -> Callable[[Context], str]:
    if isinstance(name, str):
        return lambda _: name
    find = required(name)
    return lambda scope: text_of(find(scope))


def _partial_scope(statement: Partial) -> Callable[[Context], Context]:
    context = finder(statement.context) if statement.context else None
    named = [(name, optional(expression)) for name, expression in statement.named]

    def enter(scope: Context) -> Context:
        value = context(scope) if context else None
        inner = scope if value is None else Context(value, scope)
        # Even without arguments a scope of its own: `../x` in a partial is the caller's x.
        return Context({name: find(scope) for name, find in named}, inner, names=True)

    return enter


def _plain_call(name: str, scope: Context, rendering: Rendering) -> None:
    step = rendering.partial(name)
    if step is None:
        raise MissingAttribute(name)
    step(scope, rendering)


def _layout_call(body: Body) -> Callable[[str, Context, Rendering], None]:
    """The call of a partial with content, which is rendered itself if there is no such partial."""
    step, partials = _compile_parts(body)
    content = _with_partials(partials, step) if partials else step

    def call(name: str, scope: Context, rendering: Rendering) -> None:
        outer_layout, outer_partials = rendering.layout, rendering.partials
        layout = rendering.partial(name)
        if layout is None:
            content(scope, rendering)
            return
        rendering.layout = (content, outer_layout)
        rendering.partials = (partials, outer_partials)
        layout(scope, rendering)
        rendering.layout, rendering.partials = outer_layout, outer_partials

    return call


_COMPILERS: dict[type, Callable[[Any], Step]] = {
    Text: _text,
    Output: _output,
    Block: _block,
    Partial: _partial,
}
