"""The exchange of requests and responses with the backend, which all HTTP clients share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import responses as reason_phrases
from typing import TYPE_CHECKING, Any, Final, Protocol
from weakref import WeakSet

from pytest_ses.transports.processes import BackendProcess
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_ses.clock import Clock

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# The values of `NoReply.reason`.
READ_TIMEOUT: Final = "read timeout"
CONNECT_TIMEOUT: Final = "connect timeout"
CONNECTION_CLOSED: Final = "connection closed"


class HeaderFields(Protocol):
    """The headers of any client."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Return names and values."""
        ...


class Backend(Protocol):
    """The part of the backend that a transport uses."""

    @property
    def region(self) -> str:
        """The region of clients that do not specify one."""
        ...

    @property
    def clock(self) -> Clock:
        """The virtual clock."""
        ...

    @property
    def real_sleep(self) -> bool:
        """Whether waits take real time."""
        ...

    @property
    def account_id(self) -> str:
        """The ID of the default account."""
        ...

    def _handle(self, request: Request) -> Response:
        """Handle a request, or raise `NoReply`."""
        ...

    def _call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        region: str,
        account_id: str,
    ) -> Mapping[str, Any]:
        """Call an operation without HTTP."""
        ...


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The seconds that a client waits for a connection and for a response; None means forever."""

    connect: float | None = None
    read: float | None = None

    def seconds(self, reason: str) -> float:
        """Return how long the client waits before it fails for a reason."""
        return {CONNECT_TIMEOUT: self.connect, READ_TIMEOUT: self.read}.get(reason) or 0.0


class Exchange:
    """The exchange of a backend with the clients of this process, which a later backend takes over.

    Attributes:
        with_full_quota: the retry quotas of clients that have been filled for this backend.
    """

    __slots__ = ("_backend", "_process", "with_full_quota")

    _backend: Backend

    def connect(self, backend: Backend) -> None:
        """Pass requests to this backend from now on."""
        self._backend = backend
        self._process = BackendProcess()
        self.with_full_quota: WeakSet[Any] = WeakSet()

    def reply(
        self, request: Request, timeouts: Callable[[], Timeouts]
    ) -> tuple[Response | NoReply, float]:
        """Return what the client receives, and the seconds that this takes.

        The seconds are for `wait` or `elapse`. A response that is later than the client's read
        timeout is a `NoReply`.
        """
        self._process.check()
        try:
            response = self._backend._handle(request)
        except NoReply as no_reply:
            return no_reply, timeouts().seconds(no_reply.reason)
        if not response.seconds:
            return response, 0.0
        limit = timeouts().read
        if limit is None or response.seconds <= limit:
            return response, response.seconds
        return NoReply(READ_TIMEOUT), limit

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        region: str,
        account_id: str,
    ) -> Mapping[str, Any]:
        """Call an operation without HTTP, or raise a `Fault` or `NoReply`."""
        self._process.check()
        return self._backend._call(service, operation, params, region=region, account_id=account_id)

    @property
    def account_id(self) -> str:
        """The ID of the default account."""
        return self._backend.account_id

    @property
    def real_sleep(self) -> bool:
        """Whether waits take real time."""
        return self._backend.real_sleep

    def sleep(self, seconds: float) -> None:
        """Advance the virtual clock by a wait that the client has chosen, and record the wait."""
        self._backend.clock.sleep(seconds)

    def elapse(self, seconds: float) -> float:
        """Advance the virtual clock, and return the seconds that the client has to wait in reality."""
        if self._backend.real_sleep:
            return seconds
        if seconds:
            self._backend.clock.advance(seconds=seconds)
        return 0.0

    def wait(self, seconds: float) -> None:
        """Wait in virtual or real time."""
        seconds = self.elapse(seconds)
        if seconds:
            time.sleep(seconds)


def request_of(method: str, url: str, headers: HeaderFields, body: Any) -> Request:
    """Return a client's request for the backend."""
    return Request(method, url, lower_headers(headers), body_bytes(body))


def lower_headers(headers: HeaderFields) -> dict[str, str]:
    """Return headers as text, with names in lower case."""
    return {as_text(name).lower(): as_text(value) for name, value in headers.items()}


def as_text(value: Any) -> str:
    """Return the text of a header."""
    if type(value) is str:
        return value
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def body_bytes(body: Any) -> bytes:
    """Return a body that is bytes, text, a file, an iterable of bytes, or None."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        return body_bytes(body.read())
    return b"".join(map(body_bytes, body))


def raw_response(response: Response) -> bytes:
    """Return a response as the bytes that a server sends before it closes the connection.

    A corrupt response contains the length of the complete one.
    """
    headers = {
        "Content-Length": str(len(response.body)),
        **response.headers,
        "Connection": "close",
    }
    lines = [
        f"HTTP/1.1 {response.status} {reason_phrases.get(response.status, '')}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body
