"""The transport of urllib3, and of requests, which sends with urllib3."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPResponse, Timeout
from urllib3.exceptions import ConnectTimeoutError, ReadTimeoutError

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
    """Patch `urlopen`, the public method through which every request goes."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def urlopen(
            pool: Any,
            method: str,
            url: str,
            body: Any = None,
            headers: Any = None,
            *args: Any,
            **kw: Any,
        ) -> Any:
            if not isinstance(pool, _SESPool):
                fields = pool.headers if headers is None else headers
                if recognition.is_for_ses(_full_url(pool, url), lower_headers(fields)):
                    pool = _SESPool(pool, exchange)
            return original(pool, method, url, body, headers, *args, **kw)

        return urlopen

    return Replacements([replaced(library.HTTPConnectionPool, "urlopen", wrap)])


class _SESPool(HTTPConnectionPool):
    """A pool that replaces another one, with the backend instead of connections and proxies.

    Retries, redirects and errors remain urllib3's own.
    """

    def __init__(self, pool: Any, exchange: Exchange) -> None:
        super().__init__(
            pool.host,
            pool.port,
            timeout=pool.timeout,
            headers=pool.headers,
            retries=pool.retries,
        )
        self.scheme = pool.scheme
        self._exchange = exchange
        self._text = str(pool)

    def __str__(self) -> str:
        """Return the text that error messages contain."""
        return self._text

    # The only place below the retries; the name is not public, and the options depend on the version.
    def _make_request(self, conn: Any, method: str, url: str, **options: Any) -> Any:  # type: ignore[override]
        timeouts = _timeouts(options["timeout"])
        reply, seconds = self._exchange.reply(
            request_of(method, _full_url(self, url), options["headers"] or {}, options["body"]),
            lambda: timeouts,
        )
        self._exchange.wait(seconds)
        if isinstance(reply, NoReply):
            raise self._error(conn, url, reply.reason, timeouts)
        response = sockets.response_of(reply, method)
        return HTTPResponse(
            response,
            headers=dict(response.headers.items()),
            status=response.status,
            version=response.version,
            reason=response.reason,
            preload_content=options.get("preload_content", False),
            decode_content=options.get("decode_content", True),
            original_response=response,
            # urllib3 1.26 builds the response from these attributes.
            msg=response.headers,
            request_method=method,
        )

    def _error(self, conn: Any, url: str, reason: str, timeouts: Timeouts) -> Exception:
        if reason == CONNECT_TIMEOUT:
            text = f"Connection to {self.host} timed out. (connect timeout={timeouts.connect})"
            return ConnectTimeoutError(conn, text)
        if reason == READ_TIMEOUT:
            return ReadTimeoutError(self, url, f"Read timed out. (read timeout={timeouts.read})")
        return RemoteDisconnected(sockets.DISCONNECTED)


def _full_url(pool: Any, url: str) -> str:
    """Return the full URL of a request; for a proxy, the client already passes the full URL."""
    if not url.startswith("/"):
        return url
    return f"{pool.scheme}://{pool.host}:{pool.port}{url}"


def _timeouts(timeout: Timeout) -> Timeouts:
    timeout = timeout.clone()
    timeout.start_connect()
    return Timeouts(_seconds(timeout.connect_timeout), _seconds(timeout.read_timeout))


def _seconds(timeout: Any) -> float | None:
    """Return a timeout in seconds; urllib3's default is that of new sockets."""
    return sockets.default_timeout() if timeout is Timeout.DEFAULT_TIMEOUT else timeout
