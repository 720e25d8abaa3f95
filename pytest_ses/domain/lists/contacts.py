"""Who is on a contact list, and which mail do they want?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.lists import contact_lists
from pytest_ses.domain.lists.contact_lists import Contact, ContactList, ContactListState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_ses.domain.collection import Collection


IN, OUT = "OPT_IN", "OPT_OUT"


class Preferences(NamedTuple):
    """What holds for a recipient: no mail at all, and `OPT_IN` or `OPT_OUT` for each topic."""

    unsubscribe_all: bool
    topics: dict[str, str]


class Filter(NamedTuple):
    """Which contacts are listed: those of a status, in a topic or with the list as a whole.

    A contact that has not chosen has no status in a topic, or the default one if that is to count.
    """

    status: str
    topic: str | None = None
    use_default: bool = False


def add(
    account: ContactListState,
    list_name: str,
    address: str,
    topics: Mapping[str, str],
    *,
    unsubscribe_all: bool = False,
    attributes: str | None = None,
) -> Contact:
    """Put a new contact on a list, with a status for each topic that is chosen.

    Raises:
        InvalidParameterValue: for a bad address or a bad name of the list.
        ContactListDoesNotExist, UnknownTopic, ContactAlreadyExists: as their names say.
    """
    found = _list_of(account, list_name, address, topics)
    now = account.now()
    contact = Contact(address, now, now, dict(topics), unsubscribe_all, attributes)
    return found.contacts.add(address, contact)


def find(account: ContactListState, list_name: str, address: str) -> tuple[ContactList, Contact]:
    """A list, and its contact whose address is spelled so.

    Raises:
        InvalidParameterValue: for a bad address or a bad name of the list.
        ContactListDoesNotExist, ContactDoesNotExist: as their names say.
    """
    found = _list_of(account, list_name, address)
    return found, found.contacts.find(address)


def update(
    account: ContactListState,
    list_name: str,
    address: str,
    topics: Mapping[str, str],
    *,
    unsubscribe_all: bool = False,
    attributes: str | None = None,
) -> None:
    """Change what a contact chose for these topics, and replace all else that is kept of it.

    Raises:
        ContactDoesNotExist: as its name says; otherwise see `add`.
    """
    contact = _list_of(account, list_name, address, topics).contacts.find(address)
    contact.topics.update(topics)
    contact.unsubscribe_all = unsubscribe_all
    contact.attributes = attributes
    contact.updated_at = account.now()


def remove(account: ContactListState, list_name: str, address: str) -> None:
    """Take a contact off a list; refused like `find`."""
    found, contact = find(account, list_name, address)
    found.contacts.remove(contact.address)


def checked_filter(
    status: str | None, topic: str | None = None, *, use_default: bool = False
) -> Filter:
    """The filter of a request.

    Raises:
        InvalidParameterValue: without a status, or for a blank topic.
    """
    if status is None:
        raise errors.InvalidParameterValue("Invalid FilteredStatus <null>")
    if topic is not None and not topic.strip():
        raise errors.InvalidParameterValue("TopicName can't be blank in TopicFilter.")
    return Filter(status, topic, use_default)


def matching(found: ContactList, wanted: Filter) -> Callable[[Contact], bool]:
    """Whether a contact of the list passes a filter.

    Raises:
        TopicDoesNotExist: as its name says.
    """
    if wanted.topic is not None and wanted.topic not in found.topics:
        raise errors.TopicDoesNotExist(contact_list=found.name, name=wanted.topic)
    return lambda contact: _status(found, contact, wanted) == wanted.status


def check(account: ContactListState, list_name: str, topic: str | None) -> None:
    """Refuse a mail that names a list the account does not have, or a topic the list does not have.

    Raises:
        ContactListDoesNotExist, UnknownTopic: as their names say.
    """
    found = account.contact_lists.find(list_name)
    _check_topics(found, () if topic is None else (topic,))


def enroll(account: ContactListState, list_name: str, address: str) -> Contact:
    """The contact that a mail to a bare address meets, in capitals or not; made if there is none.

    Raises:
        ContactListDoesNotExist: as its name says.
    """
    found = account.contact_lists.find(list_name)
    now = account.now()
    return _met(found, address) or found.contacts.put(address, Contact(address, now, now))


def is_opted_out(
    contact_lists: Collection[ContactList], list_name: str, topic: str | None, address: str
) -> bool:
    """Whether a bare address wants no mail of a list, about a topic or about anything.

    Where the recipient has not chosen, the default of the topic holds. A list that is gone since
    the mail was accepted keeps nobody from it.
    """
    found = contact_lists.get(list_name)
    if found is None:
        return False
    held = _held(found, _met(found, address))
    return held.unsubscribe_all or (topic is not None and held.topics.get(topic) == OUT)


def unsubscribe(
    account: ContactListState, list_name: str, topic: str | None, address: str
) -> tuple[Preferences, Preferences]:
    """Let a bare address leave a topic, or without one the whole list.

    Gives what held for the recipient before, and what holds now.

    Raises:
        ContactListDoesNotExist, UnknownTopic: as their names say.
    """
    check(account, list_name, topic)
    found = account.contact_lists.find(list_name)
    contact = enroll(account, list_name, address)
    old = _held(found, contact)
    if topic is None:
        contact.unsubscribe_all = True
    else:
        contact.topics[topic] = OUT
    contact.updated_at = account.now()
    return old, _held(found, contact)


def _held(found: ContactList, contact: Contact | None) -> Preferences:
    if contact is None:
        return Preferences(False, found.defaults)
    return Preferences(contact.unsubscribe_all, found.defaults | contact.topics)


def _met(found: ContactList, address: str) -> Contact | None:
    exact = found.contacts.get(address)
    if exact is not None:
        return exact
    wanted = address.lower()
    return next((one for name, one in found.contacts.items() if name.lower() == wanted), None)


def _status(found: ContactList, contact: Contact, wanted: Filter) -> str | None:
    if contact.unsubscribe_all:
        return OUT
    if wanted.topic is None:
        return IN
    default = found.defaults[wanted.topic] if wanted.use_default else None
    return contact.topics.get(wanted.topic, default)


def _list_of(
    account: ContactListState, list_name: str, address: str, topics: Iterable[str] = ()
) -> ContactList:
    """The list of a request about a contact, whose parts are checked in SES's order."""
    _check_address(address)
    found = contact_lists.find(account, list_name)
    _check_topics(found, topics)
    return found


def _check_topics(found: ContactList, topics: Iterable[str]) -> None:
    for topic in topics:
        if topic not in found.topics:
            raise errors.UnknownTopic(contact_list=found.name, name=topic)


def _check_address(address: str) -> None:
    if not address.strip():
        raise errors.InvalidParameterValue("EmailAddress can't be blank.")
    if not addresses.is_bare(address):
        raise errors.InvalidParameterValue(f"EmailAddress <{address}> is invalid")
