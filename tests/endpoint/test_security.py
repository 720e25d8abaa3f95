"""Requests that come from other websites."""

from __future__ import annotations

import pytest

from pytest_ses.endpoint.responses import Problem
from pytest_ses.endpoint.security import Trust
from pytest_ses.wire import Request


def request(**headers):
    """A request with headers."""
    return Request("GET", "/", headers, b"")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:8005",
        "127.0.0.2",
        "[::1]:8005",
        "email.eu-west-1.amazonaws.com",
        "email-fips.us-east-1.amazonaws.com:443",
    ],
)
def test_own_hosts(host):
    """Loopback addresses and SES's own hosts are accepted, with any port."""
    Trust("127.0.0.1").check(request(host=host), "127.0.0.1")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.com",
        "127.0.0.1.example.com",
        "email.us-east-1.amazonaws.com.example.org",
        "s3.us-east-1.amazonaws.com",
        "host.docker.internal",
        "192.0.2.1",
        "[::1",
        "localhost.example.com",
    ],
)
def test_foreign_hosts(host):
    """Other hosts are refused."""
    with pytest.raises(Problem, match=r"requests for the host .* are refused") as refused:
        Trust("127.0.0.1").check(request(host=host), "127.0.0.1")
    assert 403 == refused.value.status


def test_configured_names():
    """Names of the project are accepted."""
    trust = Trust("127.0.0.1", ["Host.docker.internal"])
    trust.check(request(host="host.docker.internal:8005"), "127.0.0.1")


def test_addresses():
    """The address at which the request arrived is accepted; on all addresses, any is."""
    Trust("192.0.2.1").check(request(host="192.0.2.1"), "192.0.2.1")
    for everywhere in ("0.0.0.0", "::"):
        Trust(everywhere).check(request(host="192.0.2.9:8005"), "172.17.0.2")
        with pytest.raises(Problem):
            Trust(everywhere).check(request(host="example.com"), "172.17.0.2")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://example.com",
        "http://127.0.0.1:1",
        "https://127.0.0.1:8005",
        "http://localhost:8005",
    ],
)
def test_foreign_origins(origin):
    """A request of a script is refused unless its page is the endpoint's own."""
    own = request(host="127.0.0.1:8005", origin="http://127.0.0.1:8005")
    Trust("127.0.0.1").check(own, "127.0.0.1")
    with pytest.raises(Problem, match="requests from the origin") as refused:
        Trust("127.0.0.1").check(request(host="127.0.0.1:8005", origin=origin), "127.0.0.1")
    assert 403 == refused.value.status


@pytest.mark.parametrize("path", ["/_ses/messages", "/_aws/ses", "/v2/email/account", "/"])
@pytest.mark.parametrize("headers", [{"Host": "example.com"}, {"Origin": "null"}])
def test_everything_is_checked(backend, client, path, headers):
    """The API is checked as well as the control plane, and nothing has happened."""
    answer = client("POST", path, {"EmailIdentity": "example.net"}, headers)
    assert 403 == answer.status
    assert [] == list(backend.calls)


@pytest.mark.parametrize("target", ["http://example.com/_ses", "http://[/_ses", "*"])
def test_host_of_target(backend, client, target):
    """The host in the target of a request takes precedence over the header."""
    client.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert 403 == client.raw_answer().status
