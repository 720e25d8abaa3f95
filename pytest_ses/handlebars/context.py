"""What does a path mean at this place of the template?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from .expressions import is_plain
from .values import member

if TYPE_CHECKING:
    from .nodes import Path


class Loop:
    """Where a running `each` stands."""

    __slots__ = ("index", "key", "last")

    def __init__(self, size: int) -> None:
        self.last = size - 1
        self.index = 0
        self.key: int | str = 0


class Context:
    """A value whose members can be named, in the scope around it.

    A scope of `names` holds block parameters or the arguments of a partial; `this` looks past it.
    """

    __slots__ = ("loop", "names", "parent", "value")

    def __init__(
        self,
        value: Any,
        parent: Context | None = None,
        *,
        loop: Loop | None = None,
        names: bool = False,
    ) -> None:
        self.value = value
        self.parent = parent
        self.loop = loop
        self.names = names

    def find(self, name: str) -> Any:
        """The nearest value of that name that is not null, or None."""
        scope: Context | None = self
        while scope is not None:
            found = member(scope.value, name)
            if found is not None:
                return found
            scope = scope.parent
        return None


Find: TypeAlias = Callable[[Context], Any]

_LOOP_NAMES: dict[str, Callable[[Loop], int | str]] = {
    "index": lambda loop: loop.index,
    "index_1": lambda loop: loop.index + 1,
    "key": lambda loop: loop.key,
    "first": lambda loop: "first" if loop.index == 0 else "",
    "last": lambda loop: "last" if loop.index == loop.last else "",
    "odd": lambda loop: "odd" if loop.index % 2 else "",
    "even": lambda loop: "" if loop.index % 2 else "even",
}


def finder(path: Path) -> Find:
    """The function that finds the value of `path` in a scope; it gives None if there is none."""
    if is_plain(path):
        return _find_plain(path.text)
    if path.names is None:
        return lambda _: None
    base, rest = _base(path, path.names)
    if path.up:
        base = _find_above(path.up, base)
    return _find_members(base, rest) if rest else base


def _base(path: Path, names: tuple[str, ...]) -> tuple[Find, tuple[str, ...]]:
    if path.data and names:
        return _find_data(names[0]), names[1:]
    if path.own or not names:
        return _find_this, names
    return _find_plain(names[0]), names[1:]


def _find_plain(name: str) -> Find:
    def find(scope: Context) -> Any:
        value = scope.value
        # The common case first: a variable of the data.
        if type(value) is dict and (found := value.get(name)) is not None:
            return found
        return scope.find(name)

    return find


def _find_this(scope: Context) -> Any:
    while scope.names and scope.parent is not None:
        scope = scope.parent
    return scope.value


def _find_root(scope: Context) -> Any:
    while scope.parent is not None:
        scope = scope.parent
    return scope.value


def _find_data(name: str) -> Find:
    if name == "root":
        return _find_root
    if name in _LOOP_NAMES:
        return _find_loop(_LOOP_NAMES[name])
    return _find_either(f"@{name}", name)


def _find_either(first: str, second: str) -> Find:
    def find(scope: Context) -> Any:
        found = scope.find(first)
        return scope.find(second) if found is None else found

    return find


def _find_loop(tell: Callable[[Loop], int | str]) -> Find:
    def find(scope: Context | None) -> Any:
        while scope is not None:
            if scope.loop is not None:
                return tell(scope.loop)
            scope = scope.parent
        return None

    return find


def _find_above(levels: int, base: Find) -> Find:
    def find(scope: Context) -> Any:
        for _ in range(levels):
            if scope.parent is None:
                return None
            scope = scope.parent
        return base(scope)

    return find


def _find_members(base: Find, names: tuple[str, ...]) -> Find:
    def find(scope: Context) -> Any:
        value = base(scope)
        for name in names:
            if value is None:
                return None
            value = member(value, name)
        return value

    return find
