"""What the endpoint serves: both APIs of SES, the control plane and LocalStack's list of messages."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_ses.endpoint import control, localstack
from pytest_ses.endpoint.responses import Problem
from pytest_ses.transports import recognition
from pytest_ses.wire.http import Response

if TYPE_CHECKING:
    from pytest_ses.backend import SESBackend
    from pytest_ses.wire.http import Request

_FRONT_PAGE = ("", "/")
_SERVED = (
    "this endpoint serves the API of Amazon SES, the control plane below /_ses and the messages at "
    "/_aws/ses"
)


def respond(backend: SESBackend, request: Request, nodeid: str) -> Response:
    """Return the response to a request during a test, or during `serve`.

    Raises:
        Problem: if the request is rejected.
        NoReply: for a planned network failure.
    """
    _, _, path, query, _ = urlsplit(request.url)
    if _is_below(control.ROOT, path):
        return control.respond(backend, request, nodeid)
    if _is_below(localstack.ROOT, path):
        return localstack.respond(backend, request)
    if _is_api_call(request, path, query):
        return backend._handle(request)
    if path in _FRONT_PAGE and request.method in ("GET", "HEAD"):
        return Response(HTTPStatus.FOUND, {"Location": control.ROOT}, b"")
    raise Problem(
        f"{request.method} {path} is not a request for SES; {_SERVED}", HTTPStatus.NOT_FOUND
    )


def _is_below(root: str, path: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _is_api_call(request: Request, path: str, query: str) -> bool:
    try:
        if recognition.is_boto_call(request.url, request.headers, request.body):
            return True
    except NotImplementedError as error:
        raise Problem(str(error), HTTPStatus.NOT_IMPLEMENTED) from error
    # An unsigned form that SES rejects receives SES's error.
    is_form = path in _FRONT_PAGE and (request.method == "POST" or bool(query))
    return is_form and "authorization" not in request.headers
