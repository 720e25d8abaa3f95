"""responses, which replaces the adapters of requests."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import lower_headers
from pytest_ses.transports.mocks.registrations import ELSEWHERE, name_host
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


def intercept(library: ModuleType, _exchange: Exchange) -> Replacements:
    """Pass requests on to the adapter that a mock replaces, or to the mock that it replaces.

    The method is not public, but it is the only one that handles every request of a mock, no matter when
    the mock started.
    """

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def _on_request(mock: Any, adapter: Any, request: Any, **kwargs: Any) -> Any:
            is_for_ses = recognition.is_for_ses(request.url, lower_headers(request.headers))
            if not is_for_ses or _is_registered(mock, request, kwargs):
                return original(mock, adapter, request, **kwargs)
            # What the mock replaces; neither name is public.
            send = mock._patcher.temp_original  # noqa: SLF001
            return send(adapter, request, **kwargs)

        return _on_request

    return Replacements([replaced(library.RequestsMock, "_on_request", wrap)])


def _is_registered(mock: Any, request: Any, kwargs: Any) -> bool:
    if type(mock.get_registry()).__module__.startswith("moto."):
        return False
    # The attributes that the matchers of responses use.
    request.params = mock._parse_request_params(request.path_url)  # noqa: SLF001  (not public)
    request.req_kwargs = kwargs
    elsewhere = copy(request)
    elsewhere.url = urlsplit(request.url)._replace(netloc=ELSEWHERE).geturl()
    matchers = (lambda sent, matches=each.matches: matches(sent)[0] for each in mock.registered())
    return name_host(matchers, request, elsewhere)
