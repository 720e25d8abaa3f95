"""pytest_httpx, which replaces the transports of httpx."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

from pytest_ses.transports.mocks.registrations import httpx_elsewhere, name_host
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Handle the requests that a mock receives because it started after the backend.

    The methods are not public, but a mock has no others that it calls for each request.
    """
    return Replacements(
        [
            replaced(library.HTTPXMock, "_handle_request", _sync(exchange)),
            replaced(library.HTTPXMock, "_handle_async_request", _async(exchange)),
        ]
    )


def is_registered(handle: Any, transport: Any, request: Any) -> bool:
    """Whether the test has registered the host of a request with a mock that started earlier.

    Args:
        handle: the method of the transport that the backend replaces; it may be that of a mock.
        transport: the transport of httpx.
        request: the request.
    """
    if getattr(handle, "__module__", None) != "pytest_httpx":
        return False
    mock = inspect.getclosurevars(handle).nonlocals["mock"]
    return _has_response(mock, transport, request)


def _sync(exchange: Exchange) -> Callable[[Any], Any]:
    from pytest_ses.transports.clients import httpx  # noqa: PLC0415  (it imports this module)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def _handle_request(mock: Any, transport: Any, request: Any) -> Any:
            request.read()
            if not httpx.is_for_ses(request) or _has_response(mock, transport, request):
                return original(mock, transport, request)
            return httpx.respond(sys.modules["httpx"], exchange, request)

        return _handle_request

    return wrap


def _async(exchange: Exchange) -> Callable[[Any], Any]:
    from pytest_ses.transports.clients import httpx  # noqa: PLC0415  (it imports this module)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def _handle_async_request(mock: Any, transport: Any, request: Any) -> Any:
            await request.aread()
            if not httpx.is_for_ses(request) or _has_response(mock, transport, request):
                return await original(mock, transport, request)
            return await httpx.respond_async(sys.modules["httpx"], exchange, request)

        return _handle_async_request

    return wrap


def _has_response(mock: Any, transport: Any, request: Any) -> bool:
    matchers = (
        lambda sent, matcher=matcher: matcher.match(transport, sent)
        for matcher, _ in mock._callbacks  # noqa: SLF001  (the responses are not public)
    )
    return name_host(matchers, request, httpx_elsewhere(request))
