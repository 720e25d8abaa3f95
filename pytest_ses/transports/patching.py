"""Patches of other packages, which can be undone in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_NOT_OURS: dict[str, Any] = {}


class Replacement:
    """A method or a module that is replaced with `make(original)` for a while, and again later.

    Every test enters about twenty of these context managers, so what was made before is used again, if
    the original is the same and nobody has wrapped it.
    """

    __slots__ = ("_make", "_name", "_owner", "_patch")

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._patch: Any = None

    def __enter__(self) -> None:
        original, patch = getattr(self._owner, self._name), self._patch
        if patch is None or patch.__dict__["original"] is not original:
            patch = self._patch = self._make(original)
            inherited = self._name not in vars(self._owner)
            patch.__dict__.update(original=original, inherited=inherited)
        patch.__dict__["active"] = True
        setattr(self._owner, self._name, patch)

    def __exit__(self, *_: object) -> None:
        if not _remove(self._owner, self._name, self._patch):
            self._patch = None


class Replacements:
    """Several methods that are replaced for a while, and again later."""

    __slots__ = ("_all",)

    def __init__(self, replacements: Iterable[Replacement]) -> None:
        self._all = list(replacements)

    def __iter__(self) -> Iterator[Replacement]:
        return iter(self._all)

    def __enter__(self) -> None:
        for replacement in self._all:
            replacement.__enter__()

    def __exit__(self, *_: object) -> None:
        for replacement in reversed(self._all):
            replacement.__exit__()


def replaced(owner: Any, name: str, wrap: Wrap) -> Replacement:
    """Replace a method with `wrap(method)`, and restore it at the end."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        replacement = wrap(original)

        def method(*args: Any, **kwargs: Any) -> Any:
            return (replacement if state["active"] else original)(*args, **kwargs)

        state = method.__dict__
        return method

    return Replacement(owner, name, make)


def replaced_sleep(module: Any, wrap: Wrap, *, name: str = "time") -> Replacement:
    """Replace `time.sleep` with `wrap(time.sleep)` in a module that imports `time`, and restore it.

    Args:
        module: the module.
        wrap: returns the function to call instead of `sleep`.
        name: the module that has `sleep`: `time` or `asyncio`.
    """
    return Replacement(module, name, lambda original: _ModuleWithSleep(original, wrap))


class _ModuleWithSleep:
    """The module `time` or `asyncio` with another `sleep`."""

    def __init__(self, original: Any, wrap: Wrap) -> None:
        self._original = original
        self._wrap = wrap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)

    def sleep(self, seconds: float) -> Any:
        # The test may have replaced it since.
        sleep = self._original.sleep
        return (self._wrap(sleep) if self.__dict__["active"] else sleep)(seconds)


def _remove(owner: Any, name: str, patch: Any) -> bool:
    """Remove a patch; return whether it is gone.

    If another patch wraps it, it stays, but calls the original.
    """
    patch.__dict__["active"] = False
    if getattr(owner, name) is not patch:
        return False
    original, inherited = patch.__dict__["original"], patch.__dict__["inherited"]
    # Patches below it may have been removed before.
    while getattr(original, "__dict__", _NOT_OURS).get("active") is False:
        original, inherited = original.__dict__["original"], original.__dict__["inherited"]
    if inherited:
        delattr(owner, name)
    else:
        setattr(owner, name, original)
    return True
