"""The event log, and the effects of events on the account.

Most messages are ordinary: they are sent and delivered, and nothing listens to their events. Their
events are computed only on demand. Events that depend on the state of the account are computed when
the message is sent.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from pytest_ses.domain.events.statistics import QuotaState
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.identities import Identity, IdentityState
from pytest_ses.domain.lists import contacts, suppression
from pytest_ses.domain.lists.contact_lists import ContactListState
from pytest_ses.domain.lists.suppression import SuppressionState
from pytest_ses.domain.mail import outcomes
from pytest_ses.domain.mail.events import Event
from pytest_ses.domain.mail.outcomes import Delivered, Outcome
from pytest_ses.domain.mail.viruses import has_virus
from pytest_ses.domain.tenants.tenants import Tenant, TenantState

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.mail.events import EventType
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.tenants.tenants import Tenant

    OutcomesOf = Callable[[str], tuple[Outcome, ...]]

# The suppression scope of a tenant that has its own list.
TENANT_SCOPE = "TENANT"
_MILLISECOND = timedelta(milliseconds=1)
# Subtypes of bounces caused by a list, not by a mailbox; these are not counted and have no effects.
_LIST_SUBTYPES = (
    outcomes.ON_ACCOUNT_LIST,
    outcomes.ON_TENANT_LIST,
    "Suppressed",
    "UnsubscribedRecipient",
)


class PlannedOutcome(NamedTuple):
    """The planned outcomes of a recipient: immediate ones, and later ones with their delays."""

    at_once: tuple[Outcome, ...]
    later: tuple[tuple[timedelta, Outcome], ...] = ()


class _Source(NamedTuple):
    """What the events of a message contain about the identity that covers the sender."""

    arn: str
    types_with_headers: Container[str] = ()


class EventOwner(Protocol):
    """What the events of an ordinary message need of its account."""

    @property
    def identities(self) -> Collection[Identity]:
        """The identities of the account."""
        ...

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource of the account."""
        ...


class EventState(
    IdentityState, ContactListState, SuppressionState, TenantState, QuotaState, Protocol
):
    """The state of an account that the events of a message depend on."""

    event_log: EventLog
    configuration_sets: Collection[ConfigurationSet]
    suppressed_reasons: list[str]
    tenants: Collection[Tenant]
    identities: Collection[Identity]

    @property
    def needs_events(self) -> bool:
        """Whether the state of the account can affect the events of a message."""
        ...

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message of the account."""
        ...


class EventLog:
    """The events of all accounts of a backend, in order.

    `planned_outcomes` contains the planned outcomes of recipients, by bare address in lower case.
    Each of the `listeners` is called with every event.
    """

    def __init__(self) -> None:
        self.planned_outcomes: dict[str, PlannedOutcome] = {}
        self.listeners: list[Callable[[EventState, Event], None]] = []
        self.messages: list[Message] = []
        self._log: list[Message | Event] = []
        self._first_events: dict[str, list[Event]] = {}
        self._later: dict[str, list[Event]] = {}

    def __iter__(self) -> Iterator[Event]:
        for entry in self._log:
            yield from [entry] if isinstance(entry, Event) else self._first_events_of(entry)

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message, in order."""
        return [*self._first_events_of(message), *self._later.get(message.message_id, ())]

    def is_ordinary(self, message: Message) -> bool:
        """Whether the events of a message have not been computed, and nothing has happened later."""
        return (
            message.message_id not in self._first_events and message.message_id not in self._later
        )

    @property
    def length(self) -> int:
        """How many messages and later events it contains."""
        return len(self._log)

    def messages_since(self, length: int) -> list[Message]:
        """Return the messages that were accepted after the log had this length."""
        return [entry for entry in self._log[length:] if not isinstance(entry, Event)]

    def accept(self, account: EventState, message: Message) -> None:
        """Add an accepted message; if anything depends on its first events, compute them now."""
        message._account = account
        self.messages.append(message)
        self._log.append(message)
        if self.planned_outcomes or account.needs_events or _needs_events(message):
            outcomes_of = partial(_outcomes, account, message)
            events = self._first_events[message.message_id] = list(
                _initial_events(account, message, outcomes_of)
            )
            for event in events:
                self._handle(account, event)
            self._schedule(account, message)

    def record(self, account: EventState, event: Event) -> Event:
        """Record an event of a message that was sent earlier."""
        self._log.append(event)
        self._later.setdefault(event.message.message_id, []).append(event)
        self._handle(account, event)
        return event

    def clear(self) -> None:
        """Remove messages, events and planned outcomes; listeners stay."""
        for records in (
            self.planned_outcomes,
            self.messages,
            self._log,
            self._first_events,
            self._later,
        ):
            records.clear()

    def _first_events_of(self, message: Message) -> list[Event]:
        """Return the events that immediately follow a send.

        There are none if the message was never accepted. A message whose events are computed only
        now was ordinary when it was sent; later changes to the account do not affect them.
        """
        account = cast("EventState | None", message._account)
        events = self._first_events.get(message.message_id)
        if events is None:
            events = ordinary_events(account, message) if account else []
            self._first_events[message.message_id] = events
        return events

    def _handle(self, account: EventState, event: Event) -> None:
        _apply_effects(account, event)
        for listener in self.listeners:
            listener(account, event)

    def _schedule(self, account: EventState, message: Message) -> None:
        for recipient in message.recipients:
            planned = self.planned_outcomes.get(recipient.lower())
            for after, outcome in planned.later if planned else ():
                when = message.sent_at + after
                action = partial(self._record_outcome, account, message, recipient, outcome, when)
                account.schedule(when, action)

    def _record_outcome(
        self,
        account: EventState,
        message: Message,
        recipient: str,
        outcome: Outcome,
        when: datetime,
    ) -> None:
        self.record(account, outcome_event(account, message, outcome, [recipient], now=when))


def ordinary_events(owner: EventOwner, message: Message) -> list[Event]:
    """Return the events of a message that is sent and delivered, or accepted by the simulator."""
    return list(_initial_events(owner, message, _default_outcomes))


def outcome_event(
    account: EventState,
    message: Message,
    outcome: Outcome,
    recipients: Sequence[str],
    *,
    now: datetime | None = None,
) -> Event:
    """Return the event of an outcome that occurs at `now`, by default the current time."""
    at = next_event_time(account, message, now)
    return _outcome_event(_source(account, message), message, outcome, recipients, at)


def message_event(
    account: EventState, message: Message, type_: EventType, detail: Mapping[str, Any], at: datetime
) -> Event:
    """Return an event that concerns all recipients of a message."""
    return _event(_source(account, message), message, type_, message.recipients, at, detail)


def next_event_time(account: EventState, message: Message, now: datetime | None = None) -> datetime:
    """Return `now`, or the time just after the message's last event, whichever is later.

    `now` defaults to the current time.
    """
    events = account.event_log.events_of(message)
    return max(now or account.now(), events[-1].at + _MILLISECOND)


def _needs_events(message: Message) -> bool:
    """Whether the message's events can have effects or be published."""
    return bool(message.configuration_set or message.contact_list) or has_virus(message)


def _initial_events(
    account: EventOwner, message: Message, outcomes_of: OutcomesOf
) -> Iterator[Event]:
    source, sent_at, all_recipients = _source(account, message), message.sent_at, message.recipients
    yield _event(source, message, "Send", all_recipients, sent_at, {})
    if message.rendering_error is not None:
        failure = {"errorMessage": message.rendering_error, "templateName": message.template_name}
        detail = {name: value for name, value in failure.items() if value is not None}
        yield _event(source, message, "Rendering Failure", all_recipients, sent_at, detail)
        return
    if has_virus(message):
        yield _event(source, message, "Reject", all_recipients, sent_at, {"reason": "Bad content"})
        return
    for (_, outcome, _), recipients in sorted(
        _group_recipients(all_recipients, outcomes_of).items(), key=lambda group: group[0][0]
    ):
        yield _outcome_event(source, message, outcome, recipients, sent_at + outcome.after)


def _outcome_event(
    source: _Source,
    message: Message,
    outcome: Outcome,
    recipients: Sequence[str],
    at: datetime,
) -> Event:
    """Return the event of an outcome."""
    detail = outcomes.detail(outcome, message, recipients, at)
    return _event(source, message, outcomes.EVENT_TYPES[type(outcome)], recipients, at, detail)


def _group_recipients(
    recipients: Sequence[str], outcomes_of: OutcomesOf
) -> dict[tuple[int, Outcome, str], list[str]]:
    """Group the recipients by outcome and its position; group deliveries by domain as well."""
    groups: dict[tuple[int, Outcome, str], list[str]] = {}
    for recipient in recipients:
        for position, outcome in enumerate(outcomes_of(recipient)):
            domain = recipient.rpartition("@")[2].lower()
            group_domain = domain if isinstance(outcome, Delivered) else ""
            groups.setdefault((position, outcome, group_domain), []).append(recipient)
    return groups


def _outcomes(account: EventState, message: Message, recipient: str) -> tuple[Outcome, ...]:
    """Return the immediate outcomes of a message for a recipient."""
    if message.contact_list and contacts.is_opted_out(
        account.contact_lists, message.contact_list, message.topic, recipient
    ):
        return outcomes.UNSUBSCRIBED
    tenant = _tenant_with_list(account, message)
    entry = suppression.match(account, recipient, tenant=tenant.name if tenant else None)
    if entry and entry.reason in _suppressed_reasons(account, message):
        return (outcomes.SUPPRESSED_FOR_TENANT if tenant else outcomes.SUPPRESSED)[entry.reason]
    planned = account.event_log.planned_outcomes.get(recipient.lower())
    if planned:
        return planned.at_once
    return _default_outcomes(recipient)


def _default_outcomes(recipient: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a recipient without a planned outcome."""
    return outcomes.simulator_outcomes(recipient) or outcomes.DEFAULT_OUTCOMES


def _tenant_with_list(account: EventState, message: Message) -> Tenant | None:
    """Return the tenant of a message if its own suppression list applies.

    The scope of the configuration set overrides that of the tenant.
    """
    tenant = account.tenants.get(message.tenant) if message.tenant else None
    if tenant is None:
        return None
    configuration_set = account.configuration_sets.get(message.configuration_set or "")
    scope = configuration_set.suppression.suppression_scope if configuration_set else None
    if scope is None and tenant.suppression:
        scope = tenant.suppression.scope
    return tenant if scope == TENANT_SCOPE else None


def _suppressed_reasons(account: EventState, message: Message) -> Sequence[str]:
    """Return the suppressed reasons: the configuration set's, the tenant's or the account's."""
    configuration_set = account.configuration_sets.get(message.configuration_set or "")
    if configuration_set and configuration_set.suppression.suppressed_reasons is not None:
        return configuration_set.suppression.suppressed_reasons
    tenant = _tenant_with_list(account, message)
    if tenant and tenant.suppression and tenant.suppression.reasons is not None:
        return tenant.suppression.reasons
    return account.suppressed_reasons


def _source(account: EventOwner, message: Message) -> _Source:
    identity = identities.covering(account.identities, message.sender)
    if identity is None:
        return _Source(account.arn("identity", message.sender.rpartition("@")[2]))
    return _Source(account.arn("identity", identity.name), identity.headers_in_notifications)


def _event(
    source: _Source,
    message: Message,
    type_: EventType,
    recipients: Sequence[str],
    at: datetime,
    detail: Mapping[str, Any],
) -> Event:
    return Event(
        type=type_,
        message=message,
        recipients=tuple(recipients),
        at=at,
        detail=detail,
        source_arn=source.arn,
        with_headers=type_ in source.types_with_headers,
    )


def _apply_effects(account: EventState, event: Event) -> None:
    """Apply the effects of an event to the account."""
    real_recipients = [
        recipient
        for recipient in event.recipients
        if outcomes.simulator_outcomes(recipient) is None
    ]
    if event.type == "Reject":
        account.history.bucket(event.at).rejects += len(event.recipients)
    elif event.type == "Bounce" and event.detail["bounceSubType"] not in _LIST_SUBTYPES:
        account.history.bucket(event.at).bounces += len(real_recipients)
        if event.detail["bounceType"] == "Permanent":
            _suppress(account, event, real_recipients, "BOUNCE")
    elif event.type == "Complaint" and event.detail["complaintSubType"] is None:
        account.history.bucket(event.at).complaints += len(real_recipients)
        _suppress(account, event, real_recipients, "COMPLAINT")


def _suppress(account: EventState, event: Event, recipients: Sequence[str], reason: str) -> None:
    tenant = _tenant_with_list(account, event.message)
    if reason in _suppressed_reasons(account, event.message):
        for recipient in recipients:
            suppression.add(
                account,
                recipient,
                reason,
                message_id=event.message.message_id,
                feedback_id=event.detail["feedbackId"],
                tenant=tenant.name if tenant else None,
            )
