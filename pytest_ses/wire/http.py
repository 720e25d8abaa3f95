"""Requests, responses and faults, and the interface of a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.wire.shapes import Operation, Service


class Request(NamedTuple):
    """An HTTP request. Header names are in lower case; the URL may start at the path."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class Response(NamedTuple):
    """An HTTP response, the seconds that the client waits for it, and the error that it contains."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float = 0.0
    fault: Fault | None = None


class NoReply(Exception):
    """The client gets no response; the transport raises the error that its client expects.

    `reason` is `"read timeout"`, `"connect timeout"` or `"connection closed"`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fault(Exception):
    """An error as it is sent to the client.

    Args:
        code: the error code in the response, which can differ from the exception's name in the
            model.
        message: the error text; None if the response has no text.
        status: the HTTP status.
        namespace: the XML namespace of the response, if it is not that of the service.
        operation: the name of the operation, if it was known when the error occurred.
        params: the parameters that were read before the error occurred.
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
    """A protocol: a module with these three functions."""

    def parse(self, service: Service, request: Request) -> tuple[str, dict[str, Any]]:
        """Return the operation's name and its parameters, by their names in the model.

        Raises:
            Fault: if the request is invalid in this protocol or for this service.
        """
        ...

    def render(self, operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
        """Return the response with `result`, without members that are None.

        Raises:
            TypeError: if `result` does not have the shape of the operation's output.
        """
        ...

    def render_error(self, service: Service, fault: Fault, request_id: str, /) -> Response:
        """Return the response with `fault`."""
        ...
