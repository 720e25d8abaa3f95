"""Error coverage: which failures of the operations in use the code under test has met."""

from __future__ import annotations

import threading
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses import api
from pytest_ses.api.errors import V1_STATUS
from pytest_ses.faults import codes, planned
from pytest_ses.faults.network import CorruptResponse, ResponseLost, Timeout
from pytest_ses.faults.plans import FAILING_STATUSES
from pytest_ses.faults.reading import BULK
from pytest_ses.faults.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_ses.calls import Call
    from pytest_ses.origins import Origin

SERVER_ERROR, TIMEOUT, RESPONSE_LOST = "server_error", "timeout", "response_lost"

# The modelled errors that depend on the request alone. A caller who makes no mistake never gets them;
# all others depend on the state of the account, on other callers, or on SES.
_MISTAKES_OF_THE_CALLER = frozenset(
    {
        "BadRequestException",
        "CustomVerificationEmailInvalidContent",
        "InvalidCloudWatchDestination",
        "InvalidConfigurationSet",
        "InvalidDeliveryOptions",
        "InvalidFirehoseDestination",
        "InvalidLambdaFunction",
        "InvalidNextTokenException",
        "InvalidPolicy",
        "InvalidRenderingParameter",
        "InvalidS3Configuration",
        "InvalidSNSDestination",
        "InvalidSnsTopic",
        "InvalidTemplate",
        "InvalidTrackingOptions",
        "MissingRenderingAttribute",
    }
)
# What a client meets that does not receive SES's response, by the network failure.
_WITHOUT_RESPONSE: Mapping[type[object], Sequence[str]] = {
    Timeout: (TIMEOUT,),
    ResponseLost: (RESPONSE_LOST,),
    CorruptResponse: (),
}
_V2_STATUSES = {v1_status: v2_status for v2_status, v1_status in V1_STATUS.items()}


@cache
def failures_of(target: Target) -> tuple[str, ...]:
    """Return the failures that matter for an operation, with the codes of its API."""
    modelled = {
        code
        for code, status in codes.declared(target).items()
        if code not in _MISTAKES_OF_THE_CALLER and not _is_server_error(status)
    }
    statuses = FAILING_STATUSES if target in BULK else ()
    return (
        *sorted(modelled | {codes.THROTTLING[target.service]}),
        SERVER_ERROR,
        TIMEOUT,
        RESPONSE_LOST,
        *statuses,
    )


class OperationCoverage(NamedTuple):
    """The calls of an operation, and its failures that some call met or that none did."""

    calls: int
    met: list[str]
    missed: list[str]


class ErrorCoverage:
    """The calls of the code under test, and the failures that they met.

    Attributes:
        calls: the number of calls by operation, such as `sesv2:SendEmail`. A call and its retries
            are one call.
        met: the failures that matter for an operation and that a call of it met.
    """

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}
        self.met: dict[str, set[str]] = {}
        # Code under test may call SES from several threads.
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self.calls)

    def record(self, call: Call, origin: Origin) -> None:
        """Add a call, unless it is the test's own or not for an operation of SES."""
        target = Target(call.service, call.operation or "")
        if origin.is_of_test or target.operation not in api.model(target.service).operations:
            return
        is_new = origin.attempt == 1
        self._add(str(target), int(is_new), set(_failures_met(call)))

    def merge(self, recorded: Mapping[str, Mapping[str, Any]]) -> None:
        """Add what another recorder has, as `as_json` returned it."""
        for name, operation in recorded.items():
            self._add(name, operation["calls"], set(operation["met"]))

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Return the calls and failures by operation, for `merge`."""
        return {name: operation._asdict() for name, operation in self.operations().items()}

    def operations(self) -> dict[str, OperationCoverage]:
        """Return the coverage of each operation that was called, in alphabetical order."""
        return {
            name: OperationCoverage(
                self.calls[name],
                [failure for failure in _failures_of(name) if failure in self.met[name]],
                [failure for failure in _failures_of(name) if failure not in self.met[name]],
            )
            for name in sorted(self.calls)
        }

    def totals(self) -> tuple[int, int, int]:
        """Return the numbers of calls, of failures that were met, and of those that were not."""
        operations = self.operations().values()
        return (
            sum(operation.calls for operation in operations),
            sum(len(operation.met) for operation in operations),
            sum(len(operation.missed) for operation in operations),
        )

    def _add(self, name: str, calls: int, met: set[str]) -> None:
        with self._lock:
            self.calls[name] = self.calls.get(name, 0) + calls
            self.met[name] = self.met.get(name, set()) | met


def percent(met: int, missed: int) -> float:
    """Return the share of met failures in percent, with one decimal place; 100 only if none was missed."""
    if not missed:
        return 100.0
    return min(round(100 * met / (met + missed), 1), 99.9)


def _failures_of(name: str) -> tuple[str, ...]:
    return failures_of(Target(*name.split(":")))


def _failures_met(call: Call) -> Iterator[str]:
    """Return the failures that a call met; some may not matter for its operation."""
    # What chaos does to a call was not tested on purpose.
    if planned.is_injected(call):
        return
    network_failure = type(call.fault and call.fault.network)
    if network_failure in _WITHOUT_RESPONSE:
        yield from _WITHOUT_RESPONSE[network_failure]
    elif call.error:
        yield SERVER_ERROR if _is_server_error(call.error.status) else call.error.code
    elif call.response and (call.service, call.operation) in BULK:
        yield from _statuses(call.response)


def _statuses(response: Mapping[str, Any]) -> Iterator[str]:
    """Return the statuses in the response to a bulk send, as spelled in v2."""
    for results in response.values():
        for result in results:
            yield _V2_STATUSES.get(result["Status"], result["Status"])


def _is_server_error(status: int) -> bool:
    # The status of an operation that pytest-ses does not support.
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED
