"""What goes in and out of the wire?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.wire.shapes import Operation, Service


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; the header names are in lower case, the URL whole or from its path on."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer, and how many seconds the client had to wait for it."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float = 0.0


class NoReply(Exception):
    """No answer comes back: the transport lets its client see what a real network shows it.

    `reason` is `"read timeout"`, `"connect timeout"` or `"connection closed"`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fault(Exception):
    """An error as it goes over the wire.

    Args:
        code: the code of the wire, which is not always the name of the exception in the model.
        message: its text; None goes over the wire as no text.
        status: the HTTP status.
        namespace: the XML namespace of the answer where it is not the service's own.
        operation: the operation that was asked for, where that was known in time.
        params: what had been read of its parameters.
    """

    def __init__(
        self,
        code: str,
        message: str | None = None,
        status: int = 400,
        *,
        namespace: str | None = None,
        operation: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message, status)
        self.code = code
        self.message = message
        self.status = status
        self.namespace = namespace
        self.operation = operation
        self.params = {} if params is None else params

    def __str__(self) -> str:
        return f"{self.code} ({self.status}): {self.message}"


class Codec(Protocol):
    """One protocol: three functions, which a module gives."""

    def parse(self, service: Service, request: Request) -> tuple[str, dict[str, Any]]:
        """Give the operation's name and its parameters by the model's member names.

        Raises:
            Fault: the request is not one of this protocol and service.
        """
        ...

    def render(self, operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
        """Give the answer that carries `result`, whose members that are None are left out.

        Raises:
            TypeError: the output of the operation's model is of another shape.
        """
        ...

    def render_error(self, service: Service, fault: Fault, request_id: str, /) -> Response:
        """Give the answer that carries `fault`."""
        ...
