"""The kinds of webhook targets, and how each is posted to.

A kind is recognised without importing its package. The kinds are tried in this order:

* a URL, `"http://localhost:8000/ses/"`, which is posted to with `requests`;
* `(client, path)` with the test client of Django, which has a method `generic`, of Werkzeug or Flask,
  which has a method `open`, or of Starlette or httpx, whose `post` accepts `content`;
* an ASGI application, which accepts three arguments;
* a WSGI application, which accepts two arguments and either comes with a path, `(app, path)`, or has
  a second parameter called `start_response`, as in PEP 3333;
* any other callable that accepts two arguments; it is called with `(body, headers)`, returns None for
  200, a status, or `(status, body)`, and may be `async`.

A path may be the full URL of the SNS subscription: `"https://user:secret@example.com/ses/"`. User
name and password are sent as SNS sends them: after the endpoint has responded with 401.
"""

from __future__ import annotations

import base64
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from pytest_ses.webhooks.applications import HOST, await_result, call_asgi, call_wsgi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Headers = Mapping[str, str]
    Post = Callable[[bytes, Headers], tuple[int, str]]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# The seconds that SNS waits for a response.
_TIMEOUT = 15
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class TargetUrl:
    """An absolute URL without its user name and password, which are in `authorization`."""

    url: str
    authorization: str | None

    @property
    def path(self) -> str:
        """The path and the query string."""
        return urlunsplit(("", "", *urlsplit(self.url)[2:4], ""))

    @property
    def is_secure(self) -> bool:
        """Whether the scheme is https."""
        return self.url.startswith("https:")


class TargetKind(NamedTuple):
    """A kind of target: its name, and the functions that recognise it and post to it."""

    name: str
    matches: Callable[[Any, bool], bool]
    post: Callable[[Any, TargetUrl, bytes, Headers], tuple[int, bytes | str]]


def post_of(target: Any) -> Post:
    """Return a function that posts to a target, and returns the status and body of the response.

    Raises:
        ValueError: if the kind of the target is unknown.
    """
    endpoint, path = target if _is_pair(target) else (target, None)
    kind = next((kind for kind in _KINDS if kind.matches(endpoint, path is not None)), None)
    if kind is None:
        kinds = "; ".join(kind.name for kind in _KINDS)
        raise ValueError(f"target={target!r} is invalid; expected one of: {kinds}")
    url = _target_url(endpoint if isinstance(endpoint, str) else path or "/")

    def post(body: bytes, headers: Headers) -> tuple[int, str]:
        status, content = kind.post(endpoint, url, body, headers)
        if status == _UNAUTHORIZED and url.authorization:
            authorized = {**headers, "Authorization": url.authorization}
            status, content = kind.post(endpoint, url, body, authorized)
        return status, content.decode("utf-8", "replace") if isinstance(content, bytes) else content

    return post


def _is_pair(target: Any) -> bool:
    return isinstance(target, tuple) and len(target) == 2 and isinstance(target[1], str)  # noqa: PLR2004


def _target_url(path_or_url: str) -> TargetUrl:
    parts = urlsplit(path_or_url)
    userinfo, at, host = parts.netloc.rpartition("@")
    url = urlunsplit((parts.scheme or "http", host or HOST, parts.path or "/", parts.query, ""))
    if not at:
        return TargetUrl(url, None)
    credentials = unquote(userinfo if ":" in userinfo else f"{userinfo}:")
    return TargetUrl(url, f"Basic {base64.b64encode(credentials.encode()).decode()}")


def _to_url(_: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    import requests  # noqa: PLC0415  (slow to import)

    response = requests.post(
        url.url, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
    )
    return response.status_code, response.content


def _to_django(client: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    other_headers = {name: value for name, value in headers.items() if name != "Content-Type"}
    response = await_result(
        client.post(
            url.path,
            data=body,
            content_type=headers["Content-Type"],
            secure=url.is_secure,
            headers=other_headers,
        )
    )
    return response.status_code, getattr(response, "content", b"")  # a streaming response has none


def _to_werkzeug(client: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    response = client.post(url.path, data=body, headers=dict(headers))
    return response.status_code, response.get_data()


def _to_httpx(client: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    response = await_result(client.post(url.path, content=body, headers=dict(headers)))
    return response.status_code, response.content


def _to_asgi(app: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    return call_asgi(app, url.url, body, headers)


def _to_wsgi(app: Any, url: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    return call_wsgi(app, url.url, body, headers)


def _to_function(
    function: Any, _: TargetUrl, body: bytes, headers: Headers
) -> tuple[int, bytes | str]:
    response = await_result(function(body, headers))
    status, text = response if isinstance(response, tuple) else (response, "")
    if status is None:
        status = 200
    if not isinstance(status, int):
        raise TypeError(
            f"{function!r} returned {response!r}; expected None (for 200), a status, or (status, body)"
        )
    return int(status), text


def _has_method(endpoint: Any, name: str) -> bool:
    return callable(getattr(endpoint, name, None))


def _parameters(endpoint: Any) -> list[str]:
    try:
        return list(inspect.signature(endpoint).parameters)
    except (TypeError, ValueError):
        return []


def _accepts(endpoint: Any, count: int) -> bool:
    try:
        inspect.signature(endpoint).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True


_KINDS = (
    TargetKind(
        "a URL (http or https)",
        lambda endpoint, has_path: (
            not has_path
            and isinstance(endpoint, str)
            and endpoint.startswith(("http://", "https://"))
        ),
        _to_url,
    ),
    TargetKind(
        "(client, path) with Django's test client",
        lambda endpoint, has_path: has_path and _has_method(endpoint, "generic"),
        _to_django,
    ),
    TargetKind(
        "(client, path) with Flask's or Werkzeug's test client",
        lambda endpoint, has_path: has_path and _has_method(endpoint, "open"),
        _to_werkzeug,
    ),
    TargetKind(
        "(client, path) with Starlette's or httpx's client",
        lambda endpoint, has_path: (
            has_path and "content" in _parameters(getattr(endpoint, "post", None))
        ),
        _to_httpx,
    ),
    TargetKind(
        "an ASGI application or (app, path)",
        lambda endpoint, _: _accepts(endpoint, 3) and not _accepts(endpoint, 2),
        _to_asgi,
    ),
    TargetKind(
        "a WSGI application or (app, path)",
        lambda endpoint, has_path: (
            _accepts(endpoint, 2) and (has_path or _parameters(endpoint)[1:2] == ["start_response"])
        ),
        _to_wsgi,
    ),
    TargetKind(
        "a function of (body, headers)",
        lambda endpoint, has_path: not has_path and _accepts(endpoint, 2),
        _to_function,
    ),
)
