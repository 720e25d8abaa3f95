"""respx, which replaces the connections of httpx or, on request, its transports."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import lower_headers
from pytest_ses.transports.mocks.registrations import httpx_elsewhere, name_host
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, _exchange: Exchange) -> Replacements:
    """Pass requests through the mocks of transports; those of connections do not receive them."""
    mocker = library.mocks.HTTPXMocker
    return Replacements(
        [
            replaced(mocker, "handler", _passing(library)),
            replaced(mocker, "async_handler", _passing_async(library)),
        ]
    )


def is_registered(request: Any) -> bool:
    """Whether an active mock has a route for the host of a request of httpx."""
    library = sys.modules.get("respx")
    if library is None:
        return False
    mockers = library.mocks.Mocker.registry.values()
    routes = [route for mocker in mockers for router in mocker.routers for route in router.routes]
    # Without a pattern, a route matches everything.
    matchers = (route.pattern.match for route in routes if route.pattern)
    return name_host(matchers, request, httpx_elsewhere(request))


def _passing(library: ModuleType) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def handler(request: Any) -> Any:
            request.read()
            _pass_ses_on(library, request)
            return original(request)

        return handler

    return wrap


def _passing_async(library: ModuleType) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def async_handler(request: Any) -> Any:
            await request.aread()
            _pass_ses_on(library, request)
            return await original(request)

        return async_handler

    return wrap


def _pass_ses_on(library: ModuleType, request: Any) -> None:
    """Make the mock use the transport of the client, unless a route is registered for the host."""
    is_for_ses = recognition.is_for_ses(str(request.url), lower_headers(request.headers))
    if is_for_ses and not is_registered(request):
        raise library.models.PassThrough("for SES", request=request, origin=None)
