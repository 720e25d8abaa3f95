"""The transport of boto3, which sends SES requests to the backend instead of the network.

`botocore.httpsession.URLLib3Session.send` is patched, because it is the last step before the socket
for every client of the process, whenever it was created. Serialization, retries, parsing and exceptions
remain botocore's own. Two more internals of botocore and boto3 are patched here, both for credentials:

* `RequestSigner.get_auth_instance`, because a client without credentials, or with credentials that
  would be refreshed over the network, would fail before it sends anything;
* the credentials that the default session caches, because it would keep the fake ones after the test.

`waiting` patches the waits, and `event_names` and `parameters` what botocore would do again and again in
tests.
"""

from __future__ import annotations

import os
from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.httpsession
import botocore.signers
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from pytest_ses.transports import event_names, parameters, recognition, signatures, waiting
from pytest_ses.transports.exchange import (
    CONNECT_TIMEOUT,
    CONNECTION_CLOSED,
    READ_TIMEOUT,
    Timeouts,
    as_text,
    body_bytes,
)
from pytest_ses.transports.patching import replaced
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.transports.moto import SESPassthrough
    from pytest_ses.transports.patching import Replacement

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# These keys belong to no particular account and select the default account of the current test, so
# that a client created in one test reaches the account of the next.
ACCESS_KEY, SECRET_KEY = "AKIAPYTESTSES0000000", "pytest-ses"

_KEYS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
_REGION = "AWS_DEFAULT_REGION"
# With a profile that does not exist, a client would fail before it sends anything.
_UNSET = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")

SIGNING_NAME = "ses"
# The region of SigV4a signatures. The client's own region replaces it, because nothing else in a
# request to an endpoint URL contains the region of the client.
_EVERY_REGION = "*"

ERRORS: Final = {
    CONNECTION_CLOSED: ConnectionClosedError,
    CONNECT_TIMEOUT: ConnectTimeoutError,
    READ_TIMEOUT: ReadTimeoutError,
}


def intercept(exchange: Exchange, moto_settings: SESPassthrough) -> list[Replacement]:
    """Send the SES requests of boto3's clients to the backend."""
    return [
        waiting.full_quotas(exchange),
        *waiting.in_virtual_time(exchange),
        event_names.shared(),
        parameters.faster_checks(),
        _signing(moto_settings.prepare_request),
        _sending(exchange),
    ]


def client(service: Any, *, region: str, headers: Mapping[str, str]) -> Any:
    """Return a new boto3 client of a service, whose requests have additional headers."""
    new_client = boto3.client(service, region_name=region)

    def add_headers(params: dict[str, Any], **_: Any) -> None:
        params["headers"].update(headers)

    new_client.meta.events.register("before-call", add_headers)
    return new_client


def _sending(exchange: Exchange) -> Replacement:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            ses_request = request_for_ses(request)
            if ses_request is None:
                return original(session, request)
            reply, seconds = exchange.reply(ses_request, lambda: _timeouts(session, request))
            exchange.wait(seconds)
            # While the request was handled, a webhook endpoint may have called another service.
            waiting.LAST_CALL_IS_SES.set(True)
            if isinstance(reply, NoReply):
                raise network_error(ERRORS[reply.reason], request, reply.reason)
            return _aws_response(request.url, reply)

        return send

    return replaced(botocore.httpsession.URLLib3Session, "send", wrap)


def request_for_ses(request: Any) -> Request | None:
    """Return botocore's request for the backend, or None if it is for another service."""
    headers = _headers(request.headers)
    is_ses = recognition.is_boto_call(request.url, headers, request.body)
    waiting.LAST_CALL_IS_SES.set(is_ses)
    if not is_ses:
        return None
    return Request(request.method, request.url, headers, body_bytes(request.body))


def serve_pages(look_up: Callable[[str, Any], bytes | None]) -> Replacement:
    """Serve pages to boto3's clients by URL and form; other requests reach their real destination."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            page = look_up(request.url, request.body)
            if page is None:
                return original(session, request)
            return _aws_response(request.url, Response(200, {}, page))

        return send

    return replaced(botocore.httpsession.URLLib3Session, "send", wrap)


def _signing(pass_ses_through: Callable[[], None]) -> Replacement:
    fake_credentials = Credentials(ACCESS_KEY, SECRET_KEY)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def get_auth_instance(
            signer: Any,
            signing_name: str,
            region_name: str,
            signature_version: Any = None,
            **kwargs: Any,
        ) -> Any:
            is_ses = signing_name == SIGNING_NAME
            if is_ses:
                pass_ses_through()
                signer, region_name = signing_offline(signer, region_name, kwargs, fake_credentials)
            if is_ses and signature_version == signatures.VERSION:
                auth: Any = _placeholder(signer, region_name, kwargs)
            else:
                auth = original(signer, signing_name, region_name, signature_version, **kwargs)
            # Set last, because refreshing the credentials may have called another service.
            waiting.LAST_CALL_IS_SES.set(is_ses)
            return auth

        return get_auth_instance

    return replaced(botocore.signers.RequestSigner, "get_auth_instance", wrap)


def signing_offline(
    signer: Any, region_name: str, options: dict[str, Any], fake_credentials: Any
) -> tuple[Any, str]:
    """Return a signer that has credentials and needs no network to get them, and the region to sign for.

    Args:
        signer: a signer of botocore; it is not changed.
        region_name: the region to sign for.
        options: further arguments of `get_auth_instance`, which may contain other credentials.
        fake_credentials: credentials for a signer that has none, or would refresh those it has.
    """
    if region_name == _EVERY_REGION:
        region_name = signer.region_name
    if _would_fail(options.get("request_credentials") or signer._credentials):  # noqa: SLF001  (not public)
        # Older versions of botocore have no argument for other credentials.
        options.pop("request_credentials", None)
        signer = copy(signer)
        signer._credentials = fake_credentials  # noqa: SLF001
    return signer, region_name


def _placeholder(
    signer: Any, region_name: str, options: Mapping[str, Any]
) -> signatures.PlaceholderAuth:
    credentials = options.get("request_credentials") or signer._credentials  # noqa: SLF001  (not public)
    return signatures.PlaceholderAuth(
        credentials.get_frozen_credentials(), SIGNING_NAME, region_name
    )


class Environment:
    """The environment variables that a client needs, and no others that it would prefer."""

    __slots__ = ("_original", "region")

    region: str

    def __enter__(self) -> None:
        self._original = {name: os.environ.get(name) for name in (*_KEYS, _REGION, *_UNSET)}
        os.environ.update(_KEYS)
        os.environ[_REGION] = self.region
        for name in _UNSET:
            if self._original[name] is not None:
                del os.environ[name]

    def __exit__(self, *_: object) -> None:
        for name, value in self._original.items():
            if value is not None:
                os.environ[name] = value
            elif name in os.environ:
                del os.environ[name]


class DefaultSession:
    """Clears the credentials that the default session caches, and restores them at the end."""

    __slots__ = ("_credentials", "_session")

    def __enter__(self) -> None:
        self._session = boto3.DEFAULT_SESSION
        self._credentials = _swap_credentials(self._session, None)

    def __exit__(self, *_: object) -> None:
        _swap_credentials(self._session, self._credentials)
        if boto3.DEFAULT_SESSION is not self._session:
            _swap_credentials(boto3.DEFAULT_SESSION, None)


def _swap_credentials(session: Any, credentials: Any) -> Any:
    if session is None:
        return None
    core = session._session  # noqa: SLF001  (boto3's botocore session is not public)
    previous, core._credentials = core._credentials, credentials  # noqa: SLF001  (nor is its cache)
    return previous


def _would_fail(credentials: Any) -> bool:
    """Whether signing with these credentials would need the network or is impossible."""
    if credentials is None:
        return True
    refresh_needed = getattr(credentials, "refresh_needed", None)
    return refresh_needed is not None and bool(refresh_needed())


def network_error(error_class: type[Any], request: Any, reason: str) -> Exception:
    """Return an error that botocore raises if it receives no response."""
    error: Exception = error_class(request=request, error=reason, endpoint_url=request.url)
    return error


def _timeouts(session: Any, request: Any) -> Timeouts:
    timeout = session._timeout  # noqa: SLF001  (not public)
    connect = getattr(timeout, "connect_timeout", timeout)
    read = getattr(timeout, "read_timeout", timeout)
    return Timeouts(connect, getattr(request, "context", {}).get("read_timeout") or read)


def _aws_response(url: str, response: Response) -> Any:
    headers: Any = response.headers
    aws_response: Any = AWSResponse(url, response.status, headers, _Body(response.body))
    # Reading it from the stream would only copy it.
    aws_response._content = response.body  # noqa: SLF001  (not public)
    return aws_response


def _headers(request_headers: Any) -> dict[str, str]:
    # Its public methods would make a key of their own for each access.
    fields = getattr(request_headers, "_dict", None)
    if fields is None:
        headers = {name.lower(): value for name, value in request_headers.items()}
    else:
        headers = {key._lower: value for key, value in fields.items()}  # noqa: SLF001  (nor is this)
    return {name: as_text(headers[name]) for name in headers.keys() & recognition.HEADERS}


class _Body(BytesIO):
    """The body of a response, with the interface of urllib3's."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
