"""How do events services other services of AWS? Through boto3, where something answers for them.

That is moto while a `mock_aws` is active, or an endpoint that the user has set for boto3
(`AWS_ENDPOINT_URL_SNS`, `AWS_ENDPOINT_URL`, a profile). Nothing ever goes to AWS itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from pytest_ses.transports import moto
from pytest_ses.wire.shapes import loader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OF_AWS = re.compile(r"https?://[^/]*\.amazonaws\.(com|com\.cn)(:\d+)?(/|$)")
# What S3 says where there is no such bucket; others speak of NotFound.
_MISSING = ("404", "NoSuchBucket")
# A service that does not answer is not to hold the test up.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})


class UnansweredError(Exception):
    """Nothing answers for a service."""


class ServiceClients:
    """Clients of other services, made when they are first needed."""

    def __init__(self) -> None:
        self._clients: dict[tuple[bool, str, str, str], Any] = {}

    def client(self, service: str, *, region: str, account_id: str) -> Any:
        """A client for the service of an account in a region.

        Raises:
            UnansweredError: neither moto nor an endpoint of the user answers for it.
        """
        if not self.answered(service, region=region, account_id=account_id):
            raise UnansweredError(
                f"nothing answers for {service}: enter moto's mock_aws, or set an endpoint for boto3"
            )
        return self._client(service, region, account_id)

    def answered(self, service: str, *, region: str, account_id: str) -> bool:
        """Whether moto or an endpoint of the user answers for a service."""
        if moto.is_active():
            return True
        url = self._client(service, region, account_id).meta.endpoint_url
        return _OF_AWS.match(url) is None

    def _client(self, service: str, region: str, account_id: str) -> Any:
        key = (moto.is_active(), service, region, account_id)
        if key not in self._clients:
            self._clients[key] = _client(service, region, account_id)
        return self._clients[key]


def says_missing(ask: Callable[[], Any]) -> bool:
    """Whether something answers a question, and says that there is no such thing."""
    try:
        ask()
    except Exception as error:  # noqa: BLE001  (whatever stands in for AWS)
        code = str(refusal(error).get("Code"))
        return code in _MISSING or "NotFound" in code
    return False


def refusal(error: Exception) -> Mapping[str, str]:
    """The `Code` and `Message` that a service answered with; nothing of other errors."""
    found: Mapping[str, str] = getattr(error, "response", {}).get("Error", {})
    return found


def _client(service: str, region: str, account_id: str) -> Any:
    core = botocore.session.get_session()
    core.register_component("data_loader", loader())
    session = boto3.Session(botocore_session=core)
    client = session.client(
        service,
        region_name=region,
        # LocalStack takes a key of twelve digits for the account.
        aws_access_key_id=account_id,
        aws_secret_access_key="pytest-ses",  # noqa: S106  (no secret)
        config=_CONFIG,
    )
    client.meta.events.register("request-created", _of_account(account_id))
    return client


def _of_account(account_id: str) -> Callable[..., None]:
    """Tell moto whose request it is."""

    def add_header(request: Any, **_: Any) -> None:
        if moto.is_active():
            request.headers["x-moto-account-id"] = account_id

    return add_header
