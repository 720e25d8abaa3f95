"""Plans made from markers, without importing pytest."""

from __future__ import annotations

import inspect
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pytest_ses.domain.events.event_log import EventLog
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.faults import plans
from pytest_ses.phrasing import with_nearest
from pytest_ses.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = TypeVar("_T")

# A marker is named after a method of the backend, with this prefix.
PREFIX = "ses_"

# The markers whose first argument is a recipient, and the methods of `Recipient` that they call.
RECIPIENT_METHODS = {"ses_bounce": "bounces", "ses_complaint": "complains"}


class Plan(NamedTuple):
    """A method of the backend, or of one of its recipients, and the arguments for it.

    `id` identifies the run of the test, if the test runs once for each plan.
    """

    method: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    id: str = ""
    recipient: str | None = None

    def apply(self, backend: Any) -> None:
        """Call the method."""
        target = backend if self.recipient is None else backend.recipient(self.recipient)
        getattr(target, self.method)(*self.args, **self.kwargs)


def account_arguments() -> list[str]:
    """Return the arguments of the marker `ses`."""
    return list(inspect.signature(Settings).parameters)


def check_account(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Check the arguments of the marker `ses`.

    Raises:
        TypeError, ValueError: if an argument is unknown, invalid or positional.
    """
    known = account_arguments()
    for name in kwargs:
        if name not in known:
            raise ValueError(with_nearest(f"unknown argument {name!r}", name, known))
    if args:
        raise ValueError(
            f"unexpected positional arguments {args!r}; use keyword arguments such as "
            "region='us-east-1'"
        )
    Settings(**kwargs)


def read(marker: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Plan]:
    """Return the plan of a marker or, for a marker in `CASES`, a plan for each run of the test.

    Raises:
        TypeError, ValueError: if the method would reject the arguments.
    """
    if marker in CASES:
        marker_plans = _call(CASES[marker], args, kwargs)
    elif marker in RECIPIENT_METHODS:
        marker_plans = [_call(partial(_recipient_plan, RECIPIENT_METHODS[marker]), args, kwargs)]
    else:
        marker_plans = [Plan(marker.removeprefix(PREFIX), args, kwargs)]
    for plan in marker_plans:
        _check(plan)
    return marker_plans


def each_error(operation: str, /, **kwargs: Any) -> list[Plan]:
    """Return a plan for each error that the model of an operation declares."""
    codes = plans.errors_of(operation)
    return [Plan("fail", (operation, code), kwargs, code) for code in codes]


def each_bulk_status(**kwargs: Any) -> list[Plan]:
    """Return a plan for each status except success."""
    return [Plan("bulk_status", (status,), kwargs, status) for status in plans.FAILING_STATUSES]


def _recipient_plan(method: str, recipient: str, /, *args: Any, **kwargs: Any) -> Plan:
    return Plan(method, args, kwargs, recipient=recipient)


CASES: Mapping[str, Callable[..., list[Plan]]] = {
    "ses_each_error": each_error,
    "ses_each_bulk_status": each_bulk_status,
}


def _check(plan: Plan) -> None:
    """Call the method only to check its arguments; its warnings are issued when the test runs."""
    target = plans if plan.recipient is None else Recipient(EventLog(), plan.recipient)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _call(getattr(target, plan.method), plan.args, plan.kwargs)


def _call(function: Callable[..., _T], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> _T:
    """Call a function; errors about its arguments omit its name, which is internal."""
    signature = inspect.signature(function)
    parameters = signature.parameters
    accepts_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    for name in kwargs:
        if name not in parameters and not accepts_any:
            raise TypeError(with_nearest(f"unknown argument {name!r}", name, parameters))
    signature.bind(*args, **kwargs)
    return function(*args, **kwargs)
