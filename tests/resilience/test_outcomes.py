"""The outcome of a run of a test with a single fault."""

from __future__ import annotations

import os
import sys
from functools import partial

import pytest

from pytest_ses.domain.mail.outbox import Outbox
from pytest_ses.resilience import outcomes
from pytest_ses.resilience.outcomes import CodeOfTest, Failure


def raised(function):
    """The exception that a function raises."""
    try:
        function()
    except BaseException as error:  # noqa: BLE001  (any exception)
        return error.with_traceback(error.__traceback__.tb_next)
    return None


def function_in(file, source):
    """The function `run` of a source that is in a file of this name."""
    namespace = {}
    exec(compile(source, os.path.abspath(file), "exec"), namespace)  # noqa: PTH100
    return namespace["run"]


def failure(error, *, file=__file__, functions=()):
    root = os.path.abspath(os.sep + "project")  # noqa: PTH100
    code = CodeOfTest(file, {function.__code__ for function in functions})
    assertions = (AssertionError, pytest.fail.Exception)
    return outcomes.of_error(error, assertions=assertions, code=code, root=root)


MAILER = function_in(
    "/project/app/mailer.py", "def run():\n    raise OSError('no network\\nat all')\n"
)


class TestWhere:
    def test_code_under_test(self):
        """It is the innermost line that is neither the test's nor a library's."""

        def test():
            MAILER()

        error = raised(test)
        assert Failure("escaped", "OSError: no network", "app/mailer.py:2") == failure(error)

    def test_called_back(self):
        """Code of the test that the code under test calls is not the code under test."""
        mailer = function_in("/project/mailer.py", "def run(call):\n    call()\n")
        error = raised(lambda: mailer(lambda: 1 / 0))
        assert "mailer.py:2" == failure(error).where

    def test_conftest(self):
        """A conftest file is code of the test."""
        mailer = function_in("/project/mailer.py", "def run(call):\n    call()\n")
        fixture = function_in("/project/conftest.py", "def run():\n    1 / 0\n")
        assert "mailer.py:2" == failure(raised(lambda: mailer(fixture))).where

    def test_in_the_file_of_the_test(self):
        """Without other files, it is a line of the test's file outside of tests and fixtures."""
        source = "def send():\n    1 / 0\ndef run(fails=False):\n    if fails:\n        1 / 0\n    send()\n"
        file = os.path.abspath("/project/test_it.py")  # noqa: PTH100
        test = function_in(file, source)
        assert "test_it.py:2" == failure(raised(test), file=file, functions=[test]).where
        only_test = failure(raised(partial(test, True)), file=file, functions=[test])
        assert "test_it.py:5" == only_test.where

    def test_outside_of_the_root(self):
        """A path outside of the project's folder is absolute."""
        file = os.path.abspath("/elsewhere/mailer.py")  # noqa: PTH100
        assert f"{file}:2" == failure(raised(function_in(file, "def run():\n  1 / 0\n"))).where

    def test_libraries_only(self):
        """It is None if no line is outside of libraries."""
        library = function_in(f"{os.path.dirname(os.__file__)}/library.py", "def run():\n  1 / 0\n")  # noqa: PTH120
        assert ("ZeroDivisionError: division by zero", None) == failure(raised(library))[1:]

    @pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
    def test_installed(self, folder):
        """Installed packages are libraries, wherever they are."""
        library = function_in(f"/project/x/{folder}/library.py", "def run():\n  1 / 0\n")
        mailer = function_in("/project/mailer.py", "def run(call):\n    call()\n")
        assert "mailer.py:2" == failure(raised(lambda: mailer(library))).where


class TestOutcome:
    @pytest.mark.parametrize(
        ("test", "expected"),
        [
            (lambda: pytest.fail("no message"), ("failed", "Failed: no message")),
            (
                lambda: Outbox([])[0],
                ("failed", "IndexError: expected a message, but nothing was sent"),
            ),
            (lambda: [].pop(0), ("escaped", "IndexError: pop from empty list")),
            (sys.exit, ("escaped", "SystemExit")),
        ],
        ids=["pytest.fail", "outbox", "another index", "without text"],
    )
    def test_exception(self, test, expected):
        """Assertions and expectations of the test are `failed`, all other exceptions `escaped`."""
        assert expected == failure(raised(test))[:2]

    def test_group(self):
        """Of a group of exceptions, the first that is not an assertion counts."""
        group_class = getattr(sys.modules["builtins"], "ExceptionGroup", None)
        if group_class is None:
            group_class = pytest.importorskip("exceptiongroup").ExceptionGroup
        assertion = AssertionError("no")
        nested = group_class(
            "all", [assertion, group_class("some", [raised(MAILER), KeyError("x")])]
        )
        assert ("escaped", "OSError: no network", "app/mailer.py:2") == failure(nested)

        def test():
            raise group_class("all", [assertion])

        assert ("failed", "AssertionError: no") == failure(raised(test))[:2]
        assert failure(raised(test)).where is not None

    def test_other_exceptions(self):
        """An attribute named `exceptions` does not make a group."""
        error = raised(MAILER)
        error.exceptions = [ValueError("x")]
        assert "OSError: no network" == failure(error).exception
