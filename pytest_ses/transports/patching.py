"""How is something of another package replaced, and put back in whatever order patches end?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def replaced(
    owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Iterator[None]:
    """Put a function in the place of a method, and the method back."""
    original = getattr(owner, name)
    ours = wrap(original)

    def method(*args: Any, **kwargs: Any) -> Any:
        return (ours if method.__dict__["active"] else original)(*args, **kwargs)

    with _in_place(owner, name, original, method):
        yield


@contextmanager
def replaced_sleep(module: Any, sleep: Callable[[float], None]) -> Iterator[None]:
    """Let a module that says `time.sleep` say it to a function instead."""
    original = module.time
    with _in_place(module, "time", original, _Time(original, sleep)):
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
def _in_place(owner: Any, name: str, original: Any, ours: Any) -> Iterator[None]:
    """If another patch came on top meanwhile it stays, and ours under it does nothing any more."""
    ours.__dict__.update(active=True, original=original)
    setattr(owner, name, ours)
    try:
        yield
    finally:
        ours.__dict__["active"] = False
        if getattr(owner, name) is ours:
            setattr(owner, name, _still_active(original))


def _still_active(patch: Any) -> Any:
    while getattr(patch, "__dict__", {}).get("active", True) is False:
        patch = patch.__dict__["original"]
    return patch
