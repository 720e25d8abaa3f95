"""The operations of API v2 on contact lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
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
    """Create the contact list of the account; an account can have only one."""
    contact_lists.create(
        account,
        contact_list_name,
        _topics(topics or []),
        description=description,
        tags=resource_tags.parse(tags),
    )


def get_contact_list(account: Account, *, contact_list_name: str) -> dict[str, Any]:
    """Return the topics, description, timestamps and tags of a contact list."""
    contact_list = contact_lists.find(account, contact_list_name)
    return {
        "ContactListName": contact_list.name,
        "Topics": [_described(topic) for topic in contact_list.topics.values()],
        **without_none(Description=contact_list.description),
        "CreatedTimestamp": contact_list.created_at,
        "LastUpdatedTimestamp": contact_list.updated_at,
        "Tags": resource_tags.to_list(contact_list.tags),
    }


def update_contact_list(
    account: Account,
    *,
    contact_list_name: str,
    topics: Topics | None = None,
    description: str | None = None,
) -> None:
    """Replace the topics and the description of a contact list; omitted values are deleted."""
    contact_lists.update(account, contact_list_name, _topics(topics or []), description=description)


def delete_contact_list(account: Account, *, contact_list_name: str) -> None:
    """Delete a contact list and its contacts."""
    contact_lists.delete(account, contact_list_name)


def list_contact_lists(
    account: Account, *, page_size: int | None = None, next_token: str | None = None
) -> dict[str, Any]:
    """List the contact list of the account, if it has one."""
    page, token = paging.V2_CONTACT_LISTS.page(
        account, account.contact_lists, page_size, next_token
    )
    summaries = [
        {"ContactListName": contact_list.name, "LastUpdatedTimestamp": contact_list.updated_at}
        for contact_list in page
    ]
    return {"ContactLists": summaries, **paging.next_token(token)}


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
    return without_none(
        TopicName=topic.name,
        DisplayName=topic.display_name,
        Description=topic.description,
        DefaultSubscriptionStatus=topic.default,
    )
