"""The fixtures in various kinds of projects."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from projects import outcome


class TestFixtures:
    def test_all_fixtures(self, project):
        """The backend and both clients work together."""
        outcome(
            project,
            """
            import mailer

            def test_it(ses_backend, ses_client, sesv2_client):
                ses_client.verify_email_identity(EmailAddress="news@example.com")
                assert ["news@example.com"] == list(ses_backend.account().identities)
                ses_backend.verify("example.com")
                mailer.send()
                assert "Welcome" == ses_backend.outbox.one(to="ada@example.org").subject
                assert [] == sesv2_client.list_configuration_sets()["ConfigurationSets"]
            """,
            passed=1,
        )

    def test_new_state_in_each_test(self, project):
        """Each test starts with a new account."""
        outcome(
            project,
            """
            import pytest, mailer

            @pytest.mark.parametrize("number", [1, 2])
            def test_it(ses_backend, number):
                assert 0 == len(ses_backend.outbox)
                ses_backend.verify("*")
                mailer.send()
            """,
            passed=2,
        )

    def test_unittest_class(self, project):
        """A unittest-style class uses the backend through an autouse fixture."""
        outcome(
            project,
            """
            import unittest, pytest, mailer

            @pytest.mark.ses(verified=["example.com"])
            class TestSending(unittest.TestCase):
                @pytest.fixture(autouse=True)
                def set_backend(self, ses_backend):
                    self.ses = ses_backend

                def test_it(self):
                    mailer.send()
                    self.assertEqual(1, len(self.ses.outbox))
            """,
            passed=1,
        )

    @pytest.mark.parametrize(
        "use",
        [
            "@mock_aws\ndef test_it(ses_backend):\n    check(ses_backend)",
            "def test_it(ses_backend):\n    with mock_aws():\n        check(ses_backend)",
            "def test_it(aws, ses_backend):\n    check(ses_backend)",
            "def test_it(ses_backend, aws):\n    check(ses_backend)",
        ],
        ids=["decorator", "context", "fixture before", "fixture after"],
    )
    def test_with_moto(self, project, use):
        """The backend works together with mock_aws, however that is used."""
        head = """
import boto3, pytest, mailer
from moto import mock_aws

@pytest.fixture
def aws():
    with mock_aws():
        yield

def check(ses_backend):
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
    ses_backend.verify("*")
    mailer.send()
    assert 1 == len(ses_backend.outbox)

"""
        outcome(project, head + use, passed=1)

    @pytest.mark.parametrize(
        "freeze",
        [
            "from freezegun import freeze_time\n@freeze_time('2030-01-02 03:04:05')",
            "import time_machine\n@time_machine.travel('2030-01-02T03:04:05+00:00', tick=False)",
        ],
        ids=["freezegun", "time-machine"],
    )
    def test_with_frozen_time(self, project, freeze):
        """Libraries that freeze time also freeze the time of the backend."""
        outcome(
            project,
            f"import mailer\n{freeze}\n"
            "def test_it(ses_backend):\n"
            "    ses_backend.verify('*')\n"
            "    mailer.send()\n"
            "    assert '2030-01-02T03:04:05+00:00' == ses_backend.outbox.last.sent_at.isoformat()\n",
            passed=1,
        )

    @pytest.mark.slow
    def test_with_xdist(self, project):
        """Each worker has its own state."""
        outcome(
            project,
            """
            import pytest, mailer

            @pytest.mark.parametrize("number", range(8))
            def test_it(ses_backend, number):
                ses_backend.verify("*")
                mailer.send()
                assert 1 == len(ses_backend.outbox)
            """,
            "-n2",
            passed=8,
        )


class TestPlugin:
    def test_help(self, project):
        """--markers, --fixtures and --help document all markers, fixtures and options."""
        markers = project.runpytest("--markers").stdout.str()
        assert "@pytest.mark.ses(*, region, account_id, verified, sandbox, daily_quota" in markers
        fixtures = project.runpytest("--fixtures").stdout.str()
        for name in ("ses_backend", "ses_client", "sesv2_client"):
            assert re.search(rf"^{name} --", fixtures, re.MULTILINE)
        options = project.runpytest("--help").stdout.str()
        for name in ("region", "account-id", "verified", "sandbox", "rendering-failures"):
            assert f"--ses-{name}" in options
            assert f"ses_{name.replace('-', '_')}" in options

    def test_strict_markers(self, project):
        """The markers are registered."""
        outcome(
            project,
            "import pytest\n@pytest.mark.ses(sandbox=True)\ndef test_it(ses_backend): pass",
            "--strict-markers",
            passed=1,
        )

    def test_unused_plugin_imports_nothing(self, project):
        """In a project that does not use it, the plugin imports no large package, e.g. boto3."""
        project.makepyfile(test_it="def test_it(): pass")
        project.makeconftest(
            "import sys\n"
            "def pytest_unconfigure():\n"
            "    large = {'boto3', 'botocore', 'moto', 'responses', 'faker', 'pytest_ses.backend'}\n"
            "    print('LOADED', 'pytest_ses.plugin' in sys.modules, sorted(large & set(sys.modules)))\n"
        )
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "--co",
                "-q",
                "-p",
                "no:faker",
                "-p",
                "no:cacheprovider",
            ],
            cwd=project.path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "LOADED True []" in result.stdout

    def test_public_names(self):
        """Every public name can be accessed; any other name is an AttributeError."""
        import pytest_ses

        for name in pytest_ses.__all__:
            assert getattr(pytest_ses, name).__name__ == name
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = pytest_ses.nothing
