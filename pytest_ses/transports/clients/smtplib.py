"""The transport of smtplib.

A connection to SES's SMTP interface is an object with the methods of a socket that smtplib uses, and
the session at its other end. So replies, exceptions and the checks of smtplib remain its own.
"""

from __future__ import annotations

import io
import ssl
from typing import TYPE_CHECKING, Any

from pytest_ses.smtp.session import SMTPHost
from pytest_ses.transports import hosts, smtp
from pytest_ses.transports.clients import sockets
from pytest_ses.transports.exchange import CONNECTION_CLOSED, Timeouts
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Patch the method that opens sockets, and the one that starts TLS on a socket.

    The name `_get_socket` is not public, but it is the method that subclasses of smtplib override for
    the same purpose, and `socket.create_connection` would affect other libraries.
    """

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_socket(client: Any, host: str, port: int, timeout: Any) -> Any:
            region = hosts.smtp_region(host)
            if region is None:
                return original(client, host, port, timeout)
            return _Connection(exchange, SMTPHost(host, region), port, _seconds(timeout))

        return get_socket

    return Replacements(
        [
            replaced(library.SMTP, "_get_socket", wrap),
            replaced(ssl.SSLContext, "wrap_socket", _starting_tls),
        ]
    )


def _starting_tls(original: Callable[..., Any]) -> Callable[..., Any]:
    def wrap_socket(context: Any, sock: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(sock, _Connection):
            return original(context, sock, *args, **kwargs)
        sock.start_tls()
        return sock

    return wrap_socket


def _seconds(timeout: Any) -> float | None:
    """Return a timeout in seconds; smtplib's default is an object without a public name."""
    is_set = timeout is None or isinstance(timeout, (int, float))
    return timeout if is_set else sockets.default_timeout()


class _Connection:
    """A socket whose other end is a session with the backend."""

    def __init__(
        self, exchange: Exchange, host: SMTPHost, port: int, timeout: float | None
    ) -> None:
        self._exchange = exchange
        self._timeout = timeout
        if port not in smtp.PORTS:
            raise self._timed_out()
        self._session = smtp.session(exchange, host, Timeouts(timeout, timeout))
        self._awaits_handshake = smtp.PORTS[port]
        self._received = bytearray(b"" if self._awaits_handshake else self._session.greeting())
        self._error: Exception | None = None

    def start_tls(self) -> None:
        """Accept the client's handshake."""
        if self._awaits_handshake:
            self._awaits_handshake = False
            self._received += self._session.greeting()
        elif not self._session.starting_tls:
            raise smtp.wrong_port()
        self._session.secured()

    def sendall(self, data: bytes) -> None:
        """Pass bytes to the session."""
        for reply in self._session.receive(data):
            self._exchange.wait(reply.seconds)
            self._received += reply.data
            if reply.no_reply not in (None, CONNECTION_CLOSED):
                self._error = TimeoutError("timed out")

    def recv(self, size: int) -> bytes:
        """Return bytes from the session, or no bytes if the session has ended."""
        data = bytes(self._received[:size])
        del self._received[:size]
        if self._error is not None:
            raise self._error
        if not data and not self._session.closed:
            raise self._timed_out()
        return data

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return a file that reads from the session."""
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        """Do nothing; the session holds no resources."""

    def _timed_out(self) -> TimeoutError:
        """Wait for bytes that the other end will not send, and return the error."""
        self._exchange.wait(self._timeout or 0.0)
        return TimeoutError("timed out")


class _Reader(io.RawIOBase):
    """The file of a connection."""

    def __init__(self, connection: _Connection) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._connection.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)
