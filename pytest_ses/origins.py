"""The account, region, attempt and API of a request."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from pytest_ses.domain.account import KEY_PREFIX
from pytest_ses.smtp import protocol
from pytest_ses.transports import hosts, moto
from pytest_ses.transports.recognition import CLIENT_OF_TEST, INVOCATION
from pytest_ses.wire import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# A SigV4a scope has no region.
_SCOPE = re.compile(r"Credential=([^=/,\s]+)/\d+/(?:([^/,\s]+)/)?ses/aws4_request")
_REGION_SET = "x-amz-region-set"
_REGION = re.compile(r"[a-z]+(?:-[a-z]+)+-\d+")
_ATTEMPT = re.compile(r"attempt=(\d{1,9})")
_V2 = "/v2/email/"
# The path of PutEmailIdentityDkimSigningAttributes in older models.
_V2_DKIM_SIGNING = ("/v1/email/", "/dkim/signing")


class Origin(NamedTuple):
    """The account and region of a request, the number of its attempt, from 1, and its headers."""

    account_id: str
    region: str
    attempt: int = 1
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def invocation(self) -> str | None:
        """What all attempts of one call of an AWS SDK have in common; None for other clients."""
        return self.headers.get(INVOCATION)

    @property
    def is_of_test(self) -> bool:
        """Whether the call is the test's own, and not one of the code under test."""
        return CLIENT_OF_TEST in self.headers


def origin_of(
    request: Request,
    *,
    account_id: str,
    region: str,
    region_of_endpoint: Callable[[str, str], str | None],
) -> Origin:
    """Return the origin of a request, from its signature or else from its host and region set.

    Args:
        request: the request.
        account_id: the default account.
        region: the default region.
        region_of_endpoint: a function that returns the region of a multi-region endpoint, given the
            IDs of the account and the endpoint.
    """
    attempt = _attempt(request.headers.get("amz-sdk-request", ""))
    scope = _scope(request.headers.get("authorization") or unquote(request.url))
    if scope:
        access_key, signed_region = scope
        account_id = _account_of(access_key) or account_id
        if signed_region:
            return Origin(account_id, signed_region, attempt, request.headers)
    endpoint = hosts.multi_region_endpoint(request.url)
    own_region = (
        (endpoint and region_of_endpoint(account_id, endpoint))
        or hosts.ses_region(request.url)
        or _region_in_set(request.headers.get(_REGION_SET, ""))
    )
    return Origin(account_id, own_region or region, attempt, request.headers)


# All requests of a client in one second have the same.
@lru_cache(maxsize=64)
def _scope(signature: str) -> tuple[str, str | None] | None:
    """Return the access key and the region in a signature, or None if it has none for SES."""
    match = _SCOPE.search(signature)
    return (match[1], match[2]) if match else None


@lru_cache(maxsize=64)
def _attempt(sdk_request: str) -> int:
    match = _ATTEMPT.search(sdk_request)
    return int(match[1]) if match else 1


def _region_in_set(regions: str) -> str | None:
    """Return the first region of a SigV4a region set that is not a pattern."""
    return next(filter(_REGION.fullmatch, regions.split(",")), None)


def resolve_api(request: Request) -> tuple[str, Request]:
    """Return the API that a request is for, and the request without the endpoint's path.

    The URL of a custom endpoint may have a path, which precedes the path of the v2 operation.
    """
    path = request.url.partition("?")[0]
    if path.startswith(protocol.SCHEME):
        return "smtp", request
    start = path.find(_V2)
    if start < 0 and path.endswith(_V2_DKIM_SIGNING[1]):
        start = path.find(_V2_DKIM_SIGNING[0])
    if start < 0:
        return "ses", request
    return "sesv2", Request(request.method, request.url[start:], request.headers, request.body)


def _account_of(access_key: str) -> str | None:
    if access_key.startswith(KEY_PREFIX):
        return access_key.removeprefix(KEY_PREFIX)
    return moto.account_of(access_key)
