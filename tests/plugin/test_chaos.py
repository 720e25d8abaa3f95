"""The option --ses-chaos and the marker ses_no_chaos."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from projects import misuse, outcome, with_and_without_xdist

RECORDING = """
import boto3, pytest
from botocore.config import Config
from pytest_ses import SESBackend

ONCE = Config(retries={"total_max_attempts": 1})

def get_account():
    try:
        boto3.client("sesv2", "us-east-1", config=ONCE).get_account()
    except Exception:
        pass

def record(name, backend):
    failures = [call.fault and call.fault.planned for call in backend.calls]
    with open("failures.txt", "a") as file:
        file.write(f"{name} {failures}\\n")

@pytest.fixture(scope="module")
def shared():
    with SESBackend() as backend:
        for _ in range(5):
            get_account()
        assert not any(call.fault for call in backend.calls)
        yield backend
        backend.reset()
        for _ in range(5):
            get_account()
        assert not any(call.fault for call in backend.calls)

@pytest.mark.parametrize("number", range(4))
def test_own(shared, ses_backend, number):
    for _ in range(8):
        get_account()
    record(f"own-{number}", ses_backend)

@pytest.mark.parametrize("number", range(4))
def test_shared(shared, number):
    shared.reset()
    for _ in range(8):
        get_account()
    record(f"shared-{number}", shared)
"""
REVERSED = """
def pytest_collection_modifyitems(items):
    items.reverse()
"""
FAILING = """
import mailer, pytest

@pytest.mark.ses(verified=["example.com"])
@pytest.mark.parametrize("to", ["ada@example.org", "bob's@example.org"])
def test_it(ses_backend, to): mailer.send(to)
"""


@pytest.fixture(autouse=True)
def _three_attempts(monkeypatch):
    """Make the number of attempts the same in each version of botocore."""
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")


def recorded(project):
    """The failures of each test in the last run."""
    path = project.path / "failures.txt"
    lines = sorted(path.read_text().splitlines())
    path.unlink()
    return lines


@pytest.mark.slow
class TestRepeated:
    SEEDED = ("--ses-chaos=0.5", "--ses-seed=7")

    def test_any_order_and_number_of_workers(self, project):
        """The same seed makes the same calls fail on any number of workers, and in any order."""
        outcome(project, RECORDING, *self.SEEDED, passed=8)
        expected = recorded(project)
        assert "None" in str(expected)
        assert "chaos: " in str(expected)
        outcome(project, RECORDING, *self.SEEDED, "-n2", passed=8)
        assert expected == recorded(project)
        project.makeconftest(REVERSED)
        outcome(project, RECORDING, *self.SEEDED, passed=8)
        assert expected == recorded(project)

    @pytest.mark.parametrize("name", ["own[2]", "shared[0]"])
    def test_alone(self, project, name):
        """A test that is run alone has the same failures."""
        outcome(project, RECORDING, *self.SEEDED, passed=8)
        label = name.replace("[", "-").removesuffix("]")
        expected = [line for line in recorded(project) if line.startswith(f"{label} ")]
        project.runpytest(f"test_it.py::test_{name}", *self.SEEDED).assert_outcomes(passed=1)
        assert expected == recorded(project)

    def test_other_seed(self, project):
        """Without a seed, each run has other failures, and reports the seed that repeats them."""
        result = outcome(project, RECORDING, "--ses-chaos=0.5", passed=8)
        expected = recorded(project)
        seed = re.search(r"--ses-seed=(\d+)", result.stdout.str())[1]
        outcome(project, RECORDING, "--ses-chaos=0.5", passed=8)
        assert expected != recorded(project)
        outcome(project, RECORDING, "--ses-chaos=0.5", f"--ses-seed={seed}", passed=8)
        assert expected == recorded(project)


class TestReport:
    @with_and_without_xdist
    def test_failed_test(self, project, args):
        """The report of a failed test counts and marks the requests that failed at random.

        It has the line that repeats them.
        """
        result = outcome(project, FAILING, "--ses-chaos=1:throttle,timeout", *args, failed=2)
        result.stdout.fnmatch_lines(
            [
                "*- SES calls -*",
                "sesv2:SendEmail in us-east-1: * [[]chaos: *[]]",
                "sesv2:SendEmail in us-east-1, attempt 2: * [[]chaos: *[]]",
                "sesv2:SendEmail in us-east-1, attempt 3: * [[]chaos: *[]]",
                "*- SES chaos -*",
                "3 requests failed at random; see SES calls",
                "To repeat this exactly: pytest 'test_it.py::test_it[[]ada@example.org[]]' "
                "--ses-chaos=1:throttle,timeout --ses-seed=*",
            ]
        )
        lines = re.findall(r"To repeat this exactly: pytest (.*)", result.stdout.str())
        repeated = project.runpytest("-Wdefault", *shlex.split(lines[1]))
        repeated.assert_outcomes(failed=1)
        pattern = r"^sesv2:SendEmail .*chaos: \w+\]$"
        calls = re.findall(pattern, result.stdout.str(), re.MULTILINE)[-3:]
        assert calls == re.findall(pattern, repeated.stdout.str(), re.MULTILINE)[-3:]

    def test_own_backend(self, project):
        """The requests are listed if the report does not show the calls of their backend."""
        test = (
            "import mailer, pytest_ses\n\ndef test_it():\n"
            "    with pytest_ses.SESBackend(verified=['example.com']):\n        mailer.send()\n"
        )
        result = outcome(project, test, "--ses-chaos=1:throttle", failed=1)
        result.stdout.fnmatch_lines(
            [
                "3 requests failed at random:",
                "sesv2:SendEmail in us-east-1: * [[]chaos: throttle[]]",
                "sesv2:SendEmail in us-east-1, attempt 2: * [[]chaos: throttle[]]",
                "sesv2:SendEmail in us-east-1, attempt 3: * [[]chaos: throttle[]]",
                "To repeat this exactly: *",
            ]
        )

    def test_calls_of_other_tests(self, project):
        """A test of which no call failed at random has no such section."""
        result = outcome(
            project,
            FAILING + "def test_fail(ses_backend): assert False\ndef test_other(): assert False\n",
            "--ses-chaos=1:throttle",
            failed=4,
        )
        assert 2 == result.stdout.str().count("- SES chaos -")

    def test_terminal_and_json(self, project):
        """The run reports how to repeat it, and how many requests failed."""
        args = ("--ses-chaos=1:throttle", "--ses-seed=9", "--ses-json=results.json")
        result = outcome(project, FAILING, *args, failed=2)
        result.stdout.fnmatch_lines(
            [
                "ses: requests fail at random: --ses-chaos=1:throttle --ses-seed=9",
                "*SES chaos: 6 requests failed; --ses-chaos=1:throttle --ses-seed=9*",
            ]
        )
        assert {
            "rate": 1.0,
            "kinds": ["throttle"],
            "line": "pytest --ses-chaos=1:throttle --ses-seed=9",
            "failures": 6,
        } == json.loads((project.path / "results.json").read_text())["chaos"]

    def test_collection_only(self, project):
        """If tests are only collected, no calls are reported."""
        project.makepyfile(test_it=FAILING)
        result = project.runpytest("--co", "--ses-chaos=1")
        result.stdout.no_fnmatch_line("*SES chaos*")

    def test_not_met(self, project):
        """A failure that chaos injects is not met in the error coverage."""
        args = ("--ses-chaos=1:throttle", "--ses-json=results.json")
        outcome(project, FAILING, *args, failed=2)
        coverage = json.loads((project.path / "results.json").read_text())["error_coverage"]
        operation = coverage["operations"]["sesv2:SendEmail"]
        assert (2, []) == (operation["calls"], operation["met"])


class TestPlannedFailures:
    # The first call fails at random, so the second one, which the failure is for, is never made.
    UNMET = """
        import mailer, pytest
        from pytest_ses import SESBackend

        def send_twice():
            try:
                mailer.send()
                mailer.send()
            except Exception:
                pass
    """

    @pytest.mark.parametrize(("rate", "passed"), [("1:throttle", True), ("0", False)])
    def test_of_the_test(self, project, rate, passed):
        """A planned failure that did not happen fails a test only if none happened at random."""
        test = f"""{self.UNMET}
        @pytest.mark.ses(verified=["example.com"])
        @pytest.mark.ses_fail("SendEmail", "MessageRejected", to="bob@example.org")
        def test_it(ses_backend): send_twice()
        """
        expected = {"passed": 1} if passed else {"passed": 1, "errors": 1}
        outcome(project, test, f"--ses-chaos={rate}", **expected)

    @pytest.mark.parametrize(("rate", "passed"), [("1:throttle", True), ("0", False)])
    def test_of_a_shared_backend(self, project, rate, passed):
        """The same holds for a backend of wider scope, if a call failed in any of its tests."""
        test = f"""{self.UNMET}
        @pytest.fixture(scope="module")
        def shared():
            with SESBackend(verified=["example.com"]) as backend:
                backend.fail("SendEmail", "MessageRejected", to="bob@example.org")
                yield backend

        def test_it(shared): send_twice()
        def test_last(shared): pass
        """
        expected = {"passed": 2} if passed else {"passed": 2, "errors": 1}
        outcome(project, test, f"--ses-chaos={rate}", **expected)


class TestNoChaos:
    @pytest.mark.parametrize("place", ["function", "class", "module"])
    def test_left_out(self, project, place):
        """The calls of a test with the marker do not fail, wherever the marker is."""
        mark = "@pytest.mark.ses_no_chaos"
        outcome(
            project,
            f"""
            import mailer, pytest
            {"pytestmark = pytest.mark.ses_no_chaos" if place == "module" else ""}

            {mark if place == "class" else ""}
            class TestIt:
                {mark if place == "function" else ""}
                @pytest.mark.ses(verified=["*"])
                def test_it(self, ses_backend): mailer.send()
            """,
            "--ses-chaos=1",
            passed=1,
        )

    def test_without_the_fixture(self, project):
        """A test without the fixture may have it, since the backend may be a shared one."""
        outcome(
            project, "import pytest\n@pytest.mark.ses_no_chaos\ndef test_it(): pass\n", passed=1
        )

    def test_misuse(self, project):
        """Arguments, and a misspelled name, are errors of the test."""
        misuse(project, "ses_no_chaos('slow')", "unexpected arguments; use the marker without")
        misuse(project, "ses_nochaos", "does not exist; did you mean 'ses_no_chaos'?")


def test_clients_of_the_test(project):
    """The calls of the clients that fixtures provide do not fail."""
    outcome(
        project,
        "def test_it(ses_client, sesv2_client):\n"
        "    for _ in range(5):\n"
        "        ses_client.get_send_quota()\n"
        "        sesv2_client.get_account()\n",
        "--ses-chaos=1",
        passed=1,
    )


def test_ini(project):
    """The rate can be set in the configuration file; the line that repeats a failure contains it."""
    project.makeini("[pytest]\nses_chaos = 1:timeout\n")
    outcome(project, FAILING, failed=2).stdout.fnmatch_lines(
        ["To repeat this exactly: pytest * --ses-chaos=1:timeout --ses-seed=*"]
    )


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("2", "the rate '2' is invalid; expected a number from 0 to 1"),
        ("0.1:timeuot", "unknown kind of failure 'timeuot'; did you mean 'timeout'?"),
    ],
)
def test_invalid(project, value, error):
    """An invalid rate or kind ends the run before any test."""
    project.makepyfile(test_it="def test_it(): pass\n")
    result = project.runpytest(f"--ses-chaos={value}")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"ERROR: ses_chaos: {error}"])


def test_empty(project):
    """An empty rate, for example of an unset variable of a script, is an error as well."""
    project.makepyfile(test_it="def test_it(): pass\n")
    result = project.runpytest("--ses-chaos=")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*--ses-chaos= has no value; use for example --ses-chaos=0.05"])
