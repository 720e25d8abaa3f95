"""Patches of libraries that may be imported before the backend, during the test or never."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from types import ModuleType

    Patch = Callable[[ModuleType], AbstractContextManager[None]]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


@contextmanager
def patched(patches: Mapping[str, Patch]) -> Iterator[None]:
    """Patch each module that is imported, now or later; undo all patches at the end."""
    active = _ActivePatches(patches)
    finder = _Finder(active)
    sys.meta_path.insert(0, finder)
    try:
        for name in patches:
            module = sys.modules.get(name)
            if module is not None:
                active.enter(name, module)
        yield
    finally:
        # The test may have restored an earlier list.
        with suppress(ValueError):
            sys.meta_path.remove(finder)
        active.close()


class _ActivePatches:
    """The patches that have been applied; threads may import modules until the end and after it."""

    def __init__(self, patches: Mapping[str, Patch]) -> None:
        self.patches = patches
        self._undo = ExitStack()
        self._lock = threading.Lock()
        self._closed = False

    def enter(self, name: str, module: ModuleType) -> None:
        # A transport is imported here, without the lock: another thread may import the same library.
        context = self.patches[name](module)
        with self._lock:
            if not self._closed:
                self._undo.enter_context(context)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._undo.close()


class _Finder:
    """A finder that leaves the search to the finders after it, and patches what they find."""

    def __init__(self, active: _ActivePatches) -> None:
        self._active = active

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self._active.patches:
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :]:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                # A namespace package, which has no loader, is not one of the libraries.
                if spec.loader is not None:
                    spec.loader = cast("Any", _Loader(spec.loader, self._active))
                return spec
        return None


class _Loader:
    """A loader that patches a module once it has been executed."""

    def __init__(self, loader: Any, active: _ActivePatches) -> None:
        self._loader = loader
        self._active = active

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._active.enter(module.__name__, module)
