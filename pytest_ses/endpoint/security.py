"""Checks that a request comes from a program or the endpoint's own page, not from another website.

A website that the user visits could otherwise read the messages of the account: through a host name of
its own that resolves to this machine, or with requests from its scripts, whose `Origin` is the website.
"""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_ses.endpoint.responses import Problem
from pytest_ses.transports import hosts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.wire.http import Request


_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


class Trust:
    """The hosts that requests may be for.

    These are `localhost`, loopback addresses, the address at which the request arrived, SES's own
    hosts and `names`. A server that listens on all addresses accepts every address: behind
    a forwarded port, it cannot know its own.
    """

    def __init__(self, bound_to: str, names: Sequence[str] = ()) -> None:
        self._names = frozenset(name.lower() for name in names) | {"localhost"}
        self._any_address = ip_address(bound_to).is_unspecified
        self._is_trusted = lru_cache(maxsize=64)(self._check_host)

    def check(self, request: Request, local_address: str) -> None:
        """Check the host and origin of a request that arrived at a local address.

        Raises:
            Problem: if one of them is not trusted.
        """
        host = request.headers.get("host", "")
        if not self._is_trusted(host, local_address):
            raise Problem(
                f"requests for the host {host!r} are refused, because another website may have sent "
                "them; use 127.0.0.1 or localhost, or add the host with ses_endpoint_host or --host",
                HTTPStatus.FORBIDDEN,
            )
        origin = request.headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            raise Problem(
                f"requests from the origin {origin!r} are refused, because they are those of another "
                "website; send the request from a program, without the header Origin",
                HTTPStatus.FORBIDDEN,
            )

    def _check_host(self, header: str, local_address: str) -> bool:
        try:
            host = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if host in self._names or hosts.interface_of(host) == hosts.API:
            return True
        if not is_address(host):
            return False
        address = ip_address(host)
        return self._any_address or address.is_loopback or address == ip_address(local_address)


def is_address(host: str) -> bool:
    """Whether a host is an IP address, not a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def split_hosts(hosts: Sequence[str]) -> tuple[str, list[str]]:
    """Return the address to listen on, and the other names.

    Raises:
        ValueError: if a host is invalid, or several are addresses.
    """
    addresses = [host for host in hosts if is_address(host)]
    names = [host for host in hosts if host not in addresses]
    if len(addresses) > 1:
        raise ValueError(f"{' and '.join(addresses)} are several addresses; expected only one")
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} is invalid; expected an address such as '0.0.0.0' or a host name such as "
                "'host.docker.internal'"
            )
    return addresses[0] if addresses else "127.0.0.1", names
