"""Clients of other AWS services, through boto3.

A service is provided by moto while `mock_aws` is active, or by an endpoint that the user has set for
boto3 (`AWS_ENDPOINT_URL_SNS`, `AWS_ENDPOINT_URL`, a profile). No request goes to AWS: the last step
before the socket rejects every host in an AWS domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from pytest_ses.transports import hosts, moto
from pytest_ses.wire.shapes import loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The codes of S3 for a missing bucket; the codes of other services contain "NotFound".
_MISSING = ("404", "NoSuchBucket")
# An unresponsive service must not block the test.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})


class UnavailableServiceError(Exception):
    """Neither moto nor an endpoint of the user provides a service."""

    def __init__(self, service: str, url: str) -> None:
        super().__init__(
            f"{service} is not available; activate moto's mock_aws or set an endpoint URL for boto3 "
            f"({hosts.host_of(url)!r} belongs to AWS)"
        )


class ServiceClients:
    """Clients of other services, created when first needed."""

    def __init__(self) -> None:
        self._clients: dict[tuple[bool, str, str, str], Any] = {}

    def client(self, service: str, *, region: str, account_id: str) -> Any:
        """Return a client of a service for an account and region.

        Raises:
            UnavailableServiceError: if neither moto nor an endpoint of the user provides it.
        """
        client = self._client(service, region, account_id)
        if not self.is_available(service, region=region, account_id=account_id):
            raise UnavailableServiceError(service, client.meta.endpoint_url)
        return client

    def is_available(self, service: str, *, region: str, account_id: str) -> bool:
        """Whether moto or an endpoint of the user provides a service."""
        if moto.is_active():
            return True
        client = self._client(service, region, account_id)
        return hosts.is_outside_aws(client.meta.endpoint_url)

    def _client(self, service: str, region: str, account_id: str) -> Any:
        key = (moto.is_active(), service, region, account_id)
        if key not in self._clients:
            self._clients[key] = _client(service, region, account_id)
        return self._clients[key]


def is_missing(call: Callable[[], Any]) -> bool:
    """Whether a call to an available service fails because the resource does not exist."""
    try:
        call()
    except Exception as error:  # noqa: BLE001  (a substitute for AWS may raise anything)
        code = str(error_of(error).get("Code"))
        return code in _MISSING or "NotFound" in code
    return False


def error_of(exception: Exception) -> Mapping[str, str]:
    """Return the `Code` and `Message` of an error response, or nothing for other exceptions."""
    error: Mapping[str, str] = getattr(exception, "response", {}).get("Error", {})
    return error


def _client(service: Any, region: str, account_id: str) -> Any:
    botocore_session = botocore.session.get_session()
    botocore_session.register_component("data_loader", loader())
    session = boto3.Session(botocore_session=botocore_session)
    client = session.client(
        service,
        region_name=region,
        # LocalStack reads the account from a key of twelve digits.
        aws_access_key_id=account_id,
        aws_secret_access_key="pytest-ses",  # noqa: S106  (no secret)
        config=_CONFIG,
    )
    client.meta.events.register("request-created", _set_account(account_id))
    # botocore has no public way to reject a request that moto has not handled.
    endpoint = client._endpoint  # noqa: SLF001
    endpoint.http_session = _OutsideAws(service, endpoint.http_session)
    return client


class _OutsideAws:
    """The HTTP session of a client, without access to AWS.

    moto handles a request before it reaches the session, unless it has no URL for the request, as
    in most dual-stack domains, or passes the service through.
    """

    def __init__(self, service: str, session: Any) -> None:
        self._service = service
        self._session = session

    def send(self, request: Any) -> Any:
        if not hosts.is_outside_aws(request.url):
            raise UnavailableServiceError(self._service, request.url)
        return self._session.send(request)

    def close(self) -> None:
        self._session.close()


def _set_account(account_id: str) -> Callable[..., None]:
    """Add the header that tells moto the account of a request."""

    def add_header(request: Any, **_: Any) -> None:
        if moto.is_active():
            request.headers["x-moto-account-id"] = account_id

    return add_header
