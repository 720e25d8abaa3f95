"""Does everybody else reach what they would have reached, during and afterwards?"""

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

from pytest_ses.webhooks.serving import answering

URL = "https://sns.us-east-1.amazonaws.com/key.pem"
OTHER = "https://sns.us-east-1.amazonaws.com/other.pem"
DOORS = [
    (requests.Session, "send"),
    (urllib.request.OpenerDirector, "open"),
    (URLLib3Session, "send"),
]


def doors():
    """The functions that stand at the doors now."""
    return [getattr(owner, name) for owner, name in DOORS]


@pytest.fixture
def served():
    """One page that is served."""
    with answering({URL: lambda: b"page"}):
        yield


class TestRequests:
    def test_response(self, served):
        """The answer is an ordinary response of requests, with all that hangs on it."""
        hooked = []
        answer = requests.get(URL, timeout=1, hooks={"response": lambda r, **_: hooked.append(r)})
        assert (200, b"page", "page", URL) == (
            answer.status_code,
            answer.content,
            answer.text,
            answer.url,
        )
        assert [answer] == hooked
        answer.raise_for_status()

    def test_stream(self, served):
        """It can be streamed."""
        with requests.get(URL, timeout=1, stream=True) as answer:
            assert [b"page"] == list(answer.iter_content(100))

    def test_prefix(self, served):
        """Other adapters that a session has do not matter."""
        with requests.Session() as session:
            session.adapters.clear()
            assert b"page" == session.get(URL).content

    @pytest.mark.parametrize("ours_first", [True, False])
    def test_users_of_responses(self, ours_first):
        """What others mock with responses they get, and not what is ours, whoever began."""
        ours = answering({URL: lambda: b"page"})
        theirs = responses.RequestsMock()
        theirs.get(OTHER, body="theirs")
        first, second = (ours, theirs) if ours_first else (theirs, ours)
        with first, second:
            assert "page" == requests.get(URL, timeout=1).text
            assert "theirs" == requests.get(OTHER, timeout=1).text
            with pytest.raises(requests.ConnectionError):
                requests.get("https://example.org/", timeout=1)
            assert [OTHER, "https://example.org/"] == [call.request.url for call in theirs.calls]


class TestUrllib:
    @pytest.mark.parametrize("form", [str, urllib.request.Request])
    def test_response(self, served, form):
        """The answer is an ordinary one of urllib, for a URL and for a Request."""
        with urllib.request.urlopen(form(URL), timeout=1) as answer:
            assert (200, b"page", URL) == (answer.status, answer.read(), answer.geturl())

    def test_others(self, served):
        """Other URLs go on to their handlers."""
        with urllib.request.urlopen("data:,theirs", None, 1) as answer:
            assert b"theirs" == answer.read()
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen("nonsense://example.org/", timeout=1)


class TestBoto3:
    def test_others(self, served):
        """Other calls of boto3 go on, whatever their body is."""
        with mock_aws():
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="bucket")
            s3.put_object(Bucket="bucket", Key="k", Body=BytesIO(b"theirs"))
            assert b"theirs" == s3.get_object(Bucket="bucket", Key="k")["Body"].read()

    def test_beyond_moto(self, served, monkeypatch):
        """A call that moto lets pass goes on to where it would have gone."""
        asked = []

        def send(session, request):
            asked.append(request.url)
            raise ZeroDivisionError

        with answering({URL: lambda: b"page"}):
            monkeypatch.setattr(URLLib3Session, "send", send)
            with answering({URL: lambda: b"page"}):
                client = boto3.client(
                    "sns",
                    region_name="us-east-1",
                    aws_access_key_id="AKIAOWN",
                    aws_secret_access_key="own",
                )
                with pytest.raises(ZeroDivisionError):
                    client.confirm_subscription(TopicArn="arn", Token="token")
        assert ["https://sns.us-east-1.amazonaws.com/"] == asked


class TestPages:
    def test_query(self):
        """A page with a query is found by its words in any order, more of them, or in a form."""
        with answering({"https://example.org/?Action=Go&Token=1": lambda: b"page"}):
            for url in (
                "https://example.org?Token=1&Action=Go&More=2",
                "https://EXAMPLE.org/?Action=Go&Token=%31",
            ):
                assert b"page" == requests.get(url, timeout=1).content
            posted = requests.post(
                "https://example.org/", data={"Action": "Go", "Token": "1"}, timeout=1
            )
            assert b"page" == posted.content

    @pytest.mark.parametrize("body", [b"\xff", BytesIO(b"Action=Go"), None])
    def test_what_is_not_a_form(self, body):
        """A body that is no form is not read, and passes."""
        with (
            responses.RequestsMock() as others,
            answering({"https://example.org/?Action=Go": lambda: b"page"}),
        ):
            others.post("https://example.org/", body="theirs")
            assert "theirs" == requests.post("https://example.org/", data=body, timeout=1).text


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_restored(order):
    """All is as before, in whatever order several of them end."""
    before = doors()
    several = [answering({URL: lambda: b"page"}) for _ in range(3)]
    for one in several:
        one.__enter__()
    for place in order:
        several[place].__exit__(None, None, None)
    assert before == doors()
