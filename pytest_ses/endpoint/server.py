"""The HTTP server of the endpoint, which serves one backend at a time.

Werkzeug's server closes the connection after each response, so this one is built on the standard
library's: a thread for each connection, HTTP/1.1 with keep-alive.
"""

from __future__ import annotations

import re
import socket
import traceback
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from pytest_ses.endpoint import application, responses
from pytest_ses.endpoint.endpoints import SESEndpoint
from pytest_ses.endpoint.listening import INTERVAL, SERVE, Listener, TCPServer, longest_hold
from pytest_ses.endpoint.security import Trust, split_hosts
from pytest_ses.transports.exchange import CONNECTION_CLOSED
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedIOBase

    from pytest_ses.backend import SESBackend
    from pytest_ses.endpoint.listening import Log, Session
    from pytest_ses.wire.http import Fault

_BETWEEN_TESTS = "no test that uses the fixture ses_endpoint is running, so there is no account"
_AFTER_TEST = "the test that this request belongs to has ended, so the request has no account"


class Server(Listener):
    """An HTTP server; without a session, it responds to every request with status 503.

    Args:
        hosts: the address to listen on, by default 127.0.0.1, and further names of the server.
        port: the port; 0 selects a free one.
        log: a function that is called with a line for each request.

    Raises:
        OSError: if the address or port is not available.
        ValueError: if a host is invalid, or several are addresses.
    """

    thread_name = "pytest-ses endpoint"

    def __init__(
        self,
        hosts: Sequence[str] = (),
        *,
        port: int = 0,
        log: Log | None = None,
    ) -> None:
        address, names = split_hosts(hosts)
        server = _HTTPServer(address, port, _Connection, log)
        server.trust = Trust(address, names)
        super().__init__(server)

    @contextmanager
    def session(self, backend: SESBackend, nodeid: str = SERVE) -> Iterator[SESEndpoint]:
        """Serve the backend of a test; at the end, requests that still wait receive status 503."""
        with self._serving(backend, nodeid):
            yield SESEndpoint(backend, self.host, self.port)


class _HTTPServer(TCPServer):
    trust: Trust


class _Connection(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HTTPServer
    session: Session | None

    def parse_request(self) -> bool:
        # A request belongs to the test in which it starts, even if its body arrives later.
        self.session = self.server.session
        return super().parse_request()

    def respond(self) -> None:
        """Send the response to a request, or close the connection without one."""
        response = self._response()
        if response is None:
            self.close_connection = True
            self._log("no response")
        else:
            self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = respond  # noqa: N815  (named by the base class)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the response to a request that is not valid HTTP."""
        text = explain or message or HTTPStatus(code).phrase
        self._reject(responses.problem(text, code))

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing; `_send` logs each response."""

    def handle(self) -> None:
        """Handle requests until one side closes the connection."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def _response(self) -> Response | None:
        try:
            body = _read_body(self.rfile, self.headers)
        except ValueError as error:
            self.close_connection = True
            return responses.problem(str(error), HTTPStatus.BAD_REQUEST)
        session = self.session
        if session is None:
            return responses.problem(_BETWEEN_TESTS, HTTPStatus.SERVICE_UNAVAILABLE)
        is_late = session.over.is_set()
        response = None if is_late else self._exchange(session, self._request(body))
        if session.over.is_set():
            return responses.problem(_AFTER_TEST, HTTPStatus.SERVICE_UNAVAILABLE)
        return response

    def _request(self, body: bytes) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        target = self.path
        if not target.startswith("/"):  # a client that uses the endpoint as its proxy
            headers["host"] = target.partition("://")[2].partition("/")[0]
            return Request(self.command, target, headers, body)
        return Request(self.command, f"http://{headers.get('host', '')}{target}", headers, body)

    def _exchange(self, session: Session, request: Request) -> Response | None:
        """Return the response to a request, after the planned time, or None."""
        try:
            self.server.trust.check(request, self.connection.getsockname()[0])
            response = application.respond(session.backend, request, session.nodeid)
        except responses.Problem as problem:
            return problem.response()
        except NoReply as no_reply:
            if no_reply.reason != CONNECTION_CLOSED:
                self._wait(session, longest_hold())
            return None
        except Exception as error:  # noqa: BLE001  (shown to the user on both sides)
            traceback.print_exc()
            return responses.problem(
                f"{type(error).__name__}: {error}", HTTPStatus.INTERNAL_SERVER_ERROR
            )
        if response.seconds:
            self._wait(session, response.seconds)
        return response

    def _wait(self, session: Session, seconds: float) -> None:
        """Wait in real time, until the client gives up or the session is over.

        No clock is read, because the test may have frozen it.
        """
        remaining = seconds
        while remaining > 0 and not session.over.is_set():
            if self._is_closed_within(min(remaining, INTERVAL), session):
                return
            remaining -= INTERVAL

    def _is_closed_within(self, seconds: float, session: Session) -> bool:
        self.connection.settimeout(seconds)
        try:
            is_closed = not self.connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        finally:
            self.connection.settimeout(None)
        if not is_closed:  # the client has sent its next request
            session.over.wait(seconds)
        return is_closed

    def _reject(self, response: Response) -> None:
        self.close_connection = True
        self._send(response)

    def _send(self, response: Response) -> None:
        content = b"" if self.command == "HEAD" else response.body
        length, status = len(response.body), response.status
        headers = {
            "Date": self.date_time_string(),
            "Content-Length": str(length),
            **response.headers,
        }
        # A corrupt response is shorter than its own header says.
        if self.close_connection or headers["Content-Length"] != str(length):
            self.close_connection = True
            headers["Connection"] = "close"
        if status == HTTPStatus.NO_CONTENT:
            del headers["Content-Length"]
        lines = [
            f"HTTP/1.1 {status} {_PHRASES.get(status, '')}",
            *(f"{name}: {value}" for name, value in headers.items()),
            "\r\n",
        ]
        # Logged first, so that a client that has the response finds it in the log.
        fault = response.fault
        if status != HTTPStatus.NOT_MODIFIED:  # an open mailbox page asks every second
            self._log(str(status) if fault is None else f"{status} {_described(fault)}")
        self.wfile.write("\r\n".join(lines).encode("latin-1") + content)

    def _log(self, outcome: str) -> None:
        if self.server.log is not None:
            line = f"{self.requestline} {outcome}".encode("unicode_escape").decode("ascii")
            self.server.log(f"{self.client_address[0]} {line}")


def _described(fault: Fault) -> str:
    return f"{fault.code}: {fault.message}" if fault.message else fault.code


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _read_body(stream: BufferedIOBase, headers: Any) -> bytes:
    """Return the body of a request.

    Raises:
        ValueError: if its length is not valid, or the body is shorter.
    """
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        return b"".join(_chunks(stream))
    length = headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()):
        raise ValueError(f"Content-Length: {length!r} is invalid; expected a number of bytes")
    return _read_exactly(stream, int(length))


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while size := _chunk_size(stream.readline()):
        yield _read_exactly(stream, size)
        stream.readline()
    while stream.readline().strip():  # trailers
        pass


def _chunk_size(line: bytes) -> int:
    size = line.partition(b";")[0].strip()
    if not _HEXADECIMAL.fullmatch(size):
        raise ValueError(f"the chunk size {size!r} is invalid; expected a hexadecimal number")
    return int(size, 16)


_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]+")


def _read_exactly(stream: BufferedIOBase, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise ValueError(f"the body has {len(content)} bytes; expected {size}")
    return content
