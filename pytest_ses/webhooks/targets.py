"""How is a webhook's target posted to? By its kind, which is recognised without importing any.

The kinds, in the order in which they are asked for:

* a URL, `"http://localhost:8000/ses/"`, posted to with `requests`;
* `(client, path)`: Django's test client has `generic`, werkzeug's and Flask's has `open`, and the
  `post` of Starlette's and httpx's takes `content`;
* an ASGI application takes three arguments;
* a WSGI application takes two, and is recognised by a path beside it, `(app, path)`, or by the name
  of the second, which is `start_response` in PEP 3333;
* any other callable that takes two is called with `(body, headers)`, and returns None for 200, a
  status, or `(status, body)`; it may be `async`.

A path may be a whole URL, as it was given to SNS: `"https://user:secret@example.com/ses/"`. Its user
and password are sent as SNS sends them: once the endpoint has answered 401.
"""

from __future__ import annotations

import base64
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from pytest_ses.webhooks.applications import HOST, call_asgi, call_wsgi, finished

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Headers = Mapping[str, str]
    Post = Callable[[bytes, Headers], tuple[int, str]]

# What SNS gives an endpoint.
_SECONDS = 15
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class TargetUrl:
    """Where at a target: an absolute URL without its user, who is in the header `authorization`."""

    url: str
    authorization: str | None

    @property
    def path(self) -> str:
        """The path and the query."""
        return urlunsplit(("", "", *urlsplit(self.url)[2:4], ""))

    @property
    def is_secure(self) -> bool:
        """Whether it is https."""
        return self.url.startswith("https:")


class TargetKind(NamedTuple):
    """A kind of target: what it is called, how it is recognised, and how posted to."""

    name: str
    fits: Callable[[Any, bool], bool]
    post: Callable[[Any, TargetUrl, bytes, Headers], tuple[int, bytes | str]]


def post_of(target: Any) -> Post:
    """A function that posts body and headers to a target, and gives status and body of the answer.

    Raises:
        ValueError: if the target is of no kind that is known.
    """
    thing, place = target if _has_place(target) else (target, None)
    kind = next((kind for kind in _KINDS if kind.fits(thing, place is not None)), None)
    if kind is None:
        known = "; ".join(kind.name for kind in _KINDS)
        raise ValueError(f"a webhook cannot post to {target!r}; it can to: {known}")
    address = _address(thing if isinstance(thing, str) else place or "/")

    def post(body: bytes, headers: Headers) -> tuple[int, str]:
        status, answer = kind.post(thing, address, body, headers)
        if status == _UNAUTHORIZED and address.authorization:
            known = {**headers, "Authorization": address.authorization}
            status, answer = kind.post(thing, address, body, known)
        return status, answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

    return post


def _has_place(target: Any) -> bool:
    return isinstance(target, tuple) and len(target) == 2 and isinstance(target[1], str)  # noqa: PLR2004


def _address(place: str) -> TargetUrl:
    parts = urlsplit(place)
    user, at, host = parts.netloc.rpartition("@")
    url = urlunsplit((parts.scheme or "http", host or HOST, parts.path or "/", parts.query, ""))
    if not at:
        return TargetUrl(url, None)
    secret = user if ":" in user else f"{user}:"
    return TargetUrl(url, f"Basic {base64.b64encode(unquote(secret).encode()).decode()}")


def _to_url(_: Any, address: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    import requests  # noqa: PLC0415  (slow to import)

    answer = requests.post(
        address.url, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False
    )
    return answer.status_code, answer.content


def _to_django(client: Any, address: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    others = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer = finished(
        client.post(
            address.path,
            data=body,
            content_type=headers["Content-Type"],
            secure=address.is_secure,
            headers=others,
        )
    )
    return answer.status_code, getattr(answer, "content", b"")  # a streamed answer has none


def _to_werkzeug(
    client: Any, address: TargetUrl, body: bytes, headers: Headers
) -> tuple[int, bytes]:
    answer = client.post(address.path, data=body, headers=dict(headers))
    return answer.status_code, answer.get_data()


def _to_httpx(client: Any, address: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    answer = finished(client.post(address.path, content=body, headers=dict(headers)))
    return answer.status_code, answer.content


def _to_asgi(app: Any, address: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    return call_asgi(app, address.url, body, headers)


def _to_wsgi(app: Any, address: TargetUrl, body: bytes, headers: Headers) -> tuple[int, bytes]:
    return call_wsgi(app, address.url, body, headers)


def _to_function(
    function: Any, _: TargetUrl, body: bytes, headers: Headers
) -> tuple[int, bytes | str]:
    answer = finished(function(body, headers))
    status, text = answer if isinstance(answer, tuple) else (answer, "")
    if status is None:
        status = 200
    if not isinstance(status, int):
        raise TypeError(
            f"{function!r} answered {answer!r}; return None for 200, a status, or (status, body)"
        )
    return int(status), text


def _has_method(thing: Any, name: str) -> bool:
    return callable(getattr(thing, name, None))


def _parameters(thing: Any) -> list[str]:
    try:
        return list(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return []


def _takes(thing: Any, count: int) -> bool:
    try:
        inspect.signature(thing).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True


_KINDS = (
    TargetKind(
        "a URL (http or https)",
        lambda thing, placed: (
            not placed and isinstance(thing, str) and thing.startswith(("http://", "https://"))
        ),
        _to_url,
    ),
    TargetKind(
        "(client, path) with Django's test client",
        lambda thing, placed: placed and _has_method(thing, "generic"),
        _to_django,
    ),
    TargetKind(
        "(client, path) with Flask's or werkzeug's test client",
        lambda thing, placed: placed and _has_method(thing, "open"),
        _to_werkzeug,
    ),
    TargetKind(
        "(client, path) with Starlette's or httpx's client",
        lambda thing, placed: placed and "content" in _parameters(getattr(thing, "post", None)),
        _to_httpx,
    ),
    TargetKind(
        "an ASGI application or (app, path)",
        lambda thing, _: _takes(thing, 3) and not _takes(thing, 2),
        _to_asgi,
    ),
    TargetKind(
        "a WSGI application or (app, path)",
        lambda thing, placed: (
            _takes(thing, 2) and (placed or _parameters(thing)[1:2] == ["start_response"])
        ),
        _to_wsgi,
    ),
    TargetKind(
        "a function of (body, headers)",
        lambda thing, placed: not placed and _takes(thing, 2),
        _to_function,
    ),
)
