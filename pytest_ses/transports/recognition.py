"""Recognition of the requests that are for SES."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from pytest_ses.transports import hosts
from pytest_ses.wire import service

if TYPE_CHECKING:
    from collections.abc import Mapping

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_SIGNED = re.compile(r"/ses/aws4_request\b")
_PRESIGNED = "X-Amz-Credential="
_V2_PATH = "/v2/email/"
# Two other services sign as `ses`: Mail Manager, whose operation is in a header, and Pinpoint Email,
# which has its own path.
_MAIL_MANAGER = "SES Mail Manager ('mailmanager')"
_MAIL_MANAGER_HEADERS = ("x-amz-target", "smithy-protocol")
_PINPOINT_EMAIL_PATH = "/v1/email/"
# Pinpoint Email has no operation at this path, but older models of SES's v2 have one there:
# PutEmailIdentityDkimSigningAttributes.
_DKIM_SIGNING_PATH = "/dkim/signing"
INVOCATION = "amz-sdk-invocation-id"
"""The header that all attempts of one call of an AWS SDK have in common."""
CLIENT_OF_TEST = "x-pytest-ses-client-of-test"
"""The header of requests of the clients that the fixtures `ses_client` and `sesv2_client` return."""
# No operation of SES has parameters in headers, and copying all of them is slow.
HEADERS = frozenset(
    {
        "authorization",
        "amz-sdk-request",
        INVOCATION,
        CLIENT_OF_TEST,
        "x-amz-region-set",
        *_MAIL_MANAGER_HEADERS,
    }
)


def is_boto_call(url: str, headers: Mapping[str, str], body: Any) -> bool:
    """Whether a request of boto3 is for SES: by its signature, its host or, without both, its form.

    Raises:
        NotImplementedError: if it is for another service that signs as SES, and would go to AWS.
    """
    return is_for_ses(url, headers) or _is_unsigned_call(url, headers, body)


def is_for_ses(url: str, headers: Mapping[str, str]) -> bool:
    """Whether a request is for SES, by its signature or its host; header names are in lower case.

    Raises:
        NotImplementedError: if it is for another service that signs as SES, and would go to AWS.
    """
    has_target = not headers.keys().isdisjoint(_MAIL_MANAGER_HEADERS)
    return _is_for_ses(url, headers.get("authorization"), has_target=has_target)


# The requests that boto3 sends within one second have the same placeholder for the signature.
@lru_cache(maxsize=64)
def _is_for_ses(url: str, signature: str | None, *, has_target: bool) -> bool:
    if signature is None and _PRESIGNED in url:
        signature = unquote(url)
    is_signed = signature is not None and _SIGNED.search(signature) is not None
    is_ses = is_signed or hosts.is_ses(url)
    other_service = _other_service(url, is_ses=is_ses, has_target=has_target)
    if other_service is None:
        return is_ses
    if hosts.is_outside_aws(url):
        return False
    raise NotImplementedError(
        f"pytest-ses does not support {other_service}, whose requests are signed like those of SES, "
        "and does not send them to AWS; use botocore's Stubber or set an endpoint URL for the service"
    )


def _is_unsigned_call(url: str, headers: Mapping[str, str], body: Any) -> bool:
    """Whether a call to an endpoint URL is for SES, though a client of boto3 has not signed it."""
    if "authorization" in headers or _PRESIGNED in url or not hosts.is_outside_aws(url):
        return False
    return _V2_PATH in url or _is_form_of_v1(url, body)


def _is_form_of_v1(url: str, body: Any) -> bool:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    form = parse_qs(f"{urlsplit(url).query}&{text}")
    v1 = service("ses")
    return form.get("Version") == [v1.api_version] and v1.operations.issuperset(
        form.get("Action", [""])
    )


def _other_service(url: str, *, is_ses: bool, has_target: bool) -> str | None:
    if "mail-manager" in url.lower() and hosts.is_mail_manager(url):
        return _MAIL_MANAGER
    if not is_ses:
        return None
    if has_target:
        return _MAIL_MANAGER
    if _PINPOINT_EMAIL_PATH in url and _DKIM_SIGNING_PATH not in url:
        return "Pinpoint Email ('pinpoint-email')"
    return None
