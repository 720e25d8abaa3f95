"""What does a project that uses the plugin see?"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

SEND = """
import boto3

def send(to="ada@example.org", sender="news@example.com", subject="Welcome"):
    boto3.client("sesv2", region_name="us-east-1").send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "Hi"}}}},
    )
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with one module that sends mail, and without plugins that only cost time."""
    plugins = ("faker", "hypothesispytest", "time_machine")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{plugin}" for plugin in plugins))
    pytester.makepyfile(mailer=SEND)
    return pytester


def outcome(project, test, *args, **expected):
    """Run a test file and hold its outcomes."""
    project.makepyfile(test_it=test)
    # The runs are in this process, whose own filter makes an error of every warning.
    result = project.runpytest("-Wdefault", *args)
    result.assert_outcomes(**expected)
    return result


class TestFixtures:
    def test_the_three(self, project):
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

    def test_each_test_starts_anew(self, project):
        """What one test leaves behind no other sees."""
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

    def test_in_unittest_classes(self, project):
        """A unittest-style class takes it with an autouse fixture or usefixtures."""
        outcome(
            project,
            """
            import unittest, pytest, mailer

            @pytest.mark.ses(verified=["example.com"])
            class TestMail(unittest.TestCase):
                @pytest.fixture(autouse=True)
                def take(self, ses_backend):
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
        """It stands beside mock_aws, however that is used."""
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
        """Libraries that freeze the clock are obeyed."""
        outcome(
            project,
            f"import mailer\n{freeze}\n"
            "def test_it(ses_backend):\n"
            "    ses_backend.verify('*')\n"
            "    mailer.send()\n"
            "    assert '2030-01-02T03:04:05+00:00' == ses_backend.outbox.last.sent_at.isoformat()\n",
            passed=1,
        )

    def test_with_xdist(self, project):
        """Each worker has a state of its own."""
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


class TestMarker:
    def test_outer_and_inner_merge(self, project):
        """Markers of module, class and function merge; the closest wins per word."""
        outcome(
            project,
            """
            import pytest
            pytestmark = pytest.mark.ses(region="eu-west-1", account_id="111122223333")

            @pytest.mark.ses(sandbox=True, daily_quota=5)
            class TestIt:
                @pytest.mark.ses(region="eu-north-1", daily_quota=7, send_rate=2,
                                 sending_enabled=False, verified=["example.com"])
                def test_it(self, ses_backend):
                    account = ses_backend.account()
                    assert ("eu-north-1", "111122223333") == (account.region, account.account_id)
                    assert (7, 2) == (account.daily_quota, account.send_rate)
                    assert (True, False) == (account.sandbox, account.sending_enabled)
                    assert account.identities["example.com"].verified
            """,
            passed=1,
        )

    @pytest.mark.parametrize(
        ("marker", "said"),
        [
            ("regoin='eu-west-1'", "has no word 'regoin'; did you mean 'region'?"),
            ("xyz=1", "has no word 'xyz'; it knows region, account_id"),
            ("'eu-west-1'", "takes its words by name, not ('eu-west-1',)"),
            ("region='Ireland'", "region='Ireland' is not possible: give a region name"),
            ("account_id=123", "account_id=123 is not possible: give twelve digits"),
            ("verified='a@b.c'", "verified='a@b.c' is one string; give a list"),
            ("verified=[1]", "verified: 1 is no string; give addresses, domains or '*'"),
            ("verified=5", "verified=5 is not possible: give a list of addresses and domains"),
            ("verified=['a.org,b.org']", "verified: 'a.org,b.org' is no bare address"),
            ("sandbox='yes'", "sandbox='yes' is not possible: give True or False"),
            ("daily_quota=-2", "daily_quota=-2 is not possible"),
            ("send_rate=0", "send_rate=0 is not possible: give a number above 0"),
            ("sending_enabled=None", "sending_enabled=None is not possible"),
        ],
    )
    def test_misuse(self, project, marker, said):
        """A wrong word or value ends the run before any test, with the test's id and the cure."""
        project.makepyfile(
            test_it=f"import pytest\n@pytest.mark.ses({marker})\ndef test_it(ses_backend): pass\n"
        )
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(["ERROR: test_it.py::test_it: the marker ses*"])
        assert said in result.stderr.str()

    def test_without_the_fixture(self, project):
        """A marker on a test that does not take the fixture would do nothing, and says so."""
        project.makepyfile(
            test_it="""
            import pytest

            @pytest.mark.ses(sandbox=True)
            def test_it(): pass
            """
        )
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(
            ["ERROR: test_it.py::test_it: the marker ses has no effect, since the test does not *"]
        )

    def test_on_a_module_for_others(self, project):
        """On a module or class the marker may be meant for other tests."""
        outcome(
            project,
            """
            import pytest
            pytestmark = pytest.mark.ses(sandbox=True)

            def test_it(): pass

            @pytest.mark.usefixtures("ses_backend")
            @pytest.mark.ses(sandbox=False)
            def test_other(): pass
            """,
            passed=2,
        )

    def test_misuse_under_xdist(self, project):
        """A worker of xdist fails the test in the same words."""
        result = outcome(
            project,
            """
            import pytest

            @pytest.mark.ses(regoin="eu-west-1")
            def test_wrong(ses_backend): pass

            def test_right(ses_backend): pass
            """,
            "-n1",
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            [
                "test_it.py::test_wrong: the marker ses has no word 'regoin'; did you mean 'region'[?]"
            ]
        )


class TestOptions:
    def test_ini(self, project):
        """Every ini option says how accounts start."""
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
        """The command line wins over the ini file, and a marker over both."""
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
        """Without another word the region is that of AWS_DEFAULT_REGION."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
        outcome(
            project,
            "def test_it(ses_backend): assert 'ap-south-1' == ses_backend.region",
            passed=1,
        )

    def test_region_of_an_emulator(self, project, monkeypatch):
        """A region of one word, as emulators have them, is none of our business."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "local")
        outcome(project, "def test_it(ses_backend): assert 'local' == ses_backend.region", passed=1)

    def test_region_that_is_none(self, project, monkeypatch):
        """What the environment calls a region concerns only the tests that take a fixture."""
        monkeypatch.setenv("AWS_DEFAULT_REGION", "Not A Region")
        outcome(
            project,
            "def test_it(): pass\ndef test_other(ses_backend): pass",
            passed=1,
            errors=1,
        )

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("ses_account_id = 12", "ses_account_id='12' is not possible: give twelve digits"),
            (
                "ses_rendering_failures = eror",
                "ses_rendering_failures: 'eror' is not one of warn, error, ignore; "
                "did you mean 'error'?",
            ),
        ],
    )
    def test_misuse(self, project, line, said):
        """A value that no account can have ends the run at once."""
        project.makeini(f"[pytest]\n{line}\n")
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        assert said in result.stderr.str()


class TestReports:
    def test_failed_test(self, project):
        """The report of a failed test shows the outbox, and the calls if one was refused."""
        result = outcome(
            project,
            """
            import pytest, mailer

            def test_it(ses_backend):
                ses_backend.verify("example.com")
                mailer.send(subject="Hello there")
                with pytest.raises(Exception):
                    mailer.send(sender="eve@evil.example")
                assert False
            """,
            failed=1,
        )
        result.stdout.fnmatch_lines(
            [
                "*- SES outbox -*",
                "*news@example.com*ada@example.org*Hello there*",
                "*- SES calls -*",
                "sesv2:SendEmail in us-east-1: ok",
                "sesv2:SendEmail in us-east-1: MessageRejected (400): Email address is not verified.*",
                "(pytest-ses: make senders known with ses_backend.verify*",
            ]
        )

    def test_many(self, project):
        """Of very many mails the last twenty are shown."""
        result = outcome(
            project,
            """
            import mailer

            def test_it(ses_backend):
                ses_backend.verify("*")
                for number in range(25):
                    mailer.send(subject=f"Mail {number}.")
                assert False
            """,
            failed=1,
        )
        result.stdout.fnmatch_lines(["… and 5 before these", "*Mail 5.*", "*Mail 24.*"])
        result.stdout.no_fnmatch_line("*Mail 4.*")

    def test_nothing_sent(self, project):
        """A failed test that sent nothing is told so, and not bored with calls that went well."""
        result = outcome(
            project,
            "def test_it(ses_backend, ses_client):\n    ses_client.list_identities()\n    assert 0",
            failed=1,
        )
        result.stdout.fnmatch_lines(["*- SES outbox -*", "nothing was sent"])
        result.stdout.no_fnmatch_line("*SES calls*")

    def test_failed_teardown(self, project):
        """A failure in the teardown of a fixture of one's own is reported in the same way."""
        result = outcome(
            project,
            """
            import pytest, mailer

            @pytest.fixture
            def late(ses_backend):
                yield
                mailer.send()

            def test_it(late): pass
            """,
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(["*- SES outbox -*", "*- SES calls -*"])

    def test_passed_test(self, project):
        """A test that passes, or does not use the backend, gets no section."""
        result = outcome(
            project,
            "def test_it(ses_backend): pass\ndef test_other(): assert 0",
            passed=1,
            failed=1,
        )
        result.stdout.no_fnmatch_line("*SES outbox*")


RENDERING_FAILURE = """
def test_it(ses_backend, sesv2_client):
    ses_backend.verify("*")
    sesv2_client.create_email_template(
        TemplateName="t", TemplateContent={"Subject": "Hi {{name}}", "Text": "x"})
    sesv2_client.send_email(
        FromEmailAddress="a@example.com", Destination={"ToAddresses": ["b@example.com"]},
        Content={"Template": {"TemplateName": "t", "TemplateData": "{}"}})
    assert "Attribute 'name' is not present in the rendering data." == (
        ses_backend.outbox.last.rendering_error)
"""


class TestRenderingFailures:
    def test_warn(self, project):
        """By default a mail that could not be rendered is a warning that says what to do."""
        result = outcome(project, RENDERING_FAILURE, passed=1, warnings=1)
        result.stdout.fnmatch_lines(["*RenderingFailureWarning: SES accepted 1 templated mail*"])

    def test_error(self, project):
        """On demand it fails the test at teardown."""
        result = outcome(
            project, RENDERING_FAILURE, "--ses-rendering-failures=error", passed=1, errors=1
        )
        result.stdout.fnmatch_lines(["*Give the missing attributes*"])

    def test_ignore(self, project):
        """On demand nothing is said."""
        outcome(project, RENDERING_FAILURE, "--ses-rendering-failures=ignore", passed=1, warnings=0)

    def test_one_test(self, project):
        """A single test can be excepted with pytest's own marker."""
        outcome(
            project,
            "import pytest\n"
            "@pytest.mark.filterwarnings('ignore::pytest_ses.RenderingFailureWarning')"
            + RENDERING_FAILURE,
            passed=1,
            warnings=0,
        )


class TestManners:
    def test_help(self, project):
        """--markers, --fixtures and --help explain all there is."""
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
        """In a project that never uses it, the plugin imports neither boto3 nor anything large."""
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
        """Every public name is there, and no other."""
        import pytest_ses

        for name in pytest_ses.__all__:
            assert getattr(pytest_ses, name).__name__ == name
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = pytest_ses.nothing
