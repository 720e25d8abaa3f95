"""WSGI and ASGI applications as webhook targets."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from wsgiref.validate import validator

import pytest
from endpoints import AUTHORIZATION, BODY, HEADERS, URL

from pytest_ses.webhooks.targets import post_of

VARIABLE = ContextVar("VARIABLE")


@pytest.fixture
def wsgi(seen):
    """A WSGI application with basic authentication that returns the request body."""

    @validator
    def app(environ, start_response):
        seen.update(environ)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        status = seen.answer(environ.get("HTTP_AUTHORIZATION"))
        start_response(f"{status} Reason", [("Content-Type", "text/plain")])
        return [body[:5], body[5:]]

    def validated(environ, start_response):
        chunks = app(environ, start_response)
        try:
            yield from chunks
        finally:
            chunks.close()

    return validated


@pytest.fixture
def asgi(seen):
    """An ASGI application with basic authentication that returns the request body."""

    async def app(scope, receive, send):
        seen.update(scope, thread=threading.get_ident(), context=VARIABLE.get(None))
        message = await receive()
        headers = dict(scope["headers"])
        status = seen.answer(headers.get(b"authorization", b"").decode() or None)
        disconnect = asyncio.create_task(receive())
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": message["body"][:5], "more_body": True})
        assert not disconnect.done()
        await send({"type": "http.response.body", "body": message["body"][5:]})
        seen["last"] = await disconnect

    return app


class TestWsgi:
    def test_without_path(self, wsgi, seen):
        """An application without a path receives the request at /."""
        assert (401, BODY.decode()) == post_of(wsgi)(BODY, HEADERS)
        assert ("POST", "/", "") == (
            seen["REQUEST_METHOD"],
            seen["PATH_INFO"],
            seen["QUERY_STRING"],
        )
        assert ("testserver", "80", "http") == (
            seen["HTTP_HOST"],
            seen["SERVER_PORT"],
            seen["wsgi.url_scheme"],
        )
        assert "Notification" == seen["HTTP_X_AMZ_SNS_MESSAGE_TYPE"]
        assert "text/plain; charset=UTF-8" == seen["CONTENT_TYPE"]
        assert [None] == seen["asked"]

    def test_with_url(self, wsgi, seen):
        """The path may be a whole URL, whose credentials are sent after a 401 response."""
        assert 200 == post_of((wsgi, URL))(BODY, HEADERS)[0]
        assert ("/hooks/é".encode().decode("latin-1"), "a=1", "https") == (
            seen["PATH_INFO"],
            seen["QUERY_STRING"],
            seen["wsgi.url_scheme"],
        )
        assert [None, AUTHORIZATION] == seen["asked"]

    def test_parameter_names(self):
        """With a path, a callable is an application, whatever its parameters are called."""

        def app(env, start):
            start("202 Accepted", [])(b"writ")
            return [b"ten"]

        assert (202, "written") == post_of((app, "/"))(BODY, HEADERS)

    def test_object(self):
        """An application may be an object, and the iterable that it returns is closed."""
        closed = []

        class Chunks(list):
            def close(self):
                closed.append(self)

        class App:
            def __call__(self, environ, start_response):
                start_response("200 OK", [])
                return Chunks([b"body"])

        assert (200, "body") == post_of(App())(BODY, HEADERS)
        assert [[b"body"]] == closed

    def test_no_response(self):
        """An application that does not start a response raises an error."""
        with pytest.raises(RuntimeError, match="without starting a response"):
            post_of((lambda *_: [], "/"))(BODY, HEADERS)


class TestAsgi:
    def test_without_path(self, asgi, seen):
        """An application without a path receives the request at /, without a running loop."""
        VARIABLE.set("mine")
        assert (401, BODY.decode()) == post_of(asgi)(BODY, HEADERS)
        assert ("http", "POST", "/", b"/", b"") == (
            seen["type"],
            seen["method"],
            seen["path"],
            seen["raw_path"],
            seen["query_string"],
        )
        assert (b"x-amz-sns-message-type", b"Notification") in seen["headers"]
        assert (b"host", b"testserver") in seen["headers"]
        assert {"type": "http.disconnect"} == seen["last"]
        assert "mine" == seen["context"]

    def test_with_url(self, asgi, seen):
        """The path may be a whole URL, whose credentials are sent after a 401 response."""
        assert 200 == post_of((asgi, URL))(BODY, HEADERS)[0]
        assert ("https", "/hooks/é", b"/hooks/%C3%A9", b"a=1", ("testserver", 443)) == (
            seen["scheme"],
            seen["path"],
            seen["raw_path"],
            seen["query_string"],
            seen["server"],
        )
        assert [None, AUTHORIZATION] == seen["asked"]

    def test_in_a_running_loop(self, asgi, seen):
        """Within a running loop, the application runs in its own thread."""

        async def test():
            return post_of(asgi)(BODY, HEADERS)

        assert 401 == asyncio.run(test())[0]
        assert threading.get_ident() != seen["thread"]

    def test_event_loop(self, asgi):
        """The event loop of the current thread is unchanged."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            post_of(asgi)(BODY, HEADERS)
            assert loop is asyncio.get_event_loop()
            assert not loop.is_closed()
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    def test_object(self, asgi):
        """An application may be an object, or a function that is not async itself."""

        class App:
            async def __call__(self, scope, receive, send):
                await asgi(scope, receive, send)

        def wrapped(scope, receive, send):
            return asgi(scope, receive, send)

        for app in (App(), wrapped):
            assert 401 == post_of(app)(BODY, HEADERS)[0]

    def test_no_response(self):
        """An application that does not start a response raises an error."""

        async def app(scope, receive, send):
            pass

        with pytest.raises(RuntimeError, match="without starting a response"):
            post_of(app)(BODY, HEADERS)

    def test_raises(self):
        """An exception of the application propagates."""

        async def app(scope, receive, send):
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            post_of(app)(BODY, HEADERS)
