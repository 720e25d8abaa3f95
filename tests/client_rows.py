"""HTTP clients, each with the same interface, and requests for SES that a test signs itself."""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import httpx
import pytest
import requests
import urllib3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    import httpx2
except ImportError:  # it needs Python 3.11
    httpx2 = None

try:
    from aiobotocore.httpsession import AIOHTTPSession
    from aiobotocore.session import AioSession  # noqa: F401  (as whoever creates a client does)
except ImportError:  # it needs a certain version of botocore
    AIOHTTPSession = None
try:
    from aiobotocore.httpxsession import HttpxSession
except ImportError:  # older versions do not have it
    HttpxSession = None

HOST = "https://email.eu-west-1.amazonaws.com"
ACCOUNT = f"{HOST}/v2/email/account"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """What a client received."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Client:
    """An HTTP client.

    Attributes:
        name: its name in the IDs of tests.
        send: sends a request, given its method, URL, headers, body and timeout in seconds.
        errors: its exception for each planned failure.
    """

    name: str
    send: Callable[..., Sent]
    errors: dict[str, type[Exception]]


def sign(method, url, body=b"", *, service="ses", region="eu-west-1", key="AKIAOWN", headers=None):
    """The headers of a request that a test signs itself."""
    request = AWSRequest(method, url, data=body, headers=headers or {})
    SigV4Auth(Credentials(key, "secret"), service, region).add_auth(request)
    return dict(request.headers.items())


def presign(method, url, *, region="eu-west-1", key="AKIAOWN"):
    """A presigned URL."""
    request = AWSRequest(method, url)
    SigV4QueryAuth(Credentials(key, "secret"), "ses", region).add_auth(request)
    return request.url


def _requests(method, url, headers, body, timeout):
    response = requests.request(method, url, headers=headers, data=body, timeout=timeout)
    return Sent(response.status_code, dict(response.headers), response.content)


def _urllib3(method, url, headers, body, timeout):
    with urllib3.PoolManager(retries=False) as pool:
        response = pool.request(method, url, headers=headers, body=body, timeout=timeout)
        return Sent(response.status, dict(response.headers), response.data)


def _urllib_request(method, url, headers, body, timeout):
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return Sent(response.status, dict(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Sent(error.code, dict(error.headers), error.read())


def _httpx(library):
    def send(method, url, headers, body, timeout):
        with library.Client(timeout=timeout) as client:
            response = client.request(method, url, headers=headers, content=body)
        return Sent(response.status_code, dict(response.headers), response.content)

    return send


def _async_httpx(library):
    def send(method, url, headers, body, timeout):
        async def request():
            async with library.AsyncClient(timeout=timeout) as client:
                return await client.request(method, url, headers=headers, content=body)

        response = asyncio.run(request())
        return Sent(response.status_code, dict(response.headers), response.content)

    return send


def _aiohttp(method, url, headers, body, timeout):
    async def request():
        limit = aiohttp.ClientTimeout(sock_read=timeout, sock_connect=timeout)
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
            session.request(method, url, headers=headers, data=body) as response,
        ):
            return Sent(response.status, dict(response.headers), await response.read())

    return asyncio.run(request())


def _botocore(method, url, headers, body, timeout):
    session = URLLib3Session(timeout=timeout)
    response = session.send(AWSRequest(method, url, headers, data=body).prepare())
    return Sent(response.status_code, dict(response.headers), response.content)


def _aiobotocore(session_class):
    def send(method, url, headers, body, timeout):
        async def request():
            async with session_class(timeout=timeout) as session:
                response = await session.send(AWSRequest(method, url, headers, data=body).prepare())
                return Sent(response.status_code, dict(response.headers), await response.content)

        return asyncio.run(request())

    return send


def _httpx_errors(library):
    return {
        "read": library.ReadTimeout,
        "connect": library.ConnectTimeout,
        "closed": library.RemoteProtocolError,
        "truncated": library.RemoteProtocolError,
    }


_BOTOCORE_ERRORS = {
    "read": ReadTimeoutError,
    "connect": ConnectTimeoutError,
    "closed": ConnectionClosedError,
}
# Clients whose requests without a signature are for SES if they have the form of one.
BOTOCORE_CLIENTS = [Client("botocore", _botocore, _BOTOCORE_ERRORS)]
CLIENTS = [
    Client(
        "requests",
        _requests,
        {
            "read": requests.exceptions.ReadTimeout,
            "connect": requests.exceptions.ConnectTimeout,
            "closed": requests.exceptions.ConnectionError,
            "truncated": requests.exceptions.ChunkedEncodingError,
        },
    ),
    Client(
        "urllib3",
        _urllib3,
        {
            "read": urllib3.exceptions.ReadTimeoutError,
            "connect": urllib3.exceptions.ConnectTimeoutError,
            "closed": urllib3.exceptions.ProtocolError,
            "truncated": urllib3.exceptions.ProtocolError,
        },
    ),
    Client(
        "urllib.request",
        _urllib_request,
        {
            "read": TimeoutError,
            "connect": urllib.error.URLError,
            "closed": http.client.RemoteDisconnected,
            "truncated": http.client.IncompleteRead,
        },
    ),
    Client("httpx", _httpx(httpx), _httpx_errors(httpx)),
    Client("httpx-async", _async_httpx(httpx), _httpx_errors(httpx)),
    Client(
        "aiohttp",
        _aiohttp,
        {
            "read": aiohttp.ServerTimeoutError,
            "connect": aiohttp.ServerTimeoutError,
            "closed": aiohttp.ServerDisconnectedError,
            "truncated": aiohttp.ClientPayloadError,
        },
    ),
]
if httpx2 is not None:
    CLIENTS += [
        Client("httpx2", _httpx(httpx2), _httpx_errors(httpx2)),
        Client("httpx2-async", _async_httpx(httpx2), _httpx_errors(httpx2)),
    ]
if AIOHTTPSession is not None:
    BOTOCORE_CLIENTS.append(Client("aiobotocore", _aiobotocore(AIOHTTPSession), _BOTOCORE_ERRORS))
if HttpxSession is not None:
    errors = {**_BOTOCORE_ERRORS, "closed": HTTPClientError}
    BOTOCORE_CLIENTS.append(Client("aiobotocore-httpx", _aiobotocore(HttpxSession), errors))


def rows(*clients):
    """Run a test once for each client; defaults to all but those of botocore."""
    return pytest.mark.parametrize("client", clients or CLIENTS, ids=lambda client: client.name)
