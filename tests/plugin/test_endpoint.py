"""The fixture `ses_endpoint`."""

from __future__ import annotations

import re

import pytest
from projects import outcome

SEND_OVER_HTTP = """
import json, os, urllib.request

BODY = json.dumps({
    "FromEmailAddress": "news@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hi"}}}},
}).encode()

def send(url):
    request = urllib.request.Request(f"{url}/v2/email/outbound-emails", BODY)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)
"""


@pytest.fixture(autouse=True)
def _sender(project):
    project.makepyfile(over_http=SEND_OVER_HTTP)


def test_handed_from_test_to_test(project):
    """One server serves the account of each test in turn, and none between them."""
    outcome(
        project,
        """
        import urllib.error
        import pytest
        from over_http import send

        pytestmark = pytest.mark.ses(verified=["example.com"])
        urls = []

        def test_first(ses_endpoint):
            urls.append(str(ses_endpoint))
            send(ses_endpoint)
            assert len(ses_endpoint.backend.outbox) == 1

        def test_between():
            with pytest.raises(urllib.error.HTTPError, match="503"):
                send(urls[0])

        def test_second(ses_endpoint, ses_backend):
            assert ses_endpoint.backend is ses_backend
            assert urls == [ses_endpoint.url]
            assert len(ses_backend.outbox) == 0
            send(ses_endpoint)
            assert len(ses_backend.outbox) == 1
        """,
        passed=3,
    )


def test_environment(project, monkeypatch):
    """The environment is set during the test and restored afterwards."""
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    outcome(
        project,
        """
        import os, pytest

        before = dict(os.environ)

        @pytest.mark.ses(region="eu-central-1")
        def test_during(ses_endpoint):
            environment = ses_endpoint.environment
            assert environment.items() <= os.environ.items()
            assert environment["AWS_ENDPOINT_URL_SES"] == environment["AWS_ENDPOINT_URL_SESV2"]
            assert environment["AWS_ENDPOINT_URL_SES"] == str(ses_endpoint)
            assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
            assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-central-1"
            assert environment["AWS_ACCESS_KEY_ID"] and environment["AWS_SECRET_ACCESS_KEY"]

        def test_afterwards():
            now = dict(os.environ)
            now.pop("PYTEST_CURRENT_TEST"), before.pop("PYTEST_CURRENT_TEST", None)
            assert now == before
        """,
        passed=2,
    )


@pytest.mark.parametrize("setting", ["option", "ini"])
def test_hosts(project, setting):
    """`ses_endpoint_host` is the address, and names that requests may be for."""
    arguments = ["--ses-endpoint-host=0.0.0.0", "--ses-endpoint-host=host.docker.internal"]
    if setting == "ini":
        project.makeini("[pytest]\nses_endpoint_host = 0.0.0.0 host.docker.internal\n")
        arguments = []
    outcome(
        project,
        """
        import urllib.request

        def test_hosts(ses_endpoint):
            assert ses_endpoint.url == f"http://127.0.0.1:{ses_endpoint.port}"
            for host in ("host.docker.internal", "192.0.2.1"):
                request = urllib.request.Request(f"{ses_endpoint}/_ses", headers={"Host": host})
                urllib.request.urlopen(request, timeout=10).close()
        """,
        *arguments,
        passed=1,
    )


def test_invalid_host(project):
    """An invalid host ends the run before any test."""
    project.makepyfile(test_it="def test_it(): pass\n")
    result = project.runpytest("--ses-endpoint-host=127.0.0.1", "--ses-endpoint-host=::1")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(
        ["ERROR: ses_endpoint_host: 127.0.0.1 and ::1 are several addresses; expected only one"]
    )


@pytest.mark.slow
def test_xdist(project):
    """Each worker has a port of its own."""
    project.makepyfile(
        test_it="""
        import pytest
        from over_http import send

        @pytest.mark.ses(verified=["example.com"])
        @pytest.mark.parametrize("number", range(6))
        def test_send(ses_endpoint, number):
            send(ses_endpoint)
            assert len(ses_endpoint.backend.outbox) == 1
            open(f"port-{ses_endpoint.port}", "w").close()
        """
    )
    result = project.runpytest_subprocess("-n2", "-p", "xdist")
    result.assert_outcomes(passed=6)
    ports = [path for path in project.path.iterdir() if re.match(r"port-\d+", path.name)]
    assert 2 == len(ports)


def test_unused(project):
    """A run that does not use the fixture does not import the endpoint."""
    project.makepyfile(
        test_it="""
        import sys

        def test_it(ses_backend):
            assert not [name for name in sys.modules if name.startswith("pytest_ses.endpoint")]
            assert "werkzeug.routing" not in sys.modules
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_mailbox_page(project):
    """The mailbox page of the endpoint has the messages of the running test."""
    outcome(
        project,
        """
        import json, urllib.request
        import pytest
        from over_http import send

        @pytest.mark.ses(verified=["example.com"])
        def test_page(ses_endpoint, request):
            send(ses_endpoint.url)
            headers = {"Accept": "application/json"}
            page = urllib.request.Request(f"{ses_endpoint.url}/_ses", headers=headers)
            with urllib.request.urlopen(page, timeout=10) as response:
                test = json.load(response)
            assert request.node.nodeid == test["nodeid"]
            assert ["Hi"] == [message["subject"] for message in test["messages"]]
        """,
        passed=1,
    )
