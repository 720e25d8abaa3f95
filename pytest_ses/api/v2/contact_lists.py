"""How does API v2 keep contact lists?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain import resource_tags
from pytest_ses.domain.lists import contact_lists
from pytest_ses.domain.lists.contact_lists import Topic

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account

Topics = list[dict[str, str]]


def create_contact_list(
    account: Account,
    *,
    contact_list_name: str,
    topics: Topics | None = None,
    description: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> None:
    """Make the contact list of the account, which can have one."""
    contact_lists.create(
        account,
        contact_list_name,
        _topics(topics or []),
        description=description,
        tags=resource_tags.checked(tags),
    )


def get_contact_list(account: Account, *, contact_list_name: str) -> dict[str, Any]:
    """The topics, description, times and tags of a contact list."""
    found = contact_lists.find(account, contact_list_name)
    return {
        "ContactListName": found.name,
        **given(
            Topics=[_described(topic) for topic in found.topics.values()] or None,
            Description=found.description,
        ),
        "CreatedTimestamp": found.created_at,
        "LastUpdatedTimestamp": found.updated_at,
        "Tags": resource_tags.listed(found.tags),
    }


def update_contact_list(
    account: Account,
    *,
    contact_list_name: str,
    topics: Topics | None = None,
    description: str | None = None,
) -> None:
    """Replace the topics or the description of a contact list; what is left out stays."""
    wanted = None if topics is None else _topics(topics)
    contact_lists.update(account, contact_list_name, wanted, description=description)


def delete_contact_list(account: Account, *, contact_list_name: str) -> None:
    """Drop a contact list with all its contacts."""
    contact_lists.delete(account, contact_list_name)


def list_contact_lists(
    account: Account, *, page_size: int | None = None, next_token: str | None = None
) -> dict[str, Any]:
    """The contact list of the account, if it has one."""
    found, token = paging.V2_CONTACT_LISTS.page(
        account, account.contact_lists, page_size, next_token
    )
    listed = [
        {"ContactListName": one.name, "LastUpdatedTimestamp": one.updated_at} for one in found
    ]
    return {"ContactLists": listed, **paging.next_token(token)}


def _topics(topics: Topics) -> list[Topic]:
    return [
        Topic(
            topic["TopicName"],
            topic["DisplayName"],
            topic["DefaultSubscriptionStatus"],
            topic.get("Description"),
        )
        for topic in topics
    ]


def _described(topic: Topic) -> dict[str, str]:
    return given(
        TopicName=topic.name,
        DisplayName=topic.display_name,
        Description=topic.description,
        DefaultSubscriptionStatus=topic.default,
    )
