"""Patches of libraries that are imported before the backend, during the test or again."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from types import ModuleType

import pytest

from pytest_ses import SESBackend
from pytest_ses.transports import imports, interception
from pytest_ses.transports.interception import LIBRARIES

NAME = "late_module"


@pytest.fixture
def log():
    """What has happened."""
    return []


@pytest.fixture
def patches(log):
    """A patch that logs when it is entered and left."""

    @contextmanager
    def patch(module):
        log.append(("patched", module.VALUE))
        yield
        log.append(("restored", module.VALUE))

    return {NAME: patch}


@pytest.fixture(autouse=True)
def module(tmp_path, monkeypatch):
    """The file of a module that has not been imported."""
    path = tmp_path / f"{NAME}.py"
    path.write_text("VALUE = 1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    yield path
    sys.modules.pop(NAME, None)


def test_imported_before(patches, log):
    """A module that has been imported is patched at once."""
    importlib.import_module(NAME)
    with imports.Patches(patches):
        assert [("patched", 1)] == log
    assert [("patched", 1), ("restored", 1)] == log


def test_imported_later(patches, log):
    """A module that is imported later is patched then, and keeps its own loader."""
    with imports.Patches(patches):
        assert [] == log
        imported = importlib.import_module(NAME)
        assert [("patched", 1)] == log
    assert [("patched", 1), ("restored", 1)] == log
    assert type(imported.__loader__) is type(pytest.__loader__) is type(imported.__spec__.loader)


def test_never_imported(patches, log):
    """A module that is not imported is not patched, though looked for; the finder is removed."""
    before = list(sys.meta_path)
    with imports.Patches(patches):
        spec = importlib.util.find_spec(NAME)
        assert spec.loader.get_source(NAME) == "VALUE = 1"
    assert [] == log
    assert before == sys.meta_path


def test_missing(patches):
    """A module that does not exist is an ordinary error."""
    with (
        imports.Patches({"does_not_exist": patches[NAME]}),
        pytest.raises(ModuleNotFoundError),
    ):
        importlib.import_module("does_not_exist")


def test_namespace_package(patches, tmp_path, log):
    """A folder without code is left alone."""
    (tmp_path / "only_a_folder").mkdir()
    with imports.Patches({"only_a_folder": patches[NAME]}):
        importlib.import_module("only_a_folder")
    assert [] == log


def test_imported_again(patches, log, module):
    """A module that is imported again, or reloaded, is patched again."""
    with imports.Patches(patches):
        imported = importlib.import_module(NAME)
        module.write_text("VALUE = 10")
        importlib.reload(imported)
    assert [("patched", 1), ("patched", 10)] == log[:2]


def test_nested(patches, log):
    """Two backends both patch a module."""
    with imports.Patches(patches), imports.Patches(patches):
        importlib.import_module(NAME)
    assert [("patched", 1)] * 2 + [("restored", 1)] * 2 == log


def test_finder_that_has_been_removed(patches, log):
    """A test may restore the list of finders that was there before."""
    before = list(sys.meta_path)
    with imports.Patches(patches):
        sys.meta_path[:] = before
        importlib.import_module(NAME)
    assert [] == log


def test_thread_that_imports_too_late(patches, log, module):
    """A module whose import ends after the test is not patched."""
    started, go_on = threading.Event(), threading.Event()
    events = ModuleType("events_of_a_test")
    events.started, events.go_on = started, go_on
    module.write_text("import events_of_a_test as e\ne.started.set()\ne.go_on.wait(30)\nVALUE = 1")
    sys.modules["events_of_a_test"] = events
    try:
        thread = threading.Thread(target=importlib.import_module, args=[NAME])
        with imports.Patches(patches):
            thread.start()
            started.wait(30)
            # It is being imported, so it has no value yet.
            del sys.modules["events_of_a_test"]
        go_on.set()
        thread.join()
    finally:
        go_on.set()
    assert [] == log


def test_module_of_the_same_name(monkeypatch):
    """A module of the project with the name of a library is not patched."""
    (library,) = [library for library in LIBRARIES if library.module == "vcr"]
    own = ModuleType("vcr")
    monkeypatch.setitem(sys.modules, "vcr", own)
    with SESBackend():
        assert not hasattr(own, library.name)
        assert {"__name__", "__doc__", "__package__", "__loader__", "__spec__"} == set(vars(own))


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.module)
def test_libraries(library):
    """Each library has a transport with the function that patches it."""
    module = pytest.importorskip(library.module)
    transport = importlib.import_module(f"{interception.__package__}.{library.transport}")
    assert hasattr(module, library.name)
    assert callable(transport.intercept)


@pytest.mark.parametrize("library", ["httpx", "aiohttp", "requests"])
def test_client_that_is_imported_during_the_test(library):
    """A client reaches the backend if it is imported after it, and is not imported by it."""
    code = f"""
        import sys
        from pytest_ses import SESBackend

        with SESBackend() as backend:
            assert {library!r} not in sys.modules
            from client_rows import ACCOUNT, CLIENTS, sign
            (client,) = [client for client in CLIENTS if client.name == {library!r}]
            sent = client.send("GET", ACCOUNT, sign("GET", ACCOUNT), None, 1)
            assert (200, 1) == (sent.status, len(backend.calls)), sent
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": str(importlib.util.find_spec("client_rows").origin.rpartition("/")[0])},
        check=True,
    )
