"""Compilation of the branches of blocks, such as `{{#if}}` and `{{#each}}`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from .context import Context, Finder, Loop, finder
from .evaluation import HELPERS, first_argument, required_value
from .nodes import Branch, Invocation
from .output import Rendering, Step
from .values import is_true, text_of

#: A compiled branch. It returns whether it applied; if so, no other branch is tried.
BranchStep: TypeAlias = Callable[[Context, Rendering], bool]


def compile_branch(branch: Branch, body: Step) -> BranchStep:
    """Return the function that renders `body`, once or in a loop, if `branch` applies."""
    name = branch.call.path.text
    if branch.inverted:
        return _inverse(branch, body)
    if name in _BLOCKS:
        return _BLOCKS[name](branch, body)
    if name in HELPERS or branch.call.arguments or branch.call.named:
        return _value(required_value(branch.call))
    return _section(branch, body)


def _inverse(branch: Branch, body: Step) -> BranchStep:
    """`{{^x}}`. As in handlebars.java, a helper in it receives no arguments."""
    path = branch.call.path
    if path.text in HELPERS:
        return compile_branch(replace(branch, call=Invocation(path), inverted=False), body)
    return _condition(finder(path), body, expected=False)


def _condition(find: Finder, body: Step, *, expected: bool) -> BranchStep:
    def render(scope: Context, rendering: Rendering) -> bool:
        if is_true(find(scope)) is expected:
            body(scope, rendering)
            return True
        return False

    return render


def _if(branch: Branch, body: Step) -> BranchStep:
    return _condition(first_argument(branch.call), body, expected=True)


def _unless(branch: Branch, body: Step) -> BranchStep:
    return _condition(first_argument(branch.call), body, expected=False)


def _value(find: Finder) -> BranchStep:
    def render(scope: Context, rendering: Rendering) -> bool:
        rendering.write(text_of(find(scope)))
        return True

    return render


def _with(branch: Branch, body: Step) -> BranchStep:
    find, render_in_scope = first_argument(branch.call), _in_scope(branch.parameters, body)

    def render(scope: Context, rendering: Rendering) -> bool:
        value = find(scope)
        return is_true(value) and render_in_scope(value, scope, rendering)

    return render


def _each(branch: Branch, body: Step) -> BranchStep:
    find, render_loop = first_argument(branch.call), _in_loop(branch.parameters, body)

    def render(scope: Context, rendering: Rendering) -> bool:
        items = find(scope)
        return isinstance(items, (list, dict)) and render_loop(items, scope, rendering)

    return render


def _section(branch: Branch, body: Step) -> BranchStep:
    """`{{#x}}`: a loop if `x` is a list, a condition if it is a boolean, otherwise a scope."""
    find = finder(branch.call.path)
    render_in_scope = _in_scope(branch.parameters, body)
    render_loop = _in_loop(branch.parameters, body)

    def render(scope: Context, rendering: Rendering) -> bool:
        value = find(scope)
        if value is True:
            body(scope, rendering)
            return True
        if isinstance(value, list):
            return render_loop(value, scope, rendering)
        return is_true(value) and render_in_scope(value, scope, rendering)

    return render


def _in_scope(parameters: tuple[str, ...], body: Step) -> Callable[[Any, Context, Rendering], bool]:
    def render_in_scope(value: Any, scope: Context, rendering: Rendering) -> bool:
        # `{{#with this}}` opens no scope: `../x` means the same inside and outside of it.
        inner = scope if value is scope.value else Context(value, scope)
        if parameters:
            inner = Context({parameters[0]: value}, inner, holds_names=True)
        body(inner, rendering)
        return True

    return render_in_scope


def _in_loop(
    parameters: tuple[str, ...], body: Step
) -> Callable[[list[Any] | dict[str, Any], Context, Rendering], bool]:
    def render_loop(
        items: list[Any] | dict[str, Any], scope: Context, rendering: Rendering
    ) -> bool:
        loop = Loop(len(items))
        # All items share a scope, because nothing refers to it once the body has been rendered.
        item_scope = Context(None, scope, loop=loop)
        inner = Context({}, item_scope, holds_names=True) if parameters else item_scope
        for loop.index, (loop.key, item_scope.value) in enumerate(_pairs(items)):
            if parameters:
                inner.value = dict(zip(parameters, (item_scope.value, loop.key), strict=False))
            body(inner, rendering)
        return bool(items)

    return render_loop


def _pairs(items: list[Any] | dict[str, Any]) -> Iterable[tuple[int | str, Any]]:
    return items.items() if isinstance(items, dict) else enumerate(items)


_BLOCKS: dict[str, Callable[[Branch, Step], BranchStep]] = {
    "if": _if,
    "unless": _unless,
    "each": _each,
    "with": _with,
}
