"""The outcome of a run of a test with a single fault."""

from __future__ import annotations

import os
import site
import sysconfig
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from types import CodeType, FrameType

# Worst first.
OUTCOMES = ("escaped", "failed", "double_send", "survived")
ESCAPED, FAILED, DOUBLE_SEND, SURVIVED = OUTCOMES

_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


class CodeOfTest(NamedTuple):
    """The code of a test: its file, and the functions of tests and fixtures."""

    file: str
    functions: Collection[CodeType | None]


class Failure(NamedTuple):
    """How a test failed: the outcome, the exception as text, and its line of the code under test."""

    outcome: str
    exception: str
    where: str | None


def of_error(
    error: BaseException,
    *,
    assertions: tuple[type[BaseException], ...],
    code: CodeOfTest,
    root: str,
) -> Failure:
    """Return how a test failed.

    Args:
        error: the exception; of a group, the first one counts that is not an assertion.
        assertions: the exceptions of assertions.
        code: the code of the test, which is not the code under test.
        root: the folder to which paths are relative.
    """
    errors = list(_leaves(error))
    escaped = [leaf for leaf in errors if not _is_assertion(leaf, assertions)]
    leaf = (escaped or errors)[0]
    text = str(leaf).strip().partition("\n")[0]
    return Failure(
        ESCAPED if escaped else FAILED,
        f"{type(leaf).__qualname__}: {text}" if text else type(leaf).__qualname__,
        _where(leaf, code, root) or _where(error, code, root),
    )


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception or, for a group of exceptions, those in it."""
    nested = getattr(error, "exceptions", ())
    # The name is that of Python 3.11, and of its backport.
    if nested and any(base.__name__ == "BaseExceptionGroup" for base in type(error).__mro__):
        for leaf in nested:
            yield from _leaves(leaf)
    else:
        yield error


def _is_assertion(error: BaseException, assertions: tuple[type[BaseException], ...]) -> bool:
    """Whether an exception is an assertion; an index beyond the outbox is one of the test as well."""
    if isinstance(error, assertions):
        return True
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    return isinstance(error, IndexError) and files[-1] == outbox.__file__


def _where(error: BaseException, code: CodeOfTest, root: str) -> str | None:
    """Return the innermost line of the code under test.

    If the exception passed no line of it, it is the innermost line of the test's file outside of its
    functions and fixtures, where code under test may be as well, or else the innermost of the test.
    """
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not _is_library(frame.f_code.co_filename)
    ]
    if not frames:
        return None
    # Of equal ones, `max` returns the first.
    frame, line = max(reversed(frames), key=lambda place: _distance(place[0], code))
    return f"{_relative(frame.f_code.co_filename, root)}:{line}"


def _distance(frame: FrameType, code: CodeOfTest) -> int:
    """Return how far the code of a frame is from that of the test."""
    file = frame.f_code.co_filename
    if file != code.file and Path(file).name != "conftest.py":
        return 2
    return int(frame.f_code not in code.functions)


@cache
def _is_library(file: str) -> bool:
    """Whether a file is part of Python, of an installed package or of pytest-ses."""
    is_installed = any(folder in file for folder in _INSTALLED)
    return is_installed or file.startswith(("<", *_libraries()))


@cache
def _libraries() -> tuple[str, ...]:
    paths: Mapping[str, str] = sysconfig.get_paths()
    folders = [
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        site.getusersitepackages(),
        Path(__file__).parents[1],
        # Modules of the standard library in a virtual environment.
        Path(os.__file__).parent,
    ]
    return tuple(f"{folder}{os.sep}" for folder in folders)


def _relative(file: str, root: str) -> str:
    """Return a path below a folder relative to it, with slashes."""
    is_below = file.startswith(f"{root}{os.sep}")
    return os.path.relpath(file, root).replace(os.sep, "/") if is_below else file
