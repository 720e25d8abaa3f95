"""The contacts of a contact list and their preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import addresses, errors, formats
from pytest_ses.domain.lists import contact_lists
from pytest_ses.domain.lists.contact_lists import Contact, ContactList, ContactListState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_ses.domain.collection import Collection


OPT_IN, OPT_OUT = "OPT_IN", "OPT_OUT"


class Preferences(NamedTuple):
    """The effective preferences of a recipient.

    `unsubscribe_all` is true if the recipient has left the whole list; `topics` maps each topic to
    `OPT_IN` or `OPT_OUT`.
    """

    unsubscribe_all: bool
    topics: dict[str, str]


class Filter(NamedTuple):
    """A filter of contacts by their status in a topic, or in the list as a whole.

    A contact without a preference for the topic has no status, or the topic's default status if
    `use_default` is true.
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
    """Add a contact to a list; `topics` contains its preferences.

    Raises:
        InvalidParameterValue: if the address, the name of the list or the attributes are invalid.
        ContactListDoesNotExist: if the contact list does not exist.
        UnknownTopic: if one of the topics is not in the list.
        ContactAlreadyExists: if the list already has a contact with the address.
    """
    contact_list = _checked_list(account, list_name, address, topics)
    _check_attributes(attributes)
    now = account.now()
    contact = Contact(address, now, now, dict(topics), unsubscribe_all, attributes)
    return contact_list.contacts.add(address, contact)


def find(account: ContactListState, list_name: str, address: str) -> tuple[ContactList, Contact]:
    """Return a list and its contact with exactly this address.

    Raises:
        InvalidParameterValue: if the address or the name of the list is invalid.
        ContactListDoesNotExist: if the contact list does not exist.
        ContactDoesNotExist: if the list has no contact with the address.
    """
    contact_list = _checked_list(account, list_name, address)
    return contact_list, contact_list.contacts.find(address)


def update(
    account: ContactListState,
    list_name: str,
    address: str,
    topics: Mapping[str, str],
    *,
    unsubscribe_all: bool = False,
    attributes: str | None = None,
) -> None:
    """Merge the preferences of a contact topic by topic, and replace its other values.

    Raises:
        InvalidParameterValue: if the address, the name of the list or the attributes are invalid.
        ContactListDoesNotExist: if the contact list does not exist.
        UnknownTopic: if one of the topics is not in the list.
        ContactDoesNotExist: if the list has no contact with the address.
    """
    contact_list = _checked_list(account, list_name, address, topics)
    _check_attributes(attributes)
    contact = contact_list.contacts.find(address)
    contact.topics.update(topics)
    contact.unsubscribe_all = unsubscribe_all
    contact.attributes = attributes
    contact.updated_at = account.now()


def remove(account: ContactListState, list_name: str, address: str) -> None:
    """Remove a contact from a list; raises the same errors as `find`."""
    contact_list, contact = find(account, list_name, address)
    contact_list.contacts.remove(contact.address)


def checked_filter(
    status: str | None, topic: str | None = None, *, use_default: bool = False
) -> Filter:
    """Return the filter of a request.

    Raises:
        InvalidParameterValue: if there is no status, or if the topic is blank.
    """
    if status is None:
        raise errors.InvalidParameterValue("Invalid FilteredStatus <null>")
    if topic is not None and not topic.strip():
        raise errors.InvalidParameterValue("TopicName can't be blank in TopicFilter.")
    return Filter(status, topic, use_default)


def matching(contact_list: ContactList, contact_filter: Filter) -> Callable[[Contact], bool]:
    """Return a predicate for the contacts of the list that match a filter.

    Raises:
        TopicDoesNotExist: if the list does not have the topic.
    """
    if contact_filter.topic is not None and contact_filter.topic not in contact_list.topics:
        raise errors.TopicDoesNotExist(contact_list=contact_list.name, name=contact_filter.topic)
    return lambda contact: _status(contact_list, contact, contact_filter) == contact_filter.status


def check_list_and_topic(account: ContactListState, list_name: str, topic: str | None) -> None:
    """Check that the contact list of a send request exists and has the topic.

    Raises:
        ContactListDoesNotExist: if the contact list does not exist.
        UnknownTopic: if the list does not have the topic.
    """
    contact_list = account.contact_lists.find(list_name)
    _check_topics(contact_list, () if topic is None else (topic,))


def find_or_add(account: ContactListState, list_name: str, address: str) -> Contact:
    """Return the contact with a bare address, ignoring case; add it if there is none.

    Raises:
        ContactListDoesNotExist: if the contact list does not exist.
    """
    contact_list = account.contact_lists.find(list_name)
    now = account.now()
    return _matching_contact(contact_list, address) or contact_list.contacts.put(
        address, Contact(address, now, now)
    )


def is_opted_out(
    contact_lists: Collection[ContactList], list_name: str, topic: str | None, address: str
) -> bool:
    """Whether a bare address has opted out of a list, or of one of its topics.

    Without a preference, the default of the topic applies. If the list was deleted after the
    message was accepted, the address has not opted out.
    """
    contact_list = contact_lists.get(list_name)
    if contact_list is None:
        return False
    preferences = _preferences(contact_list, _matching_contact(contact_list, address))
    if topic is not None and preferences.topics.get(topic) == OPT_OUT:
        return True
    return preferences.unsubscribe_all


def unsubscribe(
    account: ContactListState, list_name: str, topic: str | None, address: str
) -> tuple[Preferences, Preferences]:
    """Opt a bare address out of a topic, or of the whole list if there is no topic.

    Returns:
        The preferences of the recipient before and after.

    Raises:
        ContactListDoesNotExist: if the contact list does not exist.
        UnknownTopic: if the list does not have the topic.
    """
    check_list_and_topic(account, list_name, topic)
    contact_list = account.contact_lists.find(list_name)
    contact = find_or_add(account, list_name, address)
    before = _preferences(contact_list, contact)
    if topic is None:
        contact.unsubscribe_all = True
    else:
        contact.topics[topic] = OPT_OUT
    contact.updated_at = account.now()
    return before, _preferences(contact_list, contact)


def _preferences(contact_list: ContactList, contact: Contact | None) -> Preferences:
    if contact is None:
        return Preferences(False, contact_list.defaults)
    return Preferences(contact.unsubscribe_all, contact_list.defaults | contact.topics)


def _matching_contact(contact_list: ContactList, address: str) -> Contact | None:
    exact = contact_list.contacts.get(address)
    if exact is not None:
        return exact
    lowered = address.lower()
    return next(
        (
            contact
            for listed_address, contact in contact_list.contacts.items()
            if listed_address.lower() == lowered
        ),
        None,
    )


def _status(contact_list: ContactList, contact: Contact, contact_filter: Filter) -> str | None:
    if contact.unsubscribe_all:
        return OPT_OUT
    if contact_filter.topic is None:
        return OPT_IN
    default = contact_list.defaults[contact_filter.topic] if contact_filter.use_default else None
    return contact.topics.get(contact_filter.topic, default)


def _checked_list(
    account: ContactListState, list_name: str, address: str, topics: Iterable[str] = ()
) -> ContactList:
    """Return the contact list of a request after checking the request in SES's order."""
    _check_address(address)
    contact_list = contact_lists.find(account, list_name)
    _check_topics(contact_list, topics)
    return contact_list


def _check_topics(contact_list: ContactList, topics: Iterable[str]) -> None:
    for topic in topics:
        if topic not in contact_list.topics:
            raise errors.UnknownTopic(contact_list=contact_list.name, name=topic)


def _check_attributes(attributes: str | None) -> None:
    """Reject attributes that are not a JSON object. (The text is our own.)"""
    if attributes is not None and formats.json_object(attributes) is None:
        raise errors.InvalidParameterValue("AttributesData must be a JSON object.")


def _check_address(address: str) -> None:
    if not address.strip():
        raise errors.InvalidParameterValue("EmailAddress can't be blank.")
    if not addresses.is_bare(address):
        raise errors.InvalidParameterValue(f"EmailAddress <{address}> is invalid")
