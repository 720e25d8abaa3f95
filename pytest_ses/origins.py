"""Whose request is it, and for which API?"""

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
    """Account and region of a request, and the how manieth attempt it is."""

    account_id: str
    region: str
    attempt: int = 1


def of(request: Request, *, account_id: str, region: str) -> Origin:
    """The origin of a request, by its signature, or by its host if it has none.

    Account id and region are those of requests that do not name theirs.
    """
    attempt = _ATTEMPT.search(request.headers.get("amz-sdk-request", ""))
    count = int(attempt[1]) if attempt else 1
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    if scope:
        return Origin(_account_of(scope[1]) or account_id, scope[2], count)
    host = _HOST.search(request.url)
    return Origin(account_id, host[1] if host else region, count)


def addressed(request: Request) -> tuple[str, Request]:
    """Which API a request is for; v2's paths may stand behind one of a custom endpoint."""
    path = request.url.partition("?")[0]
    start = path.find(_V2)
    if start < 0:
        return "ses", request
    return "sesv2", Request(request.method, request.url[start:], request.headers, request.body)


def _account_of(access_key: str) -> str | None:
    if access_key.startswith(KEY_PREFIX):
        return access_key.removeprefix(KEY_PREFIX)
    return moto.account_of(access_key)
