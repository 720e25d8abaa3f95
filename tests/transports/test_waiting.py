"""Virtual time in botocore's waits for SES, and real time for other services."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import timedelta

import boto3
import botocore.endpoint
import botocore.retries.bucket
import botocore.waiter
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from pytest_ses import Clock, Disconnect, SESBackend

SERVICES = ["ses", "sesv2"]
OPERATION = {"ses": "get_send_quota", "sesv2": "get_account"}


def make_client(service, mode="standard", attempts=5, **more):
    config = Config(retries={"mode": mode, "total_max_attempts": attempts})
    return boto3.client(service, region_name="us-east-1", config=config, **more)


def call(client):
    return getattr(client, OPERATION[client.meta.service_model.service_name])()


def throttled(request, **_):
    """A response that throttles the request."""
    response = AWSResponse(request.url, 400, {}, None)
    response._content = b'{"__type": "ThrottlingException", "message": "Slow down"}'
    return response


@pytest.fixture
def ticking(monkeypatch):
    """Token buckets fill at once: ten seconds pass between two readings of their clock."""
    ticks = itertools.count(1000, 10)
    monkeypatch.setattr(botocore.retries.bucket.Clock, "current_time", lambda _: next(ticks))


@pytest.fixture(autouse=True)
def no_real_sleep(monkeypatch):
    """A real `time.sleep` fails the test."""

    def sleep(seconds):
        raise AssertionError(f"slept {seconds} seconds")

    monkeypatch.setattr(time, "sleep", sleep)


class TestBackOff:
    @pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
    @pytest.mark.parametrize("service", SERVICES)
    def test_modes(self, service, mode):
        """In every retry mode, five throttled attempts wait in virtual time and move the clock."""
        with SESBackend() as backend:
            client = make_client(service, mode)
            start, real = backend.clock.now(), time.monotonic()
            backend.throttle(OPERATION[service])
            with pytest.raises(ClientError, match="Rate exceeded") as caught:
                call(client)
            moved = (backend.clock.now() - start).total_seconds()
            real = time.monotonic() - real
        assert real < 2
        assert 4 == caught.value.response["ResponseMetadata"]["RetryAttempts"]
        assert [1, 2, 3, 4, 5] == [logged.attempt for logged in backend.calls]
        assert 4 <= len(backend.clock.sleeps)
        assert moved - real == pytest.approx(sum(backend.clock.sleeps), abs=0.5)
        assert all(seconds >= 0 for seconds in backend.clock.sleeps)

    def test_max_attempts(self):
        """The number of attempts is that of the client."""
        for attempts in (1, 2, 4):
            with SESBackend() as backend:
                backend.throttle("GetAccount")
                with pytest.raises(ClientError):
                    call(make_client("sesv2", attempts=attempts))
            assert (attempts, attempts - 1) == (len(backend.calls), len(backend.clock.sleeps))

    def test_adaptive_mode_waits_for_its_rate(self, monkeypatch):
        """A client that limits its own rate waits in virtual time, too."""
        # The rate is measured in half seconds of real time.
        monkeypatch.setattr(botocore.retries.bucket.Clock, "current_time", lambda _: 1000.0)
        with SESBackend() as backend:
            client = make_client("sesv2", "adaptive")
            backend.throttle("GetAccount", times=1)
            call(client)
            before = len(backend.clock.sleeps)
            call(client)
            call(client)
        # botocore's lowest rate is one call in two seconds.
        assert [2, 2] == pytest.approx(backend.clock.sleeps[before:], abs=0.01)

    def test_adaptive_mode_with_a_full_bucket(self, ticking):
        """A client that can send immediately does not wait for its rate."""
        with SESBackend() as backend:
            client = make_client("sesv2", "adaptive")
            backend.throttle("GetAccount", times=1)
            call(client)
            call(client)
        assert 1 == len(backend.clock.sleeps)

    def test_waiter(self):
        """A waiter polls in virtual time."""
        with SESBackend() as backend:
            client = make_client("ses")
            client.verify_email_identity(EmailAddress="ada@example.com")
            with pytest.raises(WaiterError, match="Max attempts exceeded"):
                client.get_waiter("identity_exists").wait(Identities=["ada@example.com"])
        assert [3] * 19 == backend.clock.sleeps

    def test_in_threads(self):
        """Threads wait independently."""
        with SESBackend() as backend:
            backend.throttle("GetAccount", times=4)
            clients = [make_client("sesv2") for _ in range(4)]
            threads = [threading.Thread(target=call, args=(client,)) for client in clients]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert (8, 4) == (len(backend.calls), len(backend.clock.sleeps))


class TestRetryQuota:
    def test_full_at_the_start(self):
        """A client that used up its retry quota in one test has a full quota in the next."""
        client = make_client("sesv2", attempts=2, aws_access_key_id="x", aws_secret_access_key="x")

        def attempts():
            with SESBackend() as backend:
                backend.fail("GetAccount", Disconnect())
                for _ in range(120):
                    with pytest.raises(Exception, match="Connection was closed"):
                        call(client)
            return len(backend.calls)

        first = attempts()
        assert 120 < first < 240
        assert first == attempts()


class TestOtherServices:
    def test_real_wait(self, monkeypatch):
        """Other services really wait."""
        slept = []
        monkeypatch.setattr(time, "sleep", slept.append)

        with SESBackend() as backend:
            call(make_client("sesv2"))
            client = make_client("dynamodb", attempts=2)
            client.meta.events.register("before-send", throttled)
            with pytest.raises(ClientError, match="Slow down"):
                client.list_tables()
        assert (1, []) == (len(slept), backend.clock.sleeps)

    def test_adaptive_mode(self, monkeypatch, ticking):
        """An adaptive client of another service uses its own token bucket."""
        monkeypatch.setattr(time, "sleep", lambda _: None)
        with SESBackend() as backend:
            client = make_client("dynamodb", "adaptive", attempts=3)
            client.meta.events.register("before-send", throttled)
            with pytest.raises(ClientError, match="Slow down"):
                client.list_tables()
        assert [] == backend.clock.sleeps


class TestRealSleep:
    def test_sleeps(self, monkeypatch):
        """With `real_sleep`, botocore really waits, and so does a slow network."""
        from pytest_ses import Delay

        slept = []
        monkeypatch.setattr(time, "sleep", slept.append)
        with SESBackend(real_sleep=True) as backend:
            backend.throttle("GetAccount", times=1)
            backend.fail("GetAccount", Delay(5), times=1)
            call(make_client("sesv2"))
        assert [5] == slept[1:]
        assert [] == backend.clock.sleeps
        assert (backend.clock.now() - Clock().now()).total_seconds() < 1


class TestRestoring:
    def test_everything(self):
        """Afterwards botocore uses real time again, in whatever order backends end."""

        def state():
            return (
                botocore.endpoint.time,
                botocore.waiter.time,
                botocore.retries.bucket.TokenBucket.acquire,
                botocore.retries.quota.RetryQuota.acquire,
            )

        before = state()
        first, second = SESBackend(), SESBackend()
        first.__enter__()
        second.__enter__()
        assert before != state()
        assert time.time is botocore.endpoint.time.time
        first.__exit__(None, None, None)
        second.throttle("GetAccount", times=1)
        call(make_client("sesv2"))
        assert (0, 1) == (len(first.clock.sleeps), len(second.clock.sleeps))
        second.__exit__(None, None, None)
        assert before == state()

    def test_patch_that_stays(self, monkeypatch):
        """If another tool keeps our patch in place, it sleeps in real time afterwards."""
        slept = []
        with SESBackend() as backend:
            patched = botocore.endpoint.time
        monkeypatch.setattr(time, "sleep", slept.append)
        patched.sleep(3)
        assert ([3], []) == (slept, backend.clock.sleeps)


class TestClock:
    def test_sleep(self):
        """`clock.sleep` waits in virtual time and is recorded; a reset clears the record."""
        clock = Clock()
        start = clock.now()
        clock.sleep(90)
        clock.sleep(0.5)
        assert ([90, 0.5], 90) == (clock.sleeps, int((clock.now() - start).total_seconds()))
        clock.reset()
        assert [] == clock.sleeps
        with pytest.raises(ValueError, match="cannot be moved back by"):
            clock.sleep(-1)

    def test_actions(self):
        """Planned actions run in order when the clock passes their time."""
        clock, done = Clock(), []
        start = clock.now()

        def note(name, again=None):
            done.append((name, round((clock.now() - start).total_seconds())))
            if again:
                clock.call_at(clock.now() + timedelta(seconds=5), lambda: note(again))

        clock.call_at(start + timedelta(seconds=20), lambda: note("second", "third"))
        clock.call_at(start + timedelta(seconds=10), lambda: note("first"))
        clock.advance(seconds=15)
        assert [("first", 10)] == done
        assert clock._has_scheduled
        clock.advance(minutes=1)
        assert [("first", 10), ("second", 20), ("third", 25)] == done
        assert 75 == round((clock.now() - start).total_seconds())
        assert not clock._has_scheduled

    def test_run_due(self):
        """Actions that are due run on demand; a reset drops planned ones."""
        clock, done = Clock(), []
        clock.call_at(clock.now() - timedelta(seconds=1), lambda: done.append(1))
        clock.call_at(clock.now() + timedelta(hours=1), lambda: done.append(2))
        clock._run_due()
        clock.reset()
        clock.advance(hours=2)
        assert [1] == done
