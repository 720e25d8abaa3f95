"""The operations of API v2 on the contacts of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain.lists import contact_lists, contacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.lists.contact_lists import Contact, ContactList

Preferences = list[dict[str, str]]


def create_contact(
    account: Account,
    *,
    contact_list_name: str,
    email_address: str,
    topic_preferences: Preferences | None = None,
    unsubscribe_all: bool | None = None,
    attributes_data: str | None = None,
) -> None:
    """Add a contact to a contact list."""
    contacts.add(
        account,
        contact_list_name,
        email_address,
        _statuses(topic_preferences),
        unsubscribe_all=bool(unsubscribe_all),
        attributes=attributes_data,
    )


def get_contact(account: Account, *, contact_list_name: str, email_address: str) -> dict[str, Any]:
    """Return a contact's preferences, topic defaults, attributes and timestamps."""
    contact_list, contact = contacts.find(account, contact_list_name, email_address)
    return {
        "ContactListName": contact_list.name,
        **_summary(contact_list, contact),
        **without_none(AttributesData=contact.attributes),
        "CreatedTimestamp": contact.created_at,
    }


def update_contact(
    account: Account,
    *,
    contact_list_name: str,
    email_address: str,
    topic_preferences: Preferences | None = None,
    unsubscribe_all: bool | None = None,
    attributes_data: str | None = None,
) -> None:
    """Change the given topic preferences; replace `AttributesData` and `UnsubscribeAll`."""
    contacts.update(
        account,
        contact_list_name,
        email_address,
        _statuses(topic_preferences),
        unsubscribe_all=bool(unsubscribe_all),
        attributes=attributes_data,
    )


def delete_contact(account: Account, *, contact_list_name: str, email_address: str) -> None:
    """Remove a contact from a contact list."""
    contacts.remove(account, contact_list_name, email_address)


def list_contacts(
    account: Account,
    *,
    contact_list_name: str,
    filter: dict[str, Any] | None = None,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """List all contacts of a list, or those with a given status, sorted by address."""
    pages = paging.V2_CONTACTS
    # SES checks the page size first, then the filter, then whether the list exists.
    size = pages.size(page_size)
    checked_filter = None if filter is None else _filter(filter)
    contact_list = contact_lists.find(account, contact_list_name)
    where = None if checked_filter is None else contacts.matching(contact_list, checked_filter)
    page, token = pages.page(account, contact_list.contacts, size, next_token, where)
    return {
        "Contacts": [_summary(contact_list, contact) for contact in page],
        **paging.next_token(token),
    }


def _filter(members: Mapping[str, Any]) -> contacts.Filter:
    topic = members.get("TopicFilter")
    if topic is None:
        return contacts.checked_filter(members.get("FilteredStatus"))
    return contacts.checked_filter(
        members.get("FilteredStatus"),
        topic.get("TopicName", ""),
        use_default=bool(topic.get("UseDefaultIfPreferenceUnavailable")),
    )


def _statuses(preferences: Preferences | None) -> dict[str, str]:
    return {
        preference["TopicName"]: preference["SubscriptionStatus"]
        for preference in preferences or ()
    }


def _preferences(statuses: Mapping[str, str]) -> Preferences:
    return [
        {"TopicName": topic, "SubscriptionStatus": status} for topic, status in statuses.items()
    ]


def _summary(contact_list: ContactList, contact: Contact) -> dict[str, Any]:
    defaults = {
        topic: status
        for topic, status in contact_list.defaults.items()
        if topic not in contact.topics
    }
    return {
        "EmailAddress": contact.address,
        "TopicPreferences": _preferences(contact.topics),
        "TopicDefaultPreferences": _preferences(defaults),
        "UnsubscribeAll": contact.unsubscribe_all,
        "LastUpdatedTimestamp": contact.updated_at,
    }
