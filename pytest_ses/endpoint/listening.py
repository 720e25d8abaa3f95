"""What the HTTP server and the SMTP server share: a port, threads, and the backend they serve."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import contextmanager
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_ses.faults import planned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_ses.backend import SESBackend

    Log = Callable[[str], None]

SERVE = "serve"
"""Stands for the node ID of the test, if the backend is not that of a test."""

INTERVAL = 0.05
"""How often a thread that waits checks whether it is still needed, in seconds."""

LIMIT_OF_INJECTED_HOLDS = 5.0
"""How long a failure that the run plans, not the test, holds a connection, in seconds."""


def longest_hold() -> float:
    """Return how long a connection is held for a client that does not give up, in seconds.

    A test expects the failures that it plans. Those of the sweep and of chaos must not block the run if
    a client has no timeout.
    """
    return LIMIT_OF_INJECTED_HOLDS if planned.injected else float("inf")


class Session:
    """The time during which a server serves one backend: a test, or `serve`."""

    def __init__(self, backend: SESBackend, nodeid: str) -> None:
        self.backend = backend
        self.nodeid = nodeid
        self.over = threading.Event()


class TCPServer(ThreadingTCPServer):
    """A server with a thread for each connection, and an optional session."""

    allow_reuse_address = sys.platform != "win32"  # where it would share the port
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, connection: type[Any], log: Log | None) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.session: Session | None = None
        self.log = log
        super().__init__((host, port), connection)


class Listener:
    """A server that serves one backend at a time; each protocol extends it."""

    thread_name: ClassVar[str]

    def __init__(self, server: TCPServer) -> None:
        self._server = server

    @property
    def host(self) -> str:
        """The address at which clients on this machine reach the server."""
        host = str(self._server.server_address[0])
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (listening is the user's choice)

    @property
    def port(self) -> int:
        """The port."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Accept connections in a thread."""
        threading.Thread(target=self.run, name=self.thread_name, daemon=True).start()

    def run(self) -> None:
        """Accept connections until `stop` is called."""
        self._server.serve_forever(poll_interval=INTERVAL)

    def stop(self) -> None:
        """Stop a server that runs in a thread, and close it."""
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        """Close the port."""
        self._server.server_close()

    @contextmanager
    def _serving(self, backend: SESBackend, nodeid: str = SERVE) -> Iterator[None]:
        session, previous = Session(backend, nodeid), self._server.session
        self._server.session = session
        try:
            yield
        finally:
            self._server.session = previous
            session.over.set()
