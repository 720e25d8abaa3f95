"""What clients that use `http.client` have in common."""

from __future__ import annotations

import socket
from http.client import HTTPResponse
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pytest_ses.transports.exchange import raw_response

if TYPE_CHECKING:
    from pytest_ses.wire.http import Response

DISCONNECTED: Final = "Remote end closed connection without response"


def response_of(response: Response, method: str) -> HTTPResponse:
    """Return a response as `http.client` reads it."""
    received: Any = _Socket(raw_response(response))
    http_response = HTTPResponse(received, method=method)
    http_response.begin()
    return http_response


def default_timeout() -> float | None:
    """Return the seconds that new sockets wait."""
    return socket.getdefaulttimeout()


class _Socket:
    """A socket that has received the whole response."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._data)
