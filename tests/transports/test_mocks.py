"""Mock libraries for HTTP clients beside the backend, whichever of the two starts first.

A mock keeps its registrations and records for other hosts, and does not see requests for SES, unless
the test registers a host of SES.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import ExitStack, contextmanager

import aiohttp
import aioresponses
import httpx
import pytest
import requests
import responses
import respx
import vcr
from client_rows import ACCOUNT, CLIENTS, HOST, rows, sign
from moto import mock_aws

from pytest_ses import SESBackend

STORED_BY_VCRPY = "_Httpx2HttpTransport_handle_request"
OTHER = "https://api.example.org/things"
HTTPX = [client for client in CLIENTS if client.name in ("httpx", "httpx-async")]
either_first = pytest.mark.parametrize(
    "backend_first", [True, False], ids=["backend first", "mock first"]
)


@contextmanager
def together(mock, *, backend_first):
    """Start a backend and a mock, in either order; yield both."""
    with ExitStack() as stack:
        if backend_first:
            backend = stack.enter_context(SESBackend())
            yield backend, stack.enter_context(mock)
        else:
            started = stack.enter_context(mock)
            yield stack.enter_context(SESBackend()), started


def get(url, **options):
    return requests.get(url, timeout=1, **options)


def get_account():
    """Call GetAccount with requests."""
    return get(ACCOUNT, headers=sign("GET", ACCOUNT))


@either_first
class TestResponses:
    @pytest.fixture(name="mocked")
    def _mocked(self, backend_first):
        """A backend, and a mock that must receive all registered requests."""
        mock = responses.RequestsMock(assert_all_requests_are_fired=True)
        with together(mock, backend_first=backend_first) as (backend, started):
            yield backend, started

    def test_other_hosts(self, mocked):
        """The mock handles and records other requests only."""
        backend, mock = mocked
        mock.get(OTHER, json={"from": "mock"})
        assert 200 == get_account().status_code
        assert {"from": "mock"} == get(OTHER).json()
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            get("https://unknown.example.org/")
        assert [OTHER, "https://unknown.example.org/"] == [call.request.url for call in mock.calls]
        assert 1 == len(backend.calls)

    @pytest.mark.parametrize("url", [ACCOUNT, re.compile(r"https://email\.[a-z0-9-]+\.amazonaws")])
    def test_host_of_ses(self, mocked, url):
        """A response that is registered for a host of SES is used, and recorded."""
        backend, mock = mocked
        mock.get(url, json={"from": "mock"})
        assert {"from": "mock"} == get_account().json()
        assert 1 == len(mock.calls)
        assert [] == list(backend.calls)

    def test_matchers(self, mocked):
        """A registration whose matchers do not match the request is not used for it."""
        backend, mock = mocked
        mock.assert_all_requests_are_fired = False
        mock.get(ACCOUNT, match=[responses.matchers.query_param_matcher({"a": "1"})], body="mock")
        assert 200 == get_account().status_code
        assert b"mock" == get(f"{ACCOUNT}?a=1").content
        assert (1, 1) == (len(backend.calls), len(mock.calls))

    def test_registered_for_every_host(self, mocked):
        """A registration for every host is not meant for SES."""
        backend, mock = mocked
        mock.get(re.compile(".*"), body="mock")
        assert 200 == get_account().status_code
        assert b"mock" == get(OTHER).content
        assert (1, 1) == (len(backend.calls), len(mock.calls))

    def test_nested(self, mocked):
        """A mock inside another passes a request for SES on to the outer one."""
        backend, outer = mocked
        outer.get(ACCOUNT, json={"from": "outer"})
        with responses.RequestsMock() as inner:
            assert {"from": "outer"} == get_account().json()
        assert (1, 0, 0) == (len(outer.calls), len(inner.calls), len(backend.calls))

    def test_moto(self, mocked):
        """Inside `mock_aws`, requests for SES reach the backend, or what the test has registered."""
        backend, mock = mocked
        with mock_aws():
            assert 200 == get_account().status_code
            mock.get(ACCOUNT, json={"from": "mock"})
            assert {"from": "mock"} == get_account().json()
        assert 1 == len(backend.calls)


@responses.activate
def test_decorator_of_responses():
    """The decorator of responses keeps its registrations and records."""
    responses.get(OTHER, body="mock")
    with SESBackend() as backend:
        assert 200 == get_account().status_code
        assert b"mock" == get(OTHER).content
    assert (1, 1) == (len(backend.calls), len(responses.calls))


@either_first
@rows(*HTTPX)
@pytest.mark.parametrize("using", ["httpcore", "httpx"])
class TestRespx:
    def send(self, client, url, headers=None):
        return client.send("GET", url, headers or {}, None, 1)

    @pytest.fixture(name="mocked")
    def _mocked(self, backend_first, using):
        with together(respx.mock(using=using), backend_first=backend_first) as (backend, router):
            yield backend, router

    def test_other_hosts(self, mocked, client):
        """The mock handles and records other requests only."""
        backend, router = mocked
        route = router.get(OTHER).respond(text="mock")
        router.route(path="/v2/email/account").respond(text="any host")
        assert b"SendQuota" in self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert b"mock" == self.send(client, OTHER).body
        assert b"any host" == self.send(client, "https://example.org/v2/email/account").body
        with pytest.raises(AssertionError, match="not mocked"):
            self.send(client, "https://unknown.example.org/")
        assert (1, 2, 1) == (route.call_count, router.calls.call_count, len(backend.calls))

    def test_host_of_ses(self, mocked, client):
        """A route for a host of SES is used, and recorded."""
        backend, router = mocked
        router.get(host="email.eu-west-1.amazonaws.com").respond(text="mock")
        assert b"mock" == self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert (1, 0) == (router.calls.call_count, len(backend.calls))

    def test_every_request(self, mocked, client):
        """A route for every request is not meant for SES."""
        backend, router = mocked
        router.route().respond(text="mock")
        assert b"SendQuota" in self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert b"mock" == self.send(client, OTHER).body
        assert (1, 1) == (router.calls.call_count, len(backend.calls))


@either_first
@rows(*HTTPX)
class TestPytestHttpx:
    def send(self, client, url, headers=None):
        return client.send("GET", url, headers or {}, None, 1)

    @pytest.fixture(name="mocked")
    def _mocked(self, backend_first, request):
        if backend_first:
            with SESBackend() as backend:
                yield backend, request.getfixturevalue("httpx_mock")
        else:
            mock = request.getfixturevalue("httpx_mock")
            with SESBackend() as backend:
                yield backend, mock

    def test_other_hosts(self, mocked, client):
        """The mock handles and records other requests only."""
        backend, mock = mocked
        mock.add_response(text="mock")
        assert b"SendQuota" in self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert b"mock" == self.send(client, OTHER).body
        assert [OTHER] == [str(request.url) for request in mock.get_requests()]
        assert 1 == len(backend.calls)

    @pytest.mark.parametrize("url", [ACCOUNT, re.compile(r"https://email\.")])
    def test_host_of_ses(self, mocked, client, url):
        """A response that is registered for a host of SES is used, and recorded."""
        backend, mock = mocked
        mock.add_response(url=url, text="mock")
        assert b"mock" == self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert (1, 0) == (len(mock.get_requests()), len(backend.calls))

    @pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "api.example.org")
    def test_hosts_that_are_not_mocked(self, mocked, client):
        """Requests that the mock leaves alone reach the backend."""
        backend, mock = mocked
        mock.add_response(url=OTHER, text="mock")
        assert b"SendQuota" in self.send(client, ACCOUNT, sign("GET", ACCOUNT)).body
        assert b"mock" == self.send(client, OTHER).body
        assert 1 == len(backend.calls)


async def fetch(url, headers=None):
    async with (
        aiohttp.ClientSession(headers={"X-Session": "1"}) as session,
        session.get(url, headers=headers) as response,
    ):
        return await response.read()


class RegisteredError(Exception):
    """What a mock raises; aioresponses cannot build responses for every version of aiohttp."""


@either_first
class TestAioresponses:
    @pytest.fixture(name="mocked")
    def _mocked(self, backend_first):
        with together(aioresponses.aioresponses(), backend_first=backend_first) as mocked:
            yield mocked

    def test_other_hosts(self, mocked):
        """The mock handles and records other requests only."""
        backend, mock = mocked
        mock.get(OTHER, exception=RegisteredError())
        assert b"SendQuota" in asyncio.run(fetch(ACCOUNT, sign("GET", ACCOUNT)))
        with pytest.raises(RegisteredError):
            asyncio.run(fetch(OTHER))
        with pytest.raises(aiohttp.ClientConnectionError, match="Connection refused"):
            asyncio.run(fetch("https://unknown.example.org/"))
        assert {OTHER, "https://unknown.example.org/"} == {str(url) for _, url in mock.requests}
        assert 1 == len(backend.calls)

    @pytest.mark.parametrize("url", [ACCOUNT, re.compile(r"https://email\.")])
    def test_host_of_ses(self, mocked, url):
        """A response that is registered for a host of SES is used, and recorded."""
        backend, mock = mocked
        mock.get(url, exception=RegisteredError())
        with pytest.raises(RegisteredError):
            asyncio.run(fetch(ACCOUNT, sign("GET", ACCOUNT)))
        assert (1, 0) == (len(mock.requests), len(backend.calls))

    def test_every_request(self, mocked):
        """A response for every request is not meant for SES."""
        backend, mock = mocked
        mock.get(re.compile(".*"), exception=RegisteredError())
        assert b"SendQuota" in asyncio.run(fetch(ACCOUNT, sign("GET", ACCOUNT)))
        with pytest.raises(RegisteredError):
            asyncio.run(fetch(OTHER))
        assert (1, 1) == (len(mock.requests), len(backend.calls))


def test_end_of_aioresponses():
    """A mock that is still active after the backend sees all requests again."""
    with aioresponses.aioresponses() as mock:
        with SESBackend():
            assert b"SendQuota" in asyncio.run(fetch(ACCOUNT, sign("GET", ACCOUNT)))
        with pytest.raises(aiohttp.ClientConnectionError):
            asyncio.run(fetch(ACCOUNT, sign("GET", ACCOUNT)))
    assert 1 == len(mock.requests)


@either_first
@rows()
class TestVcr:
    def test_recording(self, client, backend_first, tmp_path):
        """A cassette does not record requests for SES."""
        path = tmp_path / "cassette.yaml"
        recorder = vcr.use_cassette(str(path), record_mode="all")
        with together(recorder, backend_first=backend_first) as (backend, cassette):
            sent = client.send("GET", ACCOUNT, sign("GET", ACCOUNT), None, 1)
        assert (200, 0, 1) == (sent.status, len(cassette), len(backend.calls))

    def test_playing(self, client, backend_first, tmp_path):
        """A cassette plays responses of other hosts, and none of SES."""
        if client.name.startswith("httpx2") and not hasattr(vcr.patch, STORED_BY_VCRPY):
            pytest.skip("this version of vcrpy does not know httpx2")
        path = tmp_path / "cassette.json"
        path.write_text(
            json.dumps({"version": 1, "interactions": [*map(played, [OTHER, ACCOUNT])]})
        )
        player = vcr.use_cassette(str(path), record_mode="none", serializer="json")
        with together(player, backend_first=backend_first) as (backend, cassette):
            assert b"played" == client.send("GET", OTHER, {}, None, 1).body
            sent = client.send("GET", ACCOUNT, sign("GET", ACCOUNT), None, 1)
        assert b"SendQuota" in sent.body
        assert (1, 1) == (cassette.play_count, len(backend.calls))


def played(url):
    """A response on a cassette."""
    return {
        "request": {"method": "GET", "uri": url, "body": "", "headers": {}},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Content-Length": ["6"]},
            "body": {"string": "played"},
        },
    }


def test_mock_transport():
    """A client with a transport of its own does not reach the backend."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text="mock"))
    with SESBackend() as backend, httpx.Client(transport=transport) as client:
        assert "mock" == client.get(HOST).text
    assert [] == list(backend.calls)


def test_without_respx(monkeypatch):
    """Without respx, no route is looked for."""
    monkeypatch.delitem(sys.modules, "respx")
    with SESBackend() as backend:
        headers = sign("GET", ACCOUNT)
        assert 200 == httpx.get(ACCOUNT, headers=headers).status_code
    assert 1 == len(backend.calls)


def test_older_vcrpy(monkeypatch):
    """A vcrpy that has not stored the methods of httpx is patched nevertheless."""
    monkeypatch.delattr("vcr.patch._HttpxHttpTransport_handle_request", raising=False)
    with SESBackend():
        assert not hasattr(vcr.patch, "_HttpxHttpTransport_handle_request")
