"""Command line and ini options."""

from __future__ import annotations

import pytest
from projects import outcome


class TestOptions:
    def test_ini(self, project):
        """The ini options set how accounts start."""
        project.makeini(
            "[pytest]\nses_region = eu-west-3\nses_account_id = 111122223333\n"
            "ses_verified = example.com ada@example.org\nses_sandbox = true\n"
        )
        outcome(
            project,
            """
            def test_it(ses_backend):
                account = ses_backend.account()
                assert ("eu-west-3", "111122223333") == (account.region, account.account_id)
                assert account.sandbox
                assert ["example.com", "ada@example.org"] == list(account.identities)
            """,
            passed=1,
        )

    def test_command_line(self, project):
        """The command line overrides the ini file, and a marker overrides both."""
        project.makeini("[pytest]\nses_region = eu-west-3\nses_account_id = 111122223333\n")
        outcome(
            project,
            """
            import pytest

            @pytest.mark.ses(account_id="444455556666")
            def test_it(ses_backend):
                account = ses_backend.account()
                assert ("eu-west-1", "444455556666") == (account.region, account.account_id)
                assert account.sandbox
                assert ["example.com"] == list(account.identities)
            """,
            "--ses-region=eu-west-1",
            "--ses-account-id=777788889999",
            "--ses-verified=example.com",
            "--ses-sandbox",
            passed=1,
        )

    def test_region_of_the_environment(self, project, monkeypatch):
        """By default, the region is that of AWS_DEFAULT_REGION."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
        outcome(
            project,
            "def test_it(ses_backend): assert 'ap-south-1' == ses_backend.region",
            passed=1,
        )

    def test_region_of_an_emulator(self, project, monkeypatch):
        """The region may be a single word, as used by emulators."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "local")
        outcome(project, "def test_it(ses_backend): assert 'local' == ses_backend.region", passed=1)

    def test_invalid_region(self, project, monkeypatch):
        """An invalid region in the environment affects only tests that use a fixture."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "Not A Region")
        outcome(
            project,
            "def test_it(): pass\ndef test_other(ses_backend): pass",
            passed=1,
            errors=1,
        )

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            (
                "ses_account_id = 12",
                "ses_account_id='12' is invalid; expected a string of twelve digits",
            ),
            (
                "ses_rendering_failures = eror",
                "ses_rendering_failures='eror' is invalid; did you mean 'error'?",
            ),
        ],
    )
    def test_misuse(self, project, line, text):
        """An invalid value ends the run before any test."""
        project.makeini(f"[pytest]\n{line}\n")
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        assert text in result.stderr.str()
