"""Requests to WSGI and ASGI applications without a server."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

HOST = "testserver"
_PORTS = {"http": 80, "https": 443}


def await_result(result: Any) -> Any:
    """Return a result; an awaitable is awaited first.

    It is awaited in a separate thread, which leaves any event loop of the current thread alone.
    """
    if not hasattr(result, "__await__"):
        return result
    context = contextvars.copy_context()
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(context.run, asyncio.run, _wait_for(result)).result()


async def _wait_for(result: Awaitable[Any]) -> Any:
    return await result


def call_wsgi(
    app: Callable[..., Any], url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Post to a WSGI application (PEP 3333), and return the status and body of its response."""
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": HOST,
        "SERVER_PORT": str(_PORTS[parts.scheme]),
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": headers["Content-Type"],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": parts.scheme,
    }
    for name, value in headers.items():
        if name != "Content-Type":
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    setup_testing_defaults(environ)
    statuses: list[str] = []
    written: list[bytes] = []

    def start_response(status: str, *_: Any) -> Callable[[bytes], None]:
        statuses.append(status)
        return written.append

    chunks = app(environ, start_response)
    try:
        written.extend(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return int(_last_status(statuses).split()[0]), b"".join(written)


def call_asgi(
    app: Callable[..., Any], url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Post to an ASGI application (ASGI 3, HTTP), and return the status and body of its response.

    The lifespan of the application is not run; to run it, use a test client as a context manager.
    """
    parts = urlsplit(url)
    all_headers = {**headers, "Host": HOST, "Content-Length": str(len(body))}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode("latin-1")) for name, value in all_headers.items()
        ],
        "client": ("127.0.0.1", 50000),
        "server": (HOST, _PORTS[parts.scheme]),
    }
    events: list[Mapping[str, Any]] = await_result(_asgi_events(app, scope, body))
    statuses = [event["status"] for event in events if event["type"] == "http.response.start"]
    return int(_last_status(statuses)), b"".join(event.get("body", b"") for event in events)


async def _asgi_events(
    app: Callable[..., Any], scope: dict[str, Any], body: bytes
) -> list[Mapping[str, Any]]:
    events: list[Mapping[str, Any]] = []
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    done = asyncio.Event()

    async def receive() -> Mapping[str, Any]:
        if requests:
            return requests.pop()
        # A second call waits for the disconnect, on which an application may cancel its response.
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(event: Mapping[str, Any]) -> None:
        events.append(event)
        if event["type"] == "http.response.body" and not event.get("more_body"):
            done.set()

    await app(scope, receive, send)
    return events


def _last_status(statuses: list[Any]) -> Any:
    if not statuses:
        raise RuntimeError("the application returned without starting a response")
    return statuses[-1]
