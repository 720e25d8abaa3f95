"""vcrpy, which records the requests of every client and replays their responses."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import lower_headers
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.transports.patching import Replacement

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# What a cassette is asked about each request, and the answer for a request that it ignores.
_IGNORED = {"can_play_response_for": False, "filter_request": None, "append": None}


@contextmanager
def intercept(library: ModuleType, exchange: Exchange) -> Iterator[None]:
    """Make cassettes ignore requests for SES."""
    cassette = library.cassette.Cassette
    clients = filter(None, map(sys.modules.get, ("httpx", "httpx2")))
    with Replacements(
        [
            *(replaced(cassette, name, _ignoring(answer)) for name, answer in _IGNORED.items()),
            *(each for client in clients for each in _stored(library.patch, client, exchange)),
        ]
    ):
        yield


def _stored(patch: ModuleType, client: ModuleType, exchange: Exchange) -> Iterator[Replacement]:
    """Replace the methods of httpx that vcrpy has stored, and calls for requests it does not replay."""
    from pytest_ses.transports.clients import httpx  # noqa: PLC0415  (httpx is optional)

    for transport, method in httpx.TRANSPORTS.items():
        name = f"_{client.__name__.capitalize()}{transport.replace('HTTP', 'Http')}_{method}"
        # Older versions of vcrpy replace methods of clients.
        if hasattr(patch, name):
            yield replaced(patch, name, httpx.WRAPPERS[method](client, exchange))


def _ignoring(answer: Any) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def method(cassette: Any, request: Any, *response: Any) -> Any:
            if recognition.is_for_ses(request.uri, lower_headers(request.headers)):
                return answer
            return original(cassette, request, *response)

        return method

    return wrap
