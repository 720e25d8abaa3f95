"""Who answers a request? The one object that a test holds: accounts, calls and outbox."""

from __future__ import annotations

import re
import threading
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_ses.api import errors as api_errors, operations, python_name
from pytest_ses.api.validation import CHECKED_BY_THE_OPERATION, LEFT_OUT
from pytest_ses.calls import Call, Error
from pytest_ses.clock import Clock
from pytest_ses.domain.account import KEY_PREFIX, Account
from pytest_ses.domain.errors import SESError
from pytest_ses.domain.outbox import Outbox
from pytest_ses.settings import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_REGION,
    Settings,
    checked_identities,
)
from pytest_ses.transports import boto, moto
from pytest_ses.wire import (
    CODECS,
    Fault,
    Operation,
    Request,
    Response,
    Service,
    service as service_of,
)
from pytest_ses.wording import counted, with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from pytest_ses.domain.messages import Message

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/")
_HOST = re.compile(r"//email(?:-fips)?\.([a-z0-9-]+)\.")
_ATTEMPT = re.compile(r"attempt=(\d+)")
_V2 = "/v2/email/"


class NotThereYetError(NotImplementedError):
    """An operation of SES that pytest-ses does not answer yet."""

    __module__ = "pytest_ses"


@dataclass(frozen=True, slots=True)
class _Origin:
    """Whose request it is, and the how manieth attempt."""

    account_id: str
    region: str
    attempt: int = 1


class SESBackend:
    """Amazon SES for a test: a fake that every boto3 client talks to while it is active.

    The fixture `ses_backend` gives one that is active already. Elsewhere, in a script or a fixture
    of a wider scope, it is a context manager::

        with SESBackend(verified=["example.com"]) as backend:
            ...

    It takes the words of the `ses` marker: `region`, `account_id`, `verified`, `sandbox`,
    `daily_quota`, `send_rate`, `sending_enabled`. They hold for the account of that id in every
    region; other accounts start with the defaults.

    Attributes:
        clock: virtual time, `.now()` and `.advance(hours=24)`.
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

    def reset(self) -> None:
        """Forget everything: the account is again as the test started with it."""
        with self._lock:
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

    def handle(self, request: Request) -> Response:
        """Answer a request as it comes over the wire."""
        origin = self._origin(request)
        service, request = _addressed(request)
        model = _model(service)
        codec = CODECS[model.protocol]
        request_id = str(uuid.uuid4())
        try:
            try:
                operation, params = codec.parse(model, request)
            except Fault as fault:
                self._log(service, fault.operation, fault.params, origin, fault=fault)
                raise
            result = self._answer(service, operation, params, origin)
        except Fault as fault:
            return codec.render_error(model, fault, request_id)
        return codec.render(model.operation(operation), result, request_id)

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
            TypeError: for params that the service model does not know.
            ValueError: for an unknown service or operation.
        """
        params = dict(params or {})
        _operation(service, operation).check_types(params)
        origin = _Origin(account_id or self.account_id, region or self.region)
        return self._answer(service, operation, params, origin)

    def _answer(
        self, service: str, operation: str, params: Mapping[str, Any], origin: _Origin
    ) -> Mapping[str, Any]:
        with self._lock:
            try:
                result = self._run(service, operation, params, origin)
            except SESError as error:
                fault = api_errors.fault(service, error)
                self._log(service, operation, params, origin, fault=fault)
                raise fault from error
            except Fault as fault:
                self._log(service, operation, params, origin, fault=fault)
                raise
            self._log(service, operation, params, origin, response=result)
            return result

    def _run(
        self, service: str, operation: str, params: Mapping[str, Any], origin: _Origin
    ) -> Mapping[str, Any]:
        function = self._function(service, operation, params, origin)
        refusal = _model(service).operation(operation).violations(params)
        if refusal:
            raise Fault(api_errors.VALIDATION[service], refusal, 400)
        account = self.account(origin.region, origin.account_id)
        return function(account, **{python_name(name): params[name] for name in params}) or {}

    def _function(
        self, service: str, operation: str, params: Mapping[str, Any], origin: _Origin
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
        origin: _Origin,
        *,
        response: Mapping[str, Any] | None = None,
        fault: Fault | None = None,
    ) -> None:
        error = Error(fault.code, fault.message, fault.status) if fault else None
        call = Call(
            service,
            operation,
            params,
            origin.region,
            origin.account_id,
            response,
            error,
            origin.attempt,
        )
        self._calls.append(call)

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

    def _origin(self, request: Request) -> _Origin:
        attempt = _ATTEMPT.search(request.headers.get("amz-sdk-request", ""))
        count = int(attempt[1]) if attempt else 1
        scope = _SCOPE.search(request.headers.get("authorization", ""))
        if scope:
            return _Origin(self._account_of(scope[1]), scope[2], count)
        host = _HOST.search(request.url)
        return _Origin(self.account_id, host[1] if host else self.region, count)

    def _account_of(self, access_key: str) -> str:
        if access_key.startswith(KEY_PREFIX):
            return access_key.removeprefix(KEY_PREFIX)
        return moto.account_of(access_key) or self.account_id


def _addressed(request: Request) -> tuple[str, Request]:
    """Which API a request is for; v2's paths may stand behind one of a custom endpoint."""
    path = request.url.partition("?")[0]
    start = path.find(_V2)
    if start < 0:
        return "ses", request
    return "sesv2", Request(request.method, request.url[start:], request.headers, request.body)


@cache
def _model(service: str) -> Service:
    unchecked, optional = CHECKED_BY_THE_OPERATION[service], LEFT_OUT[service]
    return service_of(service, unchecked=unchecked, optional=optional)


def _operation(service: str, name: str) -> Operation:
    if service not in CHECKED_BY_THE_OPERATION:
        msg = f"there is no service {service!r}"
        raise ValueError(with_nearest(msg, service, CHECKED_BY_THE_OPERATION))
    model = _model(service)
    if name not in model.operations:
        msg = f"{service} has no operation {name!r}"
        raise ValueError(with_nearest(msg, name, model.operations))
    return model.operation(name)
