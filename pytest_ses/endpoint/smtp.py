"""The SMTP server of the endpoint, which serves one backend at a time."""

from __future__ import annotations

import selectors
import ssl
import traceback
from contextlib import contextmanager, suppress
from functools import partial
from socketserver import BaseRequestHandler
from typing import TYPE_CHECKING

from pytest_ses.endpoint.certificates import ServerCertificate
from pytest_ses.endpoint.listening import INTERVAL, Listener, TCPServer, longest_hold
from pytest_ses.endpoint.security import split_hosts
from pytest_ses.smtp import passwords, protocol
from pytest_ses.smtp.session import SMTPHost, SMTPSession
from pytest_ses.transports import smtp
from pytest_ses.transports.exchange import CONNECTION_CLOSED
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_ses.backend import SESBackend
    from pytest_ses.endpoint.listening import Log, Session

_BETWEEN_TESTS = (
    b"421 No test that uses the fixture ses_smtp is running, so there is no account\r\n"
)
_AFTER_TEST = b"421 The test that this connection belongs to has ended\r\n"


class SESSMTP:
    """An SMTP server that serves the account of a test to other processes and languages.

    The fixture `ses_smtp` returns it; `str()` returns its URL.

    Attributes:
        backend: the backend that handles the messages.
        host: the address at which clients on this machine reach the server.
        port: the port.
        certificate: the file with the certificate of the server, in PEM format. TLS is offered, but not
            required.
    """

    __module__ = "pytest_ses"

    def __init__(self, backend: SESBackend, host: str, port: int, certificate: Path) -> None:
        self.backend = backend
        self.host = host
        self.port = port
        self.certificate = certificate

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"smtp://{host}:{self.port}"

    def __repr__(self) -> str:
        return f"<SESSMTP {self} of {self.backend!r}>"

    @property
    def username(self) -> str:
        """The user name, which is the access key of the account."""
        return self.backend.account().credentials.aws_access_key_id

    @property
    def password(self) -> str:
        """The password, derived from the secret key of the account for the region of the backend."""
        secret_key = self.backend.account().credentials.aws_secret_access_key
        return passwords.derive(secret_key, self.backend.region)

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables for another process.

        With the last two, OpenSSL and Node trust the certificate; OpenSSL then trusts only this one.
        """
        return {
            "SMTP_HOST": self.host,
            "SMTP_PORT": str(self.port),
            "SMTP_USERNAME": self.username,
            "SMTP_PASSWORD": self.password,
            "SSL_CERT_FILE": str(self.certificate),
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
        }


class SMTPServer(Listener):
    """An SMTP server; without a session, it replies 421 to every client.

    Args:
        hosts: the address to listen on, by default 127.0.0.1, and further names of the server.
        port: the port; 0 selects a free one.
        log: a function that is called with a line for each message.

    Raises:
        OSError: if the address or port is not available.
        ValueError: if a host is invalid, or several are addresses.
    """

    thread_name = "pytest-ses SMTP server"

    def __init__(self, hosts: Sequence[str] = (), *, port: int = 0, log: Log | None = None) -> None:
        address, names = split_hosts(hosts)
        server = _SMTPServer(address, port, _Connection, log)
        hosts_of_certificate = dict.fromkeys(["localhost", "127.0.0.1", "::1", address, *names])
        self._certificate = server.certificate = ServerCertificate(hosts_of_certificate)
        super().__init__(server)

    @contextmanager
    def session(self, backend: SESBackend) -> Iterator[SESSMTP]:
        """Serve a backend; at the end, clients that are still connected receive 421."""
        with self._serving(backend):
            yield SESSMTP(backend, self.host, self.port, self._certificate.path)

    def close(self) -> None:
        """Close the port, and remove the certificate."""
        super().close()
        self._certificate.remove()


class _SMTPServer(TCPServer):
    certificate: ServerCertificate


class _Connection(BaseRequestHandler):
    """One client."""

    server: _SMTPServer
    request: socket.socket

    def handle(self) -> None:
        """Handle commands until one side ends the connection, or TLS cannot be started."""
        with suppress(ConnectionError, ssl.SSLError):
            self._converse()

    def _converse(self) -> None:
        session = self.server.session
        if session is None:
            self.request.sendall(_BETWEEN_TESTS)
            return
        region = session.backend.region
        dialogue = SMTPSession(
            SMTPHost(str(self.server.server_address[0]), region),
            partial(self._submit, session),
            partial(smtp.is_valid, region),
            requires_tls=False,
        )
        self.request.sendall(dialogue.greeting())
        while not dialogue.closed and (data := self.request.recv(65536)):
            self._respond(session, dialogue, data)

    def finish(self) -> None:
        """Close the connection; the server would close only the socket from before STARTTLS."""
        self.request.close()

    def _respond(self, session: Session, dialogue: SMTPSession, data: bytes) -> None:
        for reply in () if session.over.is_set() else dialogue.receive(data):
            if reply.no_reply not in (None, CONNECTION_CLOSED):
                self._hold(session)
            if session.over.wait(reply.seconds):
                break
            self.request.sendall(reply.data)
        if session.over.is_set():
            dialogue.closed = True
            self.request.sendall(_AFTER_TEST)
        elif dialogue.starting_tls:
            context = self.server.certificate.context
            self.request = context.wrap_socket(self.request, server_side=True)
            dialogue.secured()

    def _hold(self, session: Session) -> None:
        """Keep the connection open until the client gives up, or the test or the time is over."""
        remaining = longest_hold()
        with selectors.DefaultSelector() as selector:
            selector.register(self.request, selectors.EVENT_READ)
            while remaining > 0 and not session.over.is_set() and not selector.select(INTERVAL):
                remaining -= INTERVAL

    def _submit(self, session: Session, request: Request) -> tuple[Response | NoReply, float]:
        try:
            response = session.backend._handle(request)
        except NoReply as no_reply:
            self._log("no response")
            return no_reply, 0.0
        except Exception as error:  # noqa: BLE001  (shown to the user on both sides)
            traceback.print_exc()
            response = protocol.failure(f"{type(error).__name__}: {error}")
        self._log(protocol.reply(response).decode().rstrip())
        return response, response.seconds

    def _log(self, outcome: str) -> None:
        if self.server.log is not None:
            self.server.log(f"{self.client_address[0]} {protocol.OPERATION} {outcome}")
