"""A pytest plugin that runs the code blocks of the manual.

`python -m pytest -p docs.blocks README.md docs`

* A Python block that contains a test is run by pytest as a separate file. Blocks without a test, such as
  the code under test, are prepended to the blocks that follow on the same page.
* A Python block whose first line is a comment with a file name (`# mailer.py`) becomes that file of a
  small project; another block with the same name is appended to it.
* A block of settings (`toml`, `ini`) becomes the configuration of a project with one small test. If its
  first line is a comment with a file name (`# pytest.ini`), it becomes the configuration of the page's
  project instead, whose tests are run again.
* A Python block that uses a package which is not installed is skipped if its page says to install the
  package (`pip install …`); no other packages are needed to run the manual.
* A JavaScript or YAML block whose first line is such a comment (`// welcome.mjs`) becomes a file of the
  project.
* Blocks in other languages (commands, terminal output) are not run.
"""

from __future__ import annotations

import gc
import importlib.util
import itertools
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from sybil import Sybil
from sybil.parsers.myst import CodeBlockParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Example

_HAS_TEST = re.compile(r"^\s*(async )?def test_", re.MULTILINE)
_HAS_DOCTEST = re.compile(r"^\s*>>> ", re.MULTILINE)
_FILE_NAME = re.compile(r"(?:#|//) ([\w.]+\.(?:py|ini|toml|mjs|yaml))\n")
# A module that a block imports, or a marker, which has the name of its plugin.
_USE = re.compile(r"(?:^(?:from|import) |pytest\.mark\.)(\w+)", re.MULTILINE)
_INSTALLATION = re.compile(r"pip install ([^\n`]+)")
_NUMBER = itertools.count()
_SETTINGS_FILE = {"toml": "pyproject.toml", "ini": "pytest.ini"}
# Warnings as in a project without configuration; plugins that would only cost time are disabled.
_OPTIONS = ["-q", "-Wdefault", "--strict-markers", "--strict-config"]
_UNUSED = ("cacheprovider", "docs.blocks", "faker", "hypothesispytest", "time_machine", "xdist")


def _run(files: dict[str, str]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        _isolated_imports(folder),
        _as_in_a_new_process(),
        _existing_objects_not_collected(),
    ):
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        settings = next((name for name in files if name.endswith((".ini", ".toml"))), None)
        config = str(Path(folder) / settings) if settings else os.devnull
        disabled = [option for name in _UNUSED for option in ("-p", f"no:{name}")]
        status = pytest.main([*_OPTIONS, *disabled, "--rootdir", folder, "-c", config, folder])
    assert status == 0, "the block does not pass; see above"


def _skip_without_packages(example: Example, text: str) -> None:
    """Skip a block if it uses a package that its page says to install and that is missing."""
    commands = _INSTALLATION.findall(example.document.text)
    named = set(re.findall(r"[\w-]+", " ".join(commands)))
    for name in _USE.findall(text):
        if name in named and importlib.util.find_spec(name) is None:
            pytest.skip(f"the page says to install {name}, which is not installed")


@contextmanager
def _as_in_a_new_process() -> Iterator[None]:
    """Use a new default session of boto3, and restore the environment afterwards."""
    with mock.patch.dict(os.environ), mock.patch("boto3.DEFAULT_SESSION", None):
        # The pages may be divided among the workers of pytest-xdist, but a block runs without it.
        for name in [name for name in os.environ if name.startswith("PYTEST_XDIST_")]:
            del os.environ[name]
        yield


@contextmanager
def _existing_objects_not_collected() -> Iterator[None]:
    """Leave the objects that exist already to later garbage collections.

    At the end of a run, pytest collects garbage several times, which would otherwise take longer than
    most blocks.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _isolated_imports(folder: str) -> Iterator[None]:
    """Remove the modules of the folder afterwards, so that other blocks can reuse their names."""
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
    preceding = example.namespace.setdefault("preceding", [])
    file_name = _FILE_NAME.match(text)
    if file_name:
        files[file_name[1]] = files.get(file_name[1], "") + text
    _skip_without_packages(example, text)
    if _HAS_TEST.search(text) or _HAS_DOCTEST.search(text):
        block = "\n".join([*preceding, text])
        _run(files if file_name else {**files, f"test_block_{next(_NUMBER)}.py": block})
    elif not file_name:
        preceding.append(text)
        exec(compile("\n".join(preceding), example.path, "exec"), {"__name__": "block"})  # noqa: S102  (code of the manual itself)


def _evaluate_settings(language: str) -> object:
    def evaluate(example: Example) -> None:
        text = str(example.parsed)
        file_name = _FILE_NAME.match(text)
        if file_name:
            files = example.namespace.setdefault("files", {})
            files[file_name[1]] = text
            if any(_HAS_TEST.search(content) for content in files.values()):
                _run(files)
            return
        test = "def test_settings(ses_backend): pass\n"
        _run({_SETTINGS_FILE[language]: text, f"test_block_{next(_NUMBER)}.py": test})

    return evaluate


def _evaluate_other(example: Example) -> None:
    text = str(example.parsed)
    file_name = _FILE_NAME.match(text)
    if file_name:
        example.namespace.setdefault("files", {})[file_name[1]] = text


pytest_collect_file = Sybil(
    path=str(Path(__file__).parents[1]),
    parsers=[
        CodeBlockParser("python", _evaluate_python),
        CodeBlockParser("js", _evaluate_other),
        CodeBlockParser("yaml", _evaluate_other),
        *(CodeBlockParser(language, _evaluate_settings(language)) for language in _SETTINGS_FILE),
    ],
    patterns=["*.md"],
).pytest()
