"""The dispatcher, which applies planned failures and runs operations under one lock."""

from __future__ import annotations

import random
import threading
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
from pytest_ses.smtp import protocol as smtp
from pytest_ses.transports.recognition import CLIENT_OF_TEST
from pytest_ses.wire import CODECS, Codec, Fault, Operation, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_ses.accounts import Accounts
    from pytest_ses.clock import Clock
    from pytest_ses.faults.planned import PlannedFailure, PlannedFailures
    from pytest_ses.wire import Service

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_CODECS: Mapping[str, Codec] = {**CODECS, "smtp": smtp}

# In bytes. A longer body consists mostly of texts that its message contains as well, except for a bulk send.
_MAX_SMALL_BODY = 512

observers: list[Callable[[Call, Origin], None]] = []
"""Functions that are called with each call of each backend once it is logged, for reports of a run."""


class UnsupportedOperationError(NotImplementedError):
    """An operation of SES that pytest-ses does not support yet."""

    __module__ = "pytest_ses"


class Dispatcher:
    """Handles requests and logs them as calls.

    Attributes:
        lock: held while an account is read or changed.
        calls: all requests, one entry per attempt.
    """

    def __init__(
        self,
        accounts: Accounts,
        failures: PlannedFailures,
        clock: Clock,
        after_response: Callable[[], None],
    ) -> None:
        self.lock = threading.RLock()
        self.calls: list[Call] = []
        # Whether each call keeps its parameters; if not, those of a short request are parsed again on demand.
        self.keeps_params = False
        self._accounts = accounts
        self._failures = failures
        self._clock = clock
        # Called after each successful call, without the lock.
        self._after_response = after_response

    def handle(self, request: Request) -> Response:
        """Handle an HTTP request; see `SESBackend._handle`."""
        origin = origins.origin_of(
            request,
            account_id=self._accounts.account_id,
            region=self._accounts.region,
            region_of_endpoint=self._accounts.region_of_endpoint,
        )
        service, request = origins.resolve_api(request)
        model = model_of(service)
        codec = _CODECS[model.protocol]
        request_id = _new_id()
        try:
            operation, params = codec.parse(model, request)
        except Fault as fault:
            self._log(_call(service, fault.operation, fault.params, origin), origin, fault=fault)
            return codec.render_error(model, fault, request_id)
        call = _call(service, operation, params, origin)

        def respond(failure: PlannedFailure | None = None) -> Response:
            try:
                result = self._process(call, params, origin, failure)
            except Fault as fault:
                return codec.render_error(model, fault, request_id)
            return codec.render(model.operation(operation), result, request_id)

        try:
            return self._exchange(call, origin, respond) if self._failures else respond()
        except Fault as fault:
            return codec.render_error(model, fault, request_id)
        finally:
            keeps_body = len(request.body) <= _MAX_SMALL_BODY or (service, operation) in BULK
            if keeps_body and not self.keeps_params and codec is not smtp:
                unparsed = Request(request.method, request.url, {}, request.body)
                call._params = _Unparsed(codec, model, unparsed)

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        *,
        region: str | None = None,
        account_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Handle a call without HTTP; see `SESBackend._call`."""
        params = dict(params or {})
        _operation(service, operation).check_types(params)
        origin = Origin(
            account_id or self._accounts.account_id,
            region or self._accounts.region,
            # CloudFormation calls SES, not the code under test.
            headers={CLIENT_OF_TEST: "cloudformation"},
        )
        call = _call(service, operation, params, origin)
        results: list[Mapping[str, Any]] = []

        def respond(failure: PlannedFailure | None = None) -> Response:
            results.append(self._process(call, params, origin, failure))
            return Response(200, {}, b"")

        response = self._exchange(call, origin, respond)
        if response.status != HTTPStatus.OK:
            raise _status_fault(response.status)
        return results[0]

    def _exchange(
        self, call: Call, origin: Origin, respond: Callable[[PlannedFailure | None], Response]
    ) -> Response:
        """Apply the planned failure that matches a call, or process the call if none matches."""
        with self.lock:
            applied = self._failures.for_call(call, origin)
        if applied is None:
            return respond(None)
        failure, effect = applied
        received, fault = False, None

        def receive() -> Response:
            nonlocal received
            received = True
            return respond(failure)

        try:
            response = effect(call, receive)
            fault = _status_fault(response.status)
        except Fault as error:
            fault = error
            raise
        finally:
            if not received:
                self._log(call, origin, fault=fault, failures=[failure])
        return response

    def _process(
        self,
        call: Call,
        params: Mapping[str, Any],
        origin: Origin,
        failure: PlannedFailure | None,
    ) -> Mapping[str, Any]:
        applied = [failure] if failure else []
        if self._clock._has_scheduled:
            self._clock._run_due()
        with self.lock:
            try:
                result = self._run(call, params, origin, applied)
            except SESError as error:
                fault = api_errors.fault(call.service, error)
                self._log(call, origin, fault=fault, failures=applied)
                raise fault from error
            except Fault as fault:
                self._log(call, origin, fault=fault, failures=applied)
                raise
            self._log(call, origin, response=result, failures=applied)
        self._after_response()
        return result

    def _run(
        self,
        call: Call,
        params: Mapping[str, Any],
        origin: Origin,
        applied: list[PlannedFailure],
    ) -> Mapping[str, Any]:
        service, operation = call.service, str(call.operation)
        function = self._function(call, origin)
        violations = model_of(service).operation(operation).violations(params)
        if violations:
            raise Fault(api_errors.VALIDATION[service], violations, 400)
        account = self._accounts.get(origin.account_id, origin.region)
        arguments = {python_name(name): params[name] for name in params}
        if self._failures and (service, operation) in BULK:
            arguments["entry_error"] = self._failures.for_entries(call, origin, applied)
        return function(account, **arguments) or {}

    def _function(self, call: Call, origin: Origin) -> Callable[..., Mapping[str, Any] | None]:
        service, operation = call.service, str(call.operation)
        function = operations(service).get(python_name(operation))
        if function is None:
            error = UnsupportedOperationError(
                f"pytest-ses does not support {service}:{operation} yet; for the supported "
                "operations, see the Operations page of the documentation (docs/operations.md)"
            )
            fault = Fault(
                UnsupportedOperationError.__name__, str(error), HTTPStatus.NOT_IMPLEMENTED
            )
            self._log(call, origin, fault=fault)
            raise error
        return function

    def _log(
        self,
        call: Call,
        origin: Origin,
        *,
        response: Mapping[str, Any] | None = None,
        fault: Fault | None = None,
        failures: Sequence[PlannedFailure] = (),
    ) -> None:
        """Log a call with its result."""
        call.response = response
        if fault is not None:
            call.error = _error(fault)
        if failures:
            call.fault = failures[0]
        self.calls.append(call)
        for failure in failures:
            failure.calls.append(call)
        for observe in observers:
            observe(call, origin)


class _Unparsed:
    """The parameters of a call, which are parsed again whenever they are read.

    A test reads few of them, and those of a short request take several times the memory of its body.
    """

    __slots__ = ("_codec", "_model", "_request")

    def __init__(self, codec: Codec, model: Service, request: Request) -> None:
        self._codec = codec
        self._model = model
        self._request = request

    def __call__(self) -> Mapping[str, Any]:
        return self._codec.parse(self._model, self._request)[1]


def _new_id() -> str:
    """Return a request ID in the form of a UUID, in a fraction of the time that uuid4 takes."""
    digits = random.getrandbits(128).to_bytes(16, "big").hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _call(service: str, operation: str | None, params: Mapping[str, Any], origin: Origin) -> Call:
    """Return a call without a response or an error."""
    return Call(
        service, operation, params, origin.region, origin.account_id, attempt=origin.attempt
    )


def _error(fault: Fault) -> Error:
    return Error(fault.code, fault.message, fault.status)


def _status_fault(status: int) -> Fault:
    """Return the error that botocore reads from a response without an AWS error code."""
    return Fault(str(status), HTTPStatus(status).phrase, status)


def _operation(service: str, name: str) -> Operation:
    if service not in PACKAGES:
        msg = f"unknown service {service!r}"
        raise ValueError(with_nearest(msg, service, PACKAGES))
    model = model_of(service)
    if name not in model.operations:
        msg = f"{service} has no operation {name!r}"
        raise ValueError(with_nearest(msg, name, model.operations))
    return model.operation(name)
