"""The account, region, attempt and API of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_ses.domain.account import KEY_PREFIX
from pytest_ses.transports import moto
from pytest_ses.wire import Request

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/")
_HOST = re.compile(r"//email(?:-fips)?\.([a-z0-9-]+)\.")
_ATTEMPT = re.compile(r"attempt=(\d+)")
_V2 = "/v2/email/"


@dataclass(frozen=True, slots=True)
class Origin:
    """The account and region of a request, and the number of its attempt, from 1."""

    account_id: str
    region: str
    attempt: int = 1


def origin_of(request: Request, *, account_id: str, region: str) -> Origin:
    """Return the origin of a request, read from its signature or, without one, from its host.

    `account_id` and `region` are the defaults.
    """
    attempt_header = _ATTEMPT.search(request.headers.get("amz-sdk-request", ""))
    attempt = int(attempt_header[1]) if attempt_header else 1
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    if scope:
        return Origin(_account_of(scope[1]) or account_id, scope[2], attempt)
    host = _HOST.search(request.url)
    return Origin(account_id, host[1] if host else region, attempt)


def resolve_api(request: Request) -> tuple[str, Request]:
    """Return the API that a request is for, and the request without the path of the endpoint.

    The URL of a custom endpoint may have a path, which precedes the paths of v2.
    """
    path = request.url.partition("?")[0]
    start = path.find(_V2)
    if start < 0:
        return "ses", request
    return "sesv2", Request(request.method, request.url[start:], request.headers, request.body)


def _account_of(access_key: str) -> str | None:
    if access_key.startswith(KEY_PREFIX):
        return access_key.removeprefix(KEY_PREFIX)
    return moto.account_of(access_key)
