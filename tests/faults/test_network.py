"""Network failures: what the client sees, and what SES has done."""

from __future__ import annotations

from datetime import timedelta

import boto3
import botocore.exceptions as botocore_errors
import pytest
from asking import error_of
from botocore.config import Config
from botocore.parsers import ResponseParserError

from pytest_ses import (
    CorruptResponse,
    Delay,
    Disconnect,
    ResponseLost,
    ServerError,
    SESBackend,
    Timeout,
)
from pytest_ses.wire import Fault
from pytest_ses.wire.http import NoReply

SEND_EMAIL = {
    "FromEmailAddress": "a@example.com",
    "Destination": {"ToAddresses": ["b@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
}


class TestNoResponse:
    @pytest.mark.parametrize(
        ("fault", "error", "seconds"),
        [
            (Timeout(), botocore_errors.ReadTimeoutError, 180),
            (Timeout("read"), botocore_errors.ReadTimeoutError, 180),
            (Timeout("connect"), botocore_errors.ConnectTimeoutError, 180),
            (Disconnect(), botocore_errors.ConnectionClosedError, 0),
        ],
    )
    def test_call_not_received(self, api, backend, fault, error, seconds):
        """SES does not receive the call; the client retries, then raises the network error."""
        start = backend.clock.now()
        failure = backend.fail("SendEmail", fault)
        with pytest.raises(error, match="endpoint URL"):
            api.simple()
        assert [(failure, None, None)] * 3 == [
            (call.fault, call.response, call.error) for call in backend.calls
        ]
        assert [1, 2, 3] == [call.attempt for call in backend.calls]
        assert [] == list(backend.outbox)
        passed = (backend.clock.now() - start).total_seconds() - sum(backend.clock.sleeps)
        assert seconds == pytest.approx(passed, abs=5)

    def test_once(self, api, backend):
        """A client that retries succeeds."""
        backend.fail("SendEmail", Timeout(), times=1)
        api.simple()
        assert [False, True] == [bool(call.response) for call in backend.calls]
        assert 1 == len(backend.outbox)
        assert (
            "not received by SES [planned failure: fail('SendEmail', Timeout"
            in backend.calls[0].summary()
        )

    def test_response_lost(self, api, backend):
        """SES accepts the message but the client does not know, and sends it again."""
        failure = backend.fail("SendEmail", ResponseLost(), times=1)
        message_id = api.simple()
        first, second = backend.outbox
        assert message_id == second.message_id != first.message_id
        assert first.message_id == failure.calls[0].response["MessageId"]
        assert [failure, None] == [call.fault for call in backend.calls]

    def test_every_response_lost(self, api, backend):
        """If every response is lost, the client raises an error and SES has three messages."""
        backend.fail("SendEmail", ResponseLost())
        with pytest.raises(botocore_errors.ConnectionClosedError):
            api.simple()
        assert 3 == len(backend.outbox)

    def test_bulk_response_lost(self, bulk, backend):
        """A repeated bulk send goes to every destination twice."""
        name = {"ses": "SendBulkTemplatedEmail", "sesv2": "SendBulkEmail"}[bulk.service]
        backend.fail(name, ResponseLost(), times=1)
        results = bulk.send(bulk.entry("ada@example.org"), bulk.entry("bob@example.org"))
        assert (2, 4) == (len(results), len(backend.outbox))

    def test_error_response_lost(self, api, backend):
        """The lost response may be an error."""
        backend.fail("SendEmail", ResponseLost(), times=1)
        assert "MessageRejected" == error_of(api.simple, source="a@elsewhere.example")[0]
        assert ["MessageRejected"] * 2 == [call.error.code for call in backend.calls]


class TestServerError:
    @pytest.mark.parametrize(
        ("status", "code", "text"),
        [
            (500, "InternalFailure", "An internal failure has occurred."),
            (502, "502", "Bad Gateway"),
            (503, "ServiceUnavailable", "Failure planned by the test."),
            (504, "504", "Gateway Timeout"),
        ],
    )
    def test_status(self, api, backend, status, code, text):
        """The client retries, then raises the error, which may be read from an HTML page."""
        backend.fail("SendEmail", ServerError(status))
        assert (code, status, text) == error_of(api.simple)
        assert [(code, status)] * 3 == [
            (call.error.code, call.error.status) for call in backend.calls
        ]
        assert [] == list(backend.outbox)

    def test_once(self, api, backend):
        """A client that retries succeeds."""
        backend.fail("SendEmail", ServerError(), times=2)
        api.simple()
        assert (3, 1) == (len(backend.calls), len(backend.outbox))


class TestCorruptResponse:
    @pytest.mark.parametrize("kind", ["truncated", "html"])
    def test_response(self, api, backend, kind):
        """SES accepts the message; the client cannot use the response and does not retry."""
        backend.fail("SendEmail", CorruptResponse(kind))
        with pytest.raises({"ses": ResponseParserError, "sesv2": KeyError}[api.service]):
            api.simple()
        assert (1, 1) == (len(backend.calls), len(backend.outbox))
        assert backend.outbox.one().message_id == backend.calls[0].response["MessageId"]


class TestDelay:
    def test_late_response(self, api, backend):
        """A delayed response moves the clock."""
        start = backend.clock.now()
        backend.fail("SendEmail", Delay(30))
        api.simple()
        passed = backend.clock.now() - start
        assert timedelta(seconds=30) <= passed < timedelta(seconds=35)
        assert [] == backend.clock.sleeps

    @pytest.mark.parametrize("service", ["ses", "sesv2"])
    def test_too_late(self, backend, service):
        """A client with a shorter timeout gives up, and repeats a call that SES has processed."""
        config = Config(read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
        client = boto3.client(service, region_name="us-east-1", config=config)
        backend.fail("VerifyEmailIdentity", Delay(3))
        backend.fail("CreateEmailIdentity", Delay(3), times=1)
        if service == "ses":
            with pytest.raises(botocore_errors.ReadTimeoutError):
                client.verify_email_identity(EmailAddress="ada@example.org")
        else:
            with pytest.raises(client.exceptions.AlreadyExistsException):
                client.create_email_identity(EmailIdentity="ada@example.org")
        assert "ada@example.org" in backend.account().identities
        assert 2 == len(backend.calls)

    def test_no_timeout(self, backend):
        """A client without a timeout waits for any delay; a planned timeout still fails."""
        config = Config(read_timeout=None, retries={"total_max_attempts": 1})
        client = boto3.client("ses", region_name="us-east-1", config=config)
        backend.fail("GetSendQuota", Delay(1000), times=1)
        client.get_send_quota()
        backend.fail("GetSendQuota", Timeout())
        with pytest.raises(botocore_errors.ReadTimeoutError):
            client.get_send_quota()


class TestWithoutHttp:
    def test_no_response(self):
        """Without HTTP, a missing response raises a dedicated exception."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", ResponseLost(), times=1)
        with pytest.raises(NoReply, match="connection closed"):
            backend._call("sesv2", "SendEmail", SEND_EMAIL)
        assert 1 == len(backend.outbox)

    def test_status(self):
        """Without HTTP, an HTML page is a fault with its status."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", ServerError(502), times=1)
        with pytest.raises(Fault, match="Bad Gateway"):
            backend._call("sesv2", "SendEmail", SEND_EMAIL)

    def test_response_only(self):
        """Without HTTP, a corrupt or delayed response has no effect."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", CorruptResponse(), times=1)
        backend.fail("SendEmail", Delay(5), times=1)
        for number in (1, 2, 3):
            assert backend._call("sesv2", "SendEmail", SEND_EMAIL)["MessageId"]
            assert number == len(backend.outbox)


@pytest.mark.parametrize(
    ("create", "text"),
    [
        (lambda: Timeout("write"), "expected one of read, connect"),
        (lambda: CorruptResponse("truncatd"), "did you mean 'truncated'?"),
        (lambda: ServerError(501), "expected one of 500, 502, 503, 504"),
        (lambda: ServerError("503"), "expected one of 500, 502, 503, 504"),
        (lambda: Delay(0), "expected a number greater than 0"),
        (lambda: Delay("5"), "expected a number greater than 0"),
        (lambda: Delay(True), "expected a number greater than 0"),
    ],
)
def test_misuse(create, text):
    """An invalid network failure is rejected with its value and how to fix it."""
    with pytest.raises(ValueError, match=r"is invalid") as caught:
        create()
    assert text in str(caught.value)
