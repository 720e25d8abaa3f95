"""Recognition of the requests that are for SES."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from pytest_ses.transports import hosts
from pytest_ses.wire import service

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED = re.compile(r"/ses/aws4_request\b")
_V2_PATH = "/v2/email/"
# Two other services sign as `ses`: Mail Manager, whose operation is in a header, and Pinpoint Email,
# which has its own path.
_MAIL_MANAGER_HEADERS = ("x-amz-target", "smithy-protocol")
_PINPOINT_EMAIL_PATH = "/v1/email/"
# Only the headers that are needed, because no operation of SES has parameters in headers and copying
# all of them is slow.
HEADERS = ("authorization", "amz-sdk-request", "x-amz-region-set", *_MAIL_MANAGER_HEADERS)


def is_for_ses(url: str, headers: Mapping[str, str], body: Any) -> bool:
    """Whether a request is for SES: by its signature or, without one, by its URL and form.

    Raises:
        NotImplementedError: if it is for another service that signs as SES, and would go to AWS.
    """
    authorization = headers.get("authorization")
    if authorization is None:
        is_for_ses = _is_for_ses_without_header(url, body)
    else:
        is_for_ses = _SIGNED.search(authorization) is not None
    other_service = _other_service(url, headers) if is_for_ses else None
    if other_service is None:
        return is_for_ses
    if hosts.is_outside_aws(url):
        return False
    raise NotImplementedError(
        f"pytest-ses does not support {other_service}, whose requests are signed like those of SES, "
        "and does not send them to AWS; use botocore's Stubber or set an endpoint URL for the service"
    )


def _is_for_ses_without_header(url: str, body: Any) -> bool:
    if "X-Amz-Credential=" in url:  # a presigned URL
        return _SIGNED.search(unquote(url)) is not None
    if hosts.is_ses(url):
        return True
    return hosts.is_outside_aws(url) and (_V2_PATH in url or _is_form_of_v1(url, body))


def _is_form_of_v1(url: str, body: Any) -> bool:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    form = parse_qs(f"{urlsplit(url).query}&{text}")
    v1 = service("ses")
    return form.get("Version") == [v1.api_version] and v1.operations.issuperset(
        form.get("Action", [""])
    )


def _other_service(url: str, headers: Mapping[str, str]) -> str | None:
    if any(name in headers for name in _MAIL_MANAGER_HEADERS):
        return "SES Mail Manager ('mailmanager')"
    return "Pinpoint Email ('pinpoint-email')" if _PINPOINT_EMAIL_PATH in url else None
