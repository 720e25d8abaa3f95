"""Compilation of a parsed template to functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .blocks import compile_branch
from .context import Context, finder
from .errors import MissingAttribute
from .evaluation import THIS, optional_value, required_value
from .nodes import Block, Body, Invocation, Output, Partial, Statement, Text
from .output import TAG_COST, Rendering, Step, too_large
from .values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable


def compile_body(body: Body) -> Step:
    """Return the function that renders `body` with its inline partials defined."""
    step, partials = _compile_parts(body)
    return _with_partials(partials, step) if partials else step


def _compile_parts(body: Body) -> tuple[Step, dict[str, Step]]:
    steps = tuple([_COMPILERS[type(statement)](statement) for statement in body.statements])
    cost = TAG_COST + sum([_cost(statement) for statement in body.statements])

    def render(scope: Context, rendering: Rendering) -> None:
        rendering.budget -= cost
        if rendering.budget < 0:
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
    find = required_value(statement.call)

    def render(scope: Context, rendering: Rendering) -> None:
        value = find(scope)
        rendering.write(value if type(value) is str else text_of(value))

    return render


def _block(statement: Block) -> Step:
    branches = tuple(
        [compile_branch(branch, compile_body(branch.body)) for branch in statement.branches]
    )
    render_else = compile_body(statement.else_body) if statement.else_body else None
    if render_else is None and len(branches) == 1:
        return branches[0]

    def render(scope: Context, rendering: Rendering) -> None:
        for render_branch in branches:
            if render_branch(scope, rendering):
                return
        if render_else is not None:
            render_else(scope, rendering)

    return render


def _partial(statement: Partial) -> Step:
    partial_name = _partial_name(statement.name)
    enter = _partial_scope(statement)
    call = _layout_call(statement.body, enter) if statement.body else _plain_call(enter)
    levels = statement.depth + 1

    def render(scope: Context, rendering: Rendering) -> None:
        rendering.descend(levels)
        call(partial_name(scope), scope, rendering)
        rendering.descend(-levels)

    return render


def _partial_name(name: str | Invocation) -> Callable[[Context], str]:
    if isinstance(name, str):
        return lambda _: name
    find = required_value(name)
    return lambda scope: text_of(find(scope))


def _partial_scope(statement: Partial) -> Callable[[Context], Context]:
    find_value = finder(statement.context or THIS)
    arguments = [(name, optional_value(value)) for name, value in statement.named]

    def enter(scope: Context) -> Context:
        # Even without a context, a partial has its own scope: `../x` in it is the caller's `x`.
        value = find_value(scope)
        inner = Context(value, scope)
        if arguments:
            inner = Context(
                {name: find(scope) for name, find in arguments}, inner, holds_names=True
            )
            inner.above = None if value is None else scope
        return inner

    return enter


def _plain_call(enter: Callable[[Context], Context]) -> _PartialCall:
    def call(name: str, scope: Context, rendering: Rendering) -> None:
        step = rendering.partial(name)
        if step is None:
            raise MissingAttribute(name)
        step(enter(scope), rendering)

    return call


def _layout_call(body: Body, enter: Callable[[Context], Context]) -> _PartialCall:
    """The call of a partial with content, which is rendered if the partial does not exist."""
    step, partials = _compile_parts(body)
    content = _with_partials(partials, step) if partials else step

    def call(name: str, scope: Context, rendering: Rendering) -> None:
        # handlebars.java first renders the content for its caller and drops the output, so an
        # attribute that is missing there is an error wherever the partial renders the content.
        rendering.discard(content, scope)
        outer_layout, outer_partials = rendering.layout, rendering.partials
        layout = rendering.partial(name)
        if layout is None:
            content(enter(scope), rendering)
            return
        rendering.layout = (content, outer_layout)
        rendering.partials = (partials, outer_partials)
        layout(enter(scope), rendering)
        rendering.layout, rendering.partials = outer_layout, outer_partials

    return call


_PartialCall: TypeAlias = "Callable[[str, Context, Rendering], None]"


_COMPILERS: dict[type, Callable[[Any], Step]] = {
    Text: _text,
    Output: _output,
    Block: _block,
    Partial: _partial,
}
