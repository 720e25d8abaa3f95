"""Failed tests: what their tracebacks show, and how often they fail."""

from __future__ import annotations

import re

import pytest
from projects import outcome

HEAD = """
import boto3, mailer, pytest
from pytest_ses import *

pytestmark = pytest.mark.ses(verified=["example.com"])
"""

# Statements that raise an exception of the plugin, or one that the plugin planned.
MISTAKES = [
    "ses_backend.fail('SendEmail', Timeout()); mailer.send()",
    "ses_backend.fail('SendEmail', Timeout('connect')); mailer.send()",
    "ses_backend.fail('SendEmail', Disconnect()); mailer.send()",
    "ses_backend.fail('SendEmail', ResponseLost()); mailer.send()",
    "ses_backend.fail('SendEmail', Delay(1000)); mailer.send()",
    "ses_backend.fail('SendEmail', ServerError(503)); mailer.send()",
    "ses_backend.throttle('SendEmail'); mailer.send()",
    "ses_backend.outbox.one()",
    "ses_backend.outbox.last",
    "ses_backend.bounce('nothing')",
    "mailer.send(); ses_backend.bounce(ses_backend.outbox.last, type='Pernament')",
    "ses_backend.recipient('bob')",
    "ses_backend.recipient('bob@example.org').complains('fruad')",
    "ses_backend.throttle('SendMail')",
    "ses_backend.throttle(tmies=1)",
    "ses_backend.not_found(resource='templat')",
    "ses_backend.fail('SendEmail', Timeout)",
    "ses_backend.bulk_status('Faild')",
    "ses_backend.verify('not valid')",
    "ses_backend.account('us-est-1')",
    "ses_backend.clock.advance(hours=-1)",
    "ses_backend.receive(b'', spam='MAYBE')",
    "ses_backend.webhook(5, topic_arn='arn:aws:sns:us-east-1:123456789012:t')",
    "Timeout('raed')",
    "boto3.client('pinpoint-email', region_name='us-east-1').get_account()",
    "SESBackend(region='us-est-1')",
]


class TestTracebacks:
    @pytest.mark.parametrize("statement", MISTAKES)
    def test_frames_are_hidden(self, project, statement):
        """The traceback of a failed test shows no frame of the plugin and no exception of its own."""
        test = f"{HEAD}\ndef test_it(ses_backend):\n    {statement}\n"
        result = outcome(project, test, failed=1)
        frames = [line for line in result.stdout.lines if re.search(r"pytest_ses\S*\.py:\d", line)]
        assert [] == frames
        result.stdout.no_fnmatch_line("*During handling of the above*")
        result.stdout.no_fnmatch_line("*the direct cause of*")
        result.stdout.fnmatch_lines(["E   *"])

    def test_nothing_is_chained(self, project):
        """The exception of a planned network failure has neither a cause nor a context."""
        outcome(
            project,
            HEAD
            + """
@pytest.mark.parametrize("failure", [Timeout(), Disconnect(), ResponseLost(), Delay(1000)])
def test_it(ses_backend, failure):
    ses_backend.fail("SendEmail", failure)
    with pytest.raises(Exception) as caught:
        mailer.send()
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)
""",
            passed=4,
        )


class TestOneFailure:
    @pytest.mark.parametrize("mode", ["error", "warn"])
    def test_planned_failure(self, project, mode):
        """A test that fails before its planned failure happened fails once; the report explains why."""
        result = outcome(
            project,
            HEAD
            + """
@pytest.mark.ses_throttle("SendEmail", times=2)
@pytest.mark.ses_throttle("GetAccount", optional=True)
def test_it(ses_backend):
    boto3.client("sesv2", region_name="us-east-1").list_configuration_sets()
    assert 0
""",
            f"--ses-unused-faults={mode}",
            failed=1,
            warnings=0,
        )
        result.stdout.fnmatch_lines(
            [
                "*- SES planned failures -*",
                "throttle('SendEmail', times=2) happened 0 of 2 times",
                "*operation: expected*was sesv2:ListConfigurationSets",
                "throttle('GetAccount', optional=True) happened 0 times",
            ]
        )

    def test_other_problems(self, project):
        """A test that failed does not fail again for a problem that is an error; it is a warning."""
        result = outcome(
            project,
            HEAD
            + """
def endpoint(body, headers):
    raise ZeroDivisionError

def test_it(ses_backend):
    ses_backend.webhook(endpoint, topic_arn="arn:aws:sns:us-east-1:123456789012:t")
    assert 0
""",
            "--ses-webhook-errors=error",
            failed=1,
            warnings=1,
        )
        result.stdout.fnmatch_lines(["*WebhookErrorWarning: The endpoint of a webhook raised*"])


WEBHOOK = (
    HEAD
    + """
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"

def handler(text):
    return {}[text]

def endpoint(body, headers):
    if b'"Notification"' in body:
        handler("bounced")

async def async_endpoint(body, headers):
    endpoint(body, headers)

def endpoint_that_calls_ses(body, headers):
    if b'"Notification"' in body:
        mailer.send(sender="eve@evil.example")
"""
)


class TestWebhookErrors:
    @pytest.mark.parametrize("target", ["endpoint", "async_endpoint"])
    def test_warn(self, project, target):
        """By default, an exception of an endpoint is a warning with the endpoint's own traceback."""
        result = outcome(project, self.publishing(target), passed=1, warnings=1)
        result.stdout.fnmatch_lines(
            [
                "*WebhookErrorWarning: The endpoint of a webhook raised an exception in 2 attempts:",
                "*Notification *, attempt 1: KeyError: 'bounced'",
                "*Traceback (most recent call last):",
                '*test_it.py", line *, in endpoint',
                '*test_it.py", line *, in handler',
                "*KeyError: 'bounced'",
                "*Fix the endpoint.*ses_webhook_errors = ignore*",
            ]
        )
        assert 1 == sum("Traceback (most" in line for line in result.stdout.lines)
        result.stdout.no_fnmatch_line('*File "*pytest_ses*')

    def test_error(self, project):
        """With `error`, it fails the test at teardown, with the same text."""
        result = outcome(
            project, self.publishing("endpoint"), "--ses-webhook-errors=error", passed=1, errors=1
        )
        result.stdout.fnmatch_lines(
            ["The endpoint of a webhook raised*", "*in handler", "*KeyError: 'bounced'"]
        )

    def test_ignore(self, project):
        """With `ignore`, nothing is reported."""
        outcome(
            project,
            self.publishing("endpoint"),
            "--ses-webhook-errors=ignore",
            passed=1,
            warnings=0,
        )

    def test_one_test(self, project):
        """A single test can ignore the warning with pytest's own marker."""
        test = self.publishing("endpoint").replace(
            "def test_it",
            "@pytest.mark.filterwarnings('ignore::pytest_ses.WebhookErrorWarning')\ndef test_it",
        )
        outcome(project, test, passed=1, warnings=0)

    @pytest.mark.parametrize("target", ["lambda body, headers: 500", "lambda body, headers: 200"])
    def test_no_exception(self, project, target):
        """A response is not an exception, nor is a notification that was not posted."""
        test = self.publishing(target) + "    webhook.close()\n    webhook.publish('late')\n"
        outcome(project, test, passed=1, warnings=0)

    def test_section(self, project):
        """If the test fails, the section of the webhooks has the traceback."""
        test = self.publishing("endpoint_that_calls_ses") + "    assert 0\n"
        result = outcome(project, test, "--ses-webhook-errors=ignore", failed=1)
        result.stdout.fnmatch_lines(
            [
                "*- SES webhooks -*",
                "*Traceback*",
                "*in endpoint_that_calls_ses",
                "*MessageRejected: *",
            ]
        )

    @staticmethod
    def publishing(target):
        """A test that publishes two notifications to a webhook."""
        return (
            f"{WEBHOOK}\ndef test_it(ses_backend):\n"
            f"    webhook = ses_backend.webhook({target}, topic_arn=TOPIC)\n"
            "    webhook.publish('first')\n    webhook.publish('second')\n"
        )


class TestTexts:
    def test_last_messages(self, project):
        """The report shows the texts and events of the last three messages, below who they are from and to."""
        result = outcome(
            project,
            HEAD
            + """
def test_it(ses_backend):
    client = boto3.client("ses", region_name="us-east-1")
    for number in range(5):
        client.send_email(
            Source="news@example.com", Destination={"ToAddresses": [f"reader{number}@example.org"]},
            Message={
                "Subject": {"Data": f"Subject {number}"},
                "Body": {"Text": {"Data": f"Hello {number},\\n\\nyour order is on its way."}},
            })
    assert 0
""",
            failed=1,
        )
        result.stdout.fnmatch_lines(
            [
                "*- SES outbox -*",
                'SendEmail from news@example.com to reader0@example.org "Subject 0"',
                'SendEmail from news@example.com to reader1@example.org "Subject 1"',
                'SendEmail from news@example.com to reader2@example.org "Subject 2"',
                "    Hello 2,",
                "",
                "    your order is on its way.",
                "  Delivery: reader2@example.org",
                'SendEmail from news@example.com to reader3@example.org "Subject 3"',
                "    Hello 3,",
            ],
            consecutive=True,
        )
        result.stdout.no_fnmatch_line("*Hello 1*")
        result.stdout.fnmatch_lines(["    Hello 4,"])
