"""Does a client see what a broken network shows it, and what did SES do meanwhile?"""

from __future__ import annotations

from datetime import timedelta

import boto3
import botocore.exceptions as botocore_errors
import pytest
from asking import refusal
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

MAIL = {
    "FromEmailAddress": "a@example.com",
    "Destination": {"ToAddresses": ["b@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
}


class TestNoAnswer:
    @pytest.mark.parametrize(
        ("fault", "error", "seconds"),
        [
            (Timeout(), botocore_errors.ReadTimeoutError, 180),
            (Timeout("read"), botocore_errors.ReadTimeoutError, 180),
            (Timeout("connect"), botocore_errors.ConnectTimeoutError, 180),
            (Disconnect(), botocore_errors.ConnectionClosedError, 0),
        ],
    )
    def test_before(self, api, backend, fault, error, seconds):
        """SES does not see the call; the client tries again, waits its time out, and gives up."""
        start = backend.clock.now()
        rule = backend.fail("SendEmail", fault)
        with pytest.raises(error, match="endpoint URL"):
            api.simple()
        assert [(rule, None, None)] * 3 == [
            (call.fault, call.response, call.error) for call in backend.calls
        ]
        assert [1, 2, 3] == [call.attempt for call in backend.calls]
        assert [] == list(backend.outbox)
        passed = (backend.clock.now() - start).total_seconds() - sum(backend.clock.sleeps)
        assert seconds == pytest.approx(passed, abs=5)

    def test_once(self, api, backend):
        """A client that tries again gets through."""
        backend.fail("SendEmail", Timeout(), times=1)
        api.simple()
        assert [False, True] == [bool(call.response) for call in backend.calls]
        assert 1 == len(backend.outbox)
        assert "SES did not see it; met fail('SendEmail', Timeout" in backend.calls[0].summary()

    def test_reply_lost(self, api, backend):
        """SES has the mail, the client does not know: it sends again."""
        rule = backend.fail("SendEmail", ResponseLost(), times=1)
        message_id = api.simple()
        first, second = backend.outbox
        assert message_id == second.message_id != first.message_id
        assert first.message_id == rule.calls[0].response["MessageId"]
        assert [rule, None] == [call.fault for call in backend.calls]

    def test_reply_lost_for_good(self, api, backend):
        """If no attempt is answered the client has an error and SES three mails."""
        backend.fail("SendEmail", ResponseLost())
        with pytest.raises(botocore_errors.ConnectionClosedError):
            api.simple()
        assert 3 == len(backend.outbox)

    def test_reply_lost_of_a_bulk_send(self, bulk, backend):
        """The double send of a bulk send is one of every destination."""
        name = {"ses": "SendBulkTemplatedEmail", "sesv2": "SendBulkEmail"}[bulk.service]
        backend.fail(name, ResponseLost(), times=1)
        results = bulk.send(bulk.entry("ada@example.org"), bulk.entry("bob@example.org"))
        assert (2, 4) == (len(results), len(backend.outbox))

    def test_reply_lost_of_a_refusal(self, api, backend):
        """The answer that is lost may be a refusal."""
        backend.fail("SendEmail", ResponseLost(), times=1)
        assert "MessageRejected" == refusal(api.simple, source="a@elsewhere.example")[0]
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
        """The client tries again and shows the code, or what it makes of a page of HTML."""
        backend.fail("SendEmail", ServerError(status))
        assert (code, status, text) == refusal(api.simple)
        assert [(code, status)] * 3 == [
            (call.error.code, call.error.status) for call in backend.calls
        ]
        assert [] == list(backend.outbox)

    def test_once(self, api, backend):
        """A client that tries again gets through."""
        backend.fail("SendEmail", ServerError(), times=2)
        api.simple()
        assert (3, 1) == (len(backend.calls), len(backend.outbox))


class TestGarbled:
    @pytest.mark.parametrize("kind", ["truncated", "html"])
    def test_answer(self, api, backend, kind):
        """SES has the mail; v1 cannot be parsed, v2 lacks its members; nobody tries again."""
        backend.fail("SendEmail", CorruptResponse(kind))
        with pytest.raises({"ses": ResponseParserError, "sesv2": KeyError}[api.service]):
            api.simple()
        assert (1, 1) == (len(backend.calls), len(backend.outbox))
        assert backend.outbox.one().message_id == backend.calls[0].response["MessageId"]


class TestDelay:
    def test_late_answer(self, api, backend):
        """An answer takes its time, on the clock."""
        start = backend.clock.now()
        backend.fail("SendEmail", Delay(30))
        api.simple()
        passed = backend.clock.now() - start
        assert timedelta(seconds=30) <= passed < timedelta(seconds=35)
        assert [] == backend.clock.sleeps

    @pytest.mark.parametrize("service", ["ses", "sesv2"])
    def test_too_late(self, backend, service):
        """A client that waits less gives up, and sends again what SES has."""
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

    def test_patient_client(self, backend):
        """A client without a timeout waits for ever, and one that times out at once goes on."""
        config = Config(read_timeout=None, retries={"total_max_attempts": 1})
        client = boto3.client("ses", region_name="us-east-1", config=config)
        backend.fail("GetSendQuota", Delay(1000), times=1)
        client.get_send_quota()
        backend.fail("GetSendQuota", Timeout())
        with pytest.raises(botocore_errors.ReadTimeoutError):
            client.get_send_quota()


class TestWithoutTheWire:
    def test_no_reply(self):
        """Where there is no wire, an answer that does not come is an exception of its own."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", ResponseLost(), times=1)
        with pytest.raises(NoReply, match="connection closed"):
            backend.call("sesv2", "SendEmail", MAIL)
        assert 1 == len(backend.outbox)

    def test_status(self):
        """A page of HTML is a fault with its status."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", ServerError(502), times=1)
        with pytest.raises(Fault, match="Bad Gateway"):
            backend.call("sesv2", "SendEmail", MAIL)

    def test_wire_alone(self):
        """What only damages or delays an answer changes nothing."""
        backend = SESBackend(verified=["*"])
        backend.fail("SendEmail", CorruptResponse(), times=1)
        backend.fail("SendEmail", Delay(5), times=1)
        for number in (1, 2, 3):
            assert backend.call("sesv2", "SendEmail", MAIL)["MessageId"]
            assert number == len(backend.outbox)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Timeout("write"), "kind is one of read, connect"),
        (lambda: CorruptResponse("truncatd"), "did you mean 'truncated'?"),
        (lambda: ServerError(501), "status is one of 500, 502, 503, 504"),
        (lambda: Delay(0), "give seconds, a number above 0"),
        (lambda: Delay("5"), "give seconds, a number above 0"),
        (lambda: Delay(True), "give seconds, a number above 0"),
    ],
)
def test_misuse(make, said):
    """A fault that no network has is refused with its value and the cure."""
    with pytest.raises(ValueError, match=r"is not possible") as caught:
        make()
    assert said in str(caught.value)
