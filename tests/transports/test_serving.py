"""Pages served to requests, urllib and boto3, while other traffic passes through."""

from __future__ import annotations

import itertools
import urllib.error
import urllib.request
from io import BytesIO

import boto3
import pytest
import requests
import responses
from botocore.httpsession import URLLib3Session
from moto import mock_aws

from pytest_ses.transports.serving import serve_pages

URL = "https://sns.us-east-1.amazonaws.com/key.pem"
OTHER = "https://sns.us-east-1.amazonaws.com/other.pem"
PATCHED_FUNCTIONS = [
    (requests.Session, "send"),
    (urllib.request.OpenerDirector, "open"),
    (URLLib3Session, "send"),
]


def current_functions():
    """The functions that are currently installed."""
    return [getattr(owner, name) for owner, name in PATCHED_FUNCTIONS]


@pytest.fixture
def served():
    """One served page."""
    with serve_pages({URL: lambda: b"page"}):
        yield


class TestRequests:
    def test_response(self, served):
        """The response is an ordinary response of requests, with its hooks."""
        hooked_responses = []
        response = requests.get(
            URL, timeout=1, hooks={"response": lambda r, **_: hooked_responses.append(r)}
        )
        assert (200, b"page", "page", URL) == (
            response.status_code,
            response.content,
            response.text,
            response.url,
        )
        assert [response] == hooked_responses
        response.raise_for_status()

    def test_stream(self, served):
        """The response can be streamed."""
        with requests.get(URL, timeout=1, stream=True) as response:
            assert [b"page"] == list(response.iter_content(100))

    def test_adapters(self, served):
        """The adapters of a session do not matter."""
        with requests.Session() as session:
            session.adapters.clear()
            assert b"page" == session.get(URL).content

    @pytest.mark.parametrize("served_first", [True, False])
    def test_with_responses(self, served_first):
        """The responses library keeps mocking other pages, whichever of the two starts first."""
        served_page = serve_pages({URL: lambda: b"page"})
        mocks = responses.RequestsMock()
        mocks.get(OTHER, body="theirs")
        first, second = (served_page, mocks) if served_first else (mocks, served_page)
        with first, second:
            assert "page" == requests.get(URL, timeout=1).text
            assert "theirs" == requests.get(OTHER, timeout=1).text
            with pytest.raises(requests.ConnectionError):
                requests.get("https://example.org/", timeout=1)
            assert [OTHER, "https://example.org/"] == [call.request.url for call in mocks.calls]


class TestUrllib:
    @pytest.mark.parametrize("form", [str, urllib.request.Request])
    def test_response(self, served, form):
        """The response is an ordinary response of urllib, for a URL and for a Request."""
        with urllib.request.urlopen(form(URL), timeout=1) as response:
            assert (200, b"page", URL) == (response.status, response.read(), response.geturl())

    def test_others(self, served):
        """Other URLs are passed on to their handlers."""
        with urllib.request.urlopen("data:,theirs", None, 1) as response:
            assert b"theirs" == response.read()
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen("nonsense://example.org/", timeout=1)


class TestBoto3:
    def test_others(self, served):
        """Other boto3 calls pass through, whatever their body is."""
        with mock_aws():
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="bucket")
            s3.put_object(Bucket="bucket", Key="k", Body=BytesIO(b"theirs"))
            assert b"theirs" == s3.get_object(Bucket="bucket", Key="k")["Body"].read()

    def test_beyond_moto(self, served, monkeypatch):
        """A call that moto lets through reaches its real destination."""
        urls = []

        def send(session, request):
            urls.append(request.url)
            raise ZeroDivisionError

        with serve_pages({URL: lambda: b"page"}):
            monkeypatch.setattr(URLLib3Session, "send", send)
            with serve_pages({URL: lambda: b"page"}):
                client = boto3.client(
                    "sns",
                    region_name="us-east-1",
                    aws_access_key_id="AKIAOWN",
                    aws_secret_access_key="own",
                )
                with pytest.raises(ZeroDivisionError):
                    client.confirm_subscription(TopicArn="arn", Token="token")
        assert ["https://sns.us-east-1.amazonaws.com/"] == urls


class TestPages:
    def test_query(self):
        """A query matches in any order, with additional parameters, and as a form."""
        with serve_pages({"https://example.org/?Action=Go&Token=1": lambda: b"page"}):
            for url in (
                "https://example.org?Token=1&Action=Go&More=2",
                "https://EXAMPLE.org/?Action=Go&Token=%31",
            ):
                assert b"page" == requests.get(url, timeout=1).content
            response = requests.post(
                "https://example.org/", data={"Action": "Go", "Token": "1"}, timeout=1
            )
            assert b"page" == response.content

    @pytest.mark.parametrize("body", [b"\xff", BytesIO(b"Action=Go"), None])
    def test_body_that_is_not_a_form(self, body):
        """A body that is not a form is not read and passes through."""
        with (
            responses.RequestsMock() as mocks,
            serve_pages({"https://example.org/?Action=Go": lambda: b"page"}),
        ):
            mocks.post("https://example.org/", body="theirs")
            assert "theirs" == requests.post("https://example.org/", data=body, timeout=1).text


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_restored(order):
    """Everything is restored, in whatever order several contexts end."""
    before = current_functions()
    contexts = [serve_pages({URL: lambda: b"page"}) for _ in range(3)]
    for context in contexts:
        context.__enter__()
    for index in order:
        contexts[index].__exit__(None, None, None)
    assert before == current_functions()
