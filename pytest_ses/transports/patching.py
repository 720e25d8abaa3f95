"""Patches of other packages, which can be undone in any order."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def replaced(
    owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Iterator[None]:
    """Replace a method with `wrap(method)`, and restore it at the end."""
    original = getattr(owner, name)
    replacement = wrap(original)

    def method(*args: Any, **kwargs: Any) -> Any:
        return (replacement if method.__dict__["active"] else original)(*args, **kwargs)

    with _installed(owner, name, original, method):
        yield


@contextmanager
def replaced_sleep(module: Any, sleep: Callable[[float], None]) -> Iterator[None]:
    """Replace `time.sleep` in a module that imports `time`, and restore it at the end."""
    original = module.time
    with _installed(module, "time", original, _Time(original, sleep)):
        yield


class _Time:
    """The module `time` with another `sleep`."""

    def __init__(self, original: Any, sleep: Callable[[float], None]) -> None:
        self._original = original
        self._sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)

    def sleep(self, seconds: float) -> None:
        (self._sleep if self.__dict__["active"] else self._original.sleep)(seconds)


@contextmanager
def _installed(owner: Any, name: str, original: Any, patch: Any) -> Iterator[None]:
    """Install a patch. If another patch wraps it at the end, it stays, but calls the original."""
    patch.__dict__.update(active=True, original=original)
    setattr(owner, name, patch)
    try:
        yield
    finally:
        patch.__dict__["active"] = False
        if getattr(owner, name) is patch:
            setattr(owner, name, _outermost_active(original))


def _outermost_active(patch: Any) -> Any:
    while getattr(patch, "__dict__", {}).get("active", True) is False:
        patch = patch.__dict__["original"]
    return patch
