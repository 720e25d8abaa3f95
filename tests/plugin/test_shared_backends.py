"""Backends that fixtures of the project create, of any scope."""

from __future__ import annotations

import pytest
from projects import outcome

FIXTURE = """
import pytest, mailer
from pytest_ses import SESBackend

@pytest.fixture(scope="module")
def shared():
    with SESBackend(verified=["example.com"]) as backend:
        backend.throttle(times=1, optional=OPTIONAL)
        yield backend

def test_first(shared): pass
"""


def project_test(test, *, optional=False):
    return FIXTURE.replace("OPTIONAL", str(optional)) + test


def test_report_of_a_failed_test(project):
    """The report of a failed test shows the messages and calls of the active backend."""
    result = outcome(
        project,
        project_test(
            "def test_it(shared):\n    mailer.send()\n    assert False\n"
            "def test_other(): assert False\n",
            optional=True,
        ),
        passed=1,
        failed=2,
    )
    result.stdout.fnmatch_lines(["*SES outbox*", '*to ada@example.org "Welcome"*', "*SES calls*"])


def test_the_test_uses_another(project):
    """The report of a test that uses ses_backend shows only that backend."""
    result = outcome(
        project,
        project_test(
            "def test_it(shared, ses_backend):\n    ses_backend.verify('*')\n"
            "    mailer.send(subject='inner')\n    assert False\n",
            optional=True,
        ),
        passed=1,
        failed=1,
    )
    assert 1 == result.stdout.str().count("SES outbox")
    result.stdout.fnmatch_lines(['*"inner"*'])


def test_planned_failures_are_checked_at_the_end(project):
    """A planned failure that did not happen is an error of the teardown that ends the backend."""
    result = outcome(
        project,
        project_test("def test_last(shared): assert not shared.outbox\n"),
        passed=2,
        errors=1,
    )
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_last*", "These planned failures did not happen*", "*throttle*"]
    )


def test_planned_failures_that_happened(project):
    """Any test of the scope can make the planned failure happen."""
    test = "def test_last(shared):\n    mailer.send()\n    assert 1 == len(shared.outbox)\n"
    outcome(project, project_test(test), passed=2)


@pytest.mark.parametrize(
    ("end", "expected"),
    [("pytest.skip('no')", {"skipped": 1}), ("assert False", {"failed": 1})],
)
def test_incomplete(project, end, expected):
    """Nothing is said about planned failures if a test of the scope did not run to its end."""
    outcome(project, project_test(f"def test_last(shared): {end}\n"), passed=1, **expected)


def test_as_a_warning(project):
    """ses_unused_faults applies to shared backends as well."""
    result = outcome(project, project_test(""), "--ses-unused-faults=warn", passed=1)
    result.stdout.fnmatch_lines(["*UnusedFaultWarning*These planned failures did not happen*"])


def test_class_of_unittest(project):
    """A backend that setUpClass activates is reported and checked, too."""
    result = outcome(
        project,
        """
        import unittest, mailer
        from pytest_ses import SESBackend

        class TestIt(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                backend = SESBackend(verified=["example.com"])
                backend.__enter__()
                backend.throttle(times=1)
                cls.addClassCleanup(backend.__exit__, None, None, None)

            def test_method(self): pass
        """,
        passed=1,
        errors=1,
    )
    result.stdout.fnmatch_lines(["These planned failures did not happen*"])


def test_backend_of_a_test_body(project):
    """A backend that a test creates itself ends before the test does, and is not checked."""
    outcome(
        project,
        """
        from pytest_ses import SESBackend

        def test_it():
            with SESBackend() as backend:
                backend.throttle()
        """,
        passed=1,
    )


def test_fixture_of_function_scope(project):
    """A backend of a function-scoped fixture is in the report of its test, and is not checked."""
    result = outcome(
        project,
        """
        import mailer, pytest
        from pytest_ses import SESBackend

        @pytest.fixture
        def own():
            with SESBackend(verified=["example.com"]) as backend:
                backend.throttle("GetSendQuota")
                yield backend

        def test_it(own): pass

        def test_other(own):
            mailer.send()
            assert False
        """,
        passed=1,
        failed=1,
    )
    result.stdout.fnmatch_lines(["*SES outbox*", '*to ada@example.org "Welcome"*'])
