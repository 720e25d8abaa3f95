"""The contact list of an account, with its topics and contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


# These limits and texts are those that others have observed in SES.
# https://docs.aws.amazon.com/ses/latest/dg/sending-email-list-management.html
MAX_CONTACT_LISTS = 1
MAX_TOPICS = 20
MAX_NAME_LENGTH = 64
MAX_DISPLAY_NAME_LENGTH = 128
MAX_DESCRIPTION_LENGTH = 500

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME_LENGTH}}}")


class Topic(NamedTuple):
    """A topic of a contact list; `default` is `OPT_IN` or `OPT_OUT`."""

    name: str
    display_name: str
    default: str
    description: str | None = None


@dataclass(slots=True)
class Contact:
    """A contact; `topics` contains its own preferences, without the defaults of the list."""

    address: str
    created_at: datetime
    updated_at: datetime
    topics: dict[str, str] = field(default_factory=dict)
    unsubscribe_all: bool = False
    attributes: str | None = None


@dataclass(slots=True)
class ContactList:
    """A contact list, with its topics by name and its contacts by address."""

    name: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    topics: dict[str, Topic] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    contacts: Collection[Contact] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.contacts = Collection(
            "contacts",
            missing=errors.ContactDoesNotExist,
            duplicate=errors.ContactAlreadyExists,
            order="name",
        )

    @property
    def defaults(self) -> dict[str, str]:
        """The default status of each topic, for contacts without a preference."""
        return {name: topic.default for name, topic in self.topics.items()}


class ContactListState(Scope, Protocol):
    """The contact list of an account."""

    contact_lists: Collection[ContactList]


def store() -> Collection[ContactList]:
    """Return an empty store of contact lists."""
    return Collection(
        "contact lists", missing=errors.ContactListDoesNotExist, limit=MAX_CONTACT_LISTS
    )


def create(
    account: ContactListState,
    name: str,
    topics: Sequence[Topic] = (),
    *,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> ContactList:
    """Create the contact list of the account.

    Raises:
        InvalidParameterValue: if the name of the list or of a topic is invalid, or if there are too
            many topics or a text is too long.
        TooManyContactLists: if the account already has a contact list.
    """
    _check(name, topics, description)
    if account.contact_lists:
        raise errors.TooManyContactLists
    now = account.now()
    contact_list = ContactList(name, now, now, description, _by_name(topics), dict(tags or {}))
    return account.contact_lists.put(name, contact_list)


def find(account: ContactListState, name: str) -> ContactList:
    """Return a contact list by name.

    Raises:
        InvalidParameterValue: if the name is invalid.
        ContactListDoesNotExist: if the contact list does not exist.
    """
    _check_name("ContactListName", name)
    return account.contact_lists.find(name)


def update(
    account: ContactListState,
    name: str,
    topics: Sequence[Topic] = (),
    *,
    description: str | None = None,
) -> None:
    """Replace the topics and the description; a value that is omitted is deleted.

    From the service model: "This operation does a complete replacement." The preferences of
    contacts for removed topics are deleted.

    Raises:
        InvalidParameterValue: for the same reasons as in `create`.
        ContactListDoesNotExist: if the contact list does not exist.
    """
    _check(name, topics, description)
    contact_list = account.contact_lists.find(name)
    contact_list.topics = _by_name(topics)
    for contact in contact_list.contacts.values():
        contact.topics = {
            topic: status
            for topic, status in contact.topics.items()
            if topic in contact_list.topics
        }
    contact_list.description = description
    contact_list.updated_at = account.now()


def delete(account: ContactListState, name: str) -> None:
    """Delete a contact list and its contacts.

    Raises:
        InvalidParameterValue: if the name is invalid.
        ContactListDoesNotExist: if the contact list does not exist.
    """
    account.contact_lists.remove(find(account, name).name)


def _by_name(topics: Sequence[Topic]) -> dict[str, Topic]:
    return {topic.name: topic for topic in topics}


def _check(name: str, topics: Sequence[Topic], description: str | None) -> None:
    _check_name("ContactListName", name)
    if len(topics) > MAX_TOPICS:
        raise errors.InvalidParameterValue(
            f"Maximum of <{MAX_TOPICS}> topics allowed per ContactList"
        )
    for index, topic in enumerate(topics):
        _check_topic(topic, topics[:index])
    if len(description or "") > MAX_DESCRIPTION_LENGTH:
        raise errors.InvalidParameterValue(
            f"List description can contain up to {MAX_DESCRIPTION_LENGTH} characters."
        )


def _check_topic(topic: Topic, earlier: Sequence[Topic]) -> None:
    _check_name("TopicName", topic.name)
    if len(topic.display_name) > MAX_DISPLAY_NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Topic DisplayName can contain up to <{MAX_DISPLAY_NAME_LENGTH}> characters."
        )
    if any(topic.name == other_topic.name for other_topic in earlier):
        raise errors.InvalidParameterValue("Duplicate topic names are not allowed within a List.")


def _check_name(member: str, name: str) -> None:
    if not name.strip():
        raise errors.InvalidParameterValue(f"{member} can't be blank.")
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"{member} can contain up to {MAX_NAME_LENGTH} characters. Only alphanumeric characters, "
            "underscores(_) and hyphens(-) are allowed."
        )
