"""The transport of boto3, which sends SES requests to the backend instead of the network.

`botocore.httpsession.URLLib3Session.send` is patched, because it is the last step before the socket
for every client of the process, whenever it was created. Signing, retries, parsing and exceptions
remain botocore's own. Two more internals of botocore and boto3 are patched, both for credentials:

* `RequestSigner.get_auth_instance`, because a client without credentials, or with credentials that
  would be refreshed over the network, would fail before it sends anything;
* the credentials that the default session caches, because it would keep the fake ones after the test.
"""

from __future__ import annotations

import os
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

from pytest_ses.transports import moto, recognition, waiting
from pytest_ses.transports.patching import replaced
from pytest_ses.transports.processes import BackendProcess
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_ses.clock import Clock

# These keys belong to no particular account and select the default account of the current test, so
# that a client created in one test reaches the account of the next.
ACCESS_KEY, SECRET_KEY = "AKIAPYTESTSES0000000", "pytest-ses"

SIGNING_NAME = "ses"
# The region of SigV4a signatures. The client's own region replaces it, because nothing else in a
# request to an endpoint URL contains the region of the client.
_EVERY_REGION = "*"


class Backend(Protocol):
    """The part of the backend that a transport uses."""

    @property
    def region(self) -> str:
        """The region of clients that do not specify one."""
        ...

    @property
    def clock(self) -> Clock:
        """The virtual clock."""
        ...

    @property
    def real_sleep(self) -> bool:
        """Whether waits take real time."""
        ...

    def handle(self, request: Request) -> Response:
        """Handle a request, or raise `NoReply`."""
        ...


@contextmanager
def intercept(backend: Backend) -> Iterator[None]:
    """Send every SES request of this process to the backend; restore everything at the end."""
    last_call = waiting.LastCall()
    with ExitStack() as undo:
        pass_ses_through = undo.enter_context(moto.ses_passthrough())
        undo.enter_context(_environment(_variables(backend)))
        undo.enter_context(_default_session())
        undo.enter_context(waiting.full_quotas(last_call))
        if not backend.real_sleep:
            undo.enter_context(waiting.in_virtual_time(backend.clock.sleep, last_call))
        undo.enter_context(_signing(pass_ses_through, last_call))
        undo.enter_context(_sending(backend, last_call))
        yield


def client(service: Any, *, region: str) -> Any:
    """Return a new boto3 client of a service."""
    return boto3.client(service, region_name=region)


@contextmanager
def _sending(backend: Backend, last_call: waiting.LastCall) -> Iterator[None]:
    process = BackendProcess()

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            headers = _headers(request.headers)
            last_call.is_ses = recognition.is_for_ses(request.url, headers, request.body)
            if not last_call.is_ses:
                return original(session, request)
            process.check()
            ses_request = Request(request.method, request.url, headers, _bytes(request.body))
            try:
                response = backend.handle(ses_request)
            except NoReply as error:
                raise _network_error(backend, session, request, error.reason) from error
            # While the request was handled, a webhook endpoint may have called another service.
            last_call.is_ses = True
            if response.seconds:
                _delay(backend, session, request, response.seconds)
            return _aws_response(request.url, response)

        return send

    with replaced(botocore.httpsession.URLLib3Session, "send", wrap):
        yield


@contextmanager
def serve_pages(look_up: Callable[[str, Any], bytes | None]) -> Iterator[None]:
    """Serve pages to boto3's clients by URL and form; other requests reach their real destination."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            page = look_up(request.url, request.body)
            if page is None:
                return original(session, request)
            return _aws_response(request.url, Response(200, {}, page))

        return send

    with replaced(botocore.httpsession.URLLib3Session, "send", wrap):
        yield


@contextmanager
def _signing(pass_ses_through: Callable[[], None], last_call: waiting.LastCall) -> Iterator[None]:
    fake_credentials = Credentials(ACCESS_KEY, SECRET_KEY)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_auth_instance(
            signer: Any,
            signing_name: str,
            region_name: str,
            signature_version: Any = None,
            request_credentials: Any = None,
            **kwargs: Any,
        ) -> Any:
            if signing_name == SIGNING_NAME:
                pass_ses_through()
                if region_name == _EVERY_REGION:
                    region_name = signer.region_name
                if _would_fail(request_credentials or signer._credentials):  # noqa: SLF001  (not public)
                    request_credentials = fake_credentials
            auth = original(
                signer, signing_name, region_name, signature_version, request_credentials, **kwargs
            )
            # Set last, because refreshing the credentials may have called another service.
            last_call.is_ses = signing_name == SIGNING_NAME
            return auth

        return get_auth_instance

    with replaced(botocore.signers.RequestSigner, "get_auth_instance", wrap):
        yield


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    original = {name: os.environ.get(name) for name in variables}
    _set_environment(variables)
    try:
        yield
    finally:
        _set_environment(original)


@contextmanager
def _default_session() -> Iterator[None]:
    """Clear the credentials that the default session caches, and restore them at the end."""
    session = boto3.DEFAULT_SESSION
    credentials = _swap_credentials(session, None)
    try:
        yield
    finally:
        _swap_credentials(session, credentials)
        if boto3.DEFAULT_SESSION is not session:
            _swap_credentials(boto3.DEFAULT_SESSION, None)


def _swap_credentials(session: Any, credentials: Any) -> Any:
    if session is None:
        return None
    core = session._session  # noqa: SLF001  (boto3's botocore session is not public)
    previous, core._credentials = core._credentials, credentials  # noqa: SLF001  (nor is its cache)
    return previous


def _variables(backend: Backend) -> dict[str, str | None]:
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": None,
        "AWS_SECURITY_TOKEN": None,
        "AWS_DEFAULT_REGION": backend.region,
        # With a profile that does not exist, a client would fail before it sends anything.
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
    """Whether signing with these credentials would need the network or is impossible."""
    if credentials is None:
        return True
    refresh_needed = getattr(credentials, "refresh_needed", None)
    return refresh_needed is not None and bool(refresh_needed())


def _network_error(backend: Backend, session: Any, request: Any, reason: str) -> Exception:
    """Wait as long as botocore would, and return the error that it raises without a response."""
    connect, read = _timeouts(session, request)
    error_class, seconds = {
        "connection closed": (ConnectionClosedError, None),
        "connect timeout": (ConnectTimeoutError, connect),
        "read timeout": (ReadTimeoutError, read),
    }[reason]
    _wait(backend, seconds)
    error: Exception = error_class(request=request, error=reason, endpoint_url=request.url)
    return error


def _delay(backend: Backend, session: Any, request: Any, seconds: float) -> None:
    """Wait for a late response; raise a read timeout if the client would not wait that long."""
    read_timeout = _timeouts(session, request)[1]
    if read_timeout is not None and seconds > read_timeout:
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
    """The seconds that a client waits for a connection and for a response; None means forever."""
    timeout = session._timeout  # noqa: SLF001  (not public)
    connect = getattr(timeout, "connect_timeout", timeout)
    read = getattr(timeout, "read_timeout", timeout)
    return connect, getattr(request, "context", {}).get("read_timeout") or read


def _aws_response(url: str, response: Response) -> AWSResponse:
    headers: Any = response.headers
    return AWSResponse(url, response.status, headers, _Body(response.body))


def _headers(request_headers: Any) -> dict[str, str]:
    headers = ((name, request_headers.get(name)) for name in recognition.HEADERS)
    return {name: _text(value) for name, value in headers if value is not None}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body if isinstance(body, (bytes, bytearray)) else body.read())


class _Body(BytesIO):
    """The body of a response, with the interface of urllib3's."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
