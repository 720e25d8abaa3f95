"""How does boto3 reach the backend? By the last step before the socket, for every client there is.

`botocore.httpsession.URLLib3Session.send` is the one place that all clients of a process pass,
whenever they were made; signing, retries, parsing and exceptions stay botocore's own. Two more
things of botocore and boto3 are touched that are not theirs to promise, both for credentials:

* `RequestSigner.get_auth_instance`, since a client that was made where there are no credentials, or
  whose credentials would have to be fetched over the network, fails before anything is sent;
* the credentials that the default session caches, since it would keep the fake ones after the test.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

import boto3
import botocore.httpsession
import botocore.signers
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials

from pytest_ses.transports import moto
from pytest_ses.wire.http import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_ses.wire.http import Response

# Keys of no account, and so of that which the test at hand starts with: a client that one test has
# made and the next one uses is to reach the account of the next one.
ACCESS_KEY, SECRET_KEY = "AKIAPYTESTSES0000000", "pytest-ses"

SIGNING_NAME = "ses"
_SIGNED_FOR_SES = re.compile(r"/ses/aws4_request\b")
_SES_HOST = re.compile(r"https?://email(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws|api)\.")
# Two other services sign as `ses`: Mail Manager names its operation in a header, Pinpoint Email in
# a path of its own.
_OTHER_HEADERS = ("x-amz-target", "smithy-protocol")
_OTHER_PATH = "/v1/email/"
# No operation of SES has a parameter in a header, and to copy them all takes its time.
_READ_HEADERS = ("authorization", "amz-sdk-request", *_OTHER_HEADERS)


class Backend(Protocol):
    """What a transport needs of the backend."""

    @property
    def region(self) -> str:
        """The region for clients that name none."""
        ...

    def handle(self, request: Request) -> Response:
        """Answer a request."""
        ...


@contextmanager
def intercept(backend: Backend) -> Iterator[None]:
    """Send every SES request of this process to the backend; all as before when done."""
    with ExitStack() as undo:
        make_way = undo.enter_context(moto.making_way())
        undo.enter_context(_environment(_variables(backend)))
        undo.enter_context(_default_session())
        undo.enter_context(_signing(make_way))
        undo.enter_context(_sending(backend))
        yield


@contextmanager
def _sending(backend: Backend) -> Iterator[None]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            headers = _headers(request.headers)
            if not _is_for_ses(request.url, headers):
                return original(session, request)
            answer = backend.handle(
                Request(request.method, request.url, headers, _bytes(request.body))
            )
            return _response(request.url, answer)

        return send

    with _replaced(botocore.httpsession.URLLib3Session, "send", wrap):
        yield


@contextmanager
def _signing(make_way: Callable[[], None]) -> Iterator[None]:
    own = Credentials(ACCESS_KEY, SECRET_KEY)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_auth_instance(
            signer: Any,
            signing_name: str,
            region_name: str,
            signature_version: Any = None,
            request_credentials: Any = None,
            **more: Any,
        ) -> Any:
            if signing_name == SIGNING_NAME:
                make_way()
                if _would_fail(request_credentials or signer._credentials):  # noqa: SLF001  (it has no other name)
                    request_credentials = own
            return original(
                signer, signing_name, region_name, signature_version, request_credentials, **more
            )

        return get_auth_instance

    with _replaced(botocore.signers.RequestSigner, "get_auth_instance", wrap):
        yield


@contextmanager
def _replaced(
    owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Iterator[None]:
    """Put a function in the place of a method, and the method back, in whatever order they end.

    If another patch came on top meanwhile it stays, and ours under it does nothing any more.
    """
    original = getattr(owner, name)
    ours = wrap(original)

    def method(*args: Any, **kwargs: Any) -> Any:
        return (ours if method.__dict__["active"] else original)(*args, **kwargs)

    method.__dict__.update(active=True, original=original)
    setattr(owner, name, method)
    try:
        yield
    finally:
        method.__dict__["active"] = False
        if getattr(owner, name) is method:
            setattr(owner, name, _still_active(original))


def _still_active(method: Callable[..., Any]) -> Callable[..., Any]:
    while getattr(method, "active", True) is False:
        method = method.__dict__["original"]
    return method


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    _set_environment(variables)
    try:
        yield
    finally:
        _set_environment(before)


@contextmanager
def _default_session() -> Iterator[None]:
    """Let the default session look for credentials anew, and give back the ones it had."""
    before = boto3.DEFAULT_SESSION
    had = _swap_credentials(before, None)
    try:
        yield
    finally:
        _swap_credentials(before, had)
        if boto3.DEFAULT_SESSION is not before:
            _swap_credentials(boto3.DEFAULT_SESSION, None)


def _swap_credentials(session: Any, credentials: Any) -> Any:
    if session is None:
        return None
    core = session._session  # noqa: SLF001  (boto3 has no public way to its botocore session)
    had, core._credentials = core._credentials, credentials  # noqa: SLF001  (nor botocore to forget)
    return had


def _variables(backend: Backend) -> dict[str, str | None]:
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": None,
        "AWS_SECURITY_TOKEN": None,
        "AWS_DEFAULT_REGION": backend.region,
        # A profile that this computer lacks would fail before anything is sent.
        "AWS_PROFILE": None,
        "AWS_DEFAULT_PROFILE": None,
    }


def _set_environment(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _would_fail(credentials: Any) -> bool:
    """Whether signing with these needs the network, or is not possible at all."""
    if credentials is None:
        return True
    refresh_needed = getattr(credentials, "refresh_needed", None)
    return refresh_needed is not None and bool(refresh_needed())


def _is_for_ses(url: str, headers: Mapping[str, str]) -> bool:
    if any(name in headers for name in _OTHER_HEADERS) or _OTHER_PATH in url:
        return False
    authorization = headers.get("authorization")
    if authorization is None:
        return _SES_HOST.match(url) is not None
    return _SIGNED_FOR_SES.search(authorization) is not None


def _response(url: str, answer: Response) -> AWSResponse:
    headers: Any = answer.headers
    return AWSResponse(url, answer.status, headers, _Body(answer.body))


def _headers(given: Any) -> dict[str, str]:
    found = ((name, given.get(name)) for name in _READ_HEADERS)
    return {name: _text(value) for name, value in found if value is not None}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body if isinstance(body, (bytes, bytearray)) else body.read())


class _Body(BytesIO):
    """An answer as urllib3 would hand it out."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
