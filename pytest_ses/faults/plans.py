"""What did the test plan? One function for each kind of failure, which gives its rule."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from pytest_ses.api.errors import V1_STATUS
from pytest_ses.domain import matching
from pytest_ses.domain.matching import Term
from pytest_ses.faults import codes, missing, options as shared, reading, targets
from pytest_ses.faults.network import NetworkFault
from pytest_ses.faults.planned import PlannedFailure
from pytest_ses.faults.targets import Target
from pytest_ses.phrasing import with_nearest
from pytest_ses.warnings import UnmodelledErrorWarning
from pytest_ses.wire.http import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Unpack

    from pytest_ses.calls import Call
    from pytest_ses.faults.options import FailureOptions
    from pytest_ses.faults.planned import Effect, Refusal
    from pytest_ses.wire.http import Response

# v2's word by either API's.
_STATUSES = {
    **{one: status for status, one in V1_STATUS.items()},
    **{status: status for status in V1_STATUS},
}
SUCCESS = "SUCCESS"
FAILING_STATUSES = tuple(status for status in V1_STATUS if status != SUCCESS)

_ERROR_STATUSES = range(400, 600)


def throttle(
    *operations: str, daily_quota: bool = False, **words: Unpack[FailureOptions]
) -> PlannedFailure:
    """Plan the API's own throttling error; see `SESBackend.throttle`."""
    given = shared.checked(words)
    if not isinstance(daily_quota, bool):
        raise ValueError(f"daily_quota={daily_quota!r} is not possible: give True or False")  # noqa: TRY004  (the one error of all plans)
    found = targets.of(operations) or [one for one in targets.everything() if one.sends]
    silent = [target for target in found if not target.sends]
    if daily_quota and silent:
        raise ValueError(
            f"daily_quota=True is not possible for {targets.shown(silent)}, which does not send: "
            "name operations that do"
        )
    return PlannedFailure(
        _text("throttle", operations, {"daily_quota": daily_quota or None, **given}),
        targets=found,
        words=given,
        effect=_raising(lambda call: codes.throttling(call, daily_quota=daily_quota)),
    )


def not_found(
    *operations: str, resource: str | None = None, **words: Unpack[FailureOptions]
) -> PlannedFailure:
    """Plan the API's own not-found error; see `SESBackend.not_found`."""
    given = shared.checked(words)
    found = missing.checked(resource, targets.of(operations) or list(targets.everything()))
    term = Term(
        "resource",
        resource,
        lambda occasion: missing.named(occasion.call, resource),
        lambda _, name: name is not None,
    )
    return PlannedFailure(
        _text("not_found", operations, {"resource": resource, **given}),
        targets=found,
        words=given,
        terms=[term],
        effect=_raising(lambda call: codes.not_found(call, resource)),
    )


def fail(
    operation: str,
    error: str | NetworkFault,
    *,
    message: str | None = None,
    status: int | None = None,
    **words: Unpack[FailureOptions],
) -> PlannedFailure:
    """Plan any error; see `SESBackend.fail`."""
    given = shared.checked(words)
    found = targets.of([operation])
    text = _text("fail", [operation, error], {"message": message, "status": status, **given})
    if isinstance(error, str) and error:
        _check_answer(message, status)
        found = _that_know(found, error)
        effect = _raising(lambda call: _fault(call, error, message, status))
    elif isinstance(error, NetworkFault) and not isinstance(error, type):
        if message is not None or status is not None:
            raise ValueError(f"message and status belong to an error code; {error!r} has neither")
        effect = _exchanging(error)
    else:
        example = f"{error.__name__}()" if isinstance(error, type) else "Timeout()"
        raise ValueError(
            f"{error!r} is no error: give a code such as 'MessageRejected', or a fault object such "
            f"as {example}"
        )
    return PlannedFailure(text, targets=found, words=given, effect=effect)


def bulk_status(
    status: str,
    *,
    index: int | None = None,
    error: str | None = None,
    **words: Unpack[FailureOptions],
) -> PlannedFailure:
    """Plan the status of a destination of a bulk send; see `SESBackend.bulk_status`."""
    given = shared.checked(words)
    if status not in _STATUSES:
        raise ValueError(with_nearest(f"there is no status {status!r}", str(status), _STATUSES))
    if index is not None and (type(index) is not int or index < 0):
        raise ValueError(f"index={index!r} is not possible: give a whole number from 0")
    if error is not None and (not isinstance(error, str) or _STATUSES[status] == SUCCESS):
        raise ValueError(f"error={error!r} is not possible: give the text of a status that fails")
    terms = [Term("index", index, lambda occasion: occasion.index, matching.equals)]
    return PlannedFailure(
        _text("bulk_status", [status], {"index": index, "error": error, **given}),
        targets=[Target(*target) for target in reading.BULK],
        words=given,
        terms=[] if index is None else terms,
        refusal=_refusing(_STATUSES[status], error),
    )


def errors_of(operation: str) -> list[str]:
    """The codes that the model of an operation declares, in both APIs unless one is named.

    Raises:
        ValueError: there is no such operation, or it declares none.
    """
    found = targets.of([operation])
    known = list(dict.fromkeys(code for target in found for code in codes.declared(target)))
    if not known:
        raise ValueError(f"the model of {targets.shown(found)} declares no errors")
    return known


def _that_know(found: list[Target], error: str) -> list[Target]:
    """Those of the targets that know the error; all of them, and a warning, if none does."""
    known = [target for target in found if codes.resolved(target, error)]
    if known:
        return known
    declared = list(dict.fromkeys(code for target in found for code in codes.declared(target)))
    msg = f"the model of {targets.shown(found)} knows no error {error!r}"
    msg = with_nearest(msg, error, declared) if declared else f"{msg}, nor any other"
    warnings.warn(
        f"{msg} (it declares {', '.join(declared)})", UnmodelledErrorWarning, stacklevel=4
    )
    return found


def _fault(call: Call, error: str, message: str | None, status: int | None) -> Fault:
    target = Target(call.service, call.operation or "")
    code, usual = codes.resolved(target, error) or (error, 400)
    text = codes.text(call, code) if message is None else message
    return Fault(code, text, status or usual)


def _check_answer(message: str | None, status: int | None) -> None:
    if message is not None and not isinstance(message, str):
        raise ValueError(f"message={message!r} is not possible: give a text")
    if status is not None and (type(status) is not int or status not in _ERROR_STATUSES):
        raise ValueError(f"status={status!r} is not possible: give a whole number from 400 to 599")


def _raising(fault: Callable[[Call], Fault]) -> Effect:
    def effect(call: Call, _answer: Callable[[], Response]) -> Response:
        raise fault(call)

    return effect


def _exchanging(fault: NetworkFault) -> Effect:
    return lambda _call, answer: fault.exchange(answer)


def _refusing(status: str, error: str | None) -> Refusal:
    if status == SUCCESS:
        return lambda _call: None
    return lambda call: codes.refusal(call, status, error)


def _text(name: str, args: Sequence[object], words: Mapping[str, Any]) -> str:
    given = [
        f"{word}={matching.shown(value)}" for word, value in words.items() if value is not None
    ]
    return f"{name}({', '.join([*map(repr, args), *given])})"
