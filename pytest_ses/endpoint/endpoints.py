"""The endpoint that a test uses: its address, and the environment of other processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_ses.transports import boto

if TYPE_CHECKING:
    from pytest_ses.backend import SESBackend

_PROXIES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_NO_PROXY = ("no_proxy", "NO_PROXY")


class SESEndpoint:
    """An HTTP endpoint that serves the account of a test to other processes and languages.

    The fixture `ses_endpoint` returns it; `str()` returns its URL.

    Attributes:
        backend: the backend that handles the requests.
        host: the address at which clients on this machine reach the endpoint.
        port: the port.
    """

    __module__ = "pytest_ses"

    def __init__(self, backend: SESBackend, host: str, port: int) -> None:
        self.backend = backend
        self.host = host
        self.port = port

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"<SESEndpoint {self.url} of {self.backend!r}>"

    @property
    def url(self) -> str:
        """The URL, such as `http://127.0.0.1:40123`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the AWS SDKs of another process use the endpoint.

        They are in `os.environ` during the test, so a subprocess inherits them.
        """
        return {
            "AWS_ENDPOINT_URL_SES": self.url,
            "AWS_ENDPOINT_URL_SESV2": self.url,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_ACCESS_KEY_ID": boto.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": boto.SECRET_KEY,
            "AWS_REGION": self.backend.region,
            "AWS_DEFAULT_REGION": self.backend.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            **self._without_proxy(),
        }

    def _without_proxy(self) -> dict[str, str]:
        """Return the variables that keep the requests away from a proxy of the environment."""
        if not any(map(os.environ.get, _PROXIES)):
            return {}
        hosts = next(filter(None, map(os.environ.get, _NO_PROXY)), "")
        return dict.fromkeys(_NO_PROXY, f"{hosts},{self.host}".lstrip(","))
