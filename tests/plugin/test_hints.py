"""Hints in the reports of failed tests, and in the exceptions that they failed with."""

from __future__ import annotations

import subprocess
import sys

import pytest
from projects import outcome

HEAD = """
import boto3, mailer, pytest
TOPIC = "arn:aws:sns:us-east-1:123456789012:ses-events"

def client(service, region="us-east-1"):
    return boto3.client(service, region_name=region)
"""

# A failing test, and what its section of hints says.
CASES = {
    "pending address": (
        """
        client("ses").verify_email_identity(EmailAddress="news@example.com")
        mailer.send()
        """,
        "Not verified yet: news@example.com (pending).*ses_backend.verify('news@example.com')*"
        "ses_auto_verify = true*@pytest.mark.ses(auto_verify=True)*",
    ),
    "pending domain": (
        """
        client("sesv2").create_email_identity(EmailIdentity="example.com")
        mailer.send()
        """,
        "Not verified yet: example.com (pending).*ses_backend.verify('example.com')*",
    ),
    "expired": (
        """
        client("ses").verify_email_identity(EmailAddress="news@example.com")
        ses_backend.clock.advance(hours=25)
        mailer.send()
        """,
        "Not verified yet: news@example.com (failed).*",
    ),
    "pending, and nothing was sent": (
        """
        client("ses").verify_domain_identity(Domain="example.com")
        attributes = client("ses").get_identity_verification_attributes(Identities=["example.com"])
        assert "Success" in str(attributes)
        """,
        "Not verified yet: example.com (pending).*",
    ),
    "verified identities": (
        """
        ses_backend.verify("example.net", *(f"{n}.example.org" for n in range(6)))
        mailer.send()
        """,
        "'news@example.com' is not verified; verified in us-east-1 (account 123456789012): example.net, "
        "0.example.org, 1.example.org, 2.example.org, 3.example.org and 2 more. *"
        'ses_backend.verify("example.com")*@pytest.mark.ses(verified=[[]"example.com"[]])*',
    ),
    "no identity": (
        "mailer.send()",
        "'news@example.com' is not verified; verified in us-east-1 (account 123456789012): none.*",
    ),
    "sandbox": (
        """
        ses_backend.verify("example.com")
        ses_backend.account().sandbox = True
        mailer.send()
        """,
        "'ada@example.org' is not verified; * In the sandbox, recipients must be verified, too.",
    ),
    "verified in another region": (
        """
        ses_backend.account("eu-west-1").verify("example.com")
        mailer.send()
        """,
        "'news@example.com' is verified in eu-west-1 (account 123456789012), but the call was for "
        "us-east-1 (account 123456789012).",
    ),
    "misspelled domain": (
        """
        ses_backend.verify("exmaple.com", "other.example")
        mailer.send()
        """,
        "'news@example.com' is not verified; verified in us-east-1 (account 123456789012): exmaple.com, "
        "other.example. Did you mean 'exmaple.com'? Verify *",
    ),
    "misspelled address": (
        """
        ses_backend.verify("new@example.com")
        mailer.send()
        """,
        "* new@example.com. Did you mean 'new@example.com'? Verify *",
    ),
    "outcome of another recipient": (
        """
        ses_backend.verify("example.com")
        ses_backend.recipient("bob@exampel.org").bounces()
        mailer.send(to="Bob@example.org")
        assert ses_backend.outbox.one().events[-1].type == "Bounce"
        """,
        "An outcome is planned for 'bob@exampel.org', but nothing was sent to it; did you mean "
        "'Bob@example.org'?",
    ),
    "outcome of a quite different recipient": (
        """
        ses_backend.verify("example.com")
        ses_backend.recipient("x@y.z").bounces()
        mailer.send(to="bob@example.org")
        assert 0
        """,
        "An outcome is planned for 'x@y.z', but nothing was sent to it; expected bob@example.org",
    ),
    "bulk": (
        """
        ses_backend.verify("example.com")
        ses_backend.account().sandbox = True
        client("ses").create_template(
            Template={"TemplateName": "t", "SubjectPart": "s", "TextPart": "t"})
        result = client("ses").send_bulk_templated_email(
            Source="news@example.com", Template="t", DefaultTemplateData="{}",
            Destinations=[{"Destination": {"ToAddresses": ["ada@example.org"]},
                           "ReplacementTemplateData": "{}"}])
        assert "Success" in str(result)
        """,
        "'ada@example.org' is not verified; * In the sandbox, recipients must be verified, too.",
    ),
    "MAIL FROM": (
        """
        ses_backend.verify("example.com", "example.net")
        client("ses").set_identity_mail_from_domain(
            Identity="example.com", MailFromDomain="m.example.com",
            BehaviorOnMXFailure="RejectMessage")
        mailer.send()
        """,
        "The MAIL FROM domain 'm.example.com' is verified together with its identity: *"
        "ses_backend.verify('example.com'), or set ses_auto_verify = true.",
    ),
    "verification email": (
        """
        client("sesv2").create_custom_verification_email_template(
            TemplateName="t", FromEmailAddress="news@example.com", TemplateSubject="s",
            TemplateContent="c", SuccessRedirectionURL="https://a.example",
            FailureRedirectionURL="https://b.example")
        """,
        "'news@example.com' is not verified; *",
    ),
    "template of another region": (
        """
        client("ses", "eu-west-1").create_template(
            Template={"TemplateName": "welcome", "SubjectPart": "s", "TextPart": "t"})
        client("ses").get_template(TemplateName="welcome")
        """,
        "The template 'welcome' exists in eu-west-1 (account 123456789012), but the call was for "
        "us-east-1 (account 123456789012).",
    ),
    "template of another account": (
        """
        other = ses_backend.account(account_id="111122223333").credentials
        keys = {"aws_access_key_id": other.aws_access_key_id, "aws_secret_access_key": "x"}
        boto3.client("sesv2", region_name="us-east-1", **keys).create_email_template(
            TemplateName="welcome", TemplateContent={"Subject": "s", "Text": "t"})
        client("sesv2").get_email_template(TemplateName="welcome")
        """,
        "The template 'welcome' exists in us-east-1 (account 111122223333), but the call was for "
        "us-east-1 (account 123456789012).",
    ),
    "nearest template": (
        """
        client("sesv2").create_email_template(
            TemplateName="welcome", TemplateContent={"Subject": "s", "Text": "t"})
        client("sesv2").get_email_template(TemplateName="Welcom")
        """,
        "Did you mean the template 'welcome'? It exists in us-east-1 (account 123456789012).",
    ),
    "nearest configuration set": (
        """
        client("ses").create_configuration_set(ConfigurationSet={"Name": "newsletter"})
        client("ses").describe_configuration_set(ConfigurationSetName="newsleter")
        """,
        "Did you mean the configuration set 'newsletter'?*",
    ),
    "no configuration set": (
        'client("ses").describe_configuration_set(ConfigurationSetName="news")',
        "There is no configuration set in us-east-1 (account 123456789012). *; create the configuration "
        "set in the test or in a fixture, or name it in the option ses_configuration_sets or in "
        '@pytest.mark.ses(configuration_sets=[[]"news"[]]).',
    ),
    "no contact list": (
        'client("sesv2").get_contact_list(ContactListName="readers")',
        "There is no contact list in us-east-1 (account 123456789012). Each test starts with an empty "
        "account; create the contact list in the test or in a fixture.",
    ),
    "no such template": (
        """
        client("ses").create_template(
            Template={"TemplateName": "x", "SubjectPart": "s", "TextPart": "t"})
        client("ses").get_template(TemplateName="welcome")
        """,
        "There is no such template in us-east-1*",
    ),
    "created too late": (
        """
        with pytest.raises(Exception):
            client("ses").get_template(TemplateName="welcome")
        client("ses").create_template(
            Template={"TemplateName": "welcome", "SubjectPart": "s", "TextPart": "t"})
        assert False
        """,
        "The template 'welcome' exists now; it was created after the call.",
    ),
    "topic of nothing": (
        """
        ses_backend.webhook(lambda body, headers: 200, topic_arn=TOPIC)
        assert False
        """,
        "Nothing publishes to '*:ses-events', the topic of a webhook; no event destination, identity "
        "or receipt rule has this topic",
    ),
    "nearest topic": (
        """
        v1 = client("ses")
        ses_backend.verify("example.com")
        v1.set_identity_notification_topic(
            Identity="example.com", NotificationType="Bounce", SnsTopic=TOPIC + "-identity")
        v1.create_receipt_rule_set(RuleSetName="r")
        v1.create_receipt_rule(RuleSetName="r", Rule={"Name": "n", "Actions": [
            {"SNSAction": {"TopicArn": TOPIC + "-rule"}}]})
        v1.create_configuration_set(ConfigurationSet={"Name": "s"})
        v1.create_configuration_set_event_destination(
            ConfigurationSetName="s", EventDestination={
                "Name": "d", "MatchingEventTypes": ["bounce"], "Enabled": True,
                "SNSDestination": {"TopicARN": TOPIC + "-set"}})
        for kind in ("identity", "rule", "set"):
            ses_backend.webhook(lambda body, headers: 200, topic_arn=f"{TOPIC}-{kind}")
        ses_backend.webhook(lambda body, headers: 200, topic_arn=TOPIC + "-ste")
        assert False
        """,
        "Nothing publishes to '*:ses-events-ste'*; did you mean '*:ses-events-set'?",
    ),
}


def failing(lines):
    """A test with these lines."""
    body = "\n    ".join(line.removeprefix(" " * 8) for line in lines.strip().splitlines())
    return f"{HEAD}\ndef test_it(ses_backend):\n    {body}\n"


class TestSection:
    @pytest.mark.parametrize("case", CASES)
    def test_hint(self, project, case):
        """The report of a failed test has a section with the hint on each mistake, exactly once."""
        lines, hint = CASES[case]
        result = outcome(project, failing(lines), failed=1)
        result.stdout.fnmatch_lines(["*- SES hints -*", f"[*] {hint}"], consecutive=True)
        hints = [line for line in result.stdout.lines if line.startswith("* ")]
        assert 1 == len(hints)

    def test_pending_in_another_region(self, project):
        """An identity that is pending in another region is named with it, and with how to verify it."""
        result = outcome(
            project,
            failing(
                """
        client("ses", "eu-west-1").verify_domain_identity(Domain="example.com")
        mailer.send()
                """
            ),
            failed=1,
        )
        result.stdout.fnmatch_lines(
            [
                "[*] Not verified yet: example.com (pending) in eu-west-1 (account 123456789012); the "
                "call was for us-east-1 (account 123456789012).",
                "[*] Not verified yet: example.com (pending). *ses_backend.verify('example.com')*",
            ],
            consecutive=True,
        )

    @pytest.mark.parametrize("lines", ["assert 0", "mailer.send(to='bob@example.org'); assert 0"])
    def test_outcomes_without_hint(self, project, lines):
        """There is no hint on a planned outcome if nothing was sent, or if it happened."""
        plan = 'ses_backend.verify("*")\n        ses_backend.recipient("Bob@example.org").bounces()'
        result = outcome(project, failing(f"{plan}\n        {lines}"), failed=1)
        result.stdout.no_fnmatch_line("*SES hints*")

    def test_no_hints(self, project):
        """Without a mistake that a hint is about, there is no section."""
        result = outcome(
            project,
            failing(
                """
        ses_backend.verify("example.com")
        ses_backend.fail("SendEmail", "MessageRejected", times=1)
        with pytest.raises(Exception):
            mailer.send()
        with pytest.raises(Exception):
            client("ses").delete_receipt_rule_set(RuleSetName=".")
        mailer.send()
        webhook = ses_backend.webhook(lambda body, headers: 200, topic_arn=TOPIC)
        webhook.publish("by hand")
        assert False
                """
            ),
            failed=1,
        )
        result.stdout.no_fnmatch_line("*SES hints*")


class TestNotes:
    @pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")
    def test_note(self, project):
        """The hint is a note of boto3's exception, below SES's unchanged message."""
        result = outcome(project, failing("mailer.send()"), failed=1)
        result.stdout.fnmatch_lines(
            [
                "E * (MessageRejected) when calling the SendEmail operation: Email address is not "
                "verified. The following identities failed the check in region US-EAST-1: "
                "news@example.com",
                "E *pytest-ses: 'news@example.com' is not verified; *",
            ],
            consecutive=True,
        )

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")
    def test_unittest(self, project):
        """The exception of a test in a unittest class has the note, too."""
        result = outcome(
            project,
            """
            import mailer, unittest

            class TestIt(unittest.TestCase):
                def test_it(self):
                    mailer.send()
            """,
            "--ses-autouse",
            failed=1,
        )
        result.stdout.fnmatch_lines(["E *pytest-ses: 'news@example.com' is not verified; *"])

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")
    def test_chained(self, project):
        """The hint is a note of the exception from which the code under test raised its own."""
        result = outcome(
            project,
            failing(
                """
        try:
            mailer.send()
        except Exception as error:
            raise RuntimeError("no mail today") from error
                """
            ),
            failed=1,
        )
        result.stdout.fnmatch_lines(
            ["E *pytest-ses: 'news@example.com' is not*", "*direct cause*", "E *no mail today"]
        )

    def test_message_is_unchanged(self, project):
        """Neither the exception's text nor its response nor the call contains a hint."""
        outcome(
            project,
            failing(
                """
        with pytest.raises(Exception) as caught:
            mailer.send()
        assert "ses_backend" not in str(caught.value)
        assert "ses_backend" not in str(caught.value.response)
        assert "ses_backend" not in str(ses_backend.calls)
                """
            ),
            passed=1,
        )

    def test_other_exceptions(self, project):
        """Exceptions that are not about an error response of this test have no notes."""
        result = outcome(
            project,
            failing(
                """
        class Error(Exception):
            response = {"Error": None}

        with pytest.raises(Exception):
            mailer.send()
        raise Error("ours") from KeyError("theirs")
                """
            ),
            failed=1,
        )
        result.stdout.no_fnmatch_line("E *pytest-ses: *")

    def test_planned_error(self, project):
        """A planned error has no hint, although SES's text is the same."""
        result = outcome(
            project,
            failing(
                """
        ses_backend.verify("example.com")
        ses_backend.fail("SendEmail", "MessageRejected")
        mailer.send()
                """
            ),
            failed=1,
        )
        result.stdout.no_fnmatch_line("*pytest-ses: *")

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have no notes")
    def test_same_exception_again(self, project):
        """An exception that is raised in several tests has its note once."""
        result = outcome(
            project,
            HEAD
            + """
@pytest.fixture(scope="module")
def broken():
    return []

@pytest.mark.parametrize("n", [1, 2])
def test_it(ses_backend, broken, n):
    try:
        mailer.send()
    except Exception as error:
        broken.append(error)
    raise broken[0]
""",
            failed=2,
        )
        # With CI=true, the summary contains whole texts.
        lines = [line for line in result.stdout.lines if line.startswith("E ")]
        assert 2 == sum("pytest-ses: " in line for line in lines)

    def test_cycle(self):
        """Exceptions that are chained in a cycle are read once each."""
        from pytest_ses import notes

        first, second = KeyError("first"), KeyError("second")
        first.__cause__, second.__cause__ = second, first
        assert [] == notes.annotate(first, None)


class TestEmptyOutbox:
    @pytest.mark.parametrize("access", ["outbox.one()", "outbox.last"])
    def test_rejected(self, project, access):
        """If the outbox is empty because SES rejected the calls, the error and the section say so."""
        result = outcome(
            project,
            failing(
                f"""
        for _ in range(2):
            with pytest.raises(Exception):
                mailer.send()
        ses_backend.{access}
                """
            ),
            failed=1,
        )
        reason = (
            "nothing was sent; SES rejected 2 calls, the last of them: sesv2:SendEmail in us-east-1: "
            "Email address is not verified.*"
        )
        result.stdout.fnmatch_lines([f"E *message, but {reason}", "*- SES outbox -*", reason])

    def test_bulk(self, project):
        """SES's error for an entry of a bulk send counts as a rejection."""
        result = outcome(
            project,
            failing(
                """
        ses_backend.verify("example.com")
        ses_backend.account().sandbox = True
        client("sesv2").create_email_template(
            TemplateName="t", TemplateContent={"Subject": "s", "Text": "t"})
        client("sesv2").send_bulk_email(
            FromEmailAddress="news@example.com",
            DefaultContent={"Template": {"TemplateName": "t", "TemplateData": "{}"}},
            BulkEmailEntries=[{"Destination": {"ToAddresses": ["ada@example.org"]}}])
        ses_backend.outbox.one()
                """
            ),
            failed=1,
        )
        result.stdout.fnmatch_lines(["E *nothing was sent; SES rejected 1 call: sesv2:SendBulk*"])

    def test_not_asked(self, project):
        """A rejected call that would not send anything does not explain an empty outbox."""
        result = outcome(
            project,
            failing(
                """
        with pytest.raises(Exception):
            client("ses").get_template(TemplateName="t")
        ses_backend.outbox.one()
                """
            ),
            failed=1,
        )
        result.stdout.fnmatch_lines(["E *expected one message, but nothing was sent"])


WIDER_SCOPES = (
    "For calls in setUpClass or in a fixture of class, module or session scope, create a SESBackend; see "
    '"Patterns for conftest files" in the manual.'
)
OUTSIDE = (
    "No ses_backend was active, *Use the fixture ses_backend*ses_autouse = true. " + WIDER_SCOPES
)


class TestWithoutBackend:
    @pytest.fixture(autouse=True)
    def _no_credentials(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, "/does/not/exist")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)

    @pytest.mark.parametrize(
        "call",
        [
            'session.client("ses", region_name="us-east-1").list_identities()',
            'session.client("sesv2", region_name="us-east-1").get_account()',
            'session.client("ses")',
            'session.client("ses", "us-east-1", endpoint_url="http://127.0.0.1:9", **KEYS'
            ").list_identities()",
        ],
        ids=["no credentials, v1", "no credentials, v2", "no region", "refused connection"],
    )
    def test_unreachable(self, project, call):
        """A test that tries to reach SES itself is told to use the fixture."""
        result = outcome(
            project,
            "import boto3\nfrom botocore.config import Config\n"
            "ONCE = Config(retries={'total_max_attempts': 1}, connect_timeout=1)\n"
            "KEYS = {'aws_access_key_id': 'x', 'aws_secret_access_key': 'x', 'config': ONCE}\n"
            f"def test_it():\n    session = boto3.Session()\n    {call}\n",
            failed=1,
        )
        result.stdout.fnmatch_lines(["*- SES hints -*", f"[*] {OUTSIDE}"], consecutive=True)
        if sys.version_info >= (3, 11):
            result.stdout.fnmatch_lines([f"E *pytest-ses: {OUTSIDE}"])

    def test_invalid_credentials(self, project):
        """So is a test whose credentials AWS does not accept."""
        result = outcome(project, self.stubbed("ses", "InvalidClientTokenId"), failed=1)
        result.stdout.fnmatch_lines([f"[*] {OUTSIDE}"])

    @pytest.mark.parametrize(
        ("service", "code"), [("ses", "MessageRejected"), ("sqs", "InvalidClientTokenId")]
    )
    def test_other_error(self, project, service, code):
        """Other errors, such as those of another fake, and other services have no hint."""
        result = outcome(project, self.stubbed(service, code), failed=1)
        result.stdout.no_fnmatch_line("*SES hints*")

    @staticmethod
    def stubbed(service, code):
        """A test in which a client returns an error."""
        operation = {"ses": "list_identities", "sqs": "list_queues"}[service]
        return (
            "import boto3\nfrom botocore.stub import Stubber\n"
            f"def test_it():\n    client = boto3.client('{service}', region_name='us-east-1')\n"
            f"    with Stubber(client) as stubber:\n"
            f"        stubber.add_client_error('{operation}', '{code}')\n"
            f"        client.{operation}()\n"
        )

    def test_planned_failure_of_another_backend(self, project):
        """A planned network failure that leaves the `with` block of its backend has no hint."""
        result = outcome(
            project,
            "import mailer\nfrom pytest_ses import Disconnect, SESBackend\n"
            "def test_it():\n"
            "    with SESBackend(verified=['*']) as backend:\n"
            "        backend.fail('SendEmail', Disconnect())\n"
            "        mailer.send()\n",
            failed=1,
        )
        result.stdout.fnmatch_lines(["E *ConnectionClosedError*"])
        result.stdout.no_fnmatch_line("*SES hints*")

    def test_unittest(self, project):
        """A unittest class that does not use the fixture has the hint, too."""
        result = outcome(
            project,
            """
            import boto3, unittest

            class TestIt(unittest.TestCase):
                def test_it(self):
                    boto3.Session().client("ses", region_name="us-east-1").list_templates()
            """,
            failed=1,
        )
        result.stdout.fnmatch_lines([f"[*] {OUTSIDE}"])

    def test_fixture(self, project):
        """A fixture that calls SES before the backend is active has the hint, too."""
        result = outcome(
            project,
            "import boto3, pytest\n"
            "@pytest.fixture(scope='module')\n"
            "def template():\n"
            "    boto3.Session().client('ses', region_name='us-east-1').list_templates()\n"
            "def test_it(template, ses_backend): pass\n",
            errors=1,
        )
        result.stdout.fnmatch_lines([f"[*] {OUTSIDE}"])

    def test_despite_autouse(self, project):
        """With `ses_autouse`, a call in setUpClass has a hint that does not advise to set this option."""
        result = outcome(
            project,
            """
            import boto3, unittest

            class TestIt(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    boto3.Session().client("ses", region_name="us-east-1").list_templates()

                def test_it(self): pass
            """,
            "--ses-autouse",
            errors=1,
        )
        result.stdout.fnmatch_lines(
            [
                "[*] No ses_backend was active, *ses_autouse covers each test, but not code before it. "
                + WIDER_SCOPES
            ]
        )
        result.stdout.no_fnmatch_line("*ses_autouse = true*")

    def test_imports_nothing(self, project):
        """In a project that does not use botocore, a failed test imports nothing of the package."""
        project.makepyfile(test_it="def test_it(): assert 0")
        project.makeconftest(
            "import sys\n"
            "def pytest_unconfigure():\n"
            "    print('LOADED', [n for n in sys.modules if n.startswith('pytest_ses.domain')])\n"
        )
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        completed = subprocess.run(
            command, cwd=project.path, capture_output=True, text=True, check=False
        )
        assert "LOADED []" in completed.stdout


class TestPlans:
    def test_bounce_of_an_address(self, project):
        """A bounce of an address, which is not a message, is an error that names `recipient`."""
        result = outcome(project, failing('ses_backend.bounce("bob@example.org")'), failed=1)
        result.stdout.fnmatch_lines(
            [
                "E *ValueError: 'bob@example.org' is an address, not a message; pass a message of the "
                "outbox or, before it is sent, plan what happens with "
                "ses_backend.recipient('bob@example.org')"
            ]
        )

    @pytest.mark.parametrize(
        ("operation", "code", "own_code"),
        [
            ("sesv2:SendEmail", "Throttling", "TooManyRequestsException"),
            ("ses:SendEmail", "TooManyRequestsException", "Throttling"),
            ("sesv2:GetEmailTemplate", "TemplateDoesNotExist", "NotFoundException"),
        ],
    )
    def test_code_of_the_other_api(self, project, operation, code, own_code):
        """The warning about a code of the other API names the code of this one."""
        result = outcome(
            project,
            failing(f'ses_backend.fail("{operation}", "{code}", optional=True)'),
            passed=1,
            warnings=1,
        )
        result.stdout.fnmatch_lines(
            [
                f"*UnmodelledErrorWarning: the model of {operation} does not declare the error "
                f"'{code}', which is a code of the other API; expected {own_code}"
            ]
        )

    @pytest.mark.parametrize("send", ["mailer.send()", 'client("sesv2").get_account()'])
    def test_code_of_the_api_that_is_not_called(self, project, send):
        """If a plan did not happen because it is for the other API, the report has the right code."""
        result = outcome(
            project,
            failing(
                f"""
        ses_backend.verify("*")
        ses_backend.fail("SendEmail", "Throttling")
        {send}
                """
            ),
            passed=1,
            errors=1,
        )
        hint = "*sesv2:SendEmail has another code for this error: TooManyRequestsException"
        if send == "mailer.send()":
            result.stdout.fnmatch_lines(["*expected ses:SendEmail, was sesv2:SendEmail", hint])
        else:
            result.stdout.no_fnmatch_line(hint)
