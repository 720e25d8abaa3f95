"""Command line and ini options."""

from __future__ import annotations

import os

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

    @pytest.mark.parametrize("use", ["ini", "command line", "marker"])
    def test_auto_verify(self, project, use):
        """With ses_auto_verify, an identity is verified as soon as its verification is requested."""
        marker = "@pytest.mark.ses(auto_verify=True)" if use == "marker" else ""
        if use == "ini":
            project.makeini("[pytest]\nses_auto_verify = true\n")
        outcome(
            project,
            f"""
            import mailer, pytest

            {marker}
            def test_it(ses_backend, ses_client):
                ses_client.verify_email_identity(EmailAddress="news@example.com")
                mailer.send()
                assert ses_backend.outbox.one().sender == "news@example.com"
            """,
            *(["--ses-auto-verify"] if use == "command line" else []),
            passed=1,
        )

    @pytest.mark.parametrize("use", ["ini", "command line", "marker"])
    def test_configuration_sets(self, project, use):
        """The configuration sets exist in every region of the test's account, and in no other."""
        marker = "@pytest.mark.ses(configuration_sets=['a', 'b'])" if use == "marker" else ""
        if use == "ini":
            project.makeini("[pytest]\nses_configuration_sets = a b\n")
        outcome(
            project,
            f"""
            import pytest

            {marker}
            def test_it(ses_backend, sesv2_client):
                assert ["a", "b"] == sesv2_client.list_configuration_sets()["ConfigurationSets"]
                assert ["a", "b"] == list(ses_backend.account("eu-west-1").configuration_sets)
                other = ses_backend.account(account_id="999988887777")
                assert [] == list(other.configuration_sets)
                ses_backend.reset()
                assert ["a", "b"] == list(ses_backend.account().configuration_sets)
            """,
            *(
                ["--ses-configuration-sets=a", "--ses-configuration-sets=b"]
                if use == "command line"
                else []
            ),
            passed=1,
        )

    def test_autouse(self, project):
        """With ses_autouse, tests of every kind use the backend, and markers apply to them."""
        project.makeini("[pytest]\nses_autouse = true\nses_verified = example.com\n")
        project.makepyfile(
            documented="""
            def send():
                \"\"\"Send a message.

                >>> send()
                1
                \"\"\"
                import boto3
                import mailer

                mailer.send()
                return int(boto3.client("ses").get_send_quota()["SentLast24Hours"])
            """
        )
        outcome(
            project,
            """
            import unittest
            import boto3, mailer, pytest

            def test_function():
                mailer.send()

            @pytest.mark.ses(sending_enabled=False)
            def test_marker():
                assert not boto3.client("ses").get_account_sending_enabled()["Enabled"]

            @pytest.mark.ses(account_id="111122223333")
            class TestClass(unittest.TestCase):
                def setUp(self):
                    mailer.send(subject="first")

                def test_method(self):
                    mailer.send()
                    assert 2 == boto3.client("ses").get_send_quota()["SentLast24Hours"]
            """,
            "--doctest-modules",
            passed=4,
        )

    def test_autouse_on_the_command_line(self, project):
        """--ses-autouse applies to one run."""
        test = "import mailer\ndef test_it(): mailer.send()\n"
        outcome(project, test, "--ses-autouse", "--ses-verified=*", passed=1)

    @pytest.mark.parametrize(
        ("line", "text"),
        [
            (
                "ses_account_id = 12",
                "ses_account_id='12' is invalid; expected a string of twelve digits",
            ),
            ("ses_region = us-est-1", "ses_region='us-est-1' is unknown to botocore; did you mean"),
            ("ses_autouse = maybe", "ses_autouse: invalid truth value 'maybe'"),
            ("ses_configuration_sets = a.b", "ses_configuration_sets: 'a.b' is invalid"),
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


class TestRegionAtImport:
    TEST = """
    import os

    import boto3

    region = os.environ.get("AWS_DEFAULT_REGION")
    client = boto3.client("ses", region_name=region or "eu-north-1")

    def test_it(ses_backend):
        client.verify_email_identity(EmailAddress="ada@example.com")
        assert EXPECTED == ses_backend.calls[0].region == region
    """

    @pytest.fixture(autouse=True)
    def _no_region(self, monkeypatch, tmp_path):
        for name in ("AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    @pytest.mark.parametrize("use", ["ini", "command line"])
    def test_client_of_a_module(self, project, use):
        """A client that a module or a conftest file creates at import time has the region."""
        if use == "ini":
            project.makeini("[pytest]\nses_region = eu-west-1\n")
        project.makeconftest(
            "import boto3\nassert 'eu-west-1' == boto3.client('ses').meta.region_name\n"
        )
        options = ["--ses-region=eu-west-1"] if use == "command line" else []
        outcome(project, self.TEST.replace("EXPECTED", "'eu-west-1'"), *options, passed=1)
        assert "AWS_DEFAULT_REGION" not in os.environ

    def test_environment_wins(self, project, monkeypatch):
        """A region in the environment is not replaced."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
        test = "import os\nregion = os.environ['AWS_DEFAULT_REGION']\ndef test_it(): assert 'ap-south-1' == region"
        outcome(project, test, "--ses-region=eu-west-1", passed=1)
        assert "ap-south-1" == os.environ["AWS_DEFAULT_REGION"]

    def test_empty_variable(self, project, monkeypatch):
        """An empty variable is no region, and is empty again after the run."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "")
        test = "import os\nregion = os.environ['AWS_DEFAULT_REGION']\ndef test_it(): assert 'eu-west-1' == region"
        outcome(project, test, "--ses-region=eu-west-1", passed=1)
        assert not os.environ["AWS_DEFAULT_REGION"]

    @pytest.mark.parametrize(
        ("profile", "config", "is_set"),
        [
            (None, "[default]\nregion = eu-south-1\n", True),
            ("work", "[profile work]\nregion = eu-south-1\n", True),
            ("work", "[default]\nregion = eu-south-1\n", False),
            (None, "[default]\noutput = json\n", False),
            (None, "not a configuration file", False),
        ],
    )
    def test_configuration_file_wins(self, project, monkeypatch, tmp_path, profile, config, is_set):
        """A region in AWS's configuration file is not replaced."""
        if profile:
            monkeypatch.setenv("AWS_PROFILE", profile)
        (tmp_path / "config").write_text(config)
        test = f"import os\nregion = os.environ.get('AWS_DEFAULT_REGION')\ndef test_it(): assert {is_set} == (region is None)"
        outcome(project, test, "--ses-region=eu-west-1", passed=1)
