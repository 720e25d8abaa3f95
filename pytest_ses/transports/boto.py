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
import time
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

import boto3
import botocore.httpsession
import botocore.signers
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from pytest_ses.transports import moto, waiting
from pytest_ses.transports.patching import replaced
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_ses.clock import Clock

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

    @property
    def clock(self) -> Clock:
        """Virtual time."""
        ...

    @property
    def real_sleep(self) -> bool:
        """Whether waits are to be real ones."""
        ...

    def handle(self, request: Request) -> Response:
        """Answer a request, or raise `NoReply`."""
        ...


@contextmanager
def intercept(backend: Backend) -> Iterator[None]:
    """Send every SES request of this process to the backend; all as before when done."""
    latest = waiting.Latest()
    with ExitStack() as undo:
        make_way = undo.enter_context(moto.making_way())
        undo.enter_context(_environment(_variables(backend)))
        undo.enter_context(_default_session())
        undo.enter_context(waiting.full_quotas(latest))
        if not backend.real_sleep:
            undo.enter_context(waiting.in_virtual_time(backend.clock.sleep, latest))
        undo.enter_context(_signing(make_way, latest))
        undo.enter_context(_sending(backend, latest))
        yield


def client(service: Any, *, region: str) -> Any:
    """Return a new boto3 client of a service."""
    return boto3.client(service, region_name=region)


@contextmanager
def _sending(backend: Backend, latest: waiting.Latest) -> Iterator[None]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            headers = _headers(request.headers)
            latest.is_ses = _is_for_ses(request.url, headers)
            if not latest.is_ses:
                return original(session, request)
            asked = Request(request.method, request.url, headers, _bytes(request.body))
            try:
                answer = backend.handle(asked)
            except NoReply as nothing:
                raise _network_error(backend, session, request, nothing.reason) from nothing
            # Whoever heard of what happened may have asked another service meanwhile.
            latest.is_ses = True
            if answer.seconds:
                _delay(backend, session, request, answer.seconds)
            return _response(request.url, answer)

        return send

    with replaced(botocore.httpsession.URLLib3Session, "send", wrap):
        yield


@contextmanager
def serving(page_at: Callable[[str, Any], bytes | None]) -> Iterator[None]:
    """Serve pages by URL and form to boto3's clients; other requests go where they would have gone."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            page = page_at(request.url, request.body)
            if page is None:
                return original(session, request)
            return _response(request.url, Response(200, {}, page))

        return send

    with replaced(botocore.httpsession.URLLib3Session, "send", wrap):
        yield


@contextmanager
def _signing(make_way: Callable[[], None], latest: waiting.Latest) -> Iterator[None]:
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
            signed = original(
                signer, signing_name, region_name, signature_version, request_credentials, **more
            )
            # Only now: to refresh credentials it may have asked another service.
            latest.is_ses = signing_name == SIGNING_NAME
            return signed

        return get_auth_instance

    with replaced(botocore.signers.RequestSigner, "get_auth_instance", wrap):
        yield


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


def _network_error(backend: Backend, session: Any, request: Any, reason: str) -> Exception:
    """What botocore makes of an answer that does not come; time passes until it gives up."""
    connect, read = _timeouts(session, request)
    error, seconds = {
        "connection closed": (ConnectionClosedError, None),
        "connect timeout": (ConnectTimeoutError, connect),
        "read timeout": (ReadTimeoutError, read),
    }[reason]
    _wait(backend, seconds)
    found: Exception = error(request=request, error=reason, endpoint_url=request.url)
    return found


def _delay(backend: Backend, session: Any, request: Any, seconds: float) -> None:
    """Let the client wait for its answer, as long as it would."""
    longest = _timeouts(session, request)[1]
    if longest is not None and seconds > longest:
        raise _network_error(backend, session, request, "read timeout")
    _wait(backend, seconds)


def _wait(backend: Backend, seconds: float | None) -> None:
    if seconds is None:
        return
    if backend.real_sleep:
        time.sleep(seconds)
    else:
        backend.clock.advance(seconds=seconds)


def _timeouts(session: Any, request: Any) -> tuple[float | None, float | None]:
    """Seconds that a client waits for a connection, and for an answer; None is for ever."""
    given = session._timeout  # noqa: SLF001  (a client does not tell it elsewhere)
    connect = getattr(given, "connect_timeout", given)
    read = getattr(given, "read_timeout", given)
    return connect, getattr(request, "context", {}).get("read_timeout") or read


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
