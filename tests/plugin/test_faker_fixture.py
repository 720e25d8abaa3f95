"""The fixture `ses_faker`."""

from __future__ import annotations

import re

from faker import Faker
from projects import outcome

# The project's runs share this process, which has imported Faker once and for all.
assert Faker

VALUES = """
import pytest

def test_one(ses_faker):
    print("ONE", ses_faker.ses_message_id(), ses_faker.name())

def test_two(ses_faker):
    print("TWO", ses_faker.ses_message_id(), ses_faker.name())
"""


def printed(result):
    """The values that the tests of a run printed."""
    return re.findall(r"(?:ONE|TWO) (.*)", result.stdout.str())


class TestSeed:
    def test_same_seed(self, project):
        """The same seed gives each test the same values in each run, and other tests other values."""
        runs = [
            printed(outcome(project, VALUES, "-s", "--ses-seed=12", passed=2)) for _ in range(2)
        ]
        assert runs[0] == runs[1]
        assert 2 == len(set(runs[0]))

    def test_order_of_tests(self, project):
        """The values of a test do not depend on the tests that run before it."""
        everything = printed(outcome(project, VALUES, "-s", "--ses-seed=12", passed=2))
        result = outcome(project, VALUES, "-s", "--ses-seed=12", "-ktwo", passed=1, deselected=1)
        assert everything[1:] == printed(result)

    def test_new_seed(self, project):
        """Without a seed, each run has other values, and reports its seed."""
        results = [outcome(project, VALUES, "-s", passed=2) for _ in range(2)]
        assert printed(results[0]) != printed(results[1])
        line = "ses: random failures and values are seeded with --ses-seed="
        assert all(line in result.stdout.str() for result in results)

    def test_reported_only_if_used(self, project):
        """If no test uses random values, the seed is not reported."""
        result = outcome(project, "def test_it(ses_backend): pass", passed=1)
        result.stdout.no_fnmatch_line("*--ses-seed=*")

    def test_report(self, project):
        """The report of a failed test that used the fixture has the seed; those of other tests do not."""
        test = """
def test_values(ses_faker): assert ses_faker.ses_message_id() == ""
def test_other(ses_backend): assert 0
"""
        result = outcome(project, test, "--ses-seed=12", failed=2)
        line = "ses: random failures and values are seeded with --ses-seed=12"
        result.stdout.fnmatch_lines(["*- SES seed -*", line], consecutive=True)
        assert 1 == sum("- SES seed -" in text for text in result.stdout.lines)


class TestAccount:
    def test_of_the_test(self, project):
        """The values are for the account and the region of the test."""
        outcome(
            project,
            """
import pytest

@pytest.mark.ses(region="eu-west-1", account_id="111122223333")
def test_it(ses_faker, ses_backend):
    record = ses_faker.ses_event("Bounce")
    arn = "arn:aws:ses:eu-west-1:111122223333:identity/example.com"
    assert record["mail"]["sourceArn"] == arn
    assert ses_faker.ses_message_id().startswith("0102")
""",
            passed=1,
        )

    def test_without_backend(self, project):
        """The fixture does not need the backend."""
        outcome(
            project,
            """
def test_it(request, ses_faker):
    assert "ses_backend" not in request.fixturenames
    assert "@" in ses_faker.ses_address()
""",
            passed=1,
        )


class TestFakersPlugin:
    TEST = """
def test_it(faker, ses_faker):
    assert faker is not ses_faker
    assert not hasattr(faker, "ses_address")
    assert ses_faker.ses_address()
"""

    def test_both_fixtures(self, project, monkeypatch):
        """The fixture of Faker's own plugin is another instance without these values."""
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:time_machine")
        outcome(project, self.TEST, passed=1)

    def test_without_fakers_plugin(self, project):
        """Without Faker's plugin, `ses_faker` works and `faker` does not exist."""
        outcome(project, "def test_it(ses_faker): ses_faker.ses_mime()", "-p", "no:faker", passed=1)
        result = outcome(project, self.TEST, "-p", "no:faker", errors=1)
        result.stdout.fnmatch_lines(["*fixture 'faker' not found*"])


class TestWithoutFaker:
    def test_error(self, project):
        """Without Faker, the test fails with the command that installs it, without a traceback."""
        project.makeconftest(
            "import sys\n"
            "for name in [name for name in sys.modules if name.startswith('pytest_ses.faker')]:\n"
            "    del sys.modules[name]\n"
            "sys.modules['faker'] = None\n"
        )
        result = outcome(project, "def test_it(ses_faker): pass", errors=1)
        result.stdout.fnmatch_lines(
            [
                "pytest_ses.faker and the fixture ses_faker require Faker: "
                'pip install "pytest-ses[[]faker[]]"'
            ]
        )
        result.stdout.no_fnmatch_line("*Traceback*")
        errors = result.stdout.str().partition("short test summary")[0]
        assert 1 == errors.count("require Faker")
