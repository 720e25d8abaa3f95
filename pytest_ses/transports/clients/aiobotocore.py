"""The transport of aiobotocore, which aioboto3 uses as well.

What `transports/boto.py` and `transports/waiting.py` replace in botocore, aiobotocore has asynchronous
versions of: the `send` of its two HTTP sessions, the `get_auth_instance` of its signer, and its waits
between attempts and between polls. None of them is public.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from aiobotocore import endpoint, waiter
from aiobotocore.awsrequest import AioAWSResponse
from aiobotocore.credentials import AioCredentials
from aiobotocore.retries.bucket import AsyncTokenBucket
from aiobotocore.signers import AioRequestSigner
from botocore.exceptions import HTTPClientError

from pytest_ses.transports import boto, waiting
from pytest_ses.transports.exchange import CONNECTION_CLOSED, Timeouts
from pytest_ses.transports.moto import SESPassthrough
from pytest_ses.transports.patching import Replacements, replaced, replaced_sleep
from pytest_ses.wire.http import NoReply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.wire.http import Response

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class _Session(NamedTuple):
    """A class of HTTP sessions.

    Attributes:
        module: its module; older versions of aiobotocore have only the first one.
        name: its name.
        timeouts: the attributes of its timeout: for the connection, and for the response.
        errors: its error for each reason of a `NoReply`.
        sleep: the function with which a task waits.
    """

    module: str
    name: str
    timeouts: tuple[str, str]
    errors: Mapping[str, type[Exception]]
    sleep: Callable[[float], Awaitable[None]]


async def _sleep_with_anyio(seconds: float) -> None:
    import anyio  # noqa: PLC0415  (required by httpx, not by aiohttp)

    await anyio.sleep(seconds)


_SESSIONS = (
    _Session(
        "aiobotocore.httpsession",
        "AIOHTTPSession",
        ("sock_connect", "sock_read"),
        boto.ERRORS,
        asyncio.sleep,
    ),
    _Session(
        "aiobotocore.httpxsession",
        "HttpxSession",
        ("connect", "read"),
        # It has no error of its own for httpx's RemoteProtocolError.
        {**boto.ERRORS, CONNECTION_CLOSED: HTTPClientError},
        _sleep_with_anyio,
    ),
)
# The classes that wait with anyio, which older versions of aiobotocore do not have. The others wait
# with asyncio.
_ANYIO_CLASSES = ((endpoint, "AnyioEndpoint"), (waiter, "AnyioWaiter"))


@contextmanager
def intercept(_library: ModuleType, exchange: Exchange) -> Iterator[None]:
    """Send the SES requests of aiobotocore's clients to the backend."""
    moto_settings = SESPassthrough()
    signing = replaced(
        AioRequestSigner, "get_auth_instance", _signing(moto_settings.prepare_request)
    )
    with moto_settings, signing, _sending(exchange), _in_virtual_time(exchange):
        yield


def _sending(exchange: Exchange) -> Replacements:
    return Replacements(
        replaced(getattr(import_module(kind.module), kind.name), "send", _send(kind, exchange))
        for kind in _SESSIONS
        if find_spec(kind.module)
    )


def _send(kind: _Session, exchange: Exchange) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def send(session: Any, request: Any) -> Any:
            ses_request = boto.request_for_ses(request)
            if ses_request is None:
                return await original(session, request)
            reply, seconds = exchange.reply(ses_request, lambda: _timeouts(kind, session, request))
            # A task that sends a request lets others run, even if it does not wait.
            await kind.sleep(exchange.elapse(seconds))
            # While the request was handled, a webhook endpoint may have called another service.
            waiting.LAST_CALL_IS_SES.set(True)
            if isinstance(reply, NoReply):
                raise boto.network_error(kind.errors[reply.reason], request, reply.reason)
            if _is_truncated(reply):
                raise boto.network_error(
                    kind.errors[CONNECTION_CLOSED], request, "incomplete response"
                )
            return _aws_response(request.url, reply)

        return send

    return wrap


def _signing(pass_ses_through: Callable[[], None]) -> Callable[[Any], Any]:
    fake_credentials = AioCredentials(boto.ACCESS_KEY, boto.SECRET_KEY)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def get_auth_instance(
            signer: Any,
            signing_name: str,
            region_name: str,
            signature_version: Any = None,
            **kwargs: Any,
        ) -> Any:
            if signing_name == boto.SIGNING_NAME:
                pass_ses_through()
                signer, region_name = boto.signing_offline(
                    signer, region_name, kwargs, fake_credentials
                )
            auth = await original(signer, signing_name, region_name, signature_version, **kwargs)
            # Set last, because refreshing the credentials may have called another service.
            waiting.LAST_CALL_IS_SES.set(signing_name == boto.SIGNING_NAME)
            return auth

        return get_auth_instance

    return wrap


def _in_virtual_time(exchange: Exchange) -> Replacements:
    """Replace the waits of SES clients, unless they take real time; other clients wait in any case."""
    return Replacements(
        [
            *(
                replaced_sleep(module, _sleep(exchange), name="asyncio")
                for module in (endpoint, waiter)
            ),
            *(
                replaced(getattr(module, name), "_sleep", _sleep(exchange))
                for module, name in _ANYIO_CLASSES
                if hasattr(module, name)
            ),
            replaced(AsyncTokenBucket, "acquire", _acquire(exchange)),
        ]
    )


def _sleep(exchange: Exchange) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        # A function, or a method with its object.
        async def sleep(*arguments: Any) -> None:
            *owner, seconds = arguments
            if waiting.is_virtual(exchange):
                exchange.sleep(seconds)
                seconds = 0
            await original(*owner, seconds)

        return sleep

    return wrap


def _acquire(exchange: Exchange) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        async def acquire(token_bucket: Any, amount: float = 1, block: bool = True) -> Any:
            if waiting.is_virtual(exchange) and block:
                waiting.fill_bucket(token_bucket, amount, exchange.sleep)
            return await original(token_bucket, amount, block)

        return acquire

    return wrap


def _timeouts(kind: _Session, session: Any, request: Any) -> Timeouts:
    connect, read = (getattr(session._timeout, name) for name in kind.timeouts)  # noqa: SLF001
    return Timeouts(connect, getattr(request, "context", {}).get("read_timeout") or read)


def _is_truncated(response: Response) -> bool:
    return int(response.headers.get("Content-Length", "0")) > len(response.body)


def _aws_response(url: str, response: Response) -> AioAWSResponse:
    # Older versions of aiobotocore read the headers from aiohttp's response.
    raw = SimpleNamespace(
        raw_headers=[(name.encode(), value.encode()) for name, value in response.headers.items()]
    )
    aws_response = AioAWSResponse(url, response.status, response.headers, raw)
    # Where it stores what it has read.
    aws_response._content = response.body  # noqa: SLF001
    return aws_response
