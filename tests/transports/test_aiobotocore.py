"""aiobotocore clients that reach the backend, with either HTTP session, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import anyio
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSRequest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    WaiterError,
)
from botocore.loaders import Loader
from moto import mock_aws

from pytest_ses import CorruptResponse, Delay, Disconnect, SESBackend

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip(
    "aiobotocore",
    reason="aiobotocore is not installed; each version requires a certain botocore, "
    "so that only some environments have it, such as `tox -e aiobotocore`",
)

import aiobotocore.endpoint
import aiobotocore.waiter
from aiobotocore.awsrequest import AioAWSResponse
from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioCredentials, AioDeferredRefreshableCredentials
from aiobotocore.httpsession import AIOHTTPSession
from aiobotocore.retries.bucket import AsyncTokenBucket, Clock
from aiobotocore.session import AioSession, get_session
from aiobotocore.signers import AioRequestSigner

try:
    from aiobotocore.httpxsession import HttpxSession
except ImportError:  # older versions do not have it
    HttpxSession = None

# Older versions wait with asyncio everywhere.
HAS_ANYIO = hasattr(aiobotocore.endpoint, "AnyioEndpoint")

KEYS = {"aws_access_key_id": "AKIAOWN", "aws_secret_access_key": "own"}
MESSAGE = {
    "FromEmailAddress": "shop@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "Order"}, "Body": {"Text": {"Data": "Hi"}}}},
}


# Models are loaded once.
LOADER = Loader(include_default_search_paths=True)


def new_session():
    """A new session of aiobotocore."""
    session = get_session()
    session.register_component("data_loader", LOADER)
    return session


@dataclass(frozen=True)
class Stack:
    """An HTTP session, and the library on which it runs."""

    session: type
    library: str
    closed: type[Exception]

    def run(self, function: Callable, *arguments):
        """Run an asynchronous function."""
        return anyio.run(function, *arguments, backend=self.library)

    def client(self, service="sesv2", *, mode="standard", attempts=5, session=None, **options):
        """A client, as an asynchronous context manager."""
        config = AioConfig(
            **({} if self.session is AIOHTTPSession else {"http_session_cls": self.session}),
            retries={"mode": mode, "total_max_attempts": attempts},
            signature_version=options.pop("signature_version", None),
        )
        options = {"region_name": "eu-west-1", **options}
        return (session or new_session()).create_client(service, config=config, **options)

    def call(self, name="get_account", **options):
        """Call one operation with a new client, and return its response."""
        parameters = options.pop("parameters", {})

        async def call():
            async with self.client(**options) as client:
                return await getattr(client, name)(**parameters)

        return self.run(call)


STACKS = [
    Stack(AIOHTTPSession, "asyncio", ConnectionClosedError),
    pytest.param(
        Stack(HttpxSession, "asyncio", HTTPClientError),
        marks=pytest.mark.skipif(HttpxSession is None, reason="this aiobotocore needs aiohttp"),
    ),
    pytest.param(
        Stack(HttpxSession, "trio", HTTPClientError),
        marks=pytest.mark.skipif(not HAS_ANYIO, reason="this aiobotocore needs asyncio"),
    ),
]
STACK_IDS = ["aiohttp", "httpx", "httpx-trio"]


@pytest.fixture(params=STACKS, ids=STACK_IDS)
def stack(request):
    """Each HTTP session, on each library on which it runs."""
    if request.param.library == "trio":
        pytest.importorskip("trio")
    return request.param


@pytest.fixture
def slept(monkeypatch):
    """The seconds that tasks sleep in real time, without sleeping."""
    seconds = []

    def record(module):
        real = module.sleep

        async def sleep(duration):
            seconds.append(duration)
            await real(0)

        monkeypatch.setattr(module, "sleep", sleep)

    for module in (asyncio, anyio):
        record(module)
    return seconds


async def throttled(request, **_):
    """A response that throttles the request."""
    response = AioAWSResponse(request.url, 400, {}, SimpleNamespace(raw_headers=()))
    response._content = b'{"__type": "ThrottlingException", "message": "Slow down"}'
    return response


class TestClients:
    def test_send(self, stack):
        """A message that a client sends is in the outbox."""
        with SESBackend(verified=["example.com"]) as backend:
            response = stack.call("send_email", parameters=MESSAGE)
        message = backend.outbox.one(to="ada@example.org")
        assert (response["MessageId"], "eu-west-1") == (message.message_id, message.region)
        assert 0 == response["ResponseMetadata"]["RetryAttempts"]
        assert "application/json" == response["ResponseMetadata"]["HTTPHeaders"]["content-type"]

    def test_headers(self):
        """The headers are also where older versions of aiobotocore read them."""

        async def send():
            request = AWSRequest("GET", "https://email.eu-west-1.amazonaws.com/v2/email/account")
            async with AIOHTTPSession() as session:
                return await session.send(request.prepare())

        with SESBackend():
            response = asyncio.run(send())
        names = [name.lower() for name, _ in response.raw.raw_headers]
        assert b"content-type" in names
        assert "application/json" == response.headers["Content-Type"]

    def test_v1(self, stack):
        """A client of v1 reaches the same account, and its waiters and paginators work."""

        async def use():
            async with stack.client("ses") as client:
                for number in range(3):
                    await client.verify_email_identity(EmailAddress=f"a{number}@example.com")
                paginator = client.get_paginator("list_identities")
                pages = paginator.paginate(PaginationConfig={"PageSize": 2})
                names = [name async for page in pages for name in page["Identities"]]
                backend.verify("ready@example.com")
                await client.get_waiter("identity_exists").wait(Identities=["ready@example.com"])
                return names

        with SESBackend(region="eu-west-1") as backend:
            assert 3 == len(stack.run(use))
            assert 4 == len(stack.call("list_email_identities")["EmailIdentities"])

    def test_error(self, stack):
        """An error of SES is the exception of the client."""

        async def send():
            async with stack.client() as client:
                with pytest.raises(client.exceptions.MessageRejected) as caught:
                    await client.send_email(**MESSAGE)
                return caught.value

        with SESBackend():
            error = stack.run(send)
        assert 400 == error.response["ResponseMetadata"]["HTTPStatusCode"]

    def test_created_before(self, stack):
        """A client that was created before the backend reaches it."""

        async def call():
            async with stack.client(**KEYS) as client:
                with SESBackend() as first:
                    await client.get_account()
                with SESBackend() as second:
                    await client.get_account()
                return len(first.calls), len(second.calls)

        assert (1, 1) == stack.run(call)

    def test_account_of_the_credentials(self, stack):
        """The credentials of a client select the account."""
        with SESBackend() as backend:
            keys = backend.account(account_id="999988887777").credentials
            stack.call(
                aws_access_key_id=keys.aws_access_key_id,
                aws_secret_access_key=keys.aws_secret_access_key,
            )
        assert "999988887777" == backend.calls[0].account_id

    def test_without_options(self, monkeypatch):
        """A client without region and credentials uses those of the backend."""
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)

        async def call():
            async with get_session().create_client("sesv2") as client:
                await client.get_account()

        with SESBackend(region="eu-central-1", account_id="111122223333") as backend:
            asyncio.run(call())
        assert ("eu-central-1", "111122223333") == (
            backend.calls[0].region,
            backend.calls[0].account_id,
        )

    def test_created_without_credentials(self, stack, monkeypatch, tmp_path):
        """A client without credentials signs with those of the backend."""
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

        async def call():
            async with stack.client() as client:
                with pytest.raises(NoCredentialsError):
                    await client.get_account()
                with SESBackend(account_id="111122223333") as backend:
                    await client.get_account()
                return backend.calls[0].account_id

        assert "111122223333" == stack.run(call)

    def test_expired_credentials(self, stack):
        """Expired credentials are not refreshed over the network."""

        async def refresh():
            pytest.fail("tried to fetch credentials")

        session = AioSession()
        session._credentials = AioDeferredRefreshableCredentials(refresh, "test")
        with SESBackend() as backend:
            stack.call(session=session)
        assert 1 == len(backend.calls)

    @pytest.mark.parametrize("signature", [None, UNSIGNED])
    @pytest.mark.parametrize("service", ["ses", "sesv2"])
    def test_endpoint_url(self, stack, service, signature):
        """A client with an endpoint URL reaches the backend, signed or not."""
        name = {"ses": "get_send_quota", "sesv2": "get_account"}[service]
        with SESBackend() as backend:
            stack.call(
                name,
                service=service,
                endpoint_url="http://localhost:4566/aws",
                signature_version=signature,
            )
        assert 1 == len(backend.calls)

    def test_presigned_url(self, stack):
        """A presigned URL has the credentials of the backend."""
        parameters = {"ClientMethod": "get_account"}
        with SESBackend() as backend:
            url = stack.call("generate_presigned_url", parameters=parameters)
        assert "X-Amz-Credential=AKIAPYTESTSES0000000" in url
        assert [] == list(backend.calls)

    def test_aioboto3(self):
        """A client of aioboto3 reaches the backend."""
        aioboto3 = pytest.importorskip(
            "aioboto3", reason="aioboto3 is not installed; `tox -e botocore140` has it"
        )

        async def send():
            async with aioboto3.Session().client("sesv2", region_name="eu-west-1") as client:
                return await client.send_email(**MESSAGE)

        with SESBackend(verified=["example.com"]) as backend:
            response = asyncio.run(send())
        assert response["MessageId"] == backend.outbox.one().message_id

    def test_imported_during_the_test(self):
        """A client reaches the backend if aiobotocore is imported after it, and is not imported by it."""
        code = """
            import asyncio, sys
            from pytest_ses import SESBackend

            async def call():
                from aiobotocore.session import get_session
                async with get_session().create_client("sesv2") as client:
                    await client.get_account()

            with SESBackend() as backend:
                assert "aiobotocore" not in sys.modules
                asyncio.run(call())
            assert len(backend.calls) == 1
        """
        subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


class TestConcurrency:
    def test_tasks(self, stack):
        """Concurrent calls of one client are all handled, and other tasks run meanwhile."""
        steps = []

        async def call(client, name):
            for _ in range(3):
                await client.get_account()
                steps.append(name)

        async def run():
            async with stack.client() as client, anyio.create_task_group() as tasks:
                for name in range(10):
                    tasks.start_soon(call, client, name)

        with SESBackend() as backend:
            stack.run(run)
        assert 30 == len(backend.calls)
        assert sorted(range(10)) == sorted(steps[:10])

    def test_loops(self, stack):
        """Threads with an event loop each reach the backend, and wait in virtual time."""
        with SESBackend() as backend:
            backend.throttle("GetAccount", times=4)
            threads = [threading.Thread(target=stack.call) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert (8, 4) == (len(backend.calls), len(backend.clock.sleeps))

    def test_cancelled(self, stack):
        """A call can be cancelled while the client waits for a response."""

        async def call():
            async with stack.client() as client:
                with anyio.move_on_after(0.01) as scope:
                    await client.get_account()
                return scope.cancelled_caught

        with SESBackend(real_sleep=True) as backend:
            backend.fail("GetAccount", Delay(30))
            start = time.monotonic()
            assert stack.run(call)
        assert time.monotonic() - start < 10

    def test_events(self, stack):
        """An event is published when the call returns, also to an asynchronous webhook."""
        bodies = []

        async def receive(body, _):
            bodies.append(body)

        topic = "arn:aws:sns:eu-west-1:123456789012:events"
        with SESBackend(verified=["example.com"], region="eu-west-1") as backend:
            backend.webhook(receive, topic_arn=topic)

            async def send():
                async with stack.client() as client:
                    await client.create_configuration_set(ConfigurationSetName="news")
                    await client.create_configuration_set_event_destination(
                        ConfigurationSetName="news",
                        EventDestinationName="topic",
                        EventDestination={
                            "Enabled": True,
                            "MatchingEventTypes": ["SEND"],
                            "SnsDestination": {"TopicArn": topic},
                        },
                    )
                    before = len(bodies)
                    await client.send_email(**MESSAGE, ConfigurationSetName="news")
                    return len(bodies) - before

            assert 1 == stack.run(send)
        assert [] == list(backend.undelivered)


class TestBackOff:
    @pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
    def test_modes(self, stack, mode):
        """In every retry mode, five throttled attempts wait in virtual time and move the clock."""
        with SESBackend() as backend:
            start, real = backend.clock.now(), time.monotonic()
            backend.throttle("GetAccount")
            with pytest.raises(ClientError, match="Rate exceeded") as caught:
                stack.call(mode=mode)
            moved = (backend.clock.now() - start).total_seconds()
            real = time.monotonic() - real
        assert real < 2
        assert 4 == caught.value.response["ResponseMetadata"]["RetryAttempts"]
        assert [1, 2, 3, 4, 5] == [logged.attempt for logged in backend.calls]
        assert 4 <= len(backend.clock.sleeps)
        assert moved - real == pytest.approx(sum(backend.clock.sleeps), abs=0.5)

    def test_adaptive_mode_waits_for_its_rate(self, stack, monkeypatch):
        """A client that limits its own rate waits in virtual time, too."""
        # The rate is measured in half seconds of real time.
        monkeypatch.setattr(Clock, "current_time", lambda _: 1000.0)

        async def call():
            async with stack.client(mode="adaptive") as client:
                await client.get_account()
                before = len(backend.clock.sleeps)
                await client.get_account()
                await client.get_account()
                return backend.clock.sleeps[before:]

        with SESBackend() as backend:
            backend.throttle("GetAccount", times=1)
            # botocore's lowest rate is one call in two seconds.
            assert [2, 2] == pytest.approx(stack.run(call), abs=0.01)

    def test_waiter(self, stack):
        """A waiter polls in virtual time."""

        async def wait():
            async with stack.client("ses") as client:
                await client.verify_email_identity(EmailAddress="ada@example.com")
                waiter = client.get_waiter("identity_exists")
                with pytest.raises(WaiterError, match="Max attempts exceeded"):
                    await waiter.wait(Identities=["ada@example.com"])

        with SESBackend() as backend:
            stack.run(wait)
        assert [3] * 19 == backend.clock.sleeps

    def test_full_quota(self, stack):
        """A client that used up its retry quota in one test has a full quota in the next."""

        async def attempts(client):
            with SESBackend() as backend:
                backend.fail("GetAccount", Disconnect())
                for _ in range(110):
                    with pytest.raises(stack.closed):
                        await client.get_account()
                return len(backend.calls)

        async def run():
            async with stack.client(attempts=2, **KEYS) as client:
                return await attempts(client), await attempts(client)

        first, second = stack.run(run)
        assert 110 < first < 220
        assert first == second

    def test_real_sleep(self, stack, slept):
        """With `real_sleep`, a client really waits."""
        with SESBackend(real_sleep=True) as backend:
            backend.throttle("GetAccount", times=1)
            stack.call(mode="legacy", attempts=2)
        assert [] == backend.clock.sleeps
        assert any(slept)


class TestNetworkFailures:
    def test_truncated(self, stack):
        """A response that is cut in half is the error of a connection that breaks, and is retried."""
        with SESBackend() as backend:
            backend.fail("GetAccount", CorruptResponse("truncated"))
            with pytest.raises(stack.closed):
                stack.call(attempts=3)
        assert 3 == len(backend.calls)
        assert all(call.response for call in backend.calls)

    def test_closed(self, stack):
        """A connection that closes raises the same class of error as in production."""
        with SESBackend() as backend:
            backend.fail("GetAccount", Disconnect())
            with pytest.raises(HTTPClientError) as caught:
                stack.call(attempts=1)
        assert type(caught.value) is stack.closed


class TestOtherServices:
    def test_concurrent_waits(self, stack, slept):
        """While a task waits for SES in virtual time, tasks of other services wait in real time."""

        async def use_ses():
            async with stack.client() as client:
                await client.get_account()

        async def use_firehose():
            async with stack.client("firehose", attempts=3) as client:
                client.meta.events.register("before-send", throttled)
                with pytest.raises(ClientError, match="Slow down"):
                    await client.list_delivery_streams()

        async def run():
            async with anyio.create_task_group() as tasks:
                for _ in range(3):
                    tasks.start_soon(use_ses)
                    tasks.start_soon(use_firehose)

        with SESBackend() as backend:
            backend.throttle("GetAccount", times=3)
            stack.run(run)
        assert 3 == len(backend.clock.sleeps)
        assert 6 == len([seconds for seconds in slept if seconds])

    def test_adaptive_mode(self, stack, slept, monkeypatch):
        """An adaptive client of another service uses its own token bucket."""
        # Buckets fill at once: ten seconds pass between two readings of their clock.
        ticks = itertools.count(1000, 10)
        monkeypatch.setattr(Clock, "current_time", lambda _: next(ticks))

        async def call():
            async with stack.client("firehose", mode="adaptive", attempts=2) as client:
                client.meta.events.register("before-send", throttled)
                with pytest.raises(ClientError, match="Slow down"):
                    await client.list_delivery_streams()

        with SESBackend() as backend:
            stack.run(call)
        assert [] == backend.clock.sleeps

    def test_requests(self, stack):
        """A request to another service is sent."""

        async def call():
            async with stack.client(
                "firehose", endpoint_url="http://localhost:1", attempts=1
            ) as client:
                await client.list_delivery_streams()

        with SESBackend() as backend, pytest.raises(EndpointConnectionError, match="localhost:1"):
            stack.run(call)
        assert [] == list(backend.calls)


class TestMoto:
    @pytest.mark.parametrize("moto_first", [True, False])
    def test_active(self, stack, moto_first):
        """Inside `mock_aws`, calls to SES reach the backend, whichever of the two starts first."""
        first, second = mock_aws(), SESBackend()
        if not moto_first:
            first, second = second, first
        with first, second:
            stack.call()
        backend = second if moto_first else first
        assert 1 == len(backend.calls)


class TestRestoring:
    def test_everything(self):
        """Afterwards aiobotocore is as before, in whatever order backends end."""

        def state():
            return (
                AIOHTTPSession.send,
                getattr(HttpxSession, "send", None),
                AioRequestSigner.get_auth_instance,
                AsyncTokenBucket.acquire,
                aiobotocore.endpoint.asyncio,
                aiobotocore.waiter.asyncio,
                *(
                    getattr(module, name)._sleep
                    for module, name in [
                        (aiobotocore.endpoint, "AnyioEndpoint"),
                        (aiobotocore.waiter, "AnyioWaiter"),
                    ]
                    if HAS_ANYIO
                ),
            )

        before = state()
        first, second = SESBackend(), SESBackend()
        first.__enter__()
        second.__enter__()
        assert not (set(before) & set(state())) - {None}
        first.__exit__(None, None, None)
        STACKS[0].call()
        assert (0, 1) == (len(first.calls), len(second.calls))
        second.__exit__(None, None, None)
        assert before == state()

    def test_credentials(self):
        """The credentials of a session remain its own."""
        session = AioSession()
        session._credentials = AioCredentials("AKIAOWN", "own")
        with SESBackend():
            STACKS[0].call(session=session)
        assert "AKIAOWN" == session._credentials.access_key
