"""What is the value of an expression, and which helpers give values?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import Context, Find, finder
from .errors import MissingAttribute
from .expressions import parse_path
from .nodes import Expression, Invocation, Literal, Path
from .values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

_THIS = finder(parse_path("this"))


def required(call: Invocation) -> Find:
    """The function that gives the value of a call, or raises `MissingAttribute`."""
    if helper := HELPERS.get(call.path.text):
        return helper(call)
    if call.arguments or call.named:
        return _unknown_helper(call)
    return _variable(call.path)


def optional(expression: Expression) -> Find:
    """The function that gives the value of an argument; None stands for a missing path.

    A subexpression raises `MissingAttribute` where a tag of the same words would.
    """
    if isinstance(expression, Literal):
        return _constant(expression.value)
    return required(expression) if isinstance(expression, Invocation) else finder(expression)


def subject(call: Invocation) -> Find:
    """The function that gives the first argument of a helper; `this` if there is none."""
    return optional(call.arguments[0]) if call.arguments else _THIS


def _constant(value: Any) -> Find:
    return lambda _: value


def _variable(path: Path) -> Find:
    find, name = finder(path), path.text

    def value_of(scope: Context) -> Any:
        value = find(scope)
        if value is None:
            raise MissingAttribute(name)
        return value

    return value_of


def _arguments(call: Invocation) -> list[Find]:
    return [optional(argument) for argument in (*call.arguments, *dict(call.named).values())]


def _unknown_helper(call: Invocation) -> Find:
    arguments = _arguments(call)

    def value_of(scope: Context) -> Any:
        for argument in arguments:
            argument(scope)
        raise MissingAttribute(call.path.text)

    return value_of


def _silent(call: Invocation) -> Find:
    arguments = _arguments(call)

    def value_of(scope: Context) -> str:
        for argument in arguments:
            argument(scope)
        return ""

    return value_of


def _lookup(call: Invocation) -> Find:
    """The member of a value, or the value itself if it has none of that name."""
    find_value = subject(call)
    find_key = _key(call.arguments[1]) if len(call.arguments) > 1 else None

    def value_of(scope: Context) -> Any:
        value = find_value(scope)
        if value is None:
            return ""
        found = find_key and Context(value, scope).find(text_of(find_key(scope)))
        return value if found is None else found

    return value_of


def _key(expression: Expression) -> Find:
    return _variable(expression) if isinstance(expression, Path) else optional(expression)


#: What stands where a value is wanted. The block helpers may too, and print nothing.
HELPERS: dict[str, Callable[[Invocation], Find]] = {
    "lookup": _lookup,
    "log": _silent,
    "if": _silent,
    "unless": _silent,
    "each": _silent,
    "with": _silent,
}
