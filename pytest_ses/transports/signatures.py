"""The signatures of boto3's requests for SES, which nobody checks while a backend is active.

Computing a signature takes a sixth of the time of a call, and the backend reads only its credential scope.
So the headers are those that botocore writes, with a placeholder for the signature. Only clients sign in
this way; code that signs a request by hand with `botocore.auth` is not affected, nor are presigned URLs.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from botocore.auth import SIGNED_HEADERS_BLACKLIST, SIGV4_TIMESTAMP, SigV4Auth

# The version of the signatures of clients; presigned URLs and SigV4a have others.
VERSION = "v4"

_SIGNATURE = "0" * 64
# The request has them if it is signed again for another attempt, or if its client adds a date.
_OF_SIGNATURES = frozenset({"authorization", "date", "x-amz-date"})


# boto3-stubs has types for botocore, but not for what is private in it.
_Signer: Any = SigV4Auth


class PlaceholderAuth(_Signer):  # type: ignore[misc]
    """Adds the headers of a signed request, with a placeholder for the signature."""

    def add_auth(self, request: Any) -> None:
        headers = request.headers
        timestamp = _timestamp(int(time.time()))
        request.context["timestamp"] = timestamp
        names = _names(headers)
        if names.isdisjoint(_OF_SIGNATURES) and not self.credentials.token:
            headers["X-Amz-Date"] = timestamp
            names.add("x-amz-date")
        else:
            # It is not public, but the only place that knows about dates and session tokens.
            self._modify_request_before_signing(request)
            names = _names(headers)
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.scope(request)}, "
            f"SignedHeaders={_signed(frozenset(names))}, Signature={_SIGNATURE}"
        )


def _names(headers: Any) -> set[str]:
    return {name.lower() for name in headers.keys()}  # noqa: SIM118  (not a dict)


@lru_cache(maxsize=2)
def _timestamp(second: int) -> str:
    return time.strftime(SIGV4_TIMESTAMP, time.gmtime(second))


@lru_cache(maxsize=64)
def _signed(names: frozenset[str]) -> str:
    """Return the value of `SignedHeaders`."""
    return ";".join(sorted({"host", *names}.difference(SIGNED_HEADERS_BLACKLIST)))
