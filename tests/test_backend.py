"""The backend: calls, call log, state, threads and clock."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import boto3
import pytest
from hypothesis import given, strategies as st

from pytest_ses import Clock, SESBackend
from pytest_ses.domain.errors import InvalidParameterValue
from pytest_ses.settings import Settings
from pytest_ses.wire import Fault, Request

SIMPLE = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}}
MESSAGE = {
    "FromEmailAddress": "a@example.com",
    "Destination": {"ToAddresses": ["b@example.org"]},
    "Content": SIMPLE,
}


class TestCall:
    def test_result(self):
        """A call made in Python returns the result with the member names of the model."""
        backend = SESBackend(verified=["*"])
        message_id = backend._call("sesv2", "SendEmail", MESSAGE)["MessageId"]
        assert message_id == backend.outbox.one().message_id

    def test_error(self):
        """A failing call raises a fault with code, message and status."""
        with pytest.raises(Fault) as caught:
            SESBackend()._call("sesv2", "GetConfigurationSet", {"ConfigurationSetName": "nil"})
        fault = caught.value
        assert ("NotFoundException", 404) == (fault.code, fault.status)
        assert "Configuration set <nil> does not exist." == fault.message

    def test_other_region_and_account(self):
        """A call can be made in another region and account."""
        backend = SESBackend()
        options = {"region": "eu-west-1", "account_id": "999988887777"}
        backend._call("ses", "VerifyEmailIdentity", {"EmailAddress": "a@example.com"}, **options)
        assert ["a@example.com"] == list(backend.account(**options).identities)
        assert [] == list(backend.account().identities)

    @pytest.mark.parametrize(
        ("service", "operation", "message"),
        [
            ("sesv3", "SendEmail", "unknown service 'sesv3'; did you mean 'sesv2'?"),
            ("ses", "SendEmial", "ses has no operation 'SendEmial'; did you mean 'SendEmail'?"),
        ],
    )
    def test_unknown(self, service, operation, message):
        """An unknown service or operation is an error that suggests the closest name."""
        with pytest.raises(ValueError, match=message.replace("?", r"\?")):
            SESBackend()._call(service, operation)

    def test_wrong_types(self):
        """Parameters of a wrong type raise `TypeError`, because no client could have sent them."""
        with pytest.raises(TypeError, match="Destination"):
            SESBackend()._call("sesv2", "SendEmail", {"Destination": "b@example.org"})


class TestCalls:
    def test_everything_is_logged(self):
        """Every request is logged with its parameters and its response or error."""
        backend = SESBackend()
        with backend:
            client = boto3.client("sesv2", region_name="eu-west-1")
            client.create_configuration_set(ConfigurationSetName="s")
            with pytest.raises(client.exceptions.AlreadyExistsException):
                client.create_configuration_set(ConfigurationSetName="s")
        first, second = backend.calls
        assert ("sesv2", "CreateConfigurationSet") == (first.service, first.operation)
        assert {"ConfigurationSetName": "s"} == first.params
        assert ("eu-west-1", "123456789012", 1) == (first.region, first.account_id, first.attempt)
        assert ({}, None) == (first.response, first.error)
        assert second.response is None
        assert ("AlreadyExistsException", 400) == (second.error.code, second.error.status)
        assert "sesv2:CreateConfigurationSet in eu-west-1: ok" == first.summary()
        assert "AlreadyExistsException (400): Configuration set" in second.summary()

    def test_unreadable_request(self):
        """An unreadable request is logged, with its operation if that was recognized."""
        backend = SESBackend()
        backend._handle(Request("POST", "/", {}, b"Action=Nonsense&Version=2010-12-01"))
        backend._handle(Request("POST", "/v2/email/outbound-emails", {}, b"{"))
        assert [(None, "InvalidAction"), ("SendEmail", "SerializationException")] == [
            (call.operation, call.error.code) for call in backend.calls
        ]
        assert backend.calls[0].summary().startswith("ses:? in us-east-1: InvalidAction (400)")

    def test_attempts(self):
        """The attempt number is read from botocore's header."""
        backend = SESBackend()
        headers = {"amz-sdk-request": "attempt=3; max=5"}
        backend._handle(Request("GET", "/v2/email/account", headers, b""))
        assert 3 == backend.calls[0].attempt
        assert "attempt 3" in backend.calls[0].summary()

    def test_attempt_with_many_digits(self):
        """A number that is too long for Python does not raise an error."""
        backend = SESBackend()
        headers = {"amz-sdk-request": f"attempt={'1' * 5000}"}
        assert 200 == backend._handle(Request("GET", "/v2/email/account", headers, b"")).status


class TestState:
    def test_reset(self):
        """A reset restores the account to the state in which the test received it."""
        backend = SESBackend(verified=["example.com"], daily_quota=5)
        outbox = backend.outbox
        backend.verify("example.org")
        backend.clock.advance(hours=1)
        backend._call("sesv2", "SendEmail", MESSAGE)
        assert 1 == len(outbox)
        backend.reset()
        assert (0, 0) == (len(outbox), len(backend.calls))
        assert ["example.com"] == list(backend.account().identities)
        assert 5 == backend.account().daily_quota
        assert backend.clock.now() - Clock().now() < timedelta(minutes=1)

    def test_verified_everywhere(self):
        """An identity is verified in every region of the account, including regions used later."""
        backend = SESBackend()
        backend.account("eu-west-1")
        backend.verify("example.com")
        for region in ("eu-west-1", "us-west-2"):
            assert backend.account(region).identities["example.com"].verified
        other = backend.account(account_id="999988887777")
        backend.verify("example.org")
        assert [] == list(other.identities)

    @pytest.mark.parametrize("active", [True, False])
    @pytest.mark.parametrize(
        ("identity", "error", "message"),
        [
            ("a b", ValueError, "verified: 'a b' is invalid; expected an address such as"),
            ("News <a@b.org>", ValueError, "expected an address such as"),
            (["x.org"], TypeError, r"\['x.org'\] is invalid; pass each identity as a separate"),
            (5, TypeError, "verified: 5 is invalid; expected an address"),
        ],
    )
    def test_invalid_identities(self, active, identity, error, message):
        """An invalid identity is rejected at once, and none of the call's identities is kept."""
        backend = SESBackend()
        if active:
            backend.account("eu-west-1")
        with pytest.raises(error, match=message):
            backend.verify("example.com", identity)
        assert [] == list(backend.account().identities)

    def test_no_identities(self):
        """At least one identity is required."""
        with pytest.raises(TypeError, match=r"verify\(\) requires at least one identity, such as"):
            SESBackend().verify()

    def test_identity_that_ses_rejects(self):
        """An identity that SES rejects is not kept for other regions."""
        backend = SESBackend()
        with pytest.raises(InvalidParameterValue, match="Invalid domain name -"):
            backend.verify("-")
        assert [] == list(backend.account("eu-west-1").identities)

    def test_settings_apply_to_one_account(self):
        """Settings apply to the test's account in all regions; other accounts have the defaults."""
        backend = SESBackend(sandbox=True, send_rate=3, sending_enabled=False)
        account, other_account = (
            backend.account("eu-west-1"),
            backend.account(account_id="999988887777"),
        )
        assert (True, 3, False) == (account.sandbox, account.send_rate, account.sending_enabled)
        assert (False, None, True) == (
            other_account.sandbox,
            other_account.send_rate,
            other_account.sending_enabled,
        )

    def test_repr(self):
        """The repr shows account, region, and the numbers of messages and calls."""
        backend = SESBackend(region="eu-west-1", verified=["*"])
        backend._call("sesv2", "SendEmail", MESSAGE)
        assert "<SESBackend 123456789012 in eu-west-1: 1 message, 1 call>" == repr(backend)

    def test_unknown_argument(self):
        """An unknown keyword argument raises `TypeError`."""
        with pytest.raises(TypeError, match="regoin"):
            SESBackend(regoin="eu-west-1")

    def test_threads(self):
        """Threads that send concurrently lose no messages."""
        with SESBackend(verified=["*"]) as backend:
            client = boto3.client("sesv2", region_name="us-east-1")
            threads = [
                threading.Thread(target=lambda: [client.send_email(**MESSAGE) for _ in range(10)])
                for _ in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert 40 == len(backend.outbox)
        assert 40 == len({message.message_id for message in backend.outbox})
        assert 40.0 == backend._call("ses", "GetSendQuota")["SentLast24Hours"]


class TestAnyRequest:
    @given(
        st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", ""]),
        st.one_of(
            st.text(),
            st.sampled_from(["/", "/v2/email/identities", "/v2/email/outbound-emails", "//?"]),
            st.text().map(lambda text: "/v2/email/" + text),
        ),
        st.dictionaries(st.sampled_from(["authorization", "amz-sdk-request"]), st.text()),
        st.one_of(
            st.binary(),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.text(),
                lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            ).map(lambda value: json.dumps(value).encode()),
            st.text().map(lambda text: f"Action=SendEmail&{text}".encode("utf-8", "replace")),
        ),
    )
    def test_response(self, method, url, headers, body):
        """Any request over the wire gets a response from SES."""
        response = SESBackend()._handle(Request(method, url, headers, body))
        assert 200 <= response.status < 500


class TestClock:
    def test_advance(self):
        """The clock runs, and can be advanced."""
        clock = Clock()
        before = clock.now()
        clock.advance(hours=24)
        clock.advance(timedelta(days=1), minutes=1)
        assert timedelta(days=2, minutes=1) <= clock.now() - before < timedelta(days=2, minutes=2)

    def test_backwards(self):
        """The clock cannot be moved backwards."""
        with pytest.raises(ValueError, match="cannot be moved back by 1:00:00"):
            Clock().advance(hours=-1)

    @pytest.mark.parametrize(
        ("kwargs", "message"),
        [
            (
                {"days": 99999999},
                "99999999 days, 0:00:00 is too large; the last year of the clock is 9999",
            ),
            ({"seconds": 10**400}, "seconds=10+ is too large"),
            ({"weeks": 1, "days": 1e300}, r"weeks=1, days=1e\+300 is too large"),
            ({"seconds": float("inf")}, "seconds=inf is invalid; expected a finite number"),
        ],
    )
    def test_too_far(self, kwargs, message):
        """A duration that the clock cannot show is an error, and does not change the time."""
        clock = Clock()
        with pytest.raises(ValueError, match=message):
            clock.advance(**kwargs)
        assert timedelta(0) == clock._offset

    @pytest.mark.parametrize(
        ("args", "kwargs", "message"),
        [
            (
                (5,),
                {},
                r"advance\(5\) is invalid; expected a timedelta, or a unit such as advance\(seconds=5\)",
            ),
            ((), {"hour": 1}, "unknown unit 'hour'; did you mean 'hours'"),
            ((), {"hours": "1"}, "hours='1' is invalid; expected a number"),
        ],
    )
    def test_invalid_arguments(self, args, kwargs, message):
        """A number without a unit, an unknown unit, or a text is an error that shows how to write it."""
        with pytest.raises(TypeError, match=message):
            Clock().advance(*args, **kwargs)


def test_unlimited_quota():
    """A quota of -1 means no limit."""
    backend = SESBackend(verified=["*"], daily_quota=-1)
    backend._call("sesv2", "SendEmail", MESSAGE)
    assert -1.0 == backend._call("ses", "GetSendQuota")["Max24HourSend"]
    assert Settings(daily_quota=-1).daily_quota == -1


def test_locks_after_a_fork():
    """A forked process can use an active backend whose lock is held by a thread that it lacks."""
    from pytest_ses import backend as module

    with SESBackend() as backend:
        backend._dispatcher.lock.acquire()
        thread = threading.Thread(target=module._release_locks)
        thread.start()
        thread.join()
        calls = threading.Thread(target=backend._call, args=("ses", "GetSendQuota"), daemon=True)
        calls.start()
        calls.join(timeout=10)
        assert not calls.is_alive()


class TestClearOutbox:
    @pytest.fixture(name="sent")
    def _sent(self):
        """A backend with three messages."""
        backend = SESBackend(verified=["*"])
        for _ in range(3):
            backend._call("sesv2", "SendEmail", MESSAGE)
        return backend

    def test_everything(self, sent):
        """All messages are removed; their events and their share of the quota stay."""
        sent.clear_outbox()
        assert ([], 6) == (list(sent.outbox), len(sent.events))
        assert 3.0 == sent._call("ses", "GetSendQuota")["SentLast24Hours"]

    def test_messages(self, sent):
        """Single messages, or their IDs, are removed."""
        first, second, third = sent.outbox
        sent.clear_outbox(first, third.message_id)
        assert [second] == list(sent.outbox)

    def test_unknown_message(self, sent):
        """A message that is not in the outbox is an error, and nothing is removed."""
        with pytest.raises(ValueError, match="'0' is not in the outbox"):
            sent.clear_outbox(sent.outbox.last, "0")
        assert 3 == len(sent.outbox)
