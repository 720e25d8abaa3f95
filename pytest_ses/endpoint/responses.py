"""Responses in JSON, and the errors of the control plane."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_ses.wire.http import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
# Other sites cannot embed a response, and no browser guesses another content type.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Problem(Exception):
    """A request that the endpoint rejects; the text says how to fix it."""

    def __init__(
        self,
        text: str,
        status: int = HTTPStatus.BAD_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers or {}

    def response(self) -> Response:
        """Return the response with the error."""
        return problem(str(self), self.status, self.headers)


def problem(text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response with an error."""
    return json_response({"error": text}, status, headers)


def json_response(
    value: Any, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response with a value as JSON."""
    # Only ASCII, because the text of a message may have characters that UTF-8 cannot encode.
    body = json.dumps(value).encode("ascii")
    return content_response(body, JSON, {**(headers or {})}, status)


def content_response(
    body: bytes,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """Return a response with a body of any type."""
    all_headers = {"Content-Type": content_type, **_HEADERS, **(headers or {})}
    return Response(int(status), all_headers, body)
