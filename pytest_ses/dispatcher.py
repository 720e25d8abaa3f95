"""Who answers a request? Accounts, behind one lock, after the planned failures."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_ses import origins
from pytest_ses.api import (
    PACKAGES,
    errors as api_errors,
    model as model_of,
    operations,
    python_name,
)
from pytest_ses.calls import Call, Error
from pytest_ses.domain.errors import SESError
from pytest_ses.faults.reading import BULK
from pytest_ses.origins import Origin
from pytest_ses.phrasing import with_nearest
from pytest_ses.wire import CODECS, Fault, Operation, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_ses.accounts import Accounts
    from pytest_ses.clock import Clock
    from pytest_ses.faults.planned import PlannedFailure, PlannedFailures


class UnsupportedOperationError(NotImplementedError):
    """An operation of SES that pytest-ses does not answer yet."""

    __module__ = "pytest_ses"


class Dispatcher:
    """Answers requests, and logs them as calls.

    Attributes:
        lock: held while an account is asked or changed.
        calls: every request, one entry per attempt.
    """

    def __init__(
        self,
        accounts: Accounts,
        rules: PlannedFailures,
        clock: Clock,
        afterwards: Callable[[], None],
    ) -> None:
        self.lock = threading.RLock()
        self.calls: list[Call] = []
        self._accounts = accounts
        self._rules = rules
        self._clock = clock
        # Done after each answer, when the lock is free again.
        self._afterwards = afterwards

    def handle(self, request: Request) -> Response:
        """Answer a request as it comes over the wire; see `SESBackend.handle`."""
        origin = origins.of(
            request, account_id=self._accounts.account_id, region=self._accounts.region
        )
        service, request = origins.addressed(request)
        model = model_of(service)
        codec = CODECS[model.protocol]
        request_id = _new_id()
        try:
            operation, params = codec.parse(model, request)
        except Fault as fault:
            self._log(service, fault.operation, fault.params, origin, fault=fault)
            return codec.render_error(model, fault, request_id)

        def answer(rule: PlannedFailure | None = None) -> Response:
            try:
                result = self._answer(service, operation, params, origin, rule)
            except Fault as fault:
                return codec.render_error(model, fault, request_id)
            return codec.render(model.operation(operation), result, request_id)

        if not self._rules:
            return answer()
        try:
            return self._exchange(_call(service, operation, params, origin), answer)
        except Fault as fault:
            return codec.render_error(model, fault, request_id)

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        *,
        region: str | None = None,
        account_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Answer a call without the wire; see `SESBackend.call`."""
        params = dict(params or {})
        _operation(service, operation).check_types(params)
        origin = Origin(account_id or self._accounts.account_id, region or self._accounts.region)
        results: list[Mapping[str, Any]] = []

        def answer(rule: PlannedFailure | None = None) -> Response:
            results.append(self._answer(service, operation, params, origin, rule))
            return Response(200, {}, b"")

        reply = self._exchange(_call(service, operation, params, origin), answer)
        if reply.status != HTTPStatus.OK:
            raise _status_fault(reply.status)
        return results[0]

    def _exchange(
        self, call: Call, answer: Callable[[PlannedFailure | None], Response]
    ) -> Response:
        """Let the rule that a call meets say what becomes of it; it may ask SES for the answer."""
        with self.lock:
            met = self._rules.for_call(call)
        if met is None:
            return answer(None)
        rule, effect = met
        reached, fault = False, None

        def reach() -> Response:
            nonlocal reached
            reached = True
            return answer(rule)

        try:
            response = effect(call, reach)
            fault = _status_fault(response.status)
        except Fault as error:
            fault = error
            raise
        finally:
            if not reached:
                self._keep(replace(call, error=_error(fault), fault=rule), [rule])
        return response

    def _answer(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        origin: Origin,
        rule: PlannedFailure | None,
    ) -> Mapping[str, Any]:
        met = [rule] if rule else []
        if self._clock.is_awaited:
            self._clock.run_due()
        with self.lock:
            try:
                result = self._run(service, operation, params, origin, met)
            except SESError as error:
                fault = api_errors.fault(service, error)
                self._log(service, operation, params, origin, fault=fault, rules=met)
                raise fault from error
            except Fault as fault:
                self._log(service, operation, params, origin, fault=fault, rules=met)
                raise
            self._log(service, operation, params, origin, response=result, rules=met)
        self._afterwards()
        return result

    def _run(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        origin: Origin,
        met: list[PlannedFailure],
    ) -> Mapping[str, Any]:
        function = self._function(service, operation, params, origin)
        refusal = model_of(service).operation(operation).violations(params)
        if refusal:
            raise Fault(api_errors.VALIDATION[service], refusal, 400)
        account = self._accounts.get(origin.account_id, origin.region)
        arguments = {python_name(name): params[name] for name in params}
        if self._rules and (service, operation) in BULK:
            call = _call(service, operation, params, origin)
            arguments["entry_error"] = self._rules.for_entries(call, met)
        return function(account, **arguments) or {}

    def _function(
        self, service: str, operation: str, params: Mapping[str, Any], origin: Origin
    ) -> Callable[..., Mapping[str, Any] | None]:
        function = operations(service).get(python_name(operation))
        if function is None:
            error = UnsupportedOperationError(
                f"pytest-ses does not answer {service}:{operation} yet; the page Operations of its "
                "manual (docs/operations.md) lists what it answers"
            )
            fault = Fault(
                UnsupportedOperationError.__name__, str(error), HTTPStatus.NOT_IMPLEMENTED
            )
            self._log(service, operation, params, origin, fault=fault)
            raise error
        return function

    def _log(
        self,
        service: str,
        operation: str | None,
        params: Mapping[str, Any],
        origin: Origin,
        *,
        response: Mapping[str, Any] | None = None,
        fault: Fault | None = None,
        rules: Sequence[PlannedFailure] = (),
    ) -> None:
        call = Call(
            service,
            operation,
            params,
            origin.region,
            origin.account_id,
            response,
            _error(fault),
            origin.attempt,
            rules[0] if rules else None,
        )
        self._keep(call, rules)

    def _keep(self, call: Call, rules: Sequence[PlannedFailure]) -> None:
        self.calls.append(call)
        for rule in rules:
            rule.calls.append(call)


def _new_id() -> str:
    """A request id: digits in groups, as of a UUID, for a fraction of its time."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _call(service: str, operation: str, params: Mapping[str, Any], origin: Origin) -> Call:
    """A call that SES has not answered yet."""
    return Call(
        service, operation, params, origin.region, origin.account_id, attempt=origin.attempt
    )


def _error(fault: Fault | None) -> Error | None:
    return Error(fault.code, fault.message, fault.status) if fault else None


def _status_fault(status: int) -> Fault:
    """An answer without a code of AWS, as botocore reads it."""
    return Fault(str(status), HTTPStatus(status).phrase, status)


def _operation(service: str, name: str) -> Operation:
    if service not in PACKAGES:
        msg = f"there is no service {service!r}"
        raise ValueError(with_nearest(msg, service, PACKAGES))
    model = model_of(service)
    if name not in model.operations:
        msg = f"{service} has no operation {name!r}"
        raise ValueError(with_nearest(msg, name, model.operations))
    return model.operation(name)
