"""Patches of libraries that may be imported before the backend, during the test or never."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, cast

from pytest_ses.transports.patching import Replacements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from types import ModuleType

    Patch = Callable[[ModuleType], AbstractContextManager[None]]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class Patches:
    """Patches of modules that are imported already or later; all are undone at the end.

    They can be applied again later. Threads may import modules until the end and after it.
    """

    def __init__(self, patches: Mapping[str, Patch]) -> None:
        self.names = patches
        self._finder = _Finder(self)
        self._undo = ExitStack()
        self._lock = threading.Lock()
        self._active = False
        # Patches that can be applied again, by name, with the module that they are for.
        self._reusable: dict[str, tuple[ModuleType, Replacements]] = {}

    def __enter__(self) -> None:
        self._active = True
        sys.meta_path.insert(0, cast("Any", self._finder))
        for name in self.names:
            module = sys.modules.get(name)
            if module is not None:
                self.enter(name, module)

    def __exit__(self, *_: object) -> None:
        # The test may have restored an earlier list.
        with suppress(ValueError):
            sys.meta_path.remove(cast("Any", self._finder))
        with self._lock:
            self._active = False
            self._undo.close()

    def enter(self, name: str, module: ModuleType) -> None:
        """Patch a module."""
        # A transport is imported here, without the lock: another thread may import the same library.
        context = self._patch(name, module)
        with self._lock:
            if self._active:
                self._undo.enter_context(context)

    def _patch(self, name: str, module: ModuleType) -> AbstractContextManager[None]:
        for_module, patch = self._reusable.get(name, (None, None))
        if patch is not None and for_module is module:
            return patch
        context = self.names[name](module)
        if isinstance(context, Replacements):
            self._reusable[name] = (module, context)
        return context


class _Finder:
    """A finder that leaves the search to the finders after it, and patches what they find."""

    def __init__(self, patches: Patches) -> None:
        self._patches = patches

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self._patches.names:
            return None
        finders = list(sys.meta_path)
        for finder in finders[finders.index(self) + 1 :]:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                # A namespace package, which has no loader, is not one of the libraries.
                if spec.loader is not None:
                    spec.loader = cast("Any", _Loader(spec.loader, self._patches))
                return spec
        return None


class _Loader:
    """A loader that patches a module once it has been executed."""

    def __init__(self, loader: Any, patches: Patches) -> None:
        self._loader = loader
        self._patches = patches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._patches.enter(module.__name__, module)
