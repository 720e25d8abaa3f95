"""Which branch of a block renders, how often and in which scope?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from .context import Context, Find, Loop, finder
from .evaluation import HELPERS, required, subject
from .nodes import Branch, Invocation
from .output import Rendering, Step
from .values import is_true, text_of

#: A compiled branch: says whether there was something to render.
Attempt: TypeAlias = Callable[[Context, Rendering], bool]


def compile_branch(branch: Branch, body: Step) -> Attempt:
    """The function that renders `body` if the condition of `branch` holds, once or in a loop."""
    name = branch.call.path.text
    if branch.inverted:
        return _inverse(branch, body)
    if name in _BLOCKS:
        return _BLOCKS[name](branch, body)
    if name in HELPERS or branch.call.arguments or branch.call.named:
        return _value(required(branch.call))
    return _section(branch, body)


def _inverse(branch: Branch, body: Step) -> Attempt:
    """`{{^x}}`; as in handlebars.java a helper there gets none of its arguments."""
    path = branch.call.path
    if path.text in HELPERS:
        return compile_branch(replace(branch, call=Invocation(path), inverted=False), body)
    return _condition(finder(path), body, wanted=False)


def _condition(find: Find, body: Step, *, wanted: bool) -> Attempt:
    def attempt(scope: Context, rendering: Rendering) -> bool:
        if is_true(find(scope)) is wanted:
            body(scope, rendering)
            return True
        return False

    return attempt


def _if(branch: Branch, body: Step) -> Attempt:
    return _condition(subject(branch.call), body, wanted=True)


def _unless(branch: Branch, body: Step) -> Attempt:
    return _condition(subject(branch.call), body, wanted=False)


def _value(find: Find) -> Attempt:
    def attempt(scope: Context, rendering: Rendering) -> bool:
        rendering.write(text_of(find(scope)))
        return True

    return attempt


def _with(branch: Branch, body: Step) -> Attempt:
    find, enter = subject(branch.call), _entrance(branch.parameters, body)

    def attempt(scope: Context, rendering: Rendering) -> bool:
        value = find(scope)
        return is_true(value) and enter(value, scope, rendering)

    return attempt


def _each(branch: Branch, body: Step) -> Attempt:
    find, repeat = subject(branch.call), _repetition(branch.parameters, body)

    def attempt(scope: Context, rendering: Rendering) -> bool:
        items = find(scope)
        return isinstance(items, (list, dict)) and repeat(items, scope, rendering)

    return attempt


def _section(branch: Branch, body: Step) -> Attempt:
    """`{{#x}}`: a loop over a list, a condition on true and false, else a scope."""
    find = finder(branch.call.path)
    enter = _entrance(branch.parameters, body)
    repeat = _repetition(branch.parameters, body)

    def attempt(scope: Context, rendering: Rendering) -> bool:
        value = find(scope)
        if value is True:
            body(scope, rendering)
            return True
        if isinstance(value, list):
            return repeat(value, scope, rendering)
        return is_true(value) and enter(value, scope, rendering)

    return attempt


def _entrance(parameters: tuple[str, ...], body: Step) -> Callable[[Any, Context, Rendering], bool]:
    def enter(value: Any, scope: Context, rendering: Rendering) -> bool:
        # `{{#with this}}` is no scope of its own: `../x` in it means what it means around it.
        inner = scope if value is scope.value else Context(value, scope)
        if parameters:
            inner = Context({parameters[0]: value}, inner, names=True)
        body(inner, rendering)
        return True

    return enter


def _repetition(
    parameters: tuple[str, ...], body: Step
) -> Callable[[list[Any] | dict[str, Any], Context, Rendering], bool]:
    def repeat(items: list[Any] | dict[str, Any], scope: Context, rendering: Rendering) -> bool:
        loop = Loop(len(items))
        # One scope serves all items: nothing holds on to it when the body has been rendered.
        item_scope = Context(None, scope, loop=loop)
        inner = Context({}, item_scope, names=True) if parameters else item_scope
        for loop.index, (loop.key, item_scope.value) in enumerate(_pairs(items)):
            if parameters:
                inner.value = dict(zip(parameters, (item_scope.value, loop.key), strict=False))
            body(inner, rendering)
        return bool(items)

    return repeat


def _pairs(items: list[Any] | dict[str, Any]) -> Iterable[tuple[int | str, Any]]:
    return items.items() if isinstance(items, dict) else enumerate(items)


_BLOCKS: dict[str, Callable[[Branch, Step], Attempt]] = {
    "if": _if,
    "unless": _unless,
    "each": _each,
    "with": _with,
}
