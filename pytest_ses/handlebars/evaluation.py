"""Evaluation of expressions, and the helpers that return values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import Context, Finder, finder
from .errors import MissingAttribute
from .expressions import parse_path
from .nodes import Expression, Invocation, Literal, Path
from .values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

THIS = parse_path("this")
_find_this = finder(THIS)


def required_value(call: Invocation) -> Finder:
    """Return the function that evaluates a call; it raises `MissingAttribute` for a missing value."""
    if helper := HELPERS.get(call.path.text):
        return helper(call)
    if call.arguments or call.named:
        return _unknown_helper(call)
    return _variable(call.path)


def optional_value(expression: Expression) -> Finder:
    """Return the function that evaluates an argument; a missing value is None.

    A subexpression raises `MissingAttribute` where a tag with the same content would.
    """
    if isinstance(expression, Literal):
        return _constant(expression.value)
    return required_value(expression) if isinstance(expression, Invocation) else finder(expression)


def first_argument(call: Invocation) -> Finder:
    """Return the function that evaluates the first argument of a helper, `this` by default."""
    return optional_value(call.arguments[0]) if call.arguments else _find_this


def _constant(value: Any) -> Finder:
    return lambda _: value


def _variable(path: Path) -> Finder:
    find, name = finder(path), path.text

    def value_of(scope: Context) -> Any:
        value = find(scope)
        if value is None:
            raise MissingAttribute(name)
        return value

    return value_of


def _arguments(call: Invocation) -> list[Finder]:
    return [optional_value(argument) for argument in (*call.arguments, *dict(call.named).values())]


def _unknown_helper(call: Invocation) -> Finder:
    arguments = _arguments(call)

    def value_of(scope: Context) -> Any:
        for argument in arguments:
            argument(scope)
        raise MissingAttribute(call.path.text)

    return value_of


def _empty_text(call: Invocation) -> Finder:
    arguments = _arguments(call)

    def value_of(scope: Context) -> str:
        for argument in arguments:
            argument(scope)
        return ""

    return value_of


def _lookup(call: Invocation) -> Finder:
    """The member of a value, or the value itself if it has no such member."""
    find_value = first_argument(call)
    find_key = _key(call.arguments[1]) if len(call.arguments) > 1 else None

    def value_of(scope: Context) -> Any:
        value = find_value(scope)
        if value is None:
            return ""
        member = find_key and Context(value, scope).find(text_of(find_key(scope)))
        return value if member is None else member

    return value_of


def _key(expression: Expression) -> Finder:
    return _variable(expression) if isinstance(expression, Path) else optional_value(expression)


#: The helpers that can be used as values. A block helper used as a value prints nothing.
HELPERS: dict[str, Callable[[Invocation], Finder]] = {
    "lookup": _lookup,
    "log": _empty_text,
    "if": _empty_text,
    "unless": _empty_text,
    "each": _empty_text,
    "with": _empty_text,
}
