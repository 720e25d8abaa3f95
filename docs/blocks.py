"""Do the examples of the manual work? A pytest plugin that runs every code block of a page.

`python -m pytest -p docs.blocks README.md docs`

* A Python block with a test in it is run by pytest, as a file of its own. Blocks without a test,
  such as the code under test, are put before those that follow on the same page.
* A Python block whose first line is a comment with a file name (`# mailer.py`) is that file of a
  small project; a second block of the same name goes on where the first one ended.
* A block of settings (`toml`, `ini`) becomes the settings of a project with one small test.
* Blocks of other languages (commands, what a terminal shows) are for reading.
"""

from __future__ import annotations

import itertools
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sybil import Sybil
from sybil.parsers.myst import CodeBlockParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Example

_HAS_TEST = re.compile(r"^\s*(async )?def test_", re.MULTILINE)
_FILE_NAME = re.compile(r"# (\w+\.py)\n")
_NUMBER = itertools.count()
_SETTINGS_FILE = {"toml": "pyproject.toml", "ini": "pytest.ini"}
# Without plugins that only cost time; warnings as in a project that sets nothing.
_OPTIONS = ["-q", "-Wdefault", "--strict-markers", "--strict-config"]
_UNUSED = ("cacheprovider", "docs.blocks", "faker", "hypothesispytest", "time_machine", "xdist")


def _run(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder, _imports_forgotten(folder):
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        settings = next((name for name in files if not name.endswith(".py")), None)
        config = str(Path(folder) / settings) if settings else os.devnull
        unused = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
        status = pytest.main([*_OPTIONS, *unused, "--rootdir", folder, "-c", config, folder])
    assert status == 0, "the block does not pass; see above"


@contextmanager
def _imports_forgotten(folder: str) -> Iterator[None]:
    """Leave no module of the folder behind for a block with a module of the same name."""
    modules, path = set(sys.modules), list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
                del sys.modules[name]


def _evaluate_python(example: Example) -> None:
    text = str(example.parsed)
    files = example.namespace.setdefault("files", {})
    before = example.namespace.setdefault("before", [])
    named = _FILE_NAME.match(text)
    if named:
        files[named[1]] = files.get(named[1], "") + text
    if _HAS_TEST.search(text):
        own = {} if named else {f"test_block_{next(_NUMBER)}.py": "\n".join([*before, text])}
        _run({**files, **own})
    elif not named:
        before.append(text)
        exec(compile("\n".join(before), example.path, "exec"), {"__name__": "block"})  # noqa: S102  (the manual's own code)


def _evaluate_settings(language: str) -> object:
    def evaluate(example: Example) -> None:
        test = "def test_settings(ses_backend): pass\n"
        _run(
            {_SETTINGS_FILE[language]: str(example.parsed), f"test_block_{next(_NUMBER)}.py": test}
        )

    return evaluate


pytest_collect_file = Sybil(
    path=str(Path(__file__).parents[1]),
    parsers=[
        CodeBlockParser("python", _evaluate_python),
        *(CodeBlockParser(language, _evaluate_settings(language)) for language in _SETTINGS_FILE),
    ],
    patterns=["*.md"],
).pytest()
