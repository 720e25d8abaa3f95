"""A guard against connections to SES, for clients that have no transport."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from pytest_ses.transports import hosts
from pytest_ses.transports.patching import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.transports.patching import Replacement

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_WAY_IN = {
    hosts.API: "Use boto3, aiobotocore, requests, httpx, aiohttp, urllib3 or urllib.request, whose "
    "requests the backend handles. The hosts for SMTP are email-smtp.REGION.amazonaws.com",
    hosts.SMTP: "Use smtplib or aiosmtplib, whose messages the backend handles, or connect to the "
    "server of the fixture ses_smtp",
    hosts.INBOUND: "Use SESBackend.receive to receive a message",
}


class SESNetworkError(RuntimeError):
    """A connection to a host of SES was refused while a backend was active.

    It is not an `OSError`, which many clients handle as a temporary failure of the network.

    Attributes:
        host: the host.
    """

    __module__ = "pytest_ses"

    def __init__(self, host: str, interface: str) -> None:
        super().__init__(
            f"refused to connect to {host!r}, a host of Amazon SES, because pytest-ses keeps requests "
            f"away from AWS during a test. {_WAY_IN[interface]}"
        )
        self.host = host


# asyncio calls these functions, too.
_LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
_CONNECTS = ("connect", "connect_ex")


def no_connections() -> list[Replacement]:
    """Refuse to connect to hosts of SES, and to look up their addresses."""
    return [
        *(replaced(socket, name, _refusing_host) for name in _LOOK_UPS),
        *(replaced(socket.socket, name, _refusing_address) for name in _CONNECTS),
    ]


def _refusing_host(original: Callable[..., Any]) -> Callable[..., Any]:
    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return original(host, *args, **kwargs)

    return look_up


def _refusing_address(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(connecting_socket: Any, address: Any) -> Any:
        if isinstance(address, tuple):
            _check(address[0])
        return original(connecting_socket, address)

    return connect


def _check(host: Any) -> None:
    name = host.decode("latin-1") if isinstance(host, (bytes, bytearray)) else host
    interface = hosts.interface_of(name) if isinstance(name, str) else None
    if interface is not None:
        raise SESNetworkError(name, interface)
