"""Pages served to HTTP clients of this process, before their requests leave it.

A webhook fetches SNS's certificate and confirms its subscription through one of three clients. Each
is patched at a place that `responses` and moto do not replace, so the order of the patches does not
matter: `requests.Session.send`, `urllib.request.OpenerDirector.open`, and botocore's last step
before the socket (see `boto.serve_pages`). Inside `mock_aws` moto handles what boto3 sends.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from email.message import Message
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import OpenerDirector
from urllib.response import addinfourl

from pytest_ses.transports import boto
from pytest_ses.transports.patching import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Page = Callable[[], bytes]
    LookUp = Callable[[str, Any], "bytes | None"]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


@contextmanager
def serve_pages(pages: Mapping[str, Page]) -> Iterator[None]:
    """Serve pages by URL; requests for other URLs reach their real destination.

    A request matches if its query string or form contains the parameters of the URL; it may contain
    others. boto3 sends a form with additional parameters.
    """
    routes = [(_endpoint(url), parse_qs(urlsplit(url).query).items(), pages[url]) for url in pages]

    def look_up(url: str, form: Any = None) -> bytes | None:
        for endpoint, parameters, page in routes:
            if endpoint == _endpoint(url) and parameters <= _parameters(url, form).items():
                return page()
        return None

    with ExitStack() as undo:
        for serve in (_serve_requests, _serve_urllib, boto.serve_pages):
            undo.enter_context(serve(look_up))
        yield


@contextmanager
def _serve_requests(look_up: LookUp) -> Iterator[None]:
    from requests import Session  # noqa: PLC0415  (slow to import, and not every run has a webhook)
    from requests.adapters import HTTPAdapter  # noqa: PLC0415
    from requests.hooks import dispatch_hook  # noqa: PLC0415

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any, **kwargs: Any) -> Any:
            page = look_up(request.url, request.body)
            if page is None:
                return original(session, request, **kwargs)
            response = HTTPAdapter().build_response(request, _response(page))
            response = dispatch_hook("response", request.hooks, response, **kwargs)
            if not kwargs.get("stream"):
                response.content  # noqa: B018  (reading it closes the stream)
            return response

        return send

    with replaced(Session, "send", wrap):
        yield


@contextmanager
def _serve_urllib(look_up: LookUp) -> Iterator[None]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def open_(opener: Any, fullurl: Any, data: Any = None, *timeout: Any, **kwargs: Any) -> Any:
            url = getattr(fullurl, "full_url", fullurl)
            page = look_up(url, data)
            if page is None:
                return original(opener, fullurl, data, *timeout, **kwargs)
            return addinfourl(BytesIO(page), Message(), url, 200)

        return open_

    with replaced(OpenerDirector, "open", wrap):
        yield


def _response(page: bytes) -> Any:
    from urllib3 import HTTPResponse  # noqa: PLC0415  (slow to import)

    return HTTPResponse(BytesIO(page), status=200, reason="OK", preload_content=False)


def _endpoint(url: str) -> tuple[str, str | None, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.path or "/"


def _parameters(url: str, form: Any) -> dict[str, list[str]]:
    text = form.decode("utf-8", "replace") if isinstance(form, bytes) else form
    return {**parse_qs(urlsplit(url).query), **parse_qs(text if isinstance(text, str) else "")}
