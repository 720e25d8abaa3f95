"""Simulated events of messages, and planned outcomes of recipients."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import formats
from pytest_ses.domain.addresses import bare
from pytest_ses.domain.events import event_log
from pytest_ses.domain.events.event_log import EventLog, EventState, PlannedOutcome
from pytest_ses.domain.lists import contacts
from pytest_ses.domain.mail import outcomes
from pytest_ses.domain.mail.outcomes import Bounced, Complained, Delayed, Delivered
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pytest_ses.domain.mail.events import Event, EventType
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mail.outcomes import (
        BounceSubtype,
        BounceType,
        DelayType,
        FeedbackType,
        Outcome,
        SuppressionReason,
    )

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# An address reserved for documentation (RFC 5737).
READER_IP = "192.0.2.1"
USER_AGENT = "Mozilla/5.0 (pytest-ses)"
_AT_ONCE = timedelta(0)


def deliver(account: EventState, message: Message, recipient: str | None = None) -> Event:
    """Simulate a delivery to one recipient or to all."""
    return _record_outcome(account, message, recipient, Delivered())


def bounce(
    account: EventState,
    message: Message,
    recipient: str | None = None,
    *,
    type: BounceType = "Permanent",
    subtype: BounceSubtype = "General",
) -> Event:
    """Simulate a bounce from one recipient or from all."""
    return _record_outcome(account, message, recipient, bounce_outcome(type, subtype))


def complain(
    account: EventState,
    message: Message,
    recipient: str | None = None,
    *,
    feedback_type: FeedbackType = "abuse",
) -> Event:
    """Simulate a complaint from one recipient or from all."""
    return _record_outcome(account, message, recipient, complaint_outcome(feedback_type))


def delay(
    account: EventState,
    message: Message,
    recipient: str | None = None,
    *,
    type: DelayType = "General",
) -> Event:
    """Simulate a delivery delay for one recipient or for all."""
    return _record_outcome(account, message, recipient, delay_outcome(type))


def reject(account: EventState, message: Message) -> Event:
    """Simulate a reject, as if SES had detected a virus."""
    at = event_log.next_event_time(account, message)
    return _record_event(account, message, "Reject", {"reason": "Bad content"}, at)


def open(account: EventState, message: Message) -> Event:
    """Simulate an open; the message must have HTML."""
    _check_html(message)
    at = event_log.next_event_time(account, message)
    detail = {
        "timestamp": formats.timestamp(at),
        "userAgent": USER_AGENT,
        "ipAddress": READER_IP,
    }
    return _record_event(account, message, "Open", detail, at)


def click(account: EventState, message: Message, link: str) -> Event:
    """Simulate a click on a link in the HTML, given its URL as supplied or as delivered."""
    _check_html(message)
    clicked = message._link(link)
    if clicked is None:
        error = f"the message has no link {link!r}"
        raise ValueError(
            with_nearest(error, link, message.links)
            if message.links
            else f"{error}; its HTML has no web links"
        )
    at = event_log.next_event_time(account, message)
    detail = {
        "timestamp": formats.timestamp(at),
        "ipAddress": READER_IP,
        "userAgent": USER_AGENT,
        "link": clicked.url,
        "linkTags": clicked.tags,
    }
    return _record_event(account, message, "Click", detail, at)


def unsubscribe(account: EventState, message: Message, topic: str | None = None) -> Event:
    """Simulate the recipient unsubscribing from a topic or from the whole contact list.

    `topic` defaults to the topic of the message. Without a topic, the recipient unsubscribes from
    the whole list.
    """
    list_name = message.contact_list
    if list_name is None:
        raise ValueError(
            f"cannot unsubscribe: {message!r} has no contact list; "
            "send a message with ListManagementOptions"
        )
    topics = list(account.contact_lists.find(list_name).topics)
    if topic is not None and topic not in topics:
        raise ValueError(
            with_nearest(f"the contact list {list_name!r} has no topic {topic!r}", topic, topics)
        )
    old_preferences, new_preferences = contacts.unsubscribe(
        account, list_name, topic or message.topic, message.recipients[0]
    )
    at = event_log.next_event_time(account, message)
    detail = {
        "contactList": list_name,
        "timestamp": formats.timestamp(at),
        "source": "UnsubscribeHeader",
        "newTopicPreferences": _preferences(new_preferences),
        "oldTopicPreferences": _preferences(old_preferences),
    }
    return _record_event(account, message, "Subscription", detail, at)


def bounce_outcome(type: BounceType, subtype: BounceSubtype) -> Bounced:
    """Return the outcome for a bounce type and subtype.

    Raises:
        ValueError: if the type or subtype is unknown; the error suggests the closest one.
    """
    types = list(dict.fromkeys(known_type for known_type, _ in outcomes.BOUNCES))
    subtypes = [
        known_subtype for known_type, known_subtype in outcomes.BOUNCES if known_type == type
    ]
    _check_name("bounce type", type, types)
    _check_name(f"{type} bounce subtype", subtype, subtypes)
    return outcomes.BOUNCES[type, subtype]


def complaint_outcome(feedback_type: FeedbackType) -> Complained:
    """Return the outcome for a feedback type.

    Raises:
        ValueError: if the feedback type is unknown; the error suggests the closest one.
    """
    _check_name("feedback type", feedback_type, outcomes.FEEDBACK_TYPES)
    return Complained(feedback_type, user_agent=USER_AGENT)


def delay_outcome(type: DelayType) -> Delayed:
    """Return the outcome for a delay type.

    Raises:
        ValueError: if the delay type is unknown; the error suggests the closest one.
    """
    _check_name("delay type", type, outcomes.DELAY_TYPES)
    return Delayed(type)


def planned_outcome(outcome: Outcome, after: timedelta) -> PlannedOutcome:
    """Return the planned outcome of a recipient.

    If the outcome comes later, the message is first delivered or, before a soft bounce, delayed.

    Raises:
        ValueError: if `after` is not a timedelta or is negative.
    """
    _check_after(after)
    is_complaint = isinstance(outcome, Complained)
    is_soft_bounce = isinstance(outcome, Bounced) and outcome.type == "Transient"
    if after == _AT_ONCE:
        return PlannedOutcome((Delivered(), outcome) if is_complaint else (outcome,))
    return PlannedOutcome((Delayed(),) if is_soft_bounce else (Delivered(),), ((after, outcome),))


def _check_after(after: timedelta) -> None:
    if not isinstance(after, timedelta) or after < _AT_ONCE:
        raise ValueError(f"after={after!r} is invalid; expected a timedelta that is not negative")


def suppressed_outcome(reason: SuppressionReason) -> PlannedOutcome:
    """Return the planned outcome of a recipient on the suppression list.

    Raises:
        ValueError: if the reason is unknown; the error suggests the closest one.
    """
    _check_name("reason", reason, outcomes.SUPPRESSED)
    return PlannedOutcome(outcomes.SUPPRESSED[reason])


def _record_outcome(
    account: EventState, message: Message, recipient: str | None, outcome: Outcome
) -> Event:
    recipients = _recipients(message, recipient)
    event = event_log.outcome_event(account, message, outcome, recipients)
    return account.event_log.record(account, event)


def _record_event(
    account: EventState, message: Message, type_: EventType, detail: Mapping[str, Any], at: datetime
) -> Event:
    event = event_log.message_event(account, message, type_, detail, at)
    return account.event_log.record(account, event)


def _recipients(message: Message, recipient: str | None) -> list[str]:
    """Return one recipient or all, as spelled in the message."""
    all_recipients = message.recipients
    if recipient is None:
        return all_recipients
    matching_recipients = [
        address for address in all_recipients if address.lower() == str(recipient).lower()
    ]
    if not matching_recipients:
        error = f"{recipient!r} is not a recipient of the message"
        raise ValueError(with_nearest(error, str(recipient), all_recipients))
    return matching_recipients


def _check_name(kind: str, name: str, valid_names: Iterable[str]) -> None:
    names = list(valid_names)
    if name not in names:
        raise ValueError(with_nearest(f"unknown {kind} {name!r}", str(name), names))


def _check_html(message: Message) -> None:
    if message.html is None:
        raise ValueError(
            f"cannot simulate opens or clicks: {message!r} has no HTML; send a message with HTML"
        )


def _preferences(preferences: contacts.Preferences) -> dict[str, Any]:
    record_names = {"OPT_IN": "OptIn", "OPT_OUT": "OptOut"}
    return {
        "unsubscribeAll": preferences.unsubscribe_all,
        "topicSubscriptionStatus": [
            {"topicName": name, "subscriptionStatus": record_names[status]}
            for name, status in preferences.topics.items()
        ],
    }


class Recipient:
    """Plans the outcome of messages that are sent to a recipient from now on.

    `after` is the delay between the send and the outcome, which happens when the test's clock
    reaches that time. The most recent plan for an address applies.
    """

    def __init__(self, event_log: EventLog, address: str) -> None:
        if not isinstance(address, str) or "@" not in address or address != bare(address):
            raise ValueError(
                f"{address!r} is not a bare address; expected one such as 'bob@example.org'"
            )
        self._planned_outcomes = event_log.planned_outcomes
        self._address = address.lower()

    def delivers(self) -> None:
        """Deliver messages, even if the mailbox simulator would bounce them."""
        self._planned_outcomes[self._address] = PlannedOutcome((Delivered(),))

    def bounces(
        self,
        type: BounceType = "Permanent",
        subtype: BounceSubtype = "General",
        *,
        after: timedelta = _AT_ONCE,
    ) -> None:
        """Make messages bounce.

        With `after`, a hard bounce follows a delivery, and a soft bounce follows a delay.
        """
        self._planned_outcomes[self._address] = planned_outcome(
            bounce_outcome(type, subtype), after
        )

    def complains(
        self, feedback_type: FeedbackType = "abuse", *, after: timedelta = _AT_ONCE
    ) -> None:
        """Deliver messages, and simulate complaints about them."""
        self._planned_outcomes[self._address] = planned_outcome(
            complaint_outcome(feedback_type), after
        )

    def delays(self, type: DelayType = "General", *, after: timedelta = _AT_ONCE) -> None:
        """Delay messages; with `after`, deliver them after that time."""
        _check_after(after)
        later = ((after, Delivered()),) if after else ()
        self._planned_outcomes[self._address] = PlannedOutcome((delay_outcome(type),), later)

    def suppressed(self, reason: SuppressionReason = "BOUNCE") -> None:
        """Treat messages as if the recipient were on the suppression list."""
        self._planned_outcomes[self._address] = suppressed_outcome(reason)
