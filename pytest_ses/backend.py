"""What does a test hold in its hands? One object: accounts, outbox, calls, planned failures."""

from __future__ import annotations

import random
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pytest_ses.accounts import Accounts
from pytest_ses.clock import Clock
from pytest_ses.dispatcher import Dispatcher
from pytest_ses.domain.events import simulation
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.domain.mail.outbox import Outbox
from pytest_ses.domain.receiving.arrivals import SOURCE_IP
from pytest_ses.faults import plans, verdict
from pytest_ses.faults.planned import PlannedFailures
from pytest_ses.phrasing import counted
from pytest_ses.services import receiving
from pytest_ses.services.publishing import Publishing
from pytest_ses.settings import DEFAULT_ACCOUNT_ID, DEFAULT_REGION, Settings
from pytest_ses.transports import boto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from pytest_ses.calls import Call
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.faults.network import NetworkFault
    from pytest_ses.faults.options import FailureOptions
    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.services.publishers import UndeliveredEvent
    from pytest_ses.services.receiving import ReceiveResult
    from pytest_ses.webhooks import Webhook
    from pytest_ses.wire import Request, Response


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
        settings = Settings(
            region=region,
            account_id=account_id,
            verified=verified,
            sandbox=sandbox,
            daily_quota=daily_quota,
            send_rate=send_rate,
            sending_enabled=sending_enabled,
        )
        self.clock = Clock()
        self.real_sleep = real_sleep
        self._active = ExitStack()
        self._accounts = Accounts(settings, self.clock)
        self._rules = PlannedFailures(random.random() if seed is None else seed)
        self._publishing = Publishing(self._accounts)
        self._answering = Dispatcher(self._accounts, self._rules, self.clock, self._publishing.run)
        self._accounts.schedule = self._schedule

    def __repr__(self) -> str:
        return (
            f"<SESBackend {self.account_id} in {self.region}: "
            f"{counted(self.outbox, 'message')}, {counted(self.calls, 'call')}>"
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
        return self._accounts.region

    @property
    def account_id(self) -> str:
        """The id of the account that the test starts with, twelve digits."""
        return self._accounts.account_id

    @property
    def outbox(self) -> Outbox:
        """Every mail that SES accepted, in sending order, of all accounts and regions."""
        return Outbox(self._accounts.messages)

    @property
    def calls(self) -> Sequence[Call]:
        """Every request, one entry per attempt, refused ones too."""
        return self._answering.calls

    @property
    def events(self) -> Sequence[Event]:
        """Everything that happened to the mail of all accounts, in order."""
        self.clock.run_due()
        with self._answering.lock:
            return list(self._accounts.event_log)

    @property
    def undelivered(self) -> Sequence[UndeliveredEvent]:
        """The events that did not arrive where an event destination or a topic wants them."""
        return self._publishing.undelivered

    @property
    def webhooks(self) -> Sequence[Webhook]:
        """The endpoints of the test, in the order in which they were subscribed."""
        return self._publishing.webhooks

    @property
    def rules(self) -> Sequence[PlannedFailure]:
        """Every planned failure, in the order planned."""
        return tuple(self._rules)

    def unused_faults(self) -> list[str]:
        """For each planned failure that did not happen as often as planned, a text that says why.

        The fixture `ses_backend` asks at the end of each test.
        """
        with self._answering.lock:
            return verdict.complaints(self._rules, self.calls)

    def reset(self) -> None:
        """Forget everything: the account is again as the test started with it.

        Planned failures end; those that did not happen until then are still spoken of at the end.
        Webhooks stay.
        """
        with self._answering.lock:
            self._rules.end()
            self._answering.calls.clear()
            self._publishing.clear()
            self._accounts.clear()
            self.clock.reset()

    def verify(self, *identities: str) -> None:
        """Make addresses and domains verified identities, in every region of the account.

        `"*"` accepts every sender.
        """
        with self._answering.lock:
            self._accounts.verify(*identities)

    def account(self, region: str | None = None, account_id: str | None = None) -> Account:
        """The state of one account in one region, by default of those the test started with."""
        with self._answering.lock:
            return self._accounts.get(account_id, region)

    def throttle(
        self, *operations: str, daily_quota: bool = False, **words: Unpack[FailureOptions]
    ) -> PlannedFailure:
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
        self, *operations: str, resource: str | None = None, **words: Unpack[FailureOptions]
    ) -> PlannedFailure:
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
        **words: Unpack[FailureOptions],
    ) -> PlannedFailure:
        """Plan any error of an operation, or a failure of the network.

        Args:
            operation: such as `"SendEmail"`, `"send_email"` or, for one API, `"ses:SendEmail"`.
            error: a code (`"MessageRejected"`) or the name of the exception in boto3; where only
                one of the two APIs knows it, calls of that one fail. A code that neither knows is
                taken as it is, with a warning. Or a fault object: `Timeout()`, `Disconnect()`,
                `ServerError(503)`, `CorruptResponse()`, `ResponseLost()`, `Delay(seconds)`.
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
        **words: Unpack[FailureOptions],
    ) -> PlannedFailure:
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

    def recipient(self, address: str) -> Recipient:
        """What a recipient is to make of the mails that are sent from now on.

        `backend.recipient("bob@example.org").bounces("Transient", "MailboxFull")`; without such a
        word a recipient gets what is delivered, and mailbox-simulator addresses do as theirs.

        Raises:
            ValueError: for what is no bare address.
        """
        return Recipient(self._accounts.event_log, address)

    def receive(
        self,
        mime: bytes | str | EmailMessage,
        *,
        recipients: Sequence[str] | None = None,
        sender: str | None = None,
        source_ip: str = SOURCE_IP,
        spam: str = "PASS",
        virus: str = "PASS",
        spf: str = "PASS",
        dkim: str = "PASS",
        dmarc: str = "PASS",
        region: str | None = None,
        account_id: str | None = None,
    ) -> ReceiveResult:
        """Let a mail come in, and do what the active receipt rule set says.

        Actions go to S3, SNS and Lambda where moto or an endpoint of yours answers for them. One
        that fails is in the result, with its error.

        Args:
            mime: the mail.
            recipients: the envelope; else those of To, Cc and Bcc.
            sender: the envelope sender; else that of the mail.
            source_ip: where it comes from.
            spam: a verdict, such as `"PASS"`, `"FAIL"` or `"GRAY"`.
            virus: a verdict.
            spf: a verdict.
            dkim: a verdict.
            dmarc: a verdict.
            region: that of the account, by default the one that the test started with.
            account_id: likewise.

        Raises:
            ValueError: nobody is to get the mail, or a verdict or the IP address is none.
        """
        found = receiving.receive(
            self.account(region, account_id),
            mime,
            recipients=recipients,
            sender=sender,
            source_ip=source_ip,
            spam=spam,
            virus=virus,
            spf=spf,
            dkim=dkim,
            dmarc=dmarc,
            services=self._publishing.services,
            lock=self._answering.lock,
        )
        self._publishing.run()
        return found

    def webhook(self, target: Any, *, topic_arn: str, signature_version: int = 1) -> Webhook:
        """Subscribe an HTTP endpoint of the test's own to an SNS topic, and shake hands with it.

        It is told what event destinations and identities tell that topic. Needs the extra
        `pytest-ses[webhooks]`.

        Args:
            target: a function of body and headers, a WSGI or ASGI application, a test client of
                Django, Flask or Starlette, or a URL; with a path as `(target, "/path")`.
            topic_arn: the topic; it need not exist anywhere.
            signature_version: 1 (SHA1) or 2 (SHA256).

        Raises:
            ValueError: for a target of another kind, or another version.
        """
        from pytest_ses.webhooks import Webhook  # noqa: PLC0415  (who has none needs no cryptography)

        found = Webhook(
            target, topic_arn=topic_arn, signature_version=signature_version, clock=self.clock
        )
        self._active.push(found)
        self._publishing.webhooks.append(found)
        return found

    def deliver(self, message: Message | str, recipient: str | None = None) -> Event:
        """Let a mail, or the one of this id, be delivered to a recipient, or to all; once more.

        Raises:
            ValueError: for a mail that is not in the outbox, or a recipient it did not have.
        """
        return self._let(simulation.deliver, message, recipient)

    def bounce(
        self,
        message: Message | str,
        recipient: str | None = None,
        *,
        type: str = "Permanent",
        subtype: str = "General",
    ) -> Event:
        """Let a mail come back from a recipient, or from all.

        A permanent bounce puts the address on the suppression list, if the account or the
        configuration set keeps one for bounces, and counts in the statistics.

        Raises:
            ValueError: for an unknown mail, recipient, type or subtype, with the closest one.
        """
        return self._let(simulation.bounce, message, recipient, type=type, subtype=subtype)

    def complain(
        self,
        message: Message | str,
        recipient: str | None = None,
        *,
        feedback_type: str = "abuse",
    ) -> Event:
        """Let a recipient, or all, call a mail spam; with what follows for list and statistics.

        Raises:
            ValueError: for an unknown mail, recipient or feedback type, with the closest one.
        """
        return self._let(simulation.complain, message, recipient, feedback_type=feedback_type)

    def delay(
        self, message: Message | str, recipient: str | None = None, *, type: str = "General"
    ) -> Event:
        """Let a mail wait on its way to a recipient, or to all.

        Raises:
            ValueError: for an unknown mail, recipient or type, with the closest one.
        """
        return self._let(simulation.delay, message, recipient, type=type)

    def reject(self, message: Message | str) -> Event:
        """Let SES find a virus in a mail.

        Raises:
            ValueError: for a mail that is not in the outbox.
        """
        return self._let(simulation.reject, message)

    def open(self, message: Message | str) -> Event:
        """Let somebody open a mail.

        Raises:
            ValueError: for a mail that is not in the outbox, or has no HTML.
        """
        return self._let(simulation.open, message)

    def click(self, message: Message | str, link: str) -> Event:
        """Let somebody follow a link of a mail: as `message.links` has it, or as it arrived.

        Raises:
            ValueError: for an unknown mail or link, or a mail without HTML.
        """
        return self._let(simulation.click, message, link)

    def unsubscribe(self, message: Message | str, topic: str | None = None) -> Event:
        """Let the recipient of a mail leave a topic of its contact list, or all of it.

        Raises:
            ValueError: for an unknown mail or topic, or a mail without list management.
        """
        return self._let(simulation.unsubscribe, message, topic)

    def _let(
        self, happen: Callable[..., Event], message: Message | str, *args: Any, **words: Any
    ) -> Event:
        with self._answering.lock:
            found = self._accounts.message(message)
            event = happen(found.account, found, *args, **words)
        self._publishing.run()
        return event

    def _schedule(self, when: datetime, action: Callable[[], object]) -> None:
        def act() -> None:
            with self._answering.lock:
                action()
            self._publishing.run()

        self.clock.call_at(when, act)

    def _plan(self, rule: PlannedFailure) -> PlannedFailure:
        with self._answering.lock:
            return self._rules.add(rule)

    def handle(self, request: Request) -> Response:
        """Answer a request as it comes over the wire.

        Raises:
            NoReply: a planned failure of the network; the transport shows it to its client.
        """
        return self._answering.handle(request)

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
        return self._answering.call(
            service, operation, params, region=region, account_id=account_id
        )
