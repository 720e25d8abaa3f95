"""Markers of planned failures and outcomes, and the reports about them."""

from __future__ import annotations

import pytest
from projects import misuse, outcome

HEAD = """
import boto3, pytest, mailer
from pytest_ses import Disconnect, Timeout
pytestmark = pytest.mark.ses(verified=["*"])
"""

BULK = """
def bulk(*readers):
    client = boto3.client("sesv2", region_name="us-east-1")
    client.create_email_template(
        TemplateName="t", TemplateContent={"Subject": "s", "Text": "t"}
    )
    results = client.send_bulk_email(
        FromEmailAddress="a@example.com",
        DefaultContent={"Template": {"TemplateName": "t", "TemplateData": "{}"}},
        BulkEmailEntries=[{"Destination": {"ToAddresses": [reader]}} for reader in readers],
    )
    return [result["Status"] for result in results["BulkEmailEntryResults"]]
"""


def test_each_marker(project):
    """Each marker has the effect of the backend method of the same name."""
    outcome(
        project,
        HEAD
        + BULK
        + """
@pytest.mark.ses_throttle("SendEmail", times=2)
def test_throttle(ses_backend):
    mailer.send()
    assert [1, 2, 3] == [call.attempt for call in ses_backend.calls]

@pytest.mark.ses_not_found("GetEmailTemplate", resource="template")
def test_not_found(sesv2_client):
    with pytest.raises(sesv2_client.exceptions.NotFoundException, match="Template t does not"):
        sesv2_client.get_email_template(TemplateName="t")

@pytest.mark.ses_fail("SendEmail", "MessageRejected", message="Spam.", status=403)
def test_fail(sesv2_client):
    with pytest.raises(sesv2_client.exceptions.MessageRejected, match="Spam"):
        mailer.send()

@pytest.mark.ses_fail("SendEmail", Disconnect(), times=1)
def test_network(ses_backend):
    mailer.send()
    assert 2 == len(ses_backend.calls)

@pytest.mark.ses_bulk_status("TransientFailure", to="bob@example.org")
def test_bulk_status(ses_backend):
    assert ["SUCCESS", "TRANSIENT_FAILURE"] == bulk("ada@example.org", "bob@example.org")
""",
        passed=5,
    )


def test_order(project):
    """Failures of the test apply first, from top to bottom; then its class's, then its module's."""
    outcome(
        project,
        HEAD.replace("pytestmark = ", "pytestmark = [")
        + """
    , pytest.mark.ses_fail("GetAccount", "M1", status=418, optional=True, times=1)
    , pytest.mark.ses_fail("GetAccount", "M2", status=418, optional=True, times=1)]

pytestmark.append(pytest.mark.filterwarnings("ignore::pytest_ses.UnmodelledErrorWarning"))

@pytest.mark.ses_fail("GetAccount", "C1", times=1)
@pytest.mark.ses_fail("GetAccount", "C2", times=1)
class TestIt:
    @pytest.mark.ses_fail("GetAccount", "T1", times=1)
    @pytest.mark.ses_fail("GetAccount", "T2", times=1)
    def test_it(self, ses_backend, sesv2_client):
        def code():
            with pytest.raises(Exception) as caught:
                sesv2_client.get_account()
            return caught.value.response["Error"]["Code"]

        assert ["T1", "T2", "C1", "C2", "M1", "M2"] == [code() for _ in range(6)]
        sesv2_client.get_account()
""".replace("    , pytest", ", pytest"),
        passed=1,
    )


def test_order_of_parameters(project):
    """Failures of a parameter apply before those of the test, in the order written."""
    outcome(
        project,
        HEAD
        + """
pytestmark = pytest.mark.filterwarnings("ignore::pytest_ses.UnmodelledErrorWarning")

def plan(code):
    return pytest.mark.ses_fail("GetAccount", code, times=1, status=418)

@plan("T1")
@plan("T2")
@pytest.mark.parametrize("number", [pytest.param(1, marks=[plan("P1"), plan("P2")])])
def test_it(ses_backend, sesv2_client, number):
    def code():
        with pytest.raises(Exception) as caught:
            sesv2_client.get_account()
        return caught.value.response["Error"]["Code"]

    assert ["P1", "P2", "T1", "T2"] == [code() for _ in range(4)]
""",
        passed=1,
    )


class TestEach:
    def test_error(self, project):
        """A test runs once for each error of the operation in the named API."""
        result = outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_each_error("sesv2:SendEmail")
def test_it(ses_backend, ses_each_error):
    with pytest.raises(Exception) as caught:
        mailer.send()
    assert ses_each_error == caught.value.response["Error"]["Code"]
    assert {True} == {call.fault is not None for call in ses_backend.calls}
    assert not ses_backend.outbox
""",
            "-v",
            passed=8,
        )
        result.stdout.fnmatch_lines_random(
            [
                "*::test_it?TooManyRequestsException? PASSED*",
                "*::test_it?NotFoundException? PASSED*",
            ]
        )

    def test_errors_of_both_apis(self, project):
        """Without an API, the errors of both are planned; those of the other API are unused."""
        result = outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_each_error("SendEmail")
def test_it(ses_backend):
    try:
        mailer.send()
    except Exception:
        pass
""",
            passed=11,
            errors=3,
        )
        result.stdout.fnmatch_lines(
            ["*plans the errors of both APIs. To plan *: ?sesv2:SendEmail?*"]
        )

    def test_no_hint_if_an_api_is_named(self, project):
        """If the marker names an API, the report does not suggest naming one."""
        result = outcome(
            project,
            HEAD
            + '@pytest.mark.ses_each_error("sesv2:GetAccount")\ndef test_it(ses_backend): pass',
            passed=2,
            errors=2,
        )
        result.stdout.no_fnmatch_line("*errors of both APIs*")

    def test_bulk_status(self, project):
        """A test runs once for each failure status, by default of every destination."""
        outcome(
            project,
            HEAD
            + BULK
            + """
@pytest.mark.ses_each_bulk_status()
@pytest.mark.parametrize("count", [1, 3])
def test_it(ses_backend, ses_each_bulk_status, count):
    assert [ses_each_bulk_status] * count == bulk(*(f"r{n}@example.org" for n in range(count)))

@pytest.mark.ses_each_bulk_status(index=0)
class TestArguments:
    def test_index(self, ses_backend):
        assert "SUCCESS" == bulk("ada@example.org", "bob@example.org")[1]

    def test_without_the_fixture(self):
        pass
""",
            passed=13 * 2 + 13 + 1,
        )

    def test_several_markers(self, project):
        """With several markers, a test runs for the errors of each operation."""
        outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_each_error("sesv2:GetAccount")
@pytest.mark.ses_each_error("sesv2:SendEmail", optional=True)
def test_it(ses_backend, sesv2_client):
    for call in (mailer.send, sesv2_client.get_account):
        try:
            call()
        except Exception:
            pass
""",
            passed=10,
        )

    def test_fixture_without_marker(self, project):
        """The fixture without its marker is an error that names the marker."""
        result = outcome(project, "def test_it(ses_each_error): pass", errors=1)
        result.stdout.fnmatch_lines(
            ["*ses_each_error requires the marker of the same name: @pytest.mark*"]
        )


class TestUnused:
    UNUSED = HEAD + '@pytest.mark.ses_throttle("SendBulkEmail", times=2)\n'

    def test_unused(self, project):
        """An unused planned failure fails the test, with the nearest calls and the fix."""
        result = outcome(
            project,
            self.UNUSED + "def test_it(ses_backend): mailer.send()",
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            [
                "These planned failures did not happen, or not often enough:",
                "  throttle('SendBulkEmail', times=2) happened 0 of 2 times",
                "    it did not apply to 1 call; the closest:",
                "      sesv2:SendEmail in us-east-1: ok",
                "        operation: expected sesv2:SendBulkEmail, was sesv2:SendEmail",
                "Fix the plan or the code under test. If a failure need not happen, plan it with *",
                "*- SES outbox -*",
            ]
        )
        # Not repeated in a section of its own.
        result.stdout.no_fnmatch_line("*SES planned failures*")

    def test_unused_and_used(self, project):
        """If others did happen, the report of an unused planned failure has a section with all of them."""
        result = outcome(
            project,
            self.UNUSED
            + "@pytest.mark.ses_throttle('SendEmail', times=1)\n"
            + "def test_it(ses_backend): mailer.send()",
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            [
                "*- SES planned failures -*",
                "throttle('SendBulkEmail', times=2) happened 0 of 2 times",
                "throttle('SendEmail', times=1) happened *",
            ]
        )

    def test_failed_test(self, project):
        """A failed test does not fail again; its report has the unused planned failure."""
        result = outcome(
            project,
            self.UNUSED + "def test_it(ses_backend): assert 0",
            failed=1,
        )
        result.stdout.fnmatch_lines(["*assert 0*", "throttle('SendBulkEmail', times=2)*"])

    @pytest.mark.parametrize(
        "body",
        [
            "pytest.skip('not today')",
            "pytest.xfail('not yet')",
        ],
    )
    def test_skipped(self, project, body):
        """Unused failures of a skipped or xfailed test are not reported."""
        kind = "skipped" if "skip" in body else "xfailed"
        outcome(project, self.UNUSED + f"def test_it(ses_backend): {body}", **{kind: 1})

    def test_failed_setup(self, project):
        """Unused failures of a test whose setup failed are not reported."""
        outcome(
            project,
            self.UNUSED
            + """
def test_it(ses_backend, broken): pass

@pytest.fixture
def broken(ses_backend):
    raise KeyError
""",
            errors=1,
        )

    def test_not_an_error(self, project):
        """The option can warn or ignore instead; `optional=True` ignores a single failure."""
        test = self.UNUSED + "def test_it(ses_backend): pass"
        result = outcome(project, test, "--ses-unused-faults=warn", passed=1, warnings=1)
        result.stdout.fnmatch_lines(["*UnusedFaultWarning: These planned failures did not happen*"])
        project.makeini("[pytest]\nses_unused_faults = ignore\n")
        outcome(project, test, passed=1)
        project.makeini("[pytest]\n")
        outcome(project, test.replace("times=2", "optional=True"), passed=1)

    def test_with_rendering_failures(self, project):
        """Unused failures and rendering failures are reported together."""
        result = outcome(
            project,
            self.UNUSED
            + """
def test_it(ses_backend, sesv2_client):
    sesv2_client.create_email_template(
        TemplateName="t", TemplateContent={"Subject": "{{x}}", "Text": "t"})
    content = {"TemplateName": "t", "TemplateData": "{}"}
    sesv2_client.send_email(FromEmailAddress="a@example.com", Content={"Template": content},
        Destination={"ToAddresses": ["b@example.org"]})
""",
            "--ses-rendering-failures=error",
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            ["SES accepted 1 templated message*", "These planned failures *"]
        )

    def test_report(self, project):
        """The report of a failed test shows which failure applied to which call, and the seed."""
        result = outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_throttle("SendEmail", times=1)
@pytest.mark.ses_throttle("SendEmail", probability=0)
def test_it(ses_backend):
    mailer.send()
    assert 0
""",
            "--ses-seed=12",
            failed=1,
        )
        result.stdout.fnmatch_lines(
            [
                "ses: random failures and values are seeded with --ses-seed=12",
                "*- SES calls -*",
                "*TooManyRequestsException (429)*[[]planned failure: throttle('SendEmail', times=1)]",
                "sesv2:SendEmail in us-east-1, attempt 2: ok",
                "*- SES planned failures -*",
                "throttle('SendEmail', times=1) happened 1 of 1 time",
                "throttle('SendEmail', probability=0) happened 0 times",
                "ses: random failures and values are seeded with --ses-seed=12",
            ]
        )


class TestSeed:
    TEST = HEAD + (
        '@pytest.mark.ses_throttle("GetAccount", probability=0.5)\n'
        "def test_it(ses_backend, sesv2_client):\n"
        "    for _ in range(30):\n"
        "        try:\n"
        "            sesv2_client.get_account()\n"
        "        except Exception:\n"
        "            pass\n"
        "    open('drawn.txt', 'a').write(''.join(str(int(c.error is None)) for c in "
        "ses_backend.calls) + '\\n')\n"
    )

    def test_repeated(self, project):
        """The same seed draws the same failures; by default, each run uses and reports its own."""
        output = outcome(project, self.TEST, passed=1).stdout.str()
        seed = output.partition("--ses-seed=")[2].split()[0]
        outcome(project, self.TEST, f"--ses-seed={seed}", passed=1)
        outcome(project, self.TEST, "--ses-seed=another", passed=1)
        first, again, other = (project.path / "drawn.txt").read_text().split()
        assert first == again != other

    @pytest.mark.slow
    def test_workers_share_the_seed(self, project):
        """Workers of xdist draw from the seed of their controller."""
        outcome(project, self.TEST, "-n1", "--ses-seed=7", passed=1)
        outcome(project, self.TEST, "--ses-seed=7", passed=1)
        first, again = (project.path / "drawn.txt").read_text().split()
        assert first == again

    def test_not_reported_without_chance(self, project):
        """A run without `probability` does not mention a seed."""
        result = outcome(project, "def test_it(ses_backend): pass", passed=1)
        result.stdout.no_fnmatch_line("*seed*")


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        ("ses_throttle('SendEmial')", "SES has no operation 'SendEmial'; did you mean 'SendEmail'"),
        ("ses_throttle(times=0)", "times=0 is invalid; expected an integer of at least 1"),
        ("ses_throttle(tiems=1)", "unknown argument 'tiems'; did you mean 'times'?"),
        ("ses_throttle(seed=1)", "seed has no effect without probability"),
        ("ses_throttle(operation='SendEmail')", "pass operations as positional arguments"),
        ("ses_not_found(resource='tmplate')", "unknown resource 'tmplate'; did you mean"),
        ("ses_fail('SendEmail')", "missing a required argument: 'error'"),
        ("ses_fail('SendEmail', 5)", "error=5 is invalid; expected a code"),
        ("ses_bulk_status('FALED')", "unknown status 'FALED'; did you mean 'FAILED'?"),
        ("ses_bulk_status('FAILED', probability=2)", "probability=2 is invalid"),
        ("ses_each_error('SendEmial')", "SES has no operation 'SendEmial'"),
        ("ses_each_error('GetSendQuota')", "the model of ses:GetSendQuota declares no errors"),
        ("ses_each_error()", "missing a required argument: 'operation'"),
        (
            "ses_fail('SendEmail', 'MesageRejected')",
            "does not declare the error 'MesageRejected'; did you mean 'MessageRejected'?",
        ),
        ("ses_each_bulk_status(every=0)", "every=0 is invalid"),
    ],
)
class TestMisuse:
    def test_error_of_the_test(self, project, marker, text):
        """An invalid marker is an error of its test, with the fix."""
        misuse(project, marker, text)


def test_without_the_fixture(project):
    """A planned failure for a test that does not use the fixture is an error."""
    result = outcome(
        project,
        "import pytest\n@pytest.mark.ses_throttle\ndef test_it(): pass\n"
        "@pytest.mark.ses_each_error('SendEmail')\ndef test_other(): pass\n",
        errors=2,
    )
    result.stdout.fnmatch_lines(
        [
            "*::test_it: the marker ses_throttle has no effect because*",
            "*::test_other: the marker ses_each_error has no effect because*",
        ]
    )


def test_undeclared_code(project):
    """A marker with an undeclared code warns once, and the warning points at the test."""
    result = outcome(
        project,
        "import pytest\n@pytest.mark.ses_fail('GetAccount', 'Odd', optional=True)\n"
        "def test_it(ses_backend): pass\n",
        passed=1,
        warnings=1,
    )
    result.stdout.fnmatch_lines(
        [
            "*test_it.py:*",
            "*UnmodelledErrorWarning: the model of * does not declare the error 'Odd'; *",
        ]
    )
    result.stdout.no_fnmatch_line("*markers.py*")


def test_real_sleep(project):
    """With `--ses-real-sleep`, botocore really waits."""
    test = (
        "import time\n"
        "def test_it(ses_backend, sesv2_client, monkeypatch):\n"
        "    slept = []\n"
        "    monkeypatch.setattr(time, 'sleep', slept.append)\n"
        "    with ses_backend.throttle('GetAccount', times=1):\n"
        "        sesv2_client.get_account()\n"
        "    assert (REAL, 1 - REAL) == (len(slept), len(ses_backend.clock.sleeps))\n"
    )
    outcome(project, f"REAL = 0\n{test}", passed=1)
    outcome(project, f"REAL = 1\n{test}", "--ses-real-sleep", passed=1)


class TestOutcomes:
    def test_markers(self, project):
        """Markers plan bounces and complaints of a recipient."""
        outcome(
            project,
            HEAD
            + """
from datetime import timedelta

@pytest.mark.ses_bounce("ada@example.org", "Transient", "MailboxFull")
@pytest.mark.ses_complaint("bob@example.org", after=timedelta(hours=1))
def test_it(ses_backend):
    mailer.send()
    mailer.send("bob@example.org")
    first, second = ses_backend.outbox
    assert "MailboxFull" == first.events[-1].detail["bounceSubType"]
    assert ["Send", "Delivery"] == [event.type for event in second.events]
    ses_backend.clock.advance(hours=2)
    assert "Complaint" == second.events[-1].type
""",
            passed=1,
        )

    def test_closest(self, project):
        """Of several markers for one recipient, the one closest to the test applies."""
        outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_bounce("ada@example.org")
class TestIt:
    @pytest.mark.ses_complaint("ada@example.org")
    @pytest.mark.ses_bounce("ada@example.org", "Transient")
    def test_it(self, ses_backend):
        mailer.send()
        assert "Bounce" == ses_backend.events[-1].type
        assert "Transient" == ses_backend.events[-1].detail["bounceType"]
""",
            passed=1,
        )

    def test_webhook_that_rejects(self, project):
        """The report of a failed test shows a notification that an endpoint rejected."""
        result = outcome(
            project,
            HEAD
            + """
def test_it(ses_backend):
    ses_backend.webhook(lambda body, headers: 403, topic_arn="arn:aws:sns:us-east-1:123456789012:t")
    assert 0
""",
            failed=1,
        )
        result.stdout.fnmatch_lines(["*- SES webhooks -*", "*403*"])

    @pytest.mark.parametrize(
        ("marker", "text"),
        [
            ("ses_bounce()", "missing a required argument: 'recipient'"),
            ("ses_bounce('a@b.c', 'Permanant')", "did you mean 'Permanent'"),
            ("ses_bounce('a@b.c', typ='x')", "unknown argument 'typ'; did you mean 'type'?"),
            ("ses_bounce('nobody')", "'nobody' is not a bare address"),
            ("ses_complaint('a@b.c', 'abus')", "did you mean 'abuse'"),
            ("ses_complaint('a@b.c', after=5)", "expected a timedelta"),
        ],
    )
    def test_misuse(self, project, marker, text):
        """An invalid planned outcome is an error of its test."""
        misuse(project, marker, text)


def test_undelivered_events(project):
    """The report of a failed test shows the events that were not delivered."""
    result = outcome(
        project,
        HEAD
        + """
def test_it(ses_backend, sesv2_client):
    sesv2_client.create_configuration_set(ConfigurationSetName="s")
    sesv2_client.create_configuration_set_event_destination(
        ConfigurationSetName="s", EventDestinationName="d", EventDestination={
            "Enabled": True, "MatchingEventTypes": ["SEND"],
            "SnsDestination": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t"}})
    content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    sesv2_client.send_email(FromEmailAddress="a@example.com", Content=content,
        Destination={"ToAddresses": ["b@example.org"]}, ConfigurationSetName="s")
    assert 0
""",
        failed=1,
    )
    result.stdout.fnmatch_lines(
        [
            "*- SES undelivered events -*",
            "Send of 0100*, not published to d: sns is not available; activate moto*",
        ]
    )
