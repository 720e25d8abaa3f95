"""Report sections of failed tests, and rendering failures."""

from __future__ import annotations

import pytest
from projects import outcome

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


class TestReports:
    def test_failed_test(self, project):
        """A failed test reports the outbox, and the calls if one of them failed."""
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
                "*- SES hints -*",
                "[*] 'eve@evil.example' is not verified; * example.com. *ses_backend.verify*",
            ]
        )

    def test_many(self, project):
        """Only the last twenty messages are shown."""
        result = outcome(
            project,
            """
            import mailer

            def test_it(ses_backend):
                ses_backend.verify("*")
                for number in range(25):
                    mailer.send(subject=f"Message {number}.")
                assert False
            """,
            failed=1,
        )
        result.stdout.fnmatch_lines(["… and 5 earlier", "*Message 5.*", "*Message 24.*"])
        result.stdout.no_fnmatch_line("*Message 4.*")

    def test_nothing_sent(self, project):
        """A failed test that sent nothing says so, and does not report successful calls."""
        result = outcome(
            project,
            "def test_it(ses_backend, ses_client):\n    ses_client.list_identities()\n    assert 0",
            failed=1,
        )
        result.stdout.fnmatch_lines(["*- SES outbox -*", "nothing was sent"])
        result.stdout.no_fnmatch_line("*SES calls*")

    def test_not_called(self, project):
        """A failed test that called nothing says so, and names the fixture for other processes."""
        result = outcome(project, "def test_it(ses_backend): assert 0", failed=1)
        result.stdout.fnmatch_lines(
            [
                "*- SES outbox -*",
                "nothing was sent, and SES was not called; code in another process needs ses_endpoint",
            ],
            consecutive=True,
        )

    def test_failed_teardown(self, project):
        """A failure in the teardown of another fixture is reported in the same way."""
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
        """A test that passes or does not use the backend has no report sections."""
        result = outcome(
            project,
            "def test_it(ses_backend): pass\ndef test_other(): assert 0",
            passed=1,
            failed=1,
        )
        result.stdout.no_fnmatch_line("*SES outbox*")


class TestShownMessages:
    TEST = """
        import mailer

        def test_it(ses_backend):
            ses_backend.verify("example.com")
            for number in range(5):
                mailer.send(f"ada{number}@example.org", subject=f"Message {number}.")
                ses_backend.bounce(ses_backend.outbox.last)
            assert False
        """

    @pytest.mark.parametrize(
        ("args", "count"),
        [
            ([], 3),
            (["--ses-show=1"], 1),
            (["--ses-show=0"], 0),
            (["--ses-show=none"], 0),
            (["--ses-show=all"], 5),
            (["--ses-show=30"], 5),
        ],
    )
    def test_number(self, project, args, count):
        """The last messages are shown with their text and events, by default three."""
        result = outcome(project, self.TEST, *args, failed=1)
        for number in range(5 - count, 5):
            address = f"ada{number}@example.org"
            result.stdout.fnmatch_lines(
                [
                    f'SendEmail from news@example.com to {address} "Message {number}."',
                    "    Hi",
                    f"  Delivery: {address}",
                    f"  Bounce (Permanent, General): {address}",
                ],
                consecutive=True,
            )
        lines = result.stdout.lines
        assert 5 == len([line for line in lines if line.startswith("SendEmail from")])
        assert count == lines.count("    Hi") == str(lines).count("'  Delivery: ada")

    def test_all_of_many(self, project):
        """With `all`, more than twenty messages are shown; with a number, the others have a line each."""
        many = self.TEST.replace("range(5)", "range(25)")
        result = outcome(project, many, "--ses-show=all", failed=1)
        assert 25 == result.stdout.lines.count("    Hi")
        result = outcome(project, many, "--ses-show=22", failed=1)
        assert 22 == result.stdout.lines.count("    Hi")
        result.stdout.fnmatch_lines(
            ["… and 3 earlier", '*"Message 3."', "    Hi"], consecutive=True
        )

    def test_ini(self, project):
        """The number can be set in the configuration file."""
        project.makeini("[pytest]\nses_show = 2\n")
        result = outcome(project, self.TEST, failed=1)
        assert 2 == result.stdout.lines.count("    Hi")

    @pytest.mark.parametrize("value", ["-1", "some", "²", "1.5"])
    def test_misuse(self, project, value):
        """Another value ends the run before any test."""
        result = project.runpytest(f"--ses-show={value}")
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(
            [f"*ses_show='{value}' is invalid; expected a number of messages, 'all' or 'none'"]
        )


class TestRenderingFailures:
    def test_warn(self, project):
        """By default, a message that could not be rendered is a warning that says how to fix it."""
        result = outcome(project, RENDERING_FAILURE, passed=1, warnings=1)
        result.stdout.fnmatch_lines(["*RenderingFailureWarning: SES accepted 1 templated message*"])

    def test_error(self, project):
        """With `error`, it fails the test at teardown."""
        result = outcome(
            project, RENDERING_FAILURE, "--ses-rendering-failures=error", passed=1, errors=1
        )
        result.stdout.fnmatch_lines(["*Add the missing template data*"])

    def test_ignore(self, project):
        """With `ignore`, nothing is reported."""
        outcome(project, RENDERING_FAILURE, "--ses-rendering-failures=ignore", passed=1, warnings=0)

    def test_one_test(self, project):
        """A single test can ignore the warning with pytest's own marker."""
        outcome(
            project,
            "import pytest\n"
            "@pytest.mark.filterwarnings('ignore::pytest_ses.RenderingFailureWarning')"
            + RENDERING_FAILURE,
            passed=1,
            warnings=0,
        )
