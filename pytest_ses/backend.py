"""The backend that a test uses: accounts, outbox, calls, planned failures and events."""

from __future__ import annotations

import os
import random
import threading
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses import hints, template_files
from pytest_ses.accounts import Accounts
from pytest_ses.clock import Clock
from pytest_ses.dispatcher import Dispatcher
from pytest_ses.domain.events import simulation
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.domain.mail.outbox import Outbox
from pytest_ses.domain.receiving.arrivals import SOURCE_IP, Envelope, ScanVerdicts
from pytest_ses.faults import plans, verdict
from pytest_ses.faults.planned import PlannedFailures
from pytest_ses.phrasing import counted
from pytest_ses.services import receiving
from pytest_ses.services.publishing import Publishing
from pytest_ses.settings import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_REGION,
    Settings,
    check_account_id,
    check_region,
)
from pytest_ses.transports import interception

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage
    from os import PathLike
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from pytest_ses.calls import Call
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mail.outcomes import (
        BounceSubtype,
        BounceType,
        DelayType,
        FeedbackType,
    )
    from pytest_ses.domain.receiving.arrivals import ScanVerdict
    from pytest_ses.faults.missing import Resource
    from pytest_ses.faults.network import NetworkFault
    from pytest_ses.faults.options import FailureOptions
    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.faults.plans import BulkStatus
    from pytest_ses.services.publishers import UndeliveredEvent
    from pytest_ses.services.receiving import ReceiveResult
    from pytest_ses.webhooks import Webhook
    from pytest_ses.webhooks.signing import SignatureVersion
    from pytest_ses.wire import Request, Response

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


active: list[SESBackend] = []
"""The backends that are active, the innermost last."""


class Observer(Protocol):
    """A recorder of what happens in a run; it is notified of these events of every backend."""

    def entered(self, backend: SESBackend) -> None:
        """A backend has become active."""
        ...

    def resets(self, backend: SESBackend) -> None:
        """A backend is about to be reset."""
        ...


observers: list[Observer] = []
"""The recorders of this process."""


class Position(NamedTuple):
    """How much a backend has recorded: entries of the event log, calls, and waits."""

    logged: int = 0
    calls: int = 0
    sleeps: int = 0


def _release_locks() -> None:
    """In a forked process, release the locks that threads of the original process held."""
    for backend in active:
        backend._dispatcher.lock = threading.RLock()  # noqa: SLF001  (a function of this class)


# Not available on Windows, which has no forked processes.
getattr(os, "register_at_fork", lambda **_: None)(after_in_child=_release_locks)


class SESBackend:
    """A fake Amazon SES that handles the SES requests of this process while it is active.

    The fixture `ses_backend` returns an active backend. In a script or a fixture of a wider scope,
    use the backend as a context manager::

        with SESBackend(verified=["example.com"]) as backend:
            ...

    Accepts the same keyword arguments as the `ses` marker: `region`, `account_id`, `verified`,
    `sandbox`, `daily_quota`, `send_rate`, `sending_enabled`, `auto_verify`, `configuration_sets`.
    They apply to the account with that ID in every region; other accounts start with the defaults.

    Args:
        seed: the seed for `probability=`; by default each backend has a random one.
        real_sleep: whether botocore really waits between attempts instead of advancing `clock`.

    Attributes:
        clock: virtual time, with `.now()`, `.advance(hours=24)` and `.sleeps`.
        outbox: the messages SES accepted, of all accounts and regions, in sending order.
        calls: every request, including rejected ones, with one entry per attempt.
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
        auto_verify: bool = False,
        configuration_sets: Iterable[str] = (),
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
            auto_verify=auto_verify,
            configuration_sets=configuration_sets,
        )
        self.clock = Clock()
        self.real_sleep = real_sleep
        self._active = ExitStack()
        self._accounts = Accounts(settings, self.clock)
        self._failures = PlannedFailures(random.random() if seed is None else seed)
        self._publishing = Publishing(self._accounts)
        self._dispatcher = Dispatcher(
            self._accounts, self._failures, self.clock, self._publishing.run
        )
        self._accounts.schedule = self._schedule

    def __repr__(self) -> str:
        return (
            f"<SESBackend {self.account_id} in {self.region}: "
            f"{counted(self.outbox, 'message')}, {counted(self.calls, 'call')}>"
        )

    def __enter__(self) -> Self:
        self._active.enter_context(interception.intercept(self))
        active.append(self)
        self._active.callback(active.remove, self)
        # An observer reads the parameters of all calls.
        self._dispatcher.keeps_params = bool(observers)
        for observer in observers:
            observer.entered(self)
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
        """The region of the default account."""
        return self._accounts.region

    @property
    def account_id(self) -> str:
        """The ID of the default account: twelve digits."""
        return self._accounts.account_id

    @property
    def accounts(self) -> Sequence[Account]:
        """The accounts that the test has used so far, one for each ID and region."""
        with self._dispatcher.lock:
            return tuple(self._accounts)

    @property
    def outbox(self) -> Outbox:
        """The messages SES accepted, of all accounts and regions, in sending order."""
        when_empty = partial(hints.nothing_sent, self._dispatcher.calls)
        return Outbox(self._accounts.messages, when_empty=when_empty)

    @property
    def calls(self) -> Sequence[Call]:
        """Every request, including rejected ones, with one entry per attempt."""
        return self._dispatcher.calls

    @property
    def events(self) -> Sequence[Event]:
        """The events of all messages of all accounts, in order."""
        self.clock._run_due()
        with self._dispatcher.lock:
            return list(self._accounts.event_log)

    @property
    def undelivered(self) -> Sequence[UndeliveredEvent]:
        """The events that could not be published to an event destination or an identity's topic."""
        return self._publishing.undelivered

    @property
    def webhooks(self) -> Sequence[Webhook]:
        """The webhooks of the test, in the order they were subscribed."""
        return self._publishing.webhooks

    @property
    def rules(self) -> Sequence[PlannedFailure]:
        """The planned failures, in the order they were planned."""
        return tuple(self._failures)

    def unused_faults(self) -> list[str]:
        """Return an explanation for each planned failure that happened less often than planned.

        The fixture `ses_backend` calls this at the end of each test.
        """
        with self._dispatcher.lock:
            return verdict.reports(self._failures, self.calls)

    def reset(self) -> None:
        """Reset all accounts, the outbox, the calls and the clock to their initial state.

        Planned failures end; those that had not happened are still reported at the end of the test.
        Webhooks stay subscribed.
        """
        with self._dispatcher.lock:
            for observer in observers:
                observer.resets(self)
            self._failures.end()
            self._dispatcher.calls.clear()
            self._publishing.clear()
            self._accounts.clear()
            self.clock.reset()

    def clear_outbox(self, *messages: Message | str) -> None:
        """Remove messages from the outbox; by default all.

        Their events stay, and so does what they count for, such as the daily quota.

        Args:
            messages: messages of the outbox, or their IDs.

        Raises:
            ValueError: if a message is not in the outbox.
        """
        with self._dispatcher.lock:
            self._accounts.remove_messages(*messages)

    def verify(self, *identities: str) -> None:
        """Verify addresses and domains as identities in every region of the default account.

        `"*"` accepts every sender. The DKIM settings and the MAIL FROM domain of an identity are
        verified as well.
        """
        with self._dispatcher.lock:
            self._accounts.verify(*identities)

    def load_templates(
        self, *paths: str | PathLike[str], region: str | None = None, account_id: str | None = None
    ) -> list[str]:
        """Create the email templates in files and folders, and return their names.

        Each file contains the input of `create-template` or `create-email-template` as JSON, or a
        CloudFormation stack in YAML or JSON, or is one part of a template: `welcome.subject.txt`,
        `welcome.txt`, `welcome.html`. If one of them is wrong, no template is created.

        Args:
            paths: files, and folders with such files and any others.
            region: the region of the account; defaults to that of the test.
            account_id: the ID of the account; defaults to that of the test.

        Raises:
            TypeError: if there are no paths.
            ValueError: if a file is wrong, with the name of the file and the line.
        """
        account = self.account(region, account_id)
        with self._dispatcher.lock:
            return template_files.load(account, *paths)

    def account(self, region: str | None = None, account_id: str | None = None) -> Account:
        """Return the state of an account in a region; both default to those of the test.

        Raises:
            ValueError: if the region is unknown, or the ID does not have twelve digits.
        """
        if region is not None:
            check_region(region)
        if account_id is not None:
            check_account_id(account_id)
        with self._dispatcher.lock:
            return self._accounts.get(account_id, region)

    def throttle(
        self, *operations: str, daily_quota: bool = False, **options: Unpack[FailureOptions]
    ) -> PlannedFailure:
        """Plan a throttling error.

        v1 returns `Throttling` (400), v2 `TooManyRequestsException` (429), with the message
        `Maximum sending rate exceeded.` for sending operations and `Rate exceeded` for others. SMTP
        replies 454.

        Args:
            operations: operations such as `"SendEmail"`, `"send_email"` or, for one API only,
                `"ses:SendEmail"`; defaults to all sending operations.
            daily_quota: whether the message is `Daily message quota exceeded.` instead.
            options: when, how often and to which calls the failure applies; see `FailureOptions`.

        Raises:
            ValueError: if an operation or argument is unknown, or a value is invalid.
        """
        return self._plan(plans.throttle(*operations, daily_quota=daily_quota, **options))

    def not_found(
        self, *operations: str, resource: Resource | None = None, **options: Unpack[FailureOptions]
    ) -> PlannedFailure:
        """Plan a not-found error for a resource that a call names.

        Args:
            operations: the operations that fail; defaults to all that have such an error.
            resource: the kind of the missing resource: `"template"`, `"configuration_set"`,
                `"event_destination"`, `"identity"`, `"contact_list"`, …; defaults to the first
                resource that the call names. A call that does not name such a resource succeeds.
            options: when, how often and to which calls the failure applies; see `FailureOptions`.

        Raises:
            ValueError: if an operation, resource or argument is unknown, or a value is invalid.
        """
        return self._plan(plans.not_found(*operations, resource=resource, **options))

    def fail(
        self,
        operation: str,
        error: str | NetworkFault,
        *,
        message: str | None = None,
        status: int | None = None,
        **options: Unpack[FailureOptions],
    ) -> PlannedFailure:
        """Plan any error of an operation, or a network failure.

        Args:
            operation: an operation such as `"SendEmail"`, `"send_email"` or, for one API only,
                `"ses:SendEmail"`.
            error: an error code (`"MessageRejected"`), the name of the exception in boto3, or a
                network failure: `Timeout()`, `Disconnect()`, `ServerError(503)`,
                `CorruptResponse()`, `ResponseLost()`, `Delay(seconds)`, or its name alone, such as
                `"Timeout"`. If only one of the two APIs has the error, only calls of that API fail.
                A code that neither API has is used as given, with a warning.
            message: the error message; defaults to SES's own where it is known.
            status: the HTTP status; defaults to that of the service model, or 400.
            options: when, how often and to which calls the failure applies; see `FailureOptions`.

        Raises:
            ValueError: if the operation or an argument is unknown, or a value is invalid.
        """
        failure = plans.fail(operation, error, message=message, status=status, **options)
        return self._plan(failure)

    def bulk_status(
        self,
        status: BulkStatus,
        *,
        index: int | None = None,
        error: str | None = None,
        **options: Unpack[FailureOptions],
    ) -> PlannedFailure:
        """Plan a status for destinations of bulk sends; messages to the others are sent.

        Args:
            status: the status in the spelling of either API, `"TRANSIENT_FAILURE"` or
                `"TransientFailure"`; the response uses that of the API called. `"SUCCESS"` exempts
                a destination from the failures planned after it.
            index: the position of the destination in the call, from 0; defaults to every
                destination that matches.
            error: the error text; defaults to SES's own where it is known.
            options: see `FailureOptions`; `times`, `after` and `every` count destinations here.

        Raises:
            ValueError: if the status or an argument is unknown, or a value is invalid.
        """
        return self._plan(plans.bulk_status(status, index=index, error=error, **options))

    def recipient(self, address: str) -> Recipient:
        """Plan the outcome of messages sent to a recipient from now on.

        For example, `backend.recipient("bob@example.org").bounces("Transient", "MailboxFull")`. By
        default, messages are delivered, and addresses of the mailbox simulator behave as in SES.

        Raises:
            ValueError: if the address is not a bare email address.
        """
        return Recipient(self._accounts.event_log, address)

    def receive(
        self,
        mime: bytes | str | EmailMessage,
        *,
        recipients: Sequence[str] | None = None,
        sender: str | None = None,
        source_ip: str = SOURCE_IP,
        spam: ScanVerdict = "PASS",
        virus: ScanVerdict = "PASS",
        spf: ScanVerdict = "PASS",
        dkim: ScanVerdict = "PASS",
        dmarc: ScanVerdict = "PASS",
        region: str | None = None,
        account_id: str | None = None,
    ) -> ReceiveResult:
        """Receive a message and run the actions of the active receipt rule set.

        Actions use S3, SNS and Lambda where moto or an endpoint URL provides them. If an action
        fails, its error is part of the result.

        Args:
            mime: the message.
            recipients: the envelope recipients; default to those in To, Cc and Bcc.
            sender: the envelope sender; defaults to the sender in the headers.
            source_ip: the IP address of the sending server.
            spam: the spam verdict: `"PASS"`, `"FAIL"`, `"GRAY"` or `"PROCESSING_FAILED"`.
            virus: the virus verdict.
            spf: the SPF verdict.
            dkim: the DKIM verdict.
            dmarc: the DMARC verdict.
            region: the region of the account; defaults to that of the test.
            account_id: the ID of the account; defaults to that of the test.

        Raises:
            TypeError: if `mime` is of the wrong type or `recipients` is not a list of strings.
            ValueError: if the message has no recipient, or an address, the IP address or a verdict
                is invalid.
        """
        result = receiving.receive(
            self.account(region, account_id),
            mime,
            Envelope(recipients, sender, source_ip),
            ScanVerdicts(spam, virus, spf, dkim, dmarc),
            services=self._publishing.services,
            lock=self._dispatcher.lock,
        )
        self._publishing.run()
        return result

    def webhook(
        self, target: Any, *, topic_arn: str, signature_version: SignatureVersion = 1
    ) -> Webhook:
        """Subscribe an HTTP endpoint to an SNS topic and confirm the subscription.

        The endpoint receives what event destinations and identities publish to the topic.

        Args:
            target: a function of body and headers, a WSGI or ASGI application, a test client of
                Django, Flask or Starlette, or a URL; with a path as `(target, "/path")`.
            topic_arn: the topic, which does not have to exist.
            signature_version: 1 (SHA1) or 2 (SHA256).

        Raises:
            ValueError: if the kind of target or the signature version is not supported.
        """
        from pytest_ses.webhooks import Webhook  # noqa: PLC0415  (slow to import)

        webhook = Webhook(
            target, topic_arn=topic_arn, signature_version=signature_version, clock=self.clock
        )
        self._active.push(webhook)
        self._publishing.webhooks.append(webhook)
        return webhook

    def deliver(self, message: Message | str, recipient: str | None = None) -> Event:
        """Simulate one more delivery to one recipient or to all.

        Args:
            message: a message of the outbox, or its ID.
            recipient: a recipient of the message; defaults to all.

        Raises:
            ValueError: if the message is not in the outbox or does not have the recipient.
        """
        return self._simulate(simulation.deliver, message, recipient)

    def bounce(
        self,
        message: Message | str,
        recipient: str | None = None,
        *,
        type: BounceType = "Permanent",
        subtype: BounceSubtype = "General",
    ) -> Event:
        """Simulate a bounce from one recipient or from all.

        A permanent bounce adds the address to the suppression list, if bounces are among the
        suppressed reasons of the configuration set or the account, and counts in the statistics.

        Raises:
            ValueError: if the message, recipient, type or subtype is unknown; the error suggests
                the closest one.
        """
        return self._simulate(simulation.bounce, message, recipient, type=type, subtype=subtype)

    def complain(
        self,
        message: Message | str,
        recipient: str | None = None,
        feedback_type: FeedbackType = "abuse",
    ) -> Event:
        """Simulate a complaint from one recipient or from all.

        A complaint adds the address to the suppression list, if complaints are among the suppressed
        reasons of the configuration set or the account, and counts in the statistics.

        Raises:
            ValueError: if the message, recipient or feedback type is unknown; the error suggests
                the closest one.
        """
        return self._simulate(simulation.complain, message, recipient, feedback_type=feedback_type)

    def delay(
        self, message: Message | str, recipient: str | None = None, *, type: DelayType = "General"
    ) -> Event:
        """Simulate a delivery delay for one recipient or for all.

        Raises:
            ValueError: if the message, recipient or type is unknown; the error suggests
                the closest one.
        """
        return self._simulate(simulation.delay, message, recipient, type=type)

    def reject(self, message: Message | str) -> Event:
        """Simulate a reject, as if SES had detected a virus.

        Raises:
            ValueError: if the message is not in the outbox.
        """
        return self._simulate(simulation.reject, message)

    def open(self, message: Message | str) -> Event:
        """Simulate an open.

        Raises:
            ValueError: if the message is not in the outbox or has no HTML.
        """
        return self._simulate(simulation.open, message)

    def click(self, message: Message | str, link: str) -> Event:
        """Simulate a click on a link: one of `message.links`, or the tracked link that replaced it.

        Raises:
            ValueError: if the message or the link is unknown, or the message has no HTML.
        """
        return self._simulate(simulation.click, message, link)

    def unsubscribe(self, message: Message | str, topic: str | None = None) -> Event:
        """Simulate the recipient unsubscribing from a topic or from the whole contact list.

        Args:
            message: a message that was sent with list management, or its ID.
            topic: a topic of the list; defaults to the topic of the message, or the whole list.

        Raises:
            ValueError: if the message or topic is unknown, or the message was sent without list
                management.
        """
        return self._simulate(simulation.unsubscribe, message, topic)

    def _position(self) -> Position:
        """Return the current position, for `_since`."""
        event_log = self._accounts.event_log
        return Position(event_log.length, len(self.calls), len(self.clock.sleeps))

    def _since(self, start: Position) -> tuple[list[Message], list[Call], list[float]]:
        """Return the messages, calls and waits after a position, before which there was no reset.

        Includes messages that have been removed from the outbox.
        """
        with self._dispatcher.lock:
            return (
                self._accounts.event_log.messages_since(start.logged),
                self._dispatcher.calls[start.calls :],
                self.clock.sleeps[start.sleeps :],
            )

    def _simulate(
        self, simulate: Callable[..., Event], message: Message | str, *args: Any, **kwargs: Any
    ) -> Event:
        with self._dispatcher.lock:
            sent = self._accounts.message(message)
            event = simulate(sent._account, sent, *args, **kwargs)
        self._publishing.run()
        return event

    def _schedule(self, when: datetime, action: Callable[[], object]) -> None:
        def run() -> None:
            with self._dispatcher.lock:
                action()
            self._publishing.run()

        self.clock.call_at(when, run)

    def _plan(self, failure: PlannedFailure) -> PlannedFailure:
        with self._dispatcher.lock:
            return self._failures.add(failure)

    def _handle(self, request: Request) -> Response:
        """Handle an HTTP request and return the response.

        Raises:
            NoReply: for a planned network failure; the transport raises the error of its client.
        """
        return self._dispatcher.handle(request)

    def _call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        *,
        region: str | None = None,
        account_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Call an operation without HTTP; parameters and result use the service model's names.

        Raises:
            Fault: if SES returns an error, with `code`, `message` and `status`.
            NoReply: for a planned network failure. (Failures that only corrupt or delay a response
                have no effect here.)
            TypeError: if a parameter is unknown or has the wrong type.
            ValueError: if the service or operation is unknown.
        """
        return self._dispatcher.call(
            service, operation, params, region=region, account_id=account_id
        )
