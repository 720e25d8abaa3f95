"""What may a test let happen to a mail, after it was sent or before?"""

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

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mail.outcomes import Outcome

# An address for documentation, RFC 5737.
READER_IP = "192.0.2.1"
USER_AGENT = "Mozilla/5.0 (pytest-ses)"
_AT_ONCE = timedelta(0)


def deliver(account: EventState, message: Message, recipient: str | None = None) -> Event:
    """Let a mail be delivered, to one recipient or to all."""
    return _meet(account, message, recipient, Delivered())


def bounce(
    account: EventState,
    message: Message,
    recipient: str | None = None,
    *,
    type: str = "Permanent",
    subtype: str = "General",
) -> Event:
    """Let a mail come back from one recipient or from all."""
    return _meet(account, message, recipient, bounced(type, subtype))


def complain(
    account: EventState,
    message: Message,
    recipient: str | None = None,
    *,
    feedback_type: str = "abuse",
) -> Event:
    """Let one recipient or all call a mail spam."""
    return _meet(account, message, recipient, complained(feedback_type))


def delay(
    account: EventState, message: Message, recipient: str | None = None, *, type: str = "General"
) -> Event:
    """Let a mail wait on its way to one recipient or to all."""
    return _meet(account, message, recipient, delayed(type))


def reject(account: EventState, message: Message) -> Event:
    """Let SES's scanner find a virus in a mail."""
    at = event_log.latest(account, message)
    return _happen(account, message, "Reject", {"reason": "Bad content"}, at)


def open(account: EventState, message: Message) -> Event:
    """Let somebody open a mail, which only a mail with HTML can tell."""
    _check_html(message)
    at = event_log.latest(account, message)
    detail = {
        "timestamp": formats.timestamp(at),
        "userAgent": USER_AGENT,
        "ipAddress": READER_IP,
    }
    return _happen(account, message, "Open", detail, at)


def click(account: EventState, message: Message, link: str) -> Event:
    """Let somebody follow a link of a mail: as it was written, or as it arrived."""
    _check_html(message)
    found = message.link(link)
    if found is None:
        msg = f"the mail has no link {link!r}"
        raise ValueError(
            with_nearest(msg, link, message.links) if message.links else f"{msg}, nor any"
        )
    at = event_log.latest(account, message)
    detail = {
        "timestamp": formats.timestamp(at),
        "ipAddress": READER_IP,
        "userAgent": USER_AGENT,
        "link": found.url,
        "linkTags": found.tags,
    }
    return _happen(account, message, "Click", detail, at)


def unsubscribe(account: EventState, message: Message, topic: str | None = None) -> Event:
    """Let the recipient of a mail leave a topic, that of the mail, or the whole list."""
    name = message.contact_list
    if name is None:
        raise ValueError(
            "nobody can unsubscribe by this mail: it was sent without ListManagementOptions"
        )
    known = list(account.contact_lists.find(name).topics)
    if topic is not None and topic not in known:
        raise ValueError(with_nearest(f"the list {name!r} has no topic {topic!r}", topic, known))
    old, new = contacts.unsubscribe(account, name, topic or message.topic, message.recipients[0])
    at = event_log.latest(account, message)
    detail = {
        "contactList": name,
        "timestamp": formats.timestamp(at),
        "source": "UnsubscribeHeader",
        "newTopicPreferences": _preferences(new),
        "oldTopicPreferences": _preferences(old),
    }
    return _happen(account, message, "Subscription", detail, at)


def bounced(type: str, subtype: str) -> Bounced:
    """The outcome of a bounce of this kind.

    Raises:
        ValueError: there is none, with the closest one.
    """
    types = list(dict.fromkeys(one for one, _ in outcomes.BOUNCES))
    _check("bounce type", type, types)
    _check(
        f"{type} bounce of subtype", subtype, [two for one, two in outcomes.BOUNCES if one == type]
    )
    return outcomes.BOUNCES[type, subtype]


def complained(feedback_type: str) -> Complained:
    """The outcome of a complaint of this kind.

    Raises:
        ValueError: there is none, with the closest one.
    """
    _check("feedback type", feedback_type, outcomes.FEEDBACK_TYPES)
    return Complained(feedback_type, user_agent=USER_AGENT)


def delayed(type: str) -> Delayed:
    """The outcome of a delay of this kind.

    Raises:
        ValueError: there is none, with the closest one.
    """
    _check("delay type", type, outcomes.DELAY_TYPES)
    return Delayed(type)


def planned(outcome: Outcome, after: timedelta) -> PlannedOutcome:
    """What a recipient is to make of mails.

    What comes later comes of a mail that was delivered; but of a soft bounce SES has tried until
    then.
    """
    _check_after(after)
    spam = isinstance(outcome, Complained)
    soft = isinstance(outcome, Bounced) and outcome.type == "Transient"
    if after == _AT_ONCE:
        return PlannedOutcome((Delivered(), outcome) if spam else (outcome,))
    return PlannedOutcome((Delayed(),) if soft else (Delivered(),), ((after, outcome),))


def _check_after(after: timedelta) -> None:
    if not isinstance(after, timedelta) or after < _AT_ONCE:
        raise ValueError(f"after={after!r} is not possible: give a timedelta that is not negative")


def suppressed(reason: str) -> PlannedOutcome:
    """What comes of a recipient who is on the suppression list.

    Raises:
        ValueError: for a reason that is none, with the closest one.
    """
    _check("reason", reason, outcomes.SUPPRESSED)
    return PlannedOutcome(outcomes.SUPPRESSED[reason])


def _meet(account: EventState, message: Message, recipient: str | None, outcome: Outcome) -> Event:
    recipients = _recipients(message, recipient)
    event = event_log.event(account, message, outcome, recipients)
    return account.event_log.record(account, event)


def _happen(
    account: EventState, message: Message, type_: str, detail: Mapping[str, Any], at: datetime
) -> Event:
    event = event_log.other_event(account, message, type_, detail, at)
    return account.event_log.record(account, event)


def _recipients(message: Message, recipient: str | None) -> list[str]:
    """The recipients that are meant, as the mail names them."""
    everyone = message.recipients
    if recipient is None:
        return everyone
    found = [one for one in everyone if one.lower() == str(recipient).lower()]
    if not found:
        msg = f"the mail did not go to {recipient!r}"
        raise ValueError(with_nearest(msg, str(recipient), everyone))
    return found


def _check(what: str, value: str, known: Iterable[str]) -> None:
    words = list(known)
    if value not in words:
        raise ValueError(with_nearest(f"there is no {what} {value!r}", str(value), words))


def _check_html(message: Message) -> None:
    if message.html is None:
        raise ValueError(
            f"only a mail with HTML is told of when it is opened: {message!r} has none"
        )


def _preferences(found: contacts.Preferences) -> dict[str, Any]:
    words = {"OPT_IN": "OptIn", "OPT_OUT": "OptOut"}
    return {
        "unsubscribeAll": found.unsubscribe_all,
        "topicSubscriptionStatus": [
            {"topicName": name, "subscriptionStatus": words[status]}
            for name, status in found.topics.items()
        ],
    }


class Recipient:
    """Plans what a recipient is to make of mails that are sent from now on.

    `after` is how long after the mail it happens, once the clock passes that time. The last word on
    an address is the one that holds.
    """

    def __init__(self, event_log: EventLog, address: str) -> None:
        if not isinstance(address, str) or "@" not in address or address != bare(address):
            raise ValueError(f"{address!r} is no bare address such as 'bob@example.org'")
        self._fates = event_log.planned_outcomes
        self._address = address.lower()

    def delivers(self) -> None:
        """Gets the mails, as any recipient without a plan; also one of the mailbox simulator."""
        self._fates[self._address] = PlannedOutcome((Delivered(),))

    def bounces(
        self, type: str = "Permanent", subtype: str = "General", *, after: timedelta = _AT_ONCE
    ) -> None:
        """Sends mails back; later than at once, a hard bounce comes after a delivery."""
        self._fates[self._address] = planned(bounced(type, subtype), after)

    def complains(self, feedback_type: str = "abuse", *, after: timedelta = _AT_ONCE) -> None:
        """Gets mails, and calls them spam."""
        self._fates[self._address] = planned(complained(feedback_type), after)

    def delays(self, type: str = "General", *, after: timedelta = _AT_ONCE) -> None:
        """Does not take mails yet; with a time, delivers them then."""
        _check_after(after)
        later = ((after, Delivered()),) if after else ()
        self._fates[self._address] = PlannedOutcome((delayed(type),), later)

    def suppressed(self, reason: str = "BOUNCE") -> None:
        """Is on the suppression list, without standing on it."""
        self._fates[self._address] = suppressed(reason)
