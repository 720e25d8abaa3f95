"""Functions that create planned failures, one for each kind."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

from pytest_ses.api.errors import V1_STATUS
from pytest_ses.domain import matching
from pytest_ses.domain.matching import Term
from pytest_ses.faults import codes, missing, reading, targets
from pytest_ses.faults.network import BY_NAME, NetworkFault
from pytest_ses.faults.options import checked
from pytest_ses.faults.planned import PlannedFailure
from pytest_ses.faults.targets import Target
from pytest_ses.phrasing import nearest, one_of, with_nearest
from pytest_ses.warnings import UnmodelledErrorWarning
from pytest_ses.wire.http import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Unpack

    from pytest_ses.calls import Call
    from pytest_ses.faults.missing import Resource
    from pytest_ses.faults.options import FailureOptions
    from pytest_ses.faults.planned import Effect, EntryEffect
    from pytest_ses.wire.http import Response

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

BulkStatus = Literal[
    "SUCCESS",
    "MESSAGE_REJECTED",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED",
    "CONFIGURATION_SET_NOT_FOUND",
    "TEMPLATE_NOT_FOUND",
    "ACCOUNT_SUSPENDED",
    "ACCOUNT_THROTTLED",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED",
    "INVALID_SENDING_POOL_NAME",
    "ACCOUNT_SENDING_PAUSED",
    "CONFIGURATION_SET_SENDING_PAUSED",
    "INVALID_PARAMETER",
    "TRANSIENT_FAILURE",
    "FAILED",
    "Success",
    "MessageRejected",
    "MailFromDomainNotVerified",
    "ConfigurationSetDoesNotExist",
    "TemplateDoesNotExist",
    "AccountSuspended",
    "AccountThrottled",
    "AccountDailyQuotaExceeded",
    "InvalidSendingPoolName",
    "AccountSendingPaused",
    "ConfigurationSetSendingPaused",
    "InvalidParameterValue",
    "TransientFailure",
    "Failed",
]
# The status in the spelling of v2, by its spelling in either API.
_V2_STATUS = {
    **{v1_status: v2_status for v2_status, v1_status in V1_STATUS.items()},
    **{v2_status: v2_status for v2_status in V1_STATUS},
}
SUCCESS = "SUCCESS"
FAILING_STATUSES = tuple(status for status in V1_STATUS if status != SUCCESS)

_ERROR_STATUSES = range(400, 600)


def throttle(
    *operations: str, daily_quota: bool = False, **options: Unpack[FailureOptions]
) -> PlannedFailure:
    """Plan the throttling error of the called API; see `SESBackend.throttle`."""
    set_options = checked(options, takes_operations=True)
    if not isinstance(daily_quota, bool):
        raise ValueError(f"daily_quota={daily_quota!r} is invalid; expected True or False")  # noqa: TRY004  (all invalid plans raise the same error)
    throttled = targets.resolve(operations) or [
        target for target in targets.everything() if target.sends
    ]
    not_sending = [target for target in throttled if not target.sends]
    if daily_quota and not_sending:
        raise ValueError(
            f"daily_quota=True is invalid for {targets.shown(not_sending)}; expected operations "
            "that send"
        )
    return PlannedFailure(
        _as_text("throttle", operations, {"daily_quota": daily_quota or None, **set_options}),
        targets=throttled,
        options=set_options,
        effect=_error_effect(lambda call: codes.throttling(call, daily_quota=daily_quota)),
    )


def not_found(
    *operations: str, resource: Resource | None = None, **options: Unpack[FailureOptions]
) -> PlannedFailure:
    """Plan the not-found error of an operation; see `SESBackend.not_found`."""
    set_options = checked(options, takes_operations=True)
    named = targets.resolve(operations) or list(targets.everything())
    term = Term(
        "resource",
        resource,
        lambda candidate: missing.resource_name(candidate.call, resource),
        lambda _, name: name is not None,
    )
    return PlannedFailure(
        _as_text("not_found", operations, {"resource": resource, **set_options}),
        targets=missing.declaring(resource, named),
        options=set_options,
        terms=[term],
        effect=_error_effect(lambda call: codes.not_found(call, resource)),
    )


def fail(
    operation: str,
    error: str | NetworkFault,
    *,
    message: str | None = None,
    status: int | None = None,
    **options: Unpack[FailureOptions],
) -> PlannedFailure:
    """Plan an error code or a network failure; see `SESBackend.fail`."""
    set_options = checked(options)
    if isinstance(error, str) and error in BY_NAME:
        error = BY_NAME[error]()
    if isinstance(error, str) and targets.is_operation(error):
        raise ValueError(
            f"error={error!r} is an operation; pass the operation first and then the error"
        )
    failing = targets.resolve([operation])
    warning = None
    if isinstance(error, str) and error:
        _check_response(message, status)
        failing, warning = _declaring(failing, error, has_status=status is not None)
        if warning is not None:
            warnings.warn(warning, UnmodelledErrorWarning, stacklevel=3)
        effect = _error_effect(lambda call: _fault(call, error, message, status))
    elif isinstance(error, NetworkFault) and not isinstance(error, type):
        if message is not None or status is not None:
            raise ValueError(
                f"message and status are invalid for {error!r}; expected an error code"
            )
        effect = _network_effect(error)
    else:
        raise ValueError(f"error={error!r} is invalid; {_error_fix(error)}")
    return PlannedFailure(
        _as_text("fail", [operation, error], {"message": message, "status": status, **set_options}),
        targets=failing,
        options=set_options,
        effect=effect,
        error_code=error if isinstance(error, str) else None,
        network=None if isinstance(error, str) else error,
        warning=warning,
    )


def _error_fix(error: object) -> str:
    """Return what to pass as the error of a plan instead of another object."""
    name = error.__name__ if isinstance(error, type) else type(error).__name__
    if codes.is_known(name):
        return f"pass its code, {name!r}"
    example = f"{name}()" if isinstance(error, NetworkFault) else "Timeout()"
    return f"expected a code such as 'MessageRejected' or a network failure such as {example}"


def bulk_status(
    status: BulkStatus,
    *,
    index: int | None = None,
    error: str | None = None,
    **options: Unpack[FailureOptions],
) -> PlannedFailure:
    """Plan the status of destinations of a bulk send; see `SESBackend.bulk_status`."""
    set_options = checked(options)
    if status not in _V2_STATUS:
        raise ValueError(with_nearest(f"unknown status {status!r}", str(status), _V2_STATUS))
    if index is not None and (type(index) is not int or index < 0):
        raise ValueError(f"index={index!r} is invalid; expected an integer of at least 0")
    if error is not None and not isinstance(error, str):
        raise ValueError(f"error={error!r} is invalid; expected a string")
    if error is not None and _V2_STATUS[status] == SUCCESS:
        raise ValueError(f"error={error!r} is invalid for {status!r}; expected a failure status")
    term = Term("index", index, lambda candidate: candidate.index, matching.matches_value)
    return PlannedFailure(
        _as_text("bulk_status", [status], {"index": index, "error": error, **set_options}),
        targets=[Target(*target) for target in reading.BULK],
        options=set_options,
        terms=[] if index is None else [term],
        entry_effect=_entry_effect(_V2_STATUS[status], error),
    )


def errors_of(operation: str) -> list[str]:
    """Return the error codes that the model of an operation declares.

    These are the errors of both APIs, unless the operation names one.

    Raises:
        ValueError: if the operation is unknown or declares no errors.
    """
    named = targets.resolve([operation])
    declared = _declared(named)
    if not declared:
        raise ValueError(
            f"the model of {targets.shown(named)} declares no errors; use ses_fail to plan an error"
        )
    return declared


def _declaring(
    named: list[Target], error: str, *, has_status: bool
) -> tuple[list[Target], str | None]:
    """Return the targets that have the error; if none has it, return all and a warning.

    An error of your own has a status. Without one, the code may be a mistake.
    """
    declaring = [target for target in named if codes.resolved(target, error)]
    if declaring:
        return declaring, None
    if has_status and not codes.is_known(error):
        return named, None
    msg = f"the model of {targets.shown(named)} does not declare the error {error!r}"
    meant = None if codes.is_known(error) else _meant(named, error)
    if meant:
        raise ValueError(f"{msg}; did you mean {meant}? For a code of your own, add status=")
    return named, f"{msg}{_undeclared_fix(named, error)}"


def _meant(named: list[Target], error: str) -> str | None:
    """Return the codes that were probably meant by an unknown one, as text, or None."""
    if error in codes.THROTTLING_ELSEWHERE:
        return " or ".join(
            dict.fromkeys(repr(codes.THROTTLING[target.service]) for target in named)
        )
    by_stem = {
        code.removesuffix("Exception"): code
        for target in named
        for code in (*codes.declared(target), *codes.common(target))
    }
    stem = nearest(error.removesuffix("Exception"), by_stem, cutoff=_MISSPELLED)
    return repr(by_stem[stem]) if stem else None


def _undeclared_fix(named: list[Target], error: str) -> str:
    """Return the end of a warning about an error that no model of the operations declares."""
    own_codes = sorted({code for target in named for code in codes.equivalents(target, error)})
    if own_codes:
        is_one_api = len({target.service for target in named}) == 1
        reason = ", which is a code of the other API" if is_one_api else ""
        return f"{reason}; expected {one_of(own_codes)}"
    declaring = [str(target) for target in targets.everything() if error in codes.declared(target)]
    if closest := nearest(str(named[0]), declaring, cutoff=0):
        return f"; it is an error of other operations, such as {closest}"
    declared = _declared(named)
    return with_nearest("", error, declared) if declared else " or any other error"


# How similar an unknown code must be to a known one to be a mistake.
_MISSPELLED = 0.7


def _declared(named: list[Target]) -> list[str]:
    return list(dict.fromkeys(code for target in named for code in codes.declared(target)))


def _fault(call: Call, error: str, message: str | None, status: int | None) -> Fault:
    target = Target(call.service, call.operation or "")
    code, declared_status = codes.resolved(target, error) or (error, 400)
    text = codes.text(call, code) if message is None else message
    return Fault(code, text, status or declared_status)


def _check_response(message: str | None, status: int | None) -> None:
    if message is not None and not isinstance(message, str):
        raise ValueError(f"message={message!r} is invalid; expected a string")
    if status is not None and (type(status) is not int or status not in _ERROR_STATUSES):
        raise ValueError(f"status={status!r} is invalid; expected an integer from 400 to 599")


def _error_effect(fault: Callable[[Call], Fault]) -> Effect:
    def effect(call: Call, _respond: Callable[[], Response]) -> Response:
        raise fault(call)

    return effect


def _network_effect(fault: NetworkFault) -> Effect:
    return lambda _call, respond: fault.exchange(respond)


def _entry_effect(status: str, error: str | None) -> EntryEffect:
    if status == SUCCESS:
        return lambda _call: None
    return lambda call: codes.entry_error(call, status, error)


def _as_text(method: str, args: Sequence[object], options: Mapping[str, Any]) -> str:
    keywords = [
        f"{name}={matching.describe(value)}" for name, value in options.items() if value is not None
    ]
    return f"{method}({', '.join([*map(repr, args), *keywords])})"
