"""The option --ses-error-coverage."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from projects import outcome, with_and_without_xdist

_LINES = re.MULTILINE | re.DOTALL
PAGE = Path(__file__).parents[2] / "docs/howto/error-coverage.md"
MET_IN_TWO_TESTS = """
import mailer, pytest

@pytest.mark.ses(verified=["example.com"])
@pytest.mark.ses_throttle("SendEmail", times=1)
def test_throttled(ses_backend, sesv2_client):
    sesv2_client.get_account()
    mailer.send()

def test_rejected(ses_backend):
    with pytest.raises(Exception, match="not verified"):
        mailer.send()
"""
EXPECTED = ["MessageRejected", "TooManyRequestsException"]
ROW = "sesv2:SendEmail *2 *2 *8 *20.0%*"


def measured(project):
    """The error coverage in the JSON file of the last run."""
    return json.loads((project.path / "results.json").read_text())["error_coverage"]


def run(project, test, *args, **expected):
    """Run a test with error coverage, and return its result and the operations."""
    options = ("--ses-error-coverage", "--ses-json=results.json", *args)
    result = outcome(project, test, *options, **expected)
    return result, measured(project)["operations"]


@with_and_without_xdist
def test_table(project, monkeypatch, args):
    """The table has each operation that the code called, and which failures no test has met."""
    monkeypatch.setenv("COLUMNS", "100")
    result, operations = run(project, MET_IN_TWO_TESTS, *args, passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= SES error coverage =*",
            "operation        calls  met  missed  percent",
            ROW,
            "*response_lost",
            "total                2    2       8    20.0%",
        ]
    )
    assert ["sesv2:SendEmail"] == list(operations)
    assert (2, EXPECTED) == (
        operations["sesv2:SendEmail"]["calls"],
        operations["sesv2:SendEmail"]["met"],
    )
    assert 20.0 == measured(project)["percent"]
    assert "timeout" in operations["sesv2:SendEmail"]["missed"]


@pytest.mark.slow
def test_manual(project):
    """The table on the how-to page is that of the tests on the page."""
    page = PAGE.read_text(encoding="utf-8")
    for text, name in re.findall(r"^```python\n(# (\w+)\.py\n.*?)^```", page, _LINES):
        project.makepyfile(**{name: text})
    (table,) = re.findall(r"^```text\n(.*?)^```", page, _LINES)
    result = project.runpytest("-Wdefault", "--ses-error-coverage")
    assert table in "\n".join(result.outlines)


@pytest.mark.parametrize("where", ["flag", "ini", "fail under", "quiet"])
def test_requested(project, where):
    """The flag, the ini option and a bound request the table, also in a quiet run."""
    args = {
        "flag": ["--ses-error-coverage"],
        "fail under": ["--ses-error-coverage-fail-under=0"],
        "quiet": ["--ses-error-coverage", "-q"],
    }.get(where, [])
    if where == "ini":
        project.makeini("[pytest]\nses_error_coverage = true\n")
    outcome(project, MET_IN_TWO_TESTS, *args, passed=2).stdout.fnmatch_lines([ROW])


@pytest.mark.parametrize(
    "args", [(), ("--ses-json=results.json",), ("--ses-error-coverage", "--co")]
)
def test_not_requested(project, args):
    """Without the option, or if no test is run, there is no table."""
    project.makepyfile(test_it=MET_IN_TWO_TESTS)
    result = project.runpytest("-Wdefault", *args)
    assert pytest.ExitCode.OK == result.ret
    result.stdout.no_fnmatch_line("*SES error coverage*")


def test_not_imported(project):
    """Without the option, nothing that measures is imported or registered."""
    project.makepyfile(
        test_it="""
        import sys

        def test_it(request, ses_backend):
            assert not [name for name in sys.modules if name.startswith("pytest_ses.resilience")]
            plugins = request.config.pluginmanager
            names = ("ses-error-coverage", "ses-error-recording", "ses-json", "ses-chaos")
            assert not [name for name in names if plugins.has_plugin(name)]
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_nothing_called(project):
    """If the code did not call SES, the coverage is 100 %, which reaches every bound."""
    result, operations = run(
        project,
        "def test_it(sesv2_client): sesv2_client.get_account()",
        "--ses-error-coverage-fail-under=100",
        passed=1,
    )
    result.stdout.fnmatch_lines(["The code under test did not call SES."])
    assert pytest.ExitCode.OK == result.ret
    assert ({}, 100.0) == (operations, measured(project)["percent"])


class TestCalls:
    def test_of_each_kind_of_test(self, project):
        """Calls before a reset, in fixtures, in unittest methods and to shared backends count."""
        _, operations = run(
            project,
            """
            import unittest
            import boto3, mailer, pytest
            from pytest_ses import SESBackend

            @pytest.fixture(scope="module")
            def shared():
                with SESBackend(verified=["*"]) as backend:
                    mailer.send()
                    yield backend
                    mailer.send()

            def test_shared(shared): mailer.send()

            def test_shared_again(shared):
                mailer.send()
                shared.reset()

            class TestUnit(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    backend = SESBackend(verified=["*"])
                    backend.__enter__()
                    cls.addClassCleanup(backend.__exit__, None, None, None)

                def test_it(self): mailer.send()

            def test_own():
                with SESBackend(verified=["*"]): mailer.send()
            """,
            passed=4,
        )
        assert 6 == operations["sesv2:SendEmail"]["calls"]

    def test_outside_of_tests(self, project):
        """The calls that a module makes when it is imported do not count."""
        _, operations = run(
            project,
            """
            import mailer
            from pytest_ses import SESBackend

            with SESBackend(verified=["*"]): mailer.send()

            def test_it(): pass
            """,
            passed=1,
        )
        assert {} == operations

    def test_of_a_sweep(self, project):
        """The re-runs of a sweep do not count, and what they inject is not met."""
        _, operations = run(
            project,
            """
            import mailer, pytest

            @pytest.mark.ses(verified=["example.com"])
            def test_it(ses_backend): mailer.send()
            """,
            "--ses-sweep",
            passed=1,
        )
        operation = operations["sesv2:SendEmail"]
        assert (1, []) == (operation["calls"], operation["met"])

    def test_of_a_failed_test(self, project):
        """The calls of tests that fail count, wherever they fail."""
        _, operations = run(
            project,
            """
            import mailer, pytest

            @pytest.fixture
            def sent(ses_backend): mailer.send()

            def test_setup(sent): pass
            def test_call(ses_backend): mailer.send()
            """,
            failed=1,
            errors=1,
        )
        assert 2 == operations["sesv2:SendEmail"]["calls"]
        assert ["MessageRejected"] == operations["sesv2:SendEmail"]["met"]

    def test_of_each_error(self, project):
        """The tests of ses_each_error meet each error, and those of ses_each_bulk_status each status."""
        _, operations = run(
            project,
            """
            import boto3, mailer, pytest

            @pytest.mark.ses(verified=["example.com"])
            @pytest.mark.ses_each_error("sesv2:SendEmail")
            def test_errors(ses_backend):
                with pytest.raises(Exception): mailer.send()

            @pytest.mark.ses(verified=["example.com"])
            @pytest.mark.ses_each_bulk_status
            def test_statuses(ses_backend, ses_client):
                parts = {"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Hi"}
                ses_client.create_template(Template=parts)
                boto3.client("sesv2", "us-east-1").send_bulk_email(
                    FromEmailAddress="news@example.com",
                    DefaultContent={"Template": {"TemplateName": "t", "TemplateData": "{}"}},
                    BulkEmailEntries=[{"Destination": {"ToAddresses": ["ada@example.org"]}}],
                )
            """,
            passed=21,
        )
        of_send, of_bulk = operations["sesv2:SendEmail"], operations["sesv2:SendBulkEmail"]
        assert ["server_error", "timeout", "response_lost"] == of_send["missed"]
        assert 13 == len(of_bulk["met"])

    def test_of_other_processes(self, project):
        """Calls over the HTTP endpoint and over SMTP count."""
        _, operations = run(
            project,
            """
            import os, smtplib, subprocess, sys, pytest

            CODE = '''
            import boto3
            try:
                boto3.client("sesv2", "us-east-1").get_contact_list(ContactListName="news")
            except Exception:
                pass
            '''.replace(" " * 4 * 3, "")

            def test_http(ses_endpoint):
                subprocess.run([sys.executable, "-c", CODE.replace("\\n            ", "\\n")], check=True)

            @pytest.mark.ses(verified=["example.com"])
            def test_smtp(ses_smtp, ses_backend):
                with smtplib.SMTP("email-smtp.us-east-1.amazonaws.com", 587) as client:
                    client.starttls()
                    client.login("AKIAIOSFODNN7EXAMPLE", "password")
                    client.sendmail("news@example.com", "ada@example.org", "Subject: Hi\\n\\nHi")
            """,
            passed=2,
        )
        assert {"sesv2:GetContactList": ["NotFoundException"], "smtp:SendSmtpEmail": []} == {
            name: operation["met"] for name, operation in operations.items()
        }

    @pytest.mark.slow
    def test_of_an_interrupted_run(self, project):
        """The calls of the tests before an interruption are reported; a bound is not checked."""
        project.makepyfile(
            test_it=MET_IN_TWO_TESTS + "\ndef test_interrupted():\n    raise KeyboardInterrupt\n"
        )
        result = project.runpytest_subprocess(
            "--ses-error-coverage", "--ses-json=results.json", "--ses-error-coverage-fail-under=99"
        )
        assert pytest.ExitCode.INTERRUPTED == result.ret
        result.stdout.fnmatch_lines(["sesv2:SendEmail *2*2*8*20.0%*"])
        result.stdout.no_fnmatch_line("FAILED SES*")
        assert 20.0 == measured(project)["percent"]


class TestFailUnder:
    @with_and_without_xdist
    @pytest.mark.parametrize(("bound", "status"), [("20", 0), ("20.1", 1), ("0", 0), ("100", 1)])
    def test_bound(self, project, bound, status, args):
        """A run whose tests pass fails if the coverage is below the bound."""
        result = outcome(
            project, MET_IN_TWO_TESTS, f"--ses-error-coverage-fail-under={bound}", *args, passed=2
        )
        assert status == result.ret
        line = (
            f"FAILED SES error coverage: 20.0% is less than {bound}%, which "
            "ses_error_coverage_fail_under requires"
        )
        assert bool(status) == (line in result.outlines)

    def test_ini(self, project):
        """The bound can be set in the configuration file."""
        project.makeini("[pytest]\nses_error_coverage_fail_under = 50\n")
        assert pytest.ExitCode.TESTS_FAILED == outcome(project, MET_IN_TWO_TESTS, passed=2).ret

    @pytest.mark.parametrize("bound", ["101", "-1", "half", "nan"])
    def test_invalid(self, project, bound):
        """An invalid bound ends the run before any test."""
        project.makepyfile(test_it="def test_it(): pass\n")
        result = project.runpytest(f"--ses-error-coverage-fail-under={bound}")
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(
            [
                f"ERROR: ses_error_coverage_fail_under='{bound}' is invalid; expected a number from "
                "0 to 100, in percent"
            ]
        )

    def test_without_terminal(self, project):
        """The bound also holds without pytest's terminal reporter."""
        project.makepyfile(test_it=MET_IN_TWO_TESTS)
        result = project.runpytest(
            "-Wdefault", "-p", "no:terminal", "--ses-error-coverage-fail-under=50"
        )
        assert pytest.ExitCode.TESTS_FAILED == result.ret
