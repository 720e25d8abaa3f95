"""Scopes of a template, and the values of paths in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from .expressions import is_plain
from .values import member

if TYPE_CHECKING:
    from .nodes import Path


class Loop:
    """The position of a running `each`."""

    __slots__ = ("index", "key", "last")

    def __init__(self, size: int) -> None:
        self.last = size - 1
        self.index = 0
        self.key: int | str = 0


class Context:
    """A scope: a value whose members the template can name, and the outer scope.

    With `holds_names`, the value contains the block parameters or the arguments of a partial, and
    `this` is the value of an outer scope. `above` is the scope that `..` refers to, if any.
    """

    __slots__ = ("above", "holds_names", "loop", "parent", "value")

    def __init__(
        self,
        value: Any,
        parent: Context | None = None,
        *,
        loop: Loop | None = None,
        holds_names: bool = False,
    ) -> None:
        self.value = value
        self.parent = parent
        self.above = parent
        self.loop = loop
        self.holds_names = holds_names

    def find(self, name: str) -> Any:
        """Return the nearest value with that name that is not null, or None."""
        scope: Context | None = self
        while scope is not None:
            value = member(scope.value, name)
            if value is not None:
                return value
            scope = scope.parent
        return None


Finder: TypeAlias = Callable[[Context], Any]

_LOOP_VARIABLES: dict[str, Callable[[Loop], int | str]] = {
    "index": lambda loop: loop.index,
    "index_1": lambda loop: loop.index + 1,
    "key": lambda loop: loop.key,
    "first": lambda loop: "first" if loop.index == 0 else "",
    "last": lambda loop: "last" if loop.index == loop.last else "",
    "odd": lambda loop: "odd" if loop.index % 2 else "",
    "even": lambda loop: "" if loop.index % 2 else "even",
}


def finder(path: Path) -> Finder:
    """Return the function that finds the value of `path` in a scope, or None if it has none."""
    if is_plain(path):
        return _find_plain(path.text)
    if path.names is None:
        return lambda _: None
    find_first, other_names = _first_finder(path, path.names)
    if path.levels_up:
        find_first = _find_above(path.levels_up, find_first)
    return _find_members(find_first, other_names) if other_names else find_first


def _first_finder(path: Path, names: tuple[str, ...]) -> tuple[Finder, tuple[str, ...]]:
    if path.is_data and names:
        return _find_data(names[0]), names[1:]
    if path.this_only or not names:
        return _find_this, names
    return _find_plain(names[0]), names[1:]


def _find_plain(name: str) -> Finder:
    def find(scope: Context) -> Any:
        data = scope.value
        # The most common case first: a variable in the innermost scope.
        if type(data) is dict and (value := data.get(name)) is not None:
            return value
        return scope.find(name)

    return find


def _find_this(scope: Context) -> Any:
    while scope.holds_names and scope.parent is not None:
        scope = scope.parent
    return scope.value


def _find_root(scope: Context) -> Any:
    while scope.parent is not None:
        scope = scope.parent
    return scope.value


def _find_data(name: str) -> Finder:
    if name == "root":
        return _find_root
    if name in _LOOP_VARIABLES:
        return _find_in_loop(_LOOP_VARIABLES[name])
    return _find_either(f"@{name}", name)


def _find_either(first: str, second: str) -> Finder:
    def find(scope: Context) -> Any:
        value = scope.find(first)
        return scope.find(second) if value is None else value

    return find


def _find_in_loop(variable: Callable[[Loop], int | str]) -> Finder:
    def find(scope: Context | None) -> Any:
        while scope is not None:
            if scope.loop is not None:
                return variable(scope.loop)
            scope = scope.parent
        return None

    return find


def _find_above(levels: int, find_value: Finder) -> Finder:
    def find(scope: Context) -> Any:
        for _ in range(levels):
            # As in handlebars.java, no path leads out of a scope whose value is null.
            if scope.above is None or scope.value is None:
                return None
            scope = scope.above
        return find_value(scope)

    return find


def _find_members(find_value: Finder, names: tuple[str, ...]) -> Finder:
    def find(scope: Context) -> Any:
        value = find_value(scope)
        for name in names:
            if value is None:
                return None
            value = member(value, name)
        return value

    return find
