"""The transport of aiohttp.

Connectors return a connection whose other end is the backend. So bodies, timeouts, errors and traces
remain aiohttp's own.
"""

from __future__ import annotations

import asyncio
from http.client import HTTPMessage, parse_headers
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import (
    CONNECT_TIMEOUT,
    CONNECTION_CLOSED,
    Timeouts,
    lower_headers,
    raw_response,
    request_of,
)
from pytest_ses.transports.patching import Replacements, replaced
from pytest_ses.wire.http import NoReply

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.wire.http import Response

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_END_OF_HEAD = b"\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Patch the method with which every connector returns a connection."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def connect(connector: Any, request: Any, traces: Any, timeout: Any) -> Any:
            if not recognition.is_for_ses(str(request.url), lower_headers(request.headers)):
                return await original(connector, request, traces, timeout)
            loop = asyncio.get_running_loop()
            protocol = ResponseHandler(loop)
            server = _Server(library, exchange, request, _timeouts(timeout), protocol)
            protocol.connection_made(server)
            return Connection(connector, request.connection_key, protocol, loop)

        return connect

    return Replacements([replaced(library.BaseConnector, "connect", wrap)])


class _Server(asyncio.Transport):
    """The transport of a connection to the backend, for one request."""

    def __init__(
        self,
        library: ModuleType,
        exchange: Exchange,
        request: Any,
        timeouts: Timeouts,
        protocol: ResponseHandler,
    ) -> None:
        super().__init__()
        self._library = library
        self._exchange = exchange
        self._request = request
        self._timeouts = timeouts
        self._protocol = protocol
        self._headers: HTTPMessage | None = None
        self._received = bytearray()
        self._read = 0
        self._content: list[bytes] = []
        self._continued = False
        self._closing = False

    def write(self, data: Any) -> None:
        # aiohttp writes the whole head first, and may write the start of the body with it.
        if self._headers is None:
            head, _, data = bytes(data).partition(_END_OF_HEAD)
            self._headers = parse_headers(BytesIO(head.partition(b"\r\n")[2] + _END_OF_HEAD))
        self._received += data
        if self._is_complete(self._headers):
            self._respond(self._headers, b"".join(self._content))
        elif "Expect" in self._headers and not self._continued:
            self._continued = True
            self._later(0, self._protocol.data_received, _CONTINUE)

    def _is_complete(self, headers: HTTPMessage) -> bool:
        """Read what has been received of the body, and return whether that is all of it."""
        if "Transfer-Encoding" in headers:
            return self._is_last_chunk()
        if len(self._received) < int(headers.get("Content-Length", "0")):
            return False
        self._content = [bytes(self._received)]
        return True

    def _is_last_chunk(self) -> bool:
        """Read the complete chunks; the last one is empty."""
        while (line_end := self._received.find(b"\r\n", self._read)) >= 0:
            length = int(self._received[self._read : line_end], 16)
            end = line_end + 2 + length
            if not length or len(self._received) < end + 2:
                return not length
            self._content.append(bytes(self._received[line_end + 2 : end]))
            self._read = end + 2
        return False

    def _respond(self, headers: HTTPMessage, content: bytes) -> None:
        request = request_of(self._request.method, str(self._request.url), headers, content)
        try:
            reply, seconds = self._exchange.reply(request, lambda: self._timeouts)
            seconds = self._exchange.elapse(seconds)
        except Exception as error:  # noqa: BLE001  (raised to the caller, by aiohttp)
            self._later(0, self._protocol.set_exception, error)
            return
        if isinstance(reply, NoReply):
            self._later(seconds, self._fail, reply.reason)
        else:
            self._later(seconds, self._receive, reply)

    def _later(self, seconds: float, action: Callable[[Any], object], argument: Any) -> None:
        """Schedule an action, so that it happens after aiohttp has sent the request."""
        asyncio.get_running_loop().call_later(seconds, action, argument)

    def _receive(self, response: Response) -> None:
        self._protocol.data_received(raw_response(response))
        self._protocol.connection_lost(None)

    def _fail(self, reason: str) -> None:
        if reason == CONNECTION_CLOSED:
            self._protocol.connection_lost(None)
            return
        name, text = "SocketTimeoutError", "Timeout on reading data from socket"
        if reason == CONNECT_TIMEOUT:
            name, text = "ConnectionTimeoutError", f"Connection timeout to host {self._request.url}"
        # The names are those of aiohttp 3.10 and newer.
        error = getattr(self._library, name, self._library.ServerTimeoutError)
        self._protocol.set_exception(error(text))

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True
        self._later(0, self._protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """Do nothing; the response is complete."""

    resume_reading = pause_reading

    def get_write_buffer_size(self) -> int:
        return 0


def _timeouts(timeout: Any) -> Timeouts:
    return Timeouts(
        _shortest(timeout.sock_connect, timeout.connect, timeout.total),
        _shortest(timeout.sock_read, timeout.total),
    )


def _shortest(*seconds: float | None) -> float | None:
    return min(filter(None, seconds), default=None)
