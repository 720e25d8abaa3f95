"""The transport of httpx and httpx2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import (
    CONNECT_TIMEOUT,
    CONNECTION_CLOSED,
    READ_TIMEOUT,
    Timeouts,
    lower_headers,
    request_of,
)
from pytest_ses.transports.mocks import pytest_httpx, respx
from pytest_ses.transports.patching import Replacements, replaced
from pytest_ses.wire.http import NoReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.wire.http import Response

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# The classes that open connections, and the method of each with which it handles a request.
TRANSPORTS = {"HTTPTransport": "handle_request", "AsyncHTTPTransport": "handle_async_request"}
# The names and texts of httpx's exceptions.
_ERRORS = {
    CONNECT_TIMEOUT: ("ConnectTimeout", "timed out"),
    READ_TIMEOUT: ("ReadTimeout", "The read operation timed out"),
    CONNECTION_CLOSED: (
        "RemoteProtocolError",
        "Server disconnected without sending a response.",
    ),
}


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Patch the transports that open connections; other transports are the user's own."""
    return Replacements(
        replaced(getattr(library, transport), name, WRAPPERS[name](library, exchange))
        for transport, name in TRANSPORTS.items()
    )


def _sync(library: ModuleType, exchange: Exchange) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def handle_request(transport: Any, request: Any) -> Any:
            if not is_for_ses(request):
                return original(transport, request)
            request.read()
            if _is_registered(original, transport, request):
                return original(transport, request)
            return respond(library, exchange, request)

        return handle_request

    return wrap


def _async(library: ModuleType, exchange: Exchange) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def handle_async_request(transport: Any, request: Any) -> Any:
            if not is_for_ses(request):
                return await original(transport, request)
            await request.aread()
            if _is_registered(original, transport, request):
                return await original(transport, request)
            return await respond_async(library, exchange, request)

        return handle_async_request

    return wrap


WRAPPERS = {"handle_request": _sync, "handle_async_request": _async}


def is_for_ses(request: Any) -> bool:
    """Whether a request of httpx is for SES."""
    return recognition.is_for_ses(str(request.url), lower_headers(request.headers))


def respond(library: ModuleType, exchange: Exchange, request: Any) -> Any:
    """Return the backend's response to a request that has been read."""
    reply, seconds = _reply(exchange, request)
    exchange.wait(seconds)
    return _response(library, reply)


async def respond_async(library: ModuleType, exchange: Exchange, request: Any) -> Any:
    """Return the backend's response, and let other tasks run while the client waits."""
    reply, seconds = _reply(exchange, request)
    seconds = exchange.elapse(seconds)
    if seconds:
        await anyio.sleep(seconds)
    return _response(library, reply)


def _is_registered(handle: Any, transport: Any, request: Any) -> bool:
    """Whether the test has registered a response for this host of SES."""
    return respx.is_registered(request) or pytest_httpx.is_registered(handle, transport, request)


def _reply(exchange: Exchange, request: Any) -> tuple[Response | NoReply, float]:
    return exchange.reply(
        request_of(request.method, str(request.url), request.headers, request.content),
        lambda: _timeouts(request),
    )


def _timeouts(request: Any) -> Timeouts:
    timeouts = request.extensions.get("timeout", {})
    return Timeouts(timeouts.get("connect"), timeouts.get("read"))


def _response(library: ModuleType, reply: Response | NoReply) -> Any:
    if isinstance(reply, NoReply):
        name, text = _ERRORS[reply.reason]
        raise getattr(library, name)(text)
    headers = {"Content-Length": str(len(reply.body)), **reply.headers}
    stream = library.ByteStream(reply.body)
    length = int(headers["Content-Length"])
    if length > len(reply.body):
        stream = _truncated(library, reply.body, length)
    extensions = {"http_version": b"HTTP/1.1"}
    return library.Response(reply.status, headers=headers, stream=stream, extensions=extensions)


def _truncated(library: ModuleType, body: bytes, length: int) -> Any:
    """Return the stream of a response whose connection breaks too early."""
    error = library.RemoteProtocolError(
        "peer closed connection without sending complete message body "
        f"(received {len(body)} bytes, expected {length})"
    )

    class Stream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[name-defined,misc]
        def __iter__(self) -> Iterator[bytes]:
            yield body
            raise error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield body
            raise error

    return Stream()
