"""Connections to hosts of SES, which are refused."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time

import pytest

import pytest_ses
from pytest_ses import SESBackend, SESNetworkError
from pytest_ses.transports import hosts

API = "email.eu-west-1.amazonaws.com"
SMTP = "email-smtp.us-east-1.amazonaws.com"
INBOUND = "inbound-smtp.us-east-1.amazonaws.com"
PATCHED = [
    (socket, "getaddrinfo"),
    (socket, "gethostbyname"),
    (socket, "gethostbyname_ex"),
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
]


def raw(method):
    """A function that connects a socket by the name of the host."""

    def connect(host):
        with socket.socket() as connecting:
            getattr(connecting, method)((host, 443))

    return connect


async def look_up_with_asyncio(host):
    await asyncio.get_running_loop().getaddrinfo(host, 443)


async def connect_with_asyncio(host):
    loop = asyncio.get_running_loop()
    with socket.socket() as connecting:
        connecting.setblocking(False)
        await loop.sock_connect(connecting, (host, 443))


CONNECTIONS = {
    "http.client": lambda host: http.client.HTTPSConnection(host, timeout=1).request("GET", "/"),
    "create_connection": lambda host: socket.create_connection((host, 443), timeout=1),
    "connect": raw("connect"),
    "connect_ex": raw("connect_ex"),
    "getaddrinfo": lambda host: socket.getaddrinfo(host.encode(), 443),
    "gethostbyname": lambda host: socket.gethostbyname(str(host)),
    "gethostbyname_ex": lambda host: socket.gethostbyname_ex(str(host)),
    "open_connection": lambda host: asyncio.run(asyncio.open_connection(host, 443, ssl=True)),
    "asyncio-getaddrinfo": lambda host: asyncio.run(look_up_with_asyncio(host)),
    "asyncio-sock_connect": lambda host: asyncio.run(connect_with_asyncio(host)),
}


@pytest.mark.parametrize("connect", CONNECTIONS.values(), ids=CONNECTIONS)
@pytest.mark.parametrize("host", [API, SMTP, INBOUND])
def test_refused(connect, host):
    """A connection that no transport replaces fails at once, with the name of the host."""
    with SESBackend():
        start = time.monotonic()
        with pytest.raises(SESNetworkError, match=host) as caught:
            connect(host)
        assert time.monotonic() - start < 1
    assert host == caught.value.host
    assert not isinstance(caught.value, OSError)


@pytest.mark.parametrize(
    ("host", "advice"),
    [
        (API, "Use boto3, aiobotocore, requests"),
        (API, "The hosts for SMTP are email-smtp.REGION.amazonaws.com"),
        (SMTP, "Use smtplib or aiosmtplib"),
        (INBOUND, "Use SESBackend.receive"),
    ],
)
def test_way_in(host, advice):
    """The error says how to reach the backend instead."""
    with SESBackend(), pytest.raises(SESNetworkError, match=f"refused to connect .*{advice}"):
        socket.getaddrinfo(host, 443)


def test_other_hosts(monkeypatch):
    """Other hosts and addresses are looked up and connected to, and a path is not looked at."""
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: looked_up.append(args[0]))
    with SESBackend(), socket.create_server(("127.0.0.1", 0)) as server:
        for host in (f"{API}.example.org", "s3.eu-west-1.amazonaws.com", None):
            socket.getaddrinfo(host, 443)
        with socket.socket() as connecting:
            connecting.connect(server.getsockname())
        with socket.socket(socket.AF_UNIX) as connecting, pytest.raises(FileNotFoundError):
            connecting.connect("/nowhere")
    assert [f"{API}.example.org", "s3.eu-west-1.amazonaws.com", None] == looked_up


def test_restored():
    """After the backend, the functions are those of Python again."""
    before = [vars(owner).get(name) for owner, name in PATCHED]
    with SESBackend():
        assert before != [vars(owner).get(name) for owner, name in PATCHED]
    assert before == [vars(owner).get(name) for owner, name in PATCHED]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (API, hosts.API),
        ("EMAIL.EU-WEST-1.AMAZONAWS.COM.", hosts.API),
        ("email-fips.us-gov-west-1.amazonaws.com", hosts.API),
        ("email.cn-north-1.amazonaws.com.cn", hosts.API),
        ("email.us-isob-east-1.sc2s.sgov.gov", hosts.API),
        ("abc.xyz.endpoints.email.amazonaws.com", hosts.API),
        ("abc.xyz.endpoints.email.global.api.aws", hosts.API),
        ("vpce-0a1b-2c.email-smtp.us-east-1.vpce.amazonaws.com", hosts.SMTP),
        ("email-smtp-fips.us-east-1.amazonaws.com", hosts.SMTP),
        (SMTP, hosts.SMTP),
        (INBOUND, hosts.INBOUND),
        ("email.us-east-1.amazonaws.com.example.org", None),
        ("email.us-east-1.example.org", None),
        ("my-email.us-east-1.amazonaws.com", None),
        ("amazonaws.com", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_interfaces(host, expected):
    """Hosts of SES are recognized as a whole, in all partitions."""
    assert expected == hosts.interface_of(host)


def test_public_name():
    """The error is a name of the package."""
    assert "pytest_ses.SESNetworkError" == (
        f"{SESNetworkError.__module__}.{pytest_ses.SESNetworkError.__name__}"
    )
