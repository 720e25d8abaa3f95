"""How does API v2 keep the contacts of a list?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
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
    """Put a new contact on a list."""
    contacts.add(
        account,
        contact_list_name,
        email_address,
        _statuses(topic_preferences),
        unsubscribe_all=bool(unsubscribe_all),
        attributes=attributes_data,
    )


def get_contact(account: Account, *, contact_list_name: str, email_address: str) -> dict[str, Any]:
    """What a contact chose, which defaults hold besides, its attributes and times."""
    found, contact = contacts.find(account, contact_list_name, email_address)
    return {
        "ContactListName": found.name,
        **_summary(found, contact),
        **given(AttributesData=contact.attributes),
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
    """Change preferences topic by topic; the attributes and `UnsubscribeAll` are replaced."""
    contacts.update(
        account,
        contact_list_name,
        email_address,
        _statuses(topic_preferences),
        unsubscribe_all=bool(unsubscribe_all),
        attributes=attributes_data,
    )


def delete_contact(account: Account, *, contact_list_name: str, email_address: str) -> None:
    """Take a contact off a list."""
    contacts.remove(account, contact_list_name, email_address)


def list_contacts(
    account: Account,
    *,
    contact_list_name: str,
    filter: dict[str, Any] | None = None,
    page_size: int | None = None,
    next_token: str | None = None,
) -> dict[str, Any]:
    """The contacts of a list by address, filtered by their status in a topic or at all."""
    pages = paging.V2_CONTACTS
    # SES looks at the page size before the filter, and at both before it looks for the list.
    size = pages.size(page_size)
    wanted = None if filter is None else _filter(filter)
    found = contact_lists.find(account, contact_list_name)
    where = None if wanted is None else contacts.matching(found, wanted)
    shown, token = pages.page(account, found.contacts, size, next_token, where)
    return {"Contacts": [_summary(found, one) for one in shown], **paging.next_token(token)}


def _filter(given_: Mapping[str, Any]) -> contacts.Filter:
    topic = given_.get("TopicFilter")
    if topic is None:
        return contacts.checked_filter(given_.get("FilteredStatus"))
    return contacts.checked_filter(
        given_.get("FilteredStatus"),
        topic.get("TopicName", ""),
        use_default=bool(topic.get("UseDefaultIfPreferenceUnavailable")),
    )


def _statuses(preferences: Preferences | None) -> dict[str, str]:
    return {one["TopicName"]: one["SubscriptionStatus"] for one in preferences or ()}


def _preferences(statuses: Mapping[str, str]) -> Preferences | None:
    """The statuses as SES lists them; it leaves an empty list out."""
    listed = [
        {"TopicName": topic, "SubscriptionStatus": status} for topic, status in statuses.items()
    ]
    return listed or None


def _summary(found: ContactList, contact: Contact) -> dict[str, Any]:
    defaults = {
        topic: status for topic, status in found.defaults.items() if topic not in contact.topics
    }
    return {
        "EmailAddress": contact.address,
        **given(
            TopicPreferences=_preferences(contact.topics),
            TopicDefaultPreferences=_preferences(defaults),
        ),
        "UnsubscribeAll": contact.unsubscribe_all,
        "LastUpdatedTimestamp": contact.updated_at,
    }
