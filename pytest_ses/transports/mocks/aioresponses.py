"""aioresponses, which replaces the requests of aiohttp's sessions."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession

from pytest_ses.transports import recognition
from pytest_ses.transports.exchange import lower_headers
from pytest_ses.transports.mocks.registrations import ELSEWHERE, name_host
from pytest_ses.transports.patching import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


@contextmanager
def intercept(library: ModuleType, _exchange: Exchange) -> Iterator[None]:
    """Pass requests on to what a mock replaces, whether it has started or starts later."""
    with ExitStack() as undo:

        def pass_on() -> None:
            # While an aioresponses is active, the method is a function of `unittest.mock`.
            mock = getattr(ClientSession._request, "mock", None)  # noqa: SLF001
            owner = getattr(getattr(mock, "side_effect", None), "__self__", None)
            if isinstance(owner, library.aioresponses):
                undo.enter_context(replaced(ClientSession, "_request", _passing(owner)))

        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            def start(owner: Any) -> None:
                original(owner)
                pass_on()

            return start

        pass_on()
        undo.enter_context(replaced(library.aioresponses, "start", wrap))
        yield


def _passing(owner: Any) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def _request(session: Any, method: str, url: Any, *args: Any, **kwargs: Any) -> Any:
            # These names of aiohttp and aioresponses, which aioresponses uses here, are not public.
            whole_url = session._build_url(url)  # noqa: SLF001
            headers = session._prepare_headers(kwargs.get("headers"))  # noqa: SLF001
            request = original
            if recognition.is_for_ses(
                str(whole_url), lower_headers(headers)
            ) and not _is_registered(owner, method, whole_url):
                request = owner.patcher.temp_original
            return await request(session, method, url, *args, **kwargs)

        return _request

    return wrap


def _is_registered(owner: Any, method: str, url: Any) -> bool:
    matchers = (
        lambda sent, match=response.match: match(method, sent)
        for response in owner._matches.values()  # noqa: SLF001
    )
    return name_host(matchers, url, url.with_host(ELSEWHERE))
