"""What did the code under test ask of SES? One entry per attempt, refused ones too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Error:
    """What SES answered instead: the code and status on the wire and the text, if it had one."""

    code: str
    message: str | None
    status: int


class AppliedFailure(Protocol):
    """A planned failure that applied to a call.

    Attributes:
        planned: the plan as text.
        fired: how often the failure has happened.
        calls: the calls it applied to.
    """

    planned: str
    fired: int
    calls: list[Call]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it reached SES.

    `service` is `"ses"` or `"sesv2"`; `operation` is None where the request named none; `params`
    and `response` use the member names of the service model; `attempt` counts botocore's retries of
    one call from 1; `fault` is the planned failure that it met, or the first one of several.

    A call whose answer was lost has the `response` that SES gave; one that SES never saw has neither
    `response` nor `error`.
    """

    service: str
    operation: str | None
    params: Mapping[str, Any]
    region: str
    account_id: str
    response: Mapping[str, Any] | None = None
    error: Error | None = None
    attempt: int = 1
    fault: AppliedFailure | None = None

    def summary(self) -> str:
        """One line for a report."""
        attempt = f", attempt {self.attempt}" if self.attempt > 1 else ""
        met = f"; met {self.fault.planned}" if self.fault else ""
        return (
            f"{self.service}:{self.operation or '?'} in {self.region}{attempt}: "
            f"{self._outcome()}{met}"
        )

    def _outcome(self) -> str:
        if self.error:
            return f"{self.error.code} ({self.error.status}): {self.error.message}"
        return "SES did not see it" if self.response is None else "ok"
