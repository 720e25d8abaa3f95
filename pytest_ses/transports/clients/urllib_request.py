"""The transport of `urllib.request`."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from pytest_ses.transports import recognition
from pytest_ses.transports.clients import sockets
from pytest_ses.transports.exchange import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    Timeouts,
    lower_headers,
    request_of,
)
from pytest_ses.transports.patching import Replacements, replaced
from pytest_ses.wire.http import NoReply

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Patch the method with which the handlers of HTTP and HTTPS open a connection."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def do_open(handler: Any, http_class: Any, request: Any, **kwargs: Any) -> Any:
            headers = {**request.headers, **request.unredirected_hdrs}
            if not recognition.is_for_ses(request.full_url, lower_headers(headers)):
                return original(handler, http_class, request, **kwargs)
            method = request.get_method()
            reply, seconds = exchange.reply(
                request_of(method, request.full_url, headers, request.data),
                lambda: _timeouts(request.timeout),
            )
            exchange.wait(seconds)
            if isinstance(reply, NoReply):
                raise _error(reply.reason)
            response: Any = sockets.response_of(reply, method)
            # As `do_open` itself does, for compatibility with other protocols.
            response.url, response.msg = request.full_url, response.reason
            return response

        return do_open

    return Replacements([replaced(library.AbstractHTTPHandler, "do_open", wrap)])


def _timeouts(timeout: Any) -> Timeouts:
    # The default is an object without a public name.
    seconds = timeout if isinstance(timeout, (int, float)) else sockets.default_timeout()
    return Timeouts(seconds, seconds)


def _error(reason: str) -> Exception:
    """Return the error for a reason; only errors while connecting are wrapped."""
    if reason == CONNECT_TIMEOUT:
        return URLError(TimeoutError("timed out"))
    if reason == READ_TIMEOUT:
        return TimeoutError("The read operation timed out")
    return RemoteDisconnected(sockets.DISCONNECTED)
