"""The kinds of webhook targets: functions, URLs, test clients and applications."""

from __future__ import annotations

import asyncio
import functools
import json
import warnings
from http import HTTPStatus
from unittest.mock import Mock

import flask
import pytest
import responses
from endpoints import AUTHORIZATION, BODY, HEADERS, URL
from starlette.applications import Starlette
from starlette.responses import Response as StarletteResponse
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from pytest_ses.webhooks.targets import post_of


class TestFunction:
    @pytest.mark.parametrize(
        ("returned", "expected"),
        [
            (None, (200, "")),
            (204, (204, "")),
            (HTTPStatus.BAD_REQUEST, (400, "")),
            ((503, "busy"), (503, "busy")),
            ((200, "Å".encode()), (200, "Å")),
            ((None, "fine"), (200, "fine")),
        ],
    )
    def test_return_values(self, returned, expected):
        """A function may return None for 200, a status, or a status and a body."""
        endpoint = Mock(return_value=returned)
        response = post_of(endpoint)(BODY, HEADERS)
        endpoint.assert_called_once_with(BODY, HEADERS)
        assert expected == response

    def test_async(self):
        """A function may be async."""

        async def endpoint(body, headers):
            await asyncio.sleep(0)
            return 202

        assert (202, "") == post_of(endpoint)(BODY, HEADERS)

    def test_other_return_values(self):
        """Any other return value is an error that lists the valid ones."""
        with pytest.raises(
            TypeError, match=r"returned 'OK'; expected None \(for 200\), a status, or"
        ):
            post_of(lambda *_: "OK")(BODY, HEADERS)


class TestUrl:
    def test_posted(self):
        """A URL is posted to with requests."""
        with responses.RequestsMock() as server:
            server.post("http://localhost:8000/hooks/", status=202, body="thanks")
            assert (202, "thanks") == post_of("http://localhost:8000/hooks/")(BODY, HEADERS)
            request = server.calls[0].request
        assert (BODY, "Notification") == (request.body, request.headers["x-amz-sns-message-type"])

    def test_credentials(self, seen):
        """Credentials in a URL are sent after a 401 response, and not in the URL."""
        with responses.RequestsMock() as server:
            server.add_callback(
                "POST",
                "https://example.com/hooks/%C3%A9?a=1",
                lambda request: (seen.answer(request.headers.get("Authorization")), {}, ""),
            )
            assert 200 == post_of(URL)(BODY, HEADERS)[0]
        assert [None, AUTHORIZATION] == seen["asked"]

    def test_credentials_without_password(self):
        """The password may be missing, and a second 401 response is final."""
        authorizations = []

        def app(environ, start_response):
            authorizations.append(environ.get("HTTP_AUTHORIZATION"))
            start_response("401 Unauthorized", [])
            return []

        assert (401, "") == post_of((app, "https://ada@example.com/"))(BODY, HEADERS)
        assert [None, "Basic YWRhOg=="] == authorizations


class FakeDjangoClient:
    """A test client with the signature of Django's."""

    def __init__(self, response):
        self.response = response
        self.calls = []

    def generic(self, method, path, data=""):
        """A method that only Django's clients have."""

    def post(self, path, data=None, content_type="", secure=False, *, headers=None):
        """Record the call."""
        self.calls.append((path, data, content_type, secure, headers))
        return self.response


class FakeHttpxClient:
    """A client with the signature of httpx's."""

    def __init__(self, response):
        self.response = response
        self.calls = []

    def post(self, url, *, content=None, data=None, headers=None):
        """Record the call."""
        self.calls.append((url, content, headers))
        return self.response


class ClientResponse:
    """A response as returned by clients."""

    def __init__(self, status_code, **more):
        self.status_code = status_code
        vars(self).update(more)

    def __await__(self):
        yield from ()
        return ClientResponse(self.status_code, content=b"awaited")


class TestClients:
    @pytest.mark.parametrize("client_class", [FakeDjangoClient, FakeHttpxClient])
    def test_async(self, client_class):
        """The response of an async client is awaited."""
        assert (201, "awaited") == post_of((client_class(ClientResponse(201)), "/hook"))(
            BODY, HEADERS
        )

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/hook/?a=1", ("/hook/?a=1", False)),
            ("hook/", ("/hook/", False)),
            ("https://example.com", ("/", True)),
        ],
    )
    def test_django(self, path, expected):
        """Django's client receives a path, `secure`, and the content type beside the headers."""
        client = FakeDjangoClient(type("Streamed", (), {"status_code": 200})())
        assert (200, "") == post_of((client, path))(BODY, HEADERS)
        headers = {"x-amz-sns-message-type": "Notification"}
        assert [(expected[0], BODY, HEADERS["Content-Type"], expected[1], headers)] == client.calls

    def test_httpx(self):
        """The clients of httpx and Starlette receive bytes as content."""
        client = FakeHttpxClient(type("Sync", (), {"status_code": 200, "content": b"fine"})())
        assert (200, "fine") == post_of((client, "/hook"))(BODY, HEADERS)
        assert [("/hook", BODY, HEADERS)] == client.calls

    def test_werkzeug(self):
        """The real test client of Werkzeug, which is also Flask's, is a target."""

        @Request.application
        def app(request):
            assert "Notification" == request.headers["x-amz-sns-message-type"]
            assert "text/plain; charset=UTF-8" == request.headers["Content-Type"]
            return Response(request.get_data() + request.full_path.encode(), 202)

        expected = (202, BODY.decode() + "/hook?a=1")
        assert expected == post_of((Client(app), "/hook?a=1"))(BODY, HEADERS)

    def test_flask(self):
        """The real test client of Flask and a Flask application are targets."""
        app = flask.Flask("app")
        app.post("/hook")(lambda: (flask.request.get_data(), 202))
        for target in ((app.test_client(), "/hook"), (app, "/hook")):
            assert (202, BODY.decode()) == post_of(target)(BODY, HEADERS)
        assert 404 == post_of(app)(BODY, HEADERS)[0]

    def test_starlette(self):
        """The real test client of Starlette and a Starlette application are targets."""
        with warnings.catch_warnings():
            # The HTTP library that Starlette prefers, and so its warnings, differ between versions.
            warnings.simplefilter("ignore")
            from starlette.testclient import TestClient

        async def hook(request):
            return StarletteResponse(await request.body(), 202)

        app = Starlette()
        app.add_route("/hook", hook, methods=["POST"])
        for target in ((TestClient(app), "/hook"), (app, "/hook")):
            assert (202, BODY.decode()) == post_of(target)(BODY, HEADERS)
        assert 404 == post_of(app)(BODY, HEADERS)[0]


class Unreadable:
    """A callable whose signature cannot be read."""

    __signature__ = "none"

    def __call__(self, body, headers):
        """Do nothing."""


class TestUnknown:
    @pytest.mark.parametrize(
        "target",
        [
            None,
            42,
            "localhost:8000",
            "/webhook/",
            ("http://localhost/", "/webhook/"),
            (None, "/"),
            ("/",),
            (json.dumps, "/", "/"),
            lambda: None,
            lambda _: None,
            FakeHttpxClient(None),
            FakeDjangoClient(None),
            functools.partial(int, base=10),
            Unreadable(),
            Client(None),
        ],
    )
    def test_rejected(self, target):
        """An unknown target is an error that lists the known kinds."""
        with pytest.raises(ValueError, match=r"target=.+ is invalid; expected one of: a URL"):
            post_of(target)
