"""Who answers a request? The one object that a test holds: accounts, calls and outbox."""

from __future__ import annotations

import random
import threading
import uuid
from contextlib import ExitStack
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
from pytest_ses.clock import Clock
from pytest_ses.domain.account import Account
from pytest_ses.domain.errors import SESError
from pytest_ses.domain.outbox import Outbox
from pytest_ses.faults import plans, verdict
from pytest_ses.faults.rules import Rules
from pytest_ses.origins import Origin
from pytest_ses.settings import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_REGION,
    Settings,
    checked_identities,
)
from pytest_ses.transports import boto
from pytest_ses.wire import (
    CODECS,
    Fault,
    Operation,
    Request,
    Response,
)
from pytest_ses.wording import counted, with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from pytest_ses.domain.messages import Message
    from pytest_ses.faults.network import NetworkFault
    from pytest_ses.faults.rules import Rule
    from pytest_ses.faults.words import Words


class NotThereYetError(NotImplementedError):
    """An operation of SES that pytest-ses does not answer yet."""

    __module__ = "pytest_ses"


class SESBackend:
    """Amazon SES for a test: a fake that every boto3 client talks to while it is active.

    The fixture `ses_backend` gives one that is active already. Elsewhere, in a script or a fixture
    of a wider scope, it is a context manager::

        with SESBackend(verified=["example.com"]) as backend:
            ...

    It takes the words of the `ses` marker: `region`, `account_id`, `verified`, `sandbox`,
    `daily_quota`, `send_rate`, `sending_enabled`. They hold for the account of that id in every
    region; other accounts start with the defaults.

    Args:
        seed: what chances (`probability=`) are drawn from; without one, each backend has its own.
        real_sleep: whether botocore really waits between its attempts; else `clock` is moved.

    Attributes:
        clock: virtual time, `.now()`, `.advance(hours=24)` and `.sleeps`.
        outbox: every mail that SES accepted, in sending order, of all accounts and regions.
        calls: every request, one entry per attempt, refused ones too.
    """

    def __init__(
        self,
        *,
        region: str = DEFAULT_REGION,
        account_id: str = DEFAULT_ACCOUNT_ID,
        verified: Iterable[str] = (),
        sandbox: bool = False,
        daily_quota: float | None = None,
        send_rate: float | None = None,
        sending_enabled: bool = True,
        seed: object = None,
        real_sleep: bool = False,
    ) -> None:
        self._settings = Settings(
            region=region,
            account_id=account_id,
            verified=verified,
            sandbox=sandbox,
            daily_quota=daily_quota,
            send_rate=send_rate,
            sending_enabled=sending_enabled,
        )
        self._lock = threading.RLock()
        self._active = ExitStack()
        self._messages: list[Message] = []
        self._calls: list[Call] = []
        self._accounts: dict[tuple[str, str], Account] = {}
        self._verified: list[str] = []
        self._rules = Rules(random.random() if seed is None else seed)
        self.real_sleep = real_sleep
        self.clock = Clock()
        self.reset()

    def __repr__(self) -> str:
        return (
            f"<SESBackend {self.account_id} in {self.region}: "
            f"{counted(self._messages, 'message')}, {counted(self._calls, 'call')}>"
        )

    def __enter__(self) -> Self:
        self._active.enter_context(boto.intercept(self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._active.close()

    @property
    def region(self) -> str:
        """The region of the account that the test starts with."""
        return self._settings.region

    @property
    def account_id(self) -> str:
        """The id of the account that the test starts with, twelve digits."""
        return self._settings.account_id

    @property
    def outbox(self) -> Outbox:
        """Every mail that SES accepted, in sending order, of all accounts and regions."""
        return Outbox(self._messages)

    @property
    def calls(self) -> Sequence[Call]:
        """Every request, one entry per attempt, refused ones too."""
        return self._calls

    @property
    def rules(self) -> Sequence[Rule]:
        """Every planned failure, in the order planned."""
        return tuple(self._rules)

    def unused_faults(self) -> list[str]:
        """For each planned failure that did not happen as often as planned, a text that says why.

        The fixture `ses_backend` asks at the end of each test.
        """
        with self._lock:
            return verdict.complaints(self._rules, self._calls)

    def reset(self) -> None:
        """Forget everything: the account is again as the test started with it.

        Planned failures end; those that did not happen until then are still spoken of at the end.
        """
        with self._lock:
            self._rules.end()
            self._messages.clear()
            self._calls.clear()
            self._accounts.clear()
            self._verified[:] = self._settings.verified
            self.clock.reset()

    def verify(self, *identities: str) -> None:
        """Make addresses and domains verified identities, in every region of the account.

        `"*"` accepts every sender.
        """
        checked_identities(identities)
        with self._lock:
            # The account itself first: it may refuse what only looks like an identity.
            self.account()
            for account in self._accounts.values():
                if account.account_id == self.account_id:
                    account.verify(*identities)
            self._verified.extend(identities)

    def account(self, region: str | None = None, account_id: str | None = None) -> Account:
        """The state of one account in one region, by default of those the test started with."""
        key = (account_id or self.account_id, region or self.region)
        with self._lock:
            return self._accounts.get(key) or self._open(*key)

    def throttle(self, *operations: str, daily_quota: bool = False, **words: Unpack[Words]) -> Rule:
        """Plan the throttling error of the API that is called.

        v1 answers `Throttling` (400), v2 `TooManyRequestsException` (429): `Maximum sending rate
        exceeded.` to what sends, `Rate exceeded` to anything else.

        Args:
            operations: such as `"SendEmail"`, `"send_email"` or, for one API, `"ses:SendEmail"`;
                none is every operation that sends.
            daily_quota: say `Daily message quota exceeded.` instead.
            words: see `Words`: when, how often and to which calls.

        Raises:
            ValueError: for an unknown operation or word, or a value that is not possible.
        """
        return self._plan(plans.throttle(*operations, daily_quota=daily_quota, **words))

    def not_found(
        self, *operations: str, resource: str | None = None, **words: Unpack[Words]
    ) -> Rule:
        """Plan the not-found error of an operation, with the name that the call has for it.

        Args:
            operations: none is every operation that can answer so.
            resource: what is missing: `"template"`, `"configuration_set"`, `"event_destination"`,
                `"identity"`, `"contact_list"`, …; without it the first thing the call names. A call
                that names no such thing is not answered.
            words: see `Words`: when, how often and to which calls.

        Raises:
            ValueError: for an unknown operation, resource or word, or an impossible value.
        """
        return self._plan(plans.not_found(*operations, resource=resource, **words))

    def fail(
        self,
        operation: str,
        error: str | NetworkFault,
        *,
        message: str | None = None,
        status: int | None = None,
        **words: Unpack[Words],
    ) -> Rule:
        """Plan any error of an operation, or a failure of the network.

        Args:
            operation: such as `"SendEmail"`, `"send_email"` or, for one API, `"ses:SendEmail"`.
            error: a code (`"MessageRejected"`) or the name of the exception in boto3; where only
                one of the two APIs knows it, calls of that one fail. A code that neither knows is
                taken as it is, with a warning. Or a fault object: `Timeout()`, `Disconnect()`,
                `ServerError(503)`, `Garbled()`, `ReplyLost()`, `Delay(seconds)`.
            message: the text; else SES's own where it is known.
            status: the HTTP status; else that of the model, or 400.
            words: see `Words`: when, how often and to which calls.

        Raises:
            ValueError: for an unknown operation or word, or a value that is not possible.
        """
        rule = plans.fail(operation, error, message=message, status=status, **words)
        return self._plan(rule)

    def bulk_status(
        self,
        status: str,
        *,
        index: int | None = None,
        error: str | None = None,
        **words: Unpack[Words],
    ) -> Rule:
        """Plan the status of destinations of bulk sends; the others are sent.

        Args:
            status: in the words of either API, `"TRANSIENT_FAILURE"` or `"TransientFailure"`; the
                answer has it in those of the API that is called. `"SUCCESS"` lets a destination
                pass by the plans after it.
            index: the place in the call, from 0; else every destination that matches.
            error: the text beside the status; else SES's own where it is known.
            words: see `Words`; here `times`, `after` and `every` count destinations.

        Raises:
            ValueError: for an unknown status or word, or a value that is not possible.
        """
        return self._plan(plans.bulk_status(status, index=index, error=error, **words))

    def _plan(self, rule: Rule) -> Rule:
        with self._lock:
            return self._rules.add(rule)

    def handle(self, request: Request) -> Response:
        """Answer a request as it comes over the wire.

        Raises:
            NoReply: a planned failure of the network; the transport shows it to its client.
        """
        origin = origins.of(request, account_id=self.account_id, region=self.region)
        service, request = origins.addressed(request)
        model = model_of(service)
        codec = CODECS[model.protocol]
        request_id = str(uuid.uuid4())
        try:
            operation, params = codec.parse(model, request)
        except Fault as fault:
            self._log(service, fault.operation, fault.params, origin, fault=fault)
            return codec.render_error(model, fault, request_id)

        def answer(rule: Rule | None = None) -> Response:
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
        """Answer a call without the wire, in the member names of the service model.

        Raises:
            Fault: the error SES answers, with `code`, `message` and `status`.
            NoReply: a planned failure of the network. (What only damages or delays an answer on the
                wire does not show here.)
            TypeError: for params that the service model does not know.
            ValueError: for an unknown service or operation.
        """
        params = dict(params or {})
        _operation(service, operation).check_types(params)
        origin = Origin(account_id or self.account_id, region or self.region)
        results: list[Mapping[str, Any]] = []

        def answer(rule: Rule | None = None) -> Response:
            results.append(self._answer(service, operation, params, origin, rule))
            return Response(200, {}, b"")

        reply = self._exchange(_call(service, operation, params, origin), answer)
        if reply.status != HTTPStatus.OK:
            raise _status_fault(reply.status)
        return results[0]

    def _exchange(self, call: Call, answer: Callable[[Rule | None], Response]) -> Response:
        """Let the rule that a call meets say what becomes of it; it may ask SES for the answer."""
        with self._lock:
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
        rule: Rule | None,
    ) -> Mapping[str, Any]:
        met = [rule] if rule else []
        with self._lock:
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
            return result

    def _run(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        origin: Origin,
        met: list[Rule],
    ) -> Mapping[str, Any]:
        function = self._function(service, operation, params, origin)
        refusal = model_of(service).operation(operation).violations(params)
        if refusal:
            raise Fault(api_errors.VALIDATION[service], refusal, 400)
        account = self.account(origin.region, origin.account_id)
        account.refuse_entry = None
        if self._rules:
            call = _call(service, operation, params, origin)
            account.refuse_entry = self._rules.for_entries(call, met)
        return function(account, **{python_name(name): params[name] for name in params}) or {}

    def _function(
        self, service: str, operation: str, params: Mapping[str, Any], origin: Origin
    ) -> Callable[..., Mapping[str, Any] | None]:
        function = operations(service).get(python_name(operation))
        if function is None:
            error = NotThereYetError(
                f"pytest-ses does not answer {service}:{operation} yet; the page Operations of its "
                "manual (docs/operations.md) lists what it answers"
            )
            fault = Fault(NotThereYetError.__name__, str(error), HTTPStatus.NOT_IMPLEMENTED)
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
        rules: Sequence[Rule] = (),
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

    def _keep(self, call: Call, rules: Sequence[Rule]) -> None:
        self._calls.append(call)
        for rule in rules:
            rule.calls.append(call)

    def _open(self, account_id: str, region: str) -> Account:
        account = Account(account_id, region, clock=self.clock, outbox=self._messages)
        if account_id == self.account_id:
            account.sandbox = self._settings.sandbox
            account.daily_quota = self._settings.daily_quota
            account.send_rate = self._settings.send_rate
            account.sending_enabled = self._settings.sending_enabled
            account.verify(*self._verified)
        self._accounts[account_id, region] = account
        return account


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
