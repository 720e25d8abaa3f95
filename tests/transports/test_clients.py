"""HTTP clients that reach the backend: the same behaviour for each of them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urlencode

import aiohttp
import httpx
import pytest
import requests
import urllib3
from client_rows import ACCOUNT, BOTOCORE_CLIENTS, CLIENTS, FORM, HOST, presign, rows, sign
from timing import is_linear

from pytest_ses import (
    CorruptResponse,
    Delay,
    Disconnect,
    ForkedProcessWarning,
    ServerError,
    SESBackend,
    Timeout,
)

every_client = rows(*BOTOCORE_CLIENTS, *CLIENTS)
LOOKALIKES = [
    "email.eu-west-1.amazonaws.com.example.org",
    "email.eu-west-1.example.org",
    "notemail.eu-west-1.amazonaws.com",
    "s3.eu-west-1.amazonaws.com",
]


def get(client, url, headers=None, *, timeout=7):
    """Send a GET request."""
    return client.send("GET", url, headers or {}, None, timeout)


def get_account(client, **options):
    """Call GetAccount with a signature."""
    return get(client, ACCOUNT, sign("GET", ACCOUNT), **options)


def post(client, url, form, sign_with=sign):
    """Send a form with a signature."""
    body = urlencode(form).encode()
    headers = {"Content-Type": FORM}
    return client.send("POST", url, sign_with("POST", url, body, headers=headers), body, 7)


class Elsewhere(NamedTuple):
    """A local server, at which all hosts seem to be."""

    port: int
    paths: list[str]


@pytest.fixture
def elsewhere(monkeypatch):
    """The server and the requests that reach it."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"there")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", server.server_address)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [address])
    yield Elsewhere(server.server_port, paths)
    server.shutdown()
    thread.join()
    server.server_close()


@every_client
class TestRecognition:
    def test_signed_v2(self, client):
        """A signed v2 request reaches the account of its key in the region of its signature."""
        with SESBackend() as backend:
            key = backend.account(account_id="999988887777").credentials.aws_access_key_id
            sent = get(client, ACCOUNT, sign("GET", ACCOUNT, key=key))
        assert 200 == sent.status
        assert "SendQuota" in json.loads(sent.body)
        (call,) = backend.calls
        assert ("sesv2", "GetAccount") == (call.service, call.operation)
        assert ("999988887777", "eu-west-1") == (call.account_id, call.region)

    def test_signed_v1(self, client):
        """A signed form is a v1 request, with or without a version; the message is in the outbox."""
        form = {
            "Action": "SendEmail",
            "Source": "shop@example.com",
            "Destination.ToAddresses.member.1": "ada@example.org",
            "Message.Subject.Data": "Order",
            "Message.Body.Text.Data": "Thanks",
        }
        with SESBackend(verified=["example.com"]) as backend:
            assert 200 == post(client, HOST, form).status
            assert 200 == post(client, f"{HOST}/", {**form, "Version": "2010-12-01"}).status
        assert ["Order", "Order"] == [message.subject for message in backend.outbox]

    def test_error(self, client):
        """An error of SES is a response with its status, headers and body."""
        url = f"{HOST}/v2/email/configuration-sets/absent"
        with SESBackend():
            sent = get(client, url, sign("GET", url))
        headers = {name.lower(): value for name, value in sent.headers.items()}
        assert (404, "NotFoundException") == (sent.status, headers["x-amzn-errortype"])
        assert "application/json" == headers["content-type"]
        assert "absent" in json.loads(sent.body)["message"]

    @pytest.mark.parametrize("url", [ACCOUNT, "http://localhost:4566/v2/email/account"])
    def test_presigned_url(self, client, url):
        """A presigned URL reaches the account and region that it was signed for."""
        with SESBackend() as backend:
            key = backend.account(account_id="999988887777").credentials.aws_access_key_id
            assert 200 == get(client, presign("GET", url, key=key)).status
        assert ("999988887777", "eu-west-1") == (
            backend.calls[0].account_id,
            backend.calls[0].region,
        )

    @pytest.mark.parametrize(
        "host",
        [
            "email.eu-west-1.amazonaws.com",
            "EMAIL.eu-west-1.amazonaws.com",
            "email-fips.eu-west-1.api.aws",
            "vpce-0a1b2c3d-4e5f.email.eu-west-1.vpce.amazonaws.com",
        ],
    )
    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer token"}])
    def test_host(self, client, host, headers):
        """A request without a signature of SES is recognized by its host, which names the region."""
        with SESBackend(region="us-east-2") as backend:
            assert 200 == get(client, f"https://{host}/v2/email/account", headers).status
        assert "eu-west-1" == backend.calls[0].region

    def test_endpoint_url(self, client):
        """A signed request to another host is recognized by its signature."""
        url = "http://localhost:4566/aws/v2/email/account"
        with SESBackend() as backend:
            assert 200 == get(client, url, sign("GET", url)).status
        assert "eu-west-1" == backend.calls[0].region

    @pytest.mark.parametrize(
        ("url", "headers", "name"),
        [
            ("https://mail-manager.us-east-1.amazonaws.com/", {}, "Mail Manager"),
            ("https://Mail-Manager-fips.us-east-1.api.aws/", {}, "Mail Manager"),
            (f"{HOST}/", {"X-Amz-Target": "MailManagerSvc.ListArchives"}, "Mail Manager"),
            (f"{HOST}/v1/email/account", {}, "Pinpoint Email"),
        ],
    )
    @pytest.mark.parametrize("signed", [True, False])
    def test_other_services(self, client, url, headers, name, signed):
        """A request to Mail Manager or Pinpoint Email fails, with the name of the service."""
        headers = sign("GET", url, headers=headers) if signed else headers
        with (
            SESBackend() as backend,
            pytest.raises(NotImplementedError, match=f"does not support .*{name}"),
        ):
            get(client, url, headers)
        assert [] == list(backend.calls)

    def test_proxy(self, client, monkeypatch):
        """A request that a proxy would forward reaches the backend without the proxy."""
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://localhost:1")
        with SESBackend() as backend:
            assert 200 == get_account(client).status
            assert 200 == get(client, ACCOUNT.replace("https", "http")).status
        assert 2 == len(backend.calls)

    def test_in_another_thread(self, client):
        """A request of another thread reaches the backend."""
        with SESBackend() as backend:
            thread = threading.Thread(target=get_account, args=[client])
            thread.start()
            thread.join()
        assert 1 == len(backend.calls)

    def test_nested_backends(self, client):
        """The innermost backend handles a request, then the outer one again."""
        with SESBackend() as outer:
            with SESBackend() as inner:
                get_account(client)
            get_account(client)
            get_account(client)
        assert (2, 1) == (len(outer.calls), len(inner.calls))

    def test_forked_process(self, client, monkeypatch):
        """The first request of a forked process is a warning."""
        with SESBackend():
            monkeypatch.setattr("os.getpid", lambda: 123456)
            with pytest.raises(ForkedProcessWarning, match="process 123456"):
                get_account(client)

    def test_exception_of_the_backend(self, client, monkeypatch):
        """An exception that the backend raises reaches the caller."""

        def handle(_):
            raise LookupError("no such thing")

        with SESBackend() as backend, monkeypatch.context() as patch:
            patch.setattr(backend, "_handle", handle)
            with pytest.raises(LookupError, match="no such thing"):
                get_account(client)


@rows()
class TestOtherRequests:
    @pytest.mark.parametrize("host", LOOKALIKES)
    def test_hosts(self, client, host, elsewhere):
        """A request to any other host is sent there."""
        url = f"http://{host}:{elsewhere.port}/v2/email/account?a=1"
        with SESBackend() as backend:
            assert b"there" == get(client, url).body
        assert (["/v2/email/account?a=1"], []) == (elsewhere.paths, list(backend.calls))

    def test_signatures(self, client, elsewhere):
        """A request with the signature of another service is sent."""
        url = f"http://localhost:{elsewhere.port}/v2/email/account"
        with SESBackend() as backend:
            assert b"there" == get(client, url, sign("GET", url, service="sqs")).body
        assert (["/v2/email/account"], []) == (elsewhere.paths, list(backend.calls))

    def test_afterwards(self, client, elsewhere):
        """After the backend, requests for SES are sent again."""
        with SESBackend():
            get_account(client)
        url = f"http://email.eu-west-1.amazonaws.com:{elsewhere.port}/v2/email/account"
        assert b"there" == get(client, url).body


@every_client
class TestPlannedFailures:
    """Network failures are the client's own exceptions, at once, and its timeouts move the clock."""

    @pytest.fixture(name="backend")
    def _backend(self):
        with SESBackend() as backend:
            yield backend

    @pytest.fixture(name="seconds")
    def _seconds(self, backend):
        """A function that returns by how many seconds the virtual clock has moved."""
        start = backend.clock.now()
        return lambda: (backend.clock.now() - start).total_seconds()  # noqa: PLW0108  (the clock moves)

    @pytest.mark.parametrize("kind", ["read", "connect"])
    def test_timeout(self, client, backend, seconds, kind):
        """A timeout lasts as long as that of the client."""
        backend.fail("GetAccount", Timeout(kind))
        with pytest.raises(client.errors[kind]) as caught:
            get_account(client, timeout=40)
        assert isinstance(caught.value, Exception)
        assert 40 <= seconds() < 50

    def test_disconnect(self, client, backend):
        """A connection breaks before SES receives the call."""
        backend.fail("GetAccount", Disconnect())
        with pytest.raises(client.errors["closed"]):
            get_account(client)

    def test_server_error(self, client, backend):
        """A server error is a response."""
        backend.fail("GetAccount", ServerError(503), times=1)
        backend.fail("GetAccount", ServerError(502), times=1)
        assert [503, 502, 200] == [get_account(client).status for _ in range(3)]

    def test_html(self, client, backend):
        """The page of a proxy arrives in place of the response."""
        backend.fail("GetAccount", CorruptResponse("html"))
        sent = get_account(client)
        assert (200, b"<html>") == (sent.status, sent.body[:6])

    def test_delay(self, client, backend, seconds):
        """A response that the client waits for arrives, and the clock moves."""
        backend.fail("GetAccount", Delay(5), times=1)
        assert 200 == get_account(client, timeout=40).status
        assert 5 <= seconds() < 15

    def test_too_late(self, client, backend, seconds):
        """A response that is later than the client's timeout is a timeout."""
        backend.fail("GetAccount", Delay(90))
        with pytest.raises(client.errors["read"]):
            get_account(client, timeout=40)
        assert 40 <= seconds() < 50
        assert backend.calls[0].response

    def test_real_sleep(self, client):
        """With `real_sleep`, the client waits, and the clock is not moved."""
        with SESBackend(real_sleep=True) as backend:
            backend.fail("GetAccount", Delay(0.001), times=1)
            assert 200 == get_account(client).status
            assert 0 == backend.clock._offset.total_seconds()


@rows()
class TestNetwork:
    def test_without_timeout(self, client):
        """A timeout of a client that would wait forever does not move the clock."""
        with SESBackend() as backend:
            start = backend.clock.now()
            backend.fail("GetAccount", Timeout())
            with pytest.raises(client.errors["read"]):
                get_account(client, timeout=None)
            assert 10 > (backend.clock.now() - start).total_seconds()

    def test_truncated(self, client):
        """A response that is cut in half is the error of a connection that breaks."""
        with SESBackend() as backend:
            backend.fail("GetAccount", CorruptResponse("truncated"))
            with pytest.raises(client.errors["truncated"]):
                get_account(client)
        assert backend.calls[0].response


class TestBodies:
    """Requests whose body is not bytes."""

    URL = f"{HOST}/v2/email/configuration-sets"
    PARTS = (b'{"Configuration', b'SetName": "news"}')

    @pytest.fixture(name="created", autouse=True)
    def _created(self):
        with SESBackend() as backend:
            yield
        assert ["news"] == list(backend.account("eu-west-1").configuration_sets)

    def parts(self):
        yield from self.PARTS

    async def async_parts(self):
        for part in self.PARTS:
            yield part

    def test_requests(self):
        """An iterator of requests is read."""
        assert 200 == requests.post(self.URL, data=self.parts(), timeout=5).status_code

    def test_urllib3(self):
        """A file of urllib3 is read, and text is encoded."""
        pool = urllib3.connection_from_url(HOST)
        path = "/v2/email/configuration-sets"
        with pool:
            assert (
                200
                == pool.urlopen("POST", path, body="".join(map(bytes.decode, self.PARTS))).status
            )

    def test_urllib_request(self, tmp_path):
        """A file of urllib.request is read."""
        import urllib.request

        path = tmp_path / "body.json"
        path.write_bytes(b"".join(self.PARTS))
        with path.open("rb") as body:
            request = urllib.request.Request(
                self.URL, data=body, headers={"Content-Length": str(path.stat().st_size)}
            )
            with urllib.request.urlopen(request) as response:
                assert 200 == response.status

    def test_httpx(self):
        """An iterator of httpx is read."""
        assert 200 == httpx.post(self.URL, content=self.parts()).status_code

    async def _post_with_aiohttp(self, **options):
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.URL, data=self.async_parts(), **options) as response,
        ):
            return response.status

    @pytest.mark.parametrize("options", [{}, {"expect100": True}])
    def test_aiohttp(self, options):
        """An asynchronous iterator of aiohttp is read, and may wait for the server's consent."""
        assert 200 == asyncio.run(self._post_with_aiohttp(**options))


class TestAiohttp:
    """What aiohttp does with a connection."""

    @pytest.fixture(name="backend", autouse=True)
    def _backend(self):
        with SESBackend() as backend:
            yield backend

    def test_timeout_of_the_whole_request(self, backend):
        """A timeout takes as long as the shortest limit of the client."""

        async def call(**limits):
            timeout = aiohttp.ClientTimeout(**limits)
            async with aiohttp.ClientSession(timeout=timeout) as session:
                await session.get(ACCOUNT, headers=sign("GET", ACCOUNT))

        backend.fail("GetAccount", Timeout())
        start = backend.clock.now()
        for limits in ({"total": 100}, {"total": 100, "sock_read": 20}):
            with pytest.raises(aiohttp.ServerTimeoutError):
                asyncio.run(call(**limits))
        assert 120 <= (backend.clock.now() - start).total_seconds() < 130

    @pytest.mark.parametrize("end", [b"0\r\n", b"0\r\n\r\n", b"\r\n0\r\n\r\n"])
    def test_chunks(self, backend, end):
        """The content of a chunk may look like the end of the body."""

        async def parts():
            yield b"Action=VerifyEmailIdentity&X=" + end
            yield b"&EmailAddress=ada%40example.com"

        async def call():
            async with aiohttp.ClientSession() as session:
                return (await session.post(HOST, data=parts())).status

        assert 200 == asyncio.run(call())
        assert ["ada@example.com"] == list(backend.account("eu-west-1").identities)

    def test_pieces_of_known_length(self, backend):
        """A body that arrives in pieces is complete when it has the length that its header says."""
        body = b"Action=GetSendQuota&X=" + b"x" * 600_000

        async def call():
            async with aiohttp.ClientSession() as session:
                return (await session.post(HOST, data=BytesIO(body))).status

        assert 200 == asyncio.run(call())
        assert 1 == len(backend.calls)

    def test_many_pieces(self):
        """A body that arrives in many pieces is read in a time that grows with its size."""

        async def parts(count):
            yield b"Action=GetSendQuota&X="
            for _ in range(count):
                yield b"x" * 200

        def call(count):
            async def post():
                async with aiohttp.ClientSession() as session:
                    return (await session.post(HOST, data=parts(count))).status

            assert 200 == asyncio.run(post())

        assert is_linear(call, int, 4000)

    def test_concurrent_requests(self, backend):
        """Requests of one session run at once, each with its own connection; none is kept."""

        async def call():
            async with aiohttp.ClientSession() as session:
                calls = [session.get(ACCOUNT, headers=sign("GET", ACCOUNT)) for _ in range(20)]
                statuses = [response.status for response in await asyncio.gather(*calls)]
                assert {} == dict(session.connector._conns)
                return statuses

        assert [200] * 20 == asyncio.run(call())
        assert 20 == len(backend.calls)

    def test_cancelled(self, backend):
        """A request that is cancelled while it waits leaves nothing behind."""

        async def call():
            async with aiohttp.ClientSession() as session:
                await asyncio.wait_for(session.get(ACCOUNT, headers=sign("GET", ACCOUNT)), 0.01)

        with SESBackend(real_sleep=True) as waiting:
            waiting.fail("GetAccount", Delay(0.2))
            with pytest.raises(asyncio.TimeoutError):
                asyncio.run(call())

    def test_connection(self):
        """A request may look at its connection, to which everything has been written."""
        states = []

        class Request(aiohttp.ClientRequest):
            async def send(self, conn):
                response = await super().send(conn)
                states.append((conn.transport.get_write_buffer_size(), conn.transport.is_closing()))
                return response

        async def call():
            async with (
                aiohttp.ClientSession(request_class=Request) as session,
                session.get(ACCOUNT, headers=sign("GET", ACCOUNT)) as response,
            ):
                return response.status

        assert 200 == asyncio.run(call())
        assert [(0, False)] == states
