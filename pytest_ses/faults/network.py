"""What can go wrong between a client and SES? One small class for each kind.

Each has `exchange(answer)`: it calls `answer` if SES is to process the call, and gives what comes
back, or raises `NoReply` where nothing does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pytest_ses.domain import errors
from pytest_ses.faults import UNKNOWN
from pytest_ses.phrasing import with_nearest
from pytest_ses.wire.http import Fault, NoReply, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[[], Response]

_CLOSED = "connection closed"
# What SES itself says to a 500 or 503; a 502 or 504 comes from the load balancer before it.
_CODED = {500: "InternalFailure", 503: "ServiceUnavailable"}
_TEXTS = {500: errors.InternalFailure.text}
_PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    "<center><h1>{title}</h1></center>\r\n<br>\r\n</body>\r\n</html>\r\n"
)
_HTML = {"Content-Type": "text/html"}


@runtime_checkable
class NetworkFault(Protocol):
    """What a fault object can do."""

    def exchange(self, answer: Answer, /) -> Response:
        """Give what the client gets in the place of `answer()`.

        Raises:
            NoReply: nothing comes back.
            Fault: an error in the words of the API that was called.
        """
        ...


@dataclass(frozen=True)
class Timeout:
    """The client waits in vain: for an answer (`"read"`) or for a connection (`"connect"`).

    SES does not get the call. botocore raises `ReadTimeoutError` or `ConnectTimeoutError` after its
    retries; each attempt takes as long as the client's own timeout, on the virtual clock.
    """

    kind: str = "read"

    def __post_init__(self) -> None:
        _check(self, "kind", self.kind, ("read", "connect"))

    def exchange(self, _answer: Answer, /) -> Response:
        """Give nothing."""
        raise NoReply(f"{self.kind} timeout")


@dataclass(frozen=True)
class Disconnect:
    """The connection breaks before SES gets the call; botocore raises `ConnectionClosedError`."""

    def exchange(self, _answer: Answer, /) -> Response:
        """Give nothing."""
        raise NoReply(_CLOSED)


@dataclass(frozen=True)
class ServerError:
    """An answer with status 500, 502, 503 or 504, before SES has processed the call.

    500 and 503 have a code of AWS, `InternalFailure` and `ServiceUnavailable`; 502 and 504 are the
    HTML page of a load balancer, of which botocore makes the code `"502"` or `"504"`.
    """

    status: int = 500

    def __post_init__(self) -> None:
        known = ("500", "502", "503", "504")
        _check(self, "status", str(self.status), known)

    def exchange(self, _answer: Answer, /) -> Response:
        """Give the error."""
        if self.status in _CODED:
            text = _TEXTS.get(self.status, UNKNOWN)
            raise Fault(_CODED[self.status], text, self.status)
        title = f"{self.status} {HTTPStatus(self.status).phrase}"
        return Response(self.status, dict(_HTML), _PAGE.format(title=title).encode())


@dataclass(frozen=True)
class CorruptResponse:
    """SES processes the call, and its answer arrives damaged.

    `"truncated"` cuts it in half; `"html"` is the page of some proxy in its place. For v1 botocore
    raises `ResponseParserError`; for v2 it gives a response without its members.
    """

    kind: str = "truncated"

    def __post_init__(self) -> None:
        _check(self, "kind", self.kind, ("truncated", "html"))

    def exchange(self, answer: Answer, /) -> Response:
        """Give what is left of the answer."""
        whole = answer()
        if self.kind == "truncated":
            return replace(whole, body=whole.body[: len(whole.body) // 2])
        page = _PAGE.format(title="Welcome to the network").encode()
        return replace(whole, headers=dict(_HTML), body=page)


@dataclass(frozen=True)
class ResponseLost:
    """SES processes the call, mail and all, and the connection breaks before its answer arrives.

    botocore raises `ConnectionClosedError`, or sends again: the double send.
    """

    def exchange(self, answer: Answer, /) -> Response:
        """Give nothing, after the fact."""
        answer()
        raise NoReply(_CLOSED)


@dataclass(frozen=True)
class Delay:
    """SES processes the call, and its answer takes this many seconds, on the virtual clock.

    A client whose read timeout is shorter gives up: botocore raises `ReadTimeoutError` or sends
    again, though SES has the mail.
    """

    seconds: float

    def __post_init__(self) -> None:
        number = isinstance(self.seconds, (int, float)) and not isinstance(self.seconds, bool)
        if not number or not self.seconds > 0:
            raise ValueError(f"{self!r} is not possible: give seconds, a number above 0")

    def exchange(self, answer: Answer, /) -> Response:
        """Give the answer, late."""
        return replace(answer(), seconds=self.seconds)


def _check(fault: object, word: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        msg = f"{fault!r} is not possible: {word} is one of {', '.join(known)}"
        raise ValueError(with_nearest(msg, str(value), known))
