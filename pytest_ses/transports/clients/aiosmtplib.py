"""The transport of aiosmtplib.

While aiosmtplib connects to SES's SMTP interface, it has an event loop that connects its protocol to a
session with the backend. So replies, exceptions and the checks of aiosmtplib remain its own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pytest_ses.smtp.session import SMTPHost, SMTPReply
from pytest_ses.transports import hosts, smtp
from pytest_ses.transports.exchange import CONNECTION_CLOSED, READ_TIMEOUT, Timeouts
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.smtp.session import SMTPSession
    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Patch the method that opens a connection on the client's event loop.

    The name `_create_connection` is not public. Event loops have a public method, but it would affect
    other libraries, and those of uvloop cannot be patched.
    """

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def create_connection(client: Any, timeout: float | None) -> Any:
            region = hosts.smtp_region(client.hostname or "")
            if region is None:
                return await original(client, timeout)
            loop = client.loop
            client.loop = _Loop(loop, exchange, region, timeout)
            try:
                return await original(client, timeout)
            finally:
                client.loop = loop

        return create_connection

    return Replacements([replaced(library.SMTP, "_create_connection", wrap)])


class _Loop:
    """An event loop that connects to sessions with the backend."""

    def __init__(self, loop: Any, exchange: Exchange, region: str, timeout: float | None) -> None:
        self._loop = loop
        self._exchange = exchange
        self._region = region
        self._timeout = timeout

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    async def create_connection(
        self,
        factory: Callable[[], Any],
        *,
        host: str,
        port: int,
        ssl: Any = None,
        **_options: Any,
    ) -> tuple[_Transport, Any]:
        """Connect a protocol to a session."""
        if port not in smtp.PORTS:
            await asyncio.sleep(self._exchange.elapse(self._timeout or 0.0))
            raise asyncio.TimeoutError
        if ssl and not smtp.PORTS[port]:
            raise smtp.wrong_port()
        protocol = factory()
        timeouts = Timeouts(self._timeout, self._timeout)
        session = smtp.session(self._exchange, SMTPHost(host, self._region), timeouts)
        transport = _Transport(self._exchange, session, protocol, ssl)
        protocol.connection_made(transport)
        if ssl:
            session.secured()
        if smtp.PORTS[port] and not ssl:
            transport.deliver(SMTPReply(b"", timeouts.seconds(READ_TIMEOUT), READ_TIMEOUT))
        else:
            transport.deliver(SMTPReply(session.greeting()))
        return transport, protocol

    async def start_tls(
        self, transport: _Transport, _protocol: Any, context: Any, **_options: Any
    ) -> _Transport:
        """Accept the client's handshake."""
        transport.secured(context)
        return transport


class _Transport(asyncio.Transport):
    """The transport of a connection to a session."""

    def __init__(
        self, exchange: Exchange, session: SMTPSession, protocol: Any, context: Any
    ) -> None:
        super().__init__()
        self._exchange = exchange
        self._session = session
        self._protocol = protocol
        self._context = context
        self._closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._context if name == "sslcontext" else default

    def secured(self, context: Any) -> None:
        """Continue with TLS."""
        self._context = context
        self._session.secured()

    def write(self, data: Any) -> None:
        for reply in self._session.receive(bytes(data)):
            self.deliver(reply)

    def deliver(self, reply: SMTPReply) -> None:
        """Schedule a reply, so that it arrives after the client has begun to wait for it."""
        loop = asyncio.get_running_loop()
        loop.call_later(self._exchange.elapse(reply.seconds), self._pass_on, reply)

    def _pass_on(self, reply: SMTPReply) -> None:
        waiter = self._protocol._response_waiter  # noqa: SLF001  (aiosmtplib would wait in real time)
        if reply.no_reply is None:
            self._protocol.data_received(reply.data)
        elif reply.no_reply != CONNECTION_CLOSED and not waiter.done():
            waiter.set_exception(asyncio.TimeoutError())
        if self._session.closed:
            self.close()

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    abort = close
