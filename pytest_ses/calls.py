"""The record of a call to SES; each attempt is a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Error:
    """The error that SES returned: code and status as on the wire, and the text if there is one."""

    code: str
    message: str | None
    status: int


class AppliedFailure(Protocol):
    """A planned failure that applied to a call.

    Attributes:
        planned: the plan as text, such as `throttle(times=1)`.
        label: what summaries of calls show, such as `planned failure: throttle(times=1)`.
        fired: how often it happened.
        calls: the calls that it applied to.
        network: the network failure, such as `Timeout()`, or None.
    """

    planned: str
    label: str
    fired: int
    calls: list[Call]

    @property
    def network(self) -> object: ...


class Call:
    """A request to SES, and its result.

    `service` is `"ses"`, `"sesv2"` or, for a message over SMTP, `"smtp"`. `operation` is None if the
    request did not name one. `params` and `response` use the member names of the service model;
    those of SMTP, and its errors, are those of v1's SendRawEmail. `attempt` is the number of
    botocore's attempt, from 1. `fault` is the planned failure that applied to the call, or the first
    of several.

    A call whose response was lost has the `response` that SES returned. A call that SES did not
    receive has neither `response` nor `error`.
    """

    __slots__ = (
        "_params",
        "account_id",
        "attempt",
        "error",
        "fault",
        "operation",
        "region",
        "response",
        "service",
    )

    def __init__(
        self,
        service: str,
        operation: str | None,
        params: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
        region: str,
        account_id: str,
        response: Mapping[str, Any] | None = None,
        error: Error | None = None,
        attempt: int = 1,
        fault: AppliedFailure | None = None,
    ) -> None:
        self.service = service
        self.operation = operation
        self._params = params
        self.region = region
        self.account_id = account_id
        self.response = response
        self.error = error
        self.attempt = attempt
        self.fault = fault

    def __repr__(self) -> str:
        return f"<Call {self.summary()}>"

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters of the request."""
        return self._params() if callable(self._params) else self._params

    def summary(self) -> str:
        """Return the call as one line of a report."""
        attempt = f", attempt {self.attempt}" if self.attempt > 1 else ""
        failure = f" [{self.fault.label}]" if self.fault else ""
        return (
            f"{self.service}:{self.operation or '?'} in {self.region}{attempt}: "
            f"{self._outcome()}{failure}"
        )

    def _outcome(self) -> str:
        if self.error:
            return f"{self.error.code} ({self.error.status}): {self.error.message}"
        return "not received by SES" if self.response is None else "ok"
