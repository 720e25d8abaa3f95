"""Error coverage: the failures that matter for an operation, and the calls that met them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from senders import ONCE, V1, V2, BulkV1, BulkV2

from pytest_ses import (
    CorruptResponse,
    Delay,
    Disconnect,
    ResponseLost,
    ServerError,
    SESBackend,
    Timeout,
    dispatcher,
)
from pytest_ses.faults import codes, planned, plans, targets
from pytest_ses.faults.targets import Target
from pytest_ses.origins import Origin
from pytest_ses.resilience import coverage, tables
from pytest_ses.resilience.coverage import ErrorCoverage, failures_of, percent

EVERY_OPERATION = ("server_error", "timeout", "response_lost")


@pytest.fixture(name="backend")
def _backend():
    with SESBackend(verified=["example.com"]) as backend:
        yield backend


@pytest.fixture(name="recorder")
def _recorder():
    recorder = ErrorCoverage()
    dispatcher.observers.append(recorder.record)
    yield recorder
    dispatcher.observers.remove(recorder.record)


def attempt(call):
    """Make a call that may fail."""
    # A corrupt response of v2 has no members.
    with suppress(BotoCoreError, ClientError, ResponseParserError, KeyError):
        call()


class TestFailuresThatMatter:
    @pytest.mark.parametrize(
        ("operation", "expected"),
        [
            (
                "sesv2:SendEmail",
                (
                    "AccountSuspendedException",
                    "LimitExceededException",
                    "MailFromDomainNotVerifiedException",
                    "MessageRejected",
                    "NotFoundException",
                    "SendingPausedException",
                    "TooManyRequestsException",
                    *EVERY_OPERATION,
                ),
            ),
            (
                "ses:SendEmail",
                (
                    "AccountSendingPausedException",
                    "ConfigurationSetDoesNotExist",
                    "ConfigurationSetSendingPausedException",
                    "MailFromDomainNotVerifiedException",
                    "MessageRejected",
                    "Throttling",
                    *EVERY_OPERATION,
                ),
            ),
            (
                "smtp:SendSmtpEmail",
                (
                    "AccountSendingPausedException",
                    "ConfigurationSetDoesNotExist",
                    "ConfigurationSetSendingPausedException",
                    "MailFromDomainNotVerifiedException",
                    "MessageRejected",
                    "Throttling",
                    *EVERY_OPERATION,
                ),
            ),
            (
                "ses:CreateTemplate",
                ("AlreadyExists", "LimitExceeded", "Throttling", *EVERY_OPERATION),
            ),
            ("ses:GetSendQuota", ("Throttling", *EVERY_OPERATION)),
            (
                "sesv2:BatchGetMetricData",
                ("NotFoundException", "TooManyRequestsException", *EVERY_OPERATION),
            ),
        ],
    )
    def test_operation(self, operation, expected):
        """An operation has its modelled errors, its throttling error, and those of any operation."""
        assert expected == failures_of(Target(*operation.split(":")))

    @pytest.mark.parametrize("operation", ["ses:SendBulkTemplatedEmail", "sesv2:SendBulkEmail"])
    def test_bulk(self, operation):
        """A bulk send also has each failing status of a destination, as spelled in v2."""
        failures = failures_of(Target(*operation.split(":")))
        assert plans.FAILING_STATUSES == failures[-len(plans.FAILING_STATUSES) :]

    def test_every_operation(self):
        """No operation has a failure twice, and each has at least four."""
        for target in targets.everything():
            failures = failures_of(target)
            assert len(set(failures)) == len(failures) >= 4

    def test_mistakes_of_the_caller(self):
        """Each error that does not matter is one that some model declares."""
        modelled = {code for target in targets.everything() for code in codes.declared(target)}
        assert set() == coverage._MISTAKES_OF_THE_CALLER - modelled

    def test_errors_with_the_state_of_the_account(self):
        """No error is left out that depends on a resource, a limit or another caller."""
        ours = ("NotFound", "DoesNotExist", "AlreadyExists", "Limit", "Concurrent", "Paused")
        for code in coverage._MISTAKES_OF_THE_CALLER:
            assert not any(part in code for part in ours)


class TestMet:
    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            ("MessageRejected", {"MessageRejected"}),
            (Timeout(), {"timeout"}),
            (Timeout("connect"), {"timeout"}),
            (ServerError(), {"server_error"}),
            (ServerError(502), {"server_error"}),
            (ServerError(503), {"server_error"}),
            ("InternalFailure", {"server_error"}),
            (ResponseLost(), {"response_lost"}),
            (Disconnect(), set()),
            (CorruptResponse(), set()),
            (Delay(1), set()),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("sender", [V1, V2], ids=["v1", "v2"])
    def test_planned(self, backend, recorder, sender, error, expected):
        """A planned error, server error, timeout or lost response was met; other failures do not count."""
        backend.fail("SendEmail", error)
        attempt(sender().simple)
        assert {f"{sender.service}:SendEmail": expected} == recorder.met

    @pytest.mark.parametrize(
        ("sender", "code"), [(V1, "Throttling"), (V2, "TooManyRequestsException")], ids=["v1", "v2"]
    )
    def test_throttled(self, backend, recorder, sender, code):
        """The throttling error was met, with the code of the API."""
        backend.throttle()
        attempt(sender().simple)
        assert {code} == recorder.met[f"{sender.service}:SendEmail"]

    def test_natural(self, backend, recorder):
        """An error that nobody planned was met as well."""
        attempt(lambda: V2().simple(source="someone@example.net"))
        assert {"MessageRejected"} == recorder.met["sesv2:SendEmail"]

    def test_mistake_of_the_caller(self, backend, recorder):
        """An error that does not matter is neither met nor missed."""
        attempt(lambda: V2().simple(source="nobody"))
        coverage_of_send = recorder.operations()["sesv2:SendEmail"]
        assert (1, []) == (coverage_of_send.calls, coverage_of_send.met)
        assert "BadRequestException" not in coverage_of_send.missed

    @pytest.mark.parametrize("sender", [BulkV1, BulkV2], ids=["v1", "v2"])
    def test_statuses(self, backend, recorder, sender):
        """The statuses of a bulk send were met, planned or natural, as spelled in v2."""
        boto3.client("ses", "us-east-1").create_template(
            Template={"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Hi"}
        )
        backend.bulk_status("FAILED", index=0)
        backend.bulk_status("ACCOUNT_THROTTLED", index=1)
        bulk = sender()
        bulk.send(*map(bulk.entry, ["a@example.org", "b@example.org", "c@example.org"]))
        (name,) = (name for name in recorder.met if "Bulk" in name)
        assert ["ACCOUNT_THROTTLED", "FAILED"] == sorted(set(recorder.operations()[name].met))

    def test_statuses_that_are_lost(self, backend, recorder):
        """The caller does not meet the statuses in a response that does not arrive."""
        boto3.client("ses", "us-east-1").create_template(
            Template={"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Hi"}
        )
        backend.fail("SendBulkEmail", ResponseLost())
        backend.bulk_status("FAILED")
        bulk = BulkV2()
        attempt(lambda: bulk.send(bulk.entry("a@example.org")))
        assert {"response_lost"} == recorder.met["sesv2:SendBulkEmail"]

    def test_injected(self, backend, recorder):
        """A failure that the run plans, not a test, is not met; the call counts."""
        failure = plans.throttle("SendEmail")
        planned.injected.append(failure)
        try:
            attempt(V2().simple)
        finally:
            planned.injected.remove(failure)
        assert (1, []) == recorder.operations()["sesv2:SendEmail"][:2]


class TestCalls:
    def test_retries(self, backend, recorder):
        """A call and its retries are one call, which meets the failure of each attempt."""
        backend.fail("SendEmail", Timeout(), times=1)
        backend.throttle(times=1)
        V2(config=None).simple()
        assert {"sesv2:SendEmail": 1} == recorder.calls
        assert {"timeout", "TooManyRequestsException"} == recorder.met["sesv2:SendEmail"]

    def test_of_the_test(self, ses_backend, ses_client, sesv2_client, recorder):
        """The calls of the clients that fixtures provide do not count."""
        ses_client.get_send_quota()
        sesv2_client.get_account()
        assert not recorder

    def test_of_cloudformation(self, backend, recorder):
        """The calls that CloudFormation makes do not count."""
        backend._call("ses", "GetSendQuota")
        assert 1 == len(backend.calls)
        assert not recorder

    @pytest.mark.parametrize("body", ["Action=SendPigeon", "Action="])
    def test_unknown_operation(self, backend, recorder, body):
        """A request for an operation that SES does not have does not count."""
        http = boto3.client("ses", "us-east-1", config=ONCE)._endpoint.http_session
        request = AWSPreparedRequest(
            "POST", "https://email.us-east-1.amazonaws.com/", {}, body.encode(), stream_output=False
        )
        assert 400 == http.send(request).status_code
        assert 1 == len(backend.calls)
        assert not recorder

    def test_unsupported_operation(self, recorder, monkeypatch, backend):
        """That pytest-ses does not support an operation is no server error."""
        monkeypatch.setattr(dispatcher, "operations", lambda _service: {})
        with pytest.raises(NotImplementedError):
            boto3.client("ses", "us-east-1").get_send_quota()
        assert (1, []) == recorder.operations()["ses:GetSendQuota"][:2]

    def test_threads(self, backend, recorder):
        """Calls of several threads are all counted."""
        client = boto3.client("sesv2", "us-east-1")
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: client.get_account(), range(40)))
        assert {"sesv2:GetAccount": 40} == recorder.calls


class TestSum:
    def test_merged(self, backend, recorder):
        """What several recorders have, as JSON, adds up to what one has of all calls."""
        backend.throttle("GetAccount", times=1)
        client = boto3.client("sesv2", "us-east-1", config=ONCE)
        attempt(client.get_account)
        parts = [json.dumps(recorder.as_json())]
        other = ErrorCoverage()
        backend.reset()
        client.get_account()
        other.record(backend.calls[0], Origin("123456789012", "us-east-1"))
        parts.append(json.dumps(other.as_json()))

        total = ErrorCoverage()
        for part in parts:
            total.merge(json.loads(part))

        assert {"sesv2:GetAccount": 2} == total.calls
        assert {"sesv2:GetAccount": {"TooManyRequestsException"}} == total.met
        missed = len(failures_of(Target("sesv2", "GetAccount"))) - 1
        assert (2, 1, missed) == total.totals()

    @pytest.mark.parametrize(
        ("met", "missed", "expected"),
        [(0, 0, 100.0), (0, 3, 0.0), (5, 7, 41.7), (2, 1, 66.7), (4, 0, 100.0), (2999, 1, 99.9)],
    )
    def test_percent(self, met, missed, expected):
        """The percentage has one decimal place, and is 100 only if nothing was missed."""
        assert expected == percent(met, missed)


class TestTable:
    @pytest.fixture(name="of_two")
    def _of_two(self):
        recorded = ErrorCoverage()
        recorded.merge(
            {
                "sesv2:SendEmail": {"calls": 12, "met": ["MessageRejected", "timeout"]},
                "ses:GetSendQuota": {"calls": 1, "met": ["Throttling", *EVERY_OPERATION]},
            }
        )
        return recorded

    def test_wide(self, of_two):
        """The missed failures are beside the numbers, wrapped at the width of the terminal."""
        assert [
            "operation         calls  met  missed  percent",
            "ses:GetSendQuota      1    4       0   100.0%",
            "sesv2:SendEmail      12    2       8    20.0%",
        ] == [line[:45].rstrip() for line in tables.of_error_coverage(of_two, width=100)][:3]
        lines = list(tables.of_error_coverage(of_two, width=100))
        assert max(map(len, lines)) < 100
        assert lines[2].endswith("AccountSuspendedException, LimitExceededException,")
        assert "total                13    6       8    42.9%" == lines[-1]

    def test_narrow(self, of_two):
        """In a narrow terminal, they are below the numbers."""
        lines = list(tables.of_error_coverage(of_two, width=60))
        assert max(map(len, lines)) < 60
        assert "sesv2:SendEmail      12    2       8    20.0%" == lines[2]
        assert lines[3].startswith("    AccountSuspendedException, ")

    def test_empty(self):
        """If there was no call, the table says so."""
        assert ["The code under test did not call SES."] == [
            *tables.of_error_coverage(ErrorCoverage(), width=80)
        ]
