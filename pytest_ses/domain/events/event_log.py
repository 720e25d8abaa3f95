"""What happened to each mail, and what follows from it?

Most mail is ordinary: it is sent and delivered, and nobody listens. Of such a mail nothing is
computed before somebody asks; what depends on the state of the account is settled at once.
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
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.tenants.tenants import Tenant

    OutcomesOf = Callable[[str], tuple[Outcome, ...]]

# The scope of a tenant that has a suppression list of its own.
TENANT_SCOPE = "TENANT"
_MILLISECOND = timedelta(milliseconds=1)
# Bounces that come of a list and not of a mailbox: they are not counted, and nothing follows.
_OF_LISTS = (
    outcomes.ON_ACCOUNT_LIST,
    outcomes.ON_TENANT_LIST,
    "Suppressed",
    "UnsubscribedRecipient",
)


class PlannedOutcome(NamedTuple):
    """What a recipient is to make of mails: at once, and each later one after a time."""

    at_once: tuple[Outcome, ...]
    later: tuple[tuple[timedelta, Outcome], ...] = ()


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
        """Whether the events of any message depend on more than the message."""
        ...

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message of the account."""
        ...


class EventLog:
    """The events of all accounts of a backend, in their order.

    `fates` are those planned for recipients, by bare address in lower case; `listeners` are told of
    each event when it happens.
    """

    def __init__(self) -> None:
        self.planned_outcomes: dict[str, PlannedOutcome] = {}
        self.listeners: list[Callable[[EventState, Event], None]] = []
        self.messages: list[Message] = []
        self._log: list[Message | Event] = []
        self._natural: dict[str, list[Event]] = {}
        self._later: dict[str, list[Event]] = {}

    def __iter__(self) -> Iterator[Event]:
        for entry in self._log:
            yield from [entry] if isinstance(entry, Event) else self._naturally(entry)

    def of(self, message: Message) -> list[Event]:
        """What happened to one mail."""
        return [*self._naturally(message), *self._later.get(message.message_id, ())]

    def accepted(self, account: EventState, message: Message) -> None:
        """Let happen to an accepted mail what its recipients make of it."""
        message.account = account
        self.messages.append(message)
        self._log.append(message)
        if self.planned_outcomes or account.needs_events or _needs_events(message):
            outcomes_of = partial(_outcomes, account, message)
            found = self._natural[message.message_id] = list(
                _natural(account, message, outcomes_of)
            )
            for event in found:
                self._told(account, event)
            self._plan(account, message)

    def record(self, account: EventState, event: Event) -> Event:
        """Add what happens to a mail that was sent before."""
        self._log.append(event)
        self._later.setdefault(event.message.message_id, []).append(event)
        self._told(account, event)
        return event

    def clear(self) -> None:
        """Forget all of it; listeners stay."""
        for kept in (self.planned_outcomes, self.messages, self._log, self._natural, self._later):
            kept.clear()

    def _naturally(self, message: Message) -> list[Event]:
        """What happened to a mail at once; to one that was never accepted, nothing.

        What nobody has asked for until now was ordinary when it was sent, whatever came later.
        """
        account = cast("EventState | None", message.account)
        found = self._natural.get(message.message_id)
        if found is None:
            found = list(_natural(account, message, _ordinary)) if account else []
            self._natural[message.message_id] = found
        return found

    def _told(self, account: EventState, event: Event) -> None:
        _follow(account, event)
        for listener in self.listeners:
            listener(account, event)

    def _plan(self, account: EventState, message: Message) -> None:
        for recipient in message.recipients:
            fate = self.planned_outcomes.get(recipient.lower())
            for after, outcome in fate.later if fate else ():
                when = message.sent_at + after
                happen = partial(self._meet, account, message, recipient, outcome, when)
                account.schedule(when, happen)

    def _meet(
        self,
        account: EventState,
        message: Message,
        recipient: str,
        outcome: Outcome,
        when: datetime,
    ) -> None:
        self.record(account, event(account, message, outcome, [recipient], now=when))


def event(
    account: EventState,
    message: Message,
    outcome: Outcome,
    recipients: Sequence[str],
    *,
    now: datetime | None = None,
) -> Event:
    """The event of an outcome that comes about now, or at that time."""
    return _met(account, message, outcome, recipients, latest(account, message, now))


def other_event(
    account: EventState, message: Message, type_: str, detail: Mapping[str, Any], at: datetime
) -> Event:
    """An event that concerns all recipients alike."""
    return _event(account, message, type_, message.recipients, at, detail)


def latest(account: EventState, message: Message, now: datetime | None = None) -> datetime:
    """Now, or just after what happened to the mail last."""
    happened = account.event_log.of(message)
    return max(now or account.now(), happened[-1].at + _MILLISECOND)


def _needs_events(message: Message) -> bool:
    """Whether what happens to the mail has consequences, or somebody may listen."""
    return bool(message.configuration_set or message.contact_list or message.may_carry_files)


def _natural(account: EventState, message: Message, outcomes_of: OutcomesOf) -> Iterator[Event]:
    sent_at, everyone = message.sent_at, message.recipients
    yield _event(account, message, "Send", everyone, sent_at, {})
    if message.rendering_error is not None:
        failure = {"errorMessage": message.rendering_error, "templateName": message.template_name}
        detail = {name: value for name, value in failure.items() if value is not None}
        yield _event(account, message, "Rendering Failure", everyone, sent_at, detail)
        return
    if has_virus(message):
        yield _event(account, message, "Reject", everyone, sent_at, {"reason": "Bad content"})
        return
    for (_, outcome, _), recipients in sorted(
        _grouped(message, outcomes_of).items(), key=lambda group: group[0][0]
    ):
        yield _met(account, message, outcome, recipients, sent_at + outcome.after)


def _met(
    account: EventState,
    message: Message,
    outcome: Outcome,
    recipients: Sequence[str],
    at: datetime,
) -> Event:
    """The event of an outcome."""
    detail = outcomes.detail(outcome, message, recipients, at)
    return _event(account, message, outcomes.TYPES[type(outcome)], recipients, at, detail)


def _grouped(
    message: Message, outcomes_of: OutcomesOf
) -> dict[tuple[int, Outcome, str], list[str]]:
    """Who meets the same outcome: by its place in the row, and deliveries by domain."""
    groups: dict[tuple[int, Outcome, str], list[str]] = {}
    for recipient in message.recipients:
        for place, outcome in enumerate(outcomes_of(recipient)):
            domain = recipient.rpartition("@")[2].lower()
            apart = domain if isinstance(outcome, Delivered) else ""
            groups.setdefault((place, outcome, apart), []).append(recipient)
    return groups


def _outcomes(account: EventState, message: Message, recipient: str) -> tuple[Outcome, ...]:
    """What a recipient makes of a mail at once."""
    if message.contact_list and contacts.is_opted_out(
        account.contact_lists, message.contact_list, message.topic, recipient
    ):
        return outcomes.UNSUBSCRIBED
    tenant = _tenant_with_a_list(account.tenants, message)
    entry = suppression.find(account, recipient, tenant=tenant.name if tenant else None)
    if entry and entry.reason in _reasons(account, message):
        return (outcomes.SUPPRESSED_FOR_TENANT if tenant else outcomes.SUPPRESSED)[entry.reason]
    fate = account.event_log.planned_outcomes.get(recipient.lower())
    if fate:
        return fate.at_once
    return _ordinary(recipient)


def _ordinary(recipient: str) -> tuple[Outcome, ...]:
    """What a recipient makes of a mail whom nobody knows."""
    return outcomes.simulated(recipient) or outcomes.ORDINARY


def _tenant_with_a_list(tenants: Collection[Tenant], message: Message) -> Tenant | None:
    """The tenant of a mail, if it uses a suppression list of its own."""
    tenant = tenants.get(message.tenant) if message.tenant else None
    own = tenant is not None and tenant.suppression and tenant.suppression.scope == TENANT_SCOPE
    return tenant if own else None


def _reasons(account: EventState, message: Message) -> Sequence[str]:
    """The reasons in force: those of the configuration set, else the tenant's, else the account's."""
    found = account.configuration_sets.get(message.configuration_set or "")
    if found and found.suppression.suppressed_reasons is not None:
        return found.suppression.suppressed_reasons
    tenant = _tenant_with_a_list(account.tenants, message)
    if tenant and tenant.suppression and tenant.suppression.reasons is not None:
        return tenant.suppression.reasons
    return account.suppressed_reasons


def _event(
    account: EventState,
    message: Message,
    type_: str,
    recipients: Sequence[str],
    at: datetime,
    detail: Mapping[str, Any],
) -> Event:
    identity = identities.covering(account.identities, message.sender)
    name = identity.name if identity else message.sender.rpartition("@")[2]
    return Event(
        type=type_,
        message=message,
        recipients=tuple(recipients),
        at=at,
        detail=detail,
        source_arn=account.arn("identity", name),
        with_headers=identity is not None and type_ in identity.headers_in_notifications,
    )


def _follow(account: EventState, event: Event) -> None:
    """What follows from an event for the account."""
    real = [one for one in event.recipients if outcomes.simulated(one) is None]
    if event.type == "Reject":
        account.history.bucket(event.at).rejects += len(event.recipients)
    elif event.type == "Bounce" and event.detail["bounceSubType"] not in _OF_LISTS:
        account.history.bucket(event.at).bounces += len(real)
        if event.detail["bounceType"] == "Permanent":
            _suppress(account, event, real, "BOUNCE")
    elif event.type == "Complaint" and event.detail["complaintSubType"] is None:
        account.history.bucket(event.at).complaints += len(real)
        _suppress(account, event, real, "COMPLAINT")


def _suppress(account: EventState, event: Event, recipients: Sequence[str], reason: str) -> None:
    tenant = _tenant_with_a_list(account.tenants, event.message)
    if reason in _reasons(account, event.message):
        for recipient in recipients:
            suppression.add(
                account,
                recipient,
                reason,
                message_id=event.message.message_id,
                feedback_id=event.detail["feedbackId"],
                tenant=tenant.name if tenant else None,
            )
