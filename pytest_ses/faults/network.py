"""Network failures between a client and SES, one class for each kind.

Each has a method `exchange(respond)`, which calls `respond` if SES processes the call. It returns the
response that the client receives or, if there is none, raises `NoReply`.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, Protocol, get_args, runtime_checkable

from pytest_ses.domain import errors
from pytest_ses.faults import UNKNOWN_TEXT
from pytest_ses.phrasing import with_nearest
from pytest_ses.wire.http import Fault, NoReply, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Respond = Callable[[], Response]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

TimeoutKind = Literal["read", "connect"]
ServerErrorStatus = Literal[500, 502, 503, 504]
CorruptionKind = Literal["truncated", "html"]

_CLOSED = "connection closed"
# Responses of SES itself; a 502 or 504 comes from the load balancer in front of it.
_CODES = {500: "InternalFailure", 503: "ServiceUnavailable"}
_TEXTS = {500: errors.InternalFailure.text}
_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    "<center><h1>{title}</h1></center>\r\n<br>\r\n</body>\r\n</html>\r\n"
)
_HTML = {"Content-Type": "text/html"}


@runtime_checkable
class NetworkFault(Protocol):
    """A network failure."""

    def exchange(self, respond: Respond, /) -> Response:
        """Return the response that the client receives instead of `respond()`.

        Raises:
            NoReply: if the client receives no response.
            Fault: if the response is an error of the called API.
        """
        ...


@dataclass(frozen=True)
class Timeout:
    """The client's read timeout (`"read"`) or connect timeout (`"connect"`) expires.

    SES does not receive the call. After its retries, botocore raises `ReadTimeoutError` or
    `ConnectTimeoutError`. Each attempt takes as long as the client's timeout, on the virtual clock.
    """

    kind: TimeoutKind = "read"

    def __post_init__(self) -> None:
        _check_kind(self, self.kind, get_args(TimeoutKind))

    def exchange(self, _respond: Respond, /) -> Response:
        """Raise `NoReply`."""
        raise NoReply(f"{self.kind} timeout")


@dataclass(frozen=True)
class Disconnect:
    """The connection breaks before SES receives the call.

    After its retries, botocore raises `ConnectionClosedError`.
    """

    def exchange(self, _respond: Respond, /) -> Response:
        """Raise `NoReply`."""
        raise NoReply(_CLOSED)


@dataclass(frozen=True)
class ServerError:
    """A response with status 500, 502, 503 or 504, before SES has processed the call.

    500 and 503 have an AWS error code, `InternalFailure` and `ServiceUnavailable`. 502 and 504 are
    the HTML page of a load balancer, for which botocore reports the code `"502"` or `"504"`.
    """

    status: ServerErrorStatus = 500

    def __post_init__(self) -> None:
        if not isinstance(self.status, int) or self.status not in get_args(ServerErrorStatus):
            raise ValueError(f"{self!r} is invalid; expected one of 500, 502, 503, 504")

    def exchange(self, _respond: Respond, /) -> Response:
        """Raise SES's error, or return the page of the load balancer."""
        if self.status in _CODES:
            text = _TEXTS.get(self.status, UNKNOWN_TEXT)
            raise Fault(_CODES[self.status], text, self.status)
        title = f"{self.status} {HTTPStatus(self.status).phrase}"
        return Response(self.status, dict(_HTML), _PAGE.format(title=title).encode())


@dataclass(frozen=True)
class CorruptResponse:
    """SES processes the call, but its response is corrupted on the way back.

    `"truncated"` cuts the response in half; `"html"` replaces it with the page of a proxy. In v1,
    botocore raises `ResponseParserError`; in v2, it returns a response without its members.
    """

    kind: CorruptionKind = "truncated"

    def __post_init__(self) -> None:
        _check_kind(self, self.kind, get_args(CorruptionKind))

    def exchange(self, respond: Respond, /) -> Response:
        """Return the corrupted response."""
        response = respond()
        if self.kind == "truncated":
            headers = {**response.headers, "Content-Length": str(len(response.body))}
            return response._replace(headers=headers, body=response.body[: len(response.body) // 2])
        page = _PAGE.format(title="Welcome to the network").encode()
        return response._replace(headers=dict(_HTML), body=page)


@dataclass(frozen=True)
class ResponseLost:
    """SES processes the call, but the connection breaks before its response arrives.

    botocore either retries, so a message is sent twice, or raises `ConnectionClosedError`.
    """

    def exchange(self, respond: Respond, /) -> Response:
        """Process the call, then raise `NoReply`."""
        respond()
        raise NoReply(_CLOSED)


@dataclass(frozen=True)
class Delay:
    """SES processes the call, and its response takes this many seconds, on the virtual clock.

    If the client's read timeout is shorter, botocore either retries, so a message is sent twice,
    or raises `ReadTimeoutError`.
    """

    seconds: float

    def __post_init__(self) -> None:
        number = isinstance(self.seconds, (int, float)) and not isinstance(self.seconds, bool)
        if not number or not self.seconds > 0:
            raise ValueError(f"{self!r} is invalid; expected a number greater than 0")

    def exchange(self, respond: Respond, /) -> Response:
        """Return the delayed response."""
        return respond()._replace(seconds=self.seconds)


# Plans accept these names as well, so a marker needs no import.
BY_NAME: Mapping[str, Callable[[], NetworkFault]] = {
    kind.__name__: kind
    for kind in (Timeout, Disconnect, ServerError, CorruptResponse, ResponseLost)
}


def _check_kind(fault: object, kind: str, valid_kinds: tuple[str, ...]) -> None:
    if kind not in valid_kinds:
        raise ValueError(with_nearest(f"{fault!r} is invalid", str(kind), valid_kinds))
