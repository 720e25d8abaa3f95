"""What is the contact list of an account, and what is on it?"""

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


# Limits and texts were probed on the real service, by others.
# https://docs.aws.amazon.com/ses/latest/dg/sending-email-list-management.html
CONTACT_LISTS = 1
MAX_TOPICS = 20
NAME_LENGTH = 64
DISPLAY_NAME_LENGTH = 128
DESCRIPTION_LENGTH = 500

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{NAME_LENGTH}}}")


class Topic(NamedTuple):
    """A topic of a contact list; `default` is `OPT_IN` or `OPT_OUT`."""

    name: str
    display_name: str
    default: str
    description: str | None = None


@dataclass(slots=True)
class Contact:
    """Somebody on a contact list; `topics` has the statuses that are the contact's own choice."""

    address: str
    created_at: datetime
    updated_at: datetime
    topics: dict[str, str] = field(default_factory=dict)
    unsubscribe_all: bool = False
    attributes: str | None = None


@dataclass(slots=True)
class ContactList:
    """A contact list, with its topics and contacts by name and address."""

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
        """The status in each topic of those who have not chosen."""
        return {name: topic.default for name, topic in self.topics.items()}


class ContactListState(Scope, Protocol):
    """The contact list of an account."""

    contact_lists: Collection[ContactList]


def store() -> Collection[ContactList]:
    """Return an empty store of contact lists."""
    return Collection("contact lists", missing=errors.ContactListDoesNotExist, limit=CONTACT_LISTS)


def create(
    account: ContactListState,
    name: str,
    topics: Sequence[Topic] = (),
    *,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> ContactList:
    """Make the contact list of the account.

    Raises:
        InvalidParameterValue: for a bad name of the list or a topic, for too much text or topics.
        TooManyContactLists: as its name says.
    """
    _check(name, topics, description)
    if account.contact_lists:
        raise errors.TooManyContactLists
    now = account.now()
    made = ContactList(name, now, now, description, _by_name(topics), dict(tags or {}))
    return account.contact_lists.put(name, made)


def find(account: ContactListState, name: str) -> ContactList:
    """The contact list of that name.

    Raises:
        InvalidParameterValue: for a name that none can have.
        ContactListDoesNotExist: as its name says.
    """
    _check_name("ContactListName", name)
    return account.contact_lists.find(name)


def update(
    account: ContactListState,
    name: str,
    topics: Sequence[Topic] | None = None,
    *,
    description: str | None = None,
) -> None:
    """Replace the topics or the description, or both, and keep what is not given.

    What contacts chose for topics that the list no longer has is forgotten.

    Raises:
        ContactListDoesNotExist: as its name says; otherwise see `create`.
    """
    _check(name, topics or (), description)
    found = account.contact_lists.find(name)
    if topics is not None:
        found.topics = _by_name(topics)
        for contact in found.contacts.values():
            contact.topics = {
                topic: status for topic, status in contact.topics.items() if topic in found.topics
            }
    if description is not None:
        found.description = description
    found.updated_at = account.now()


def delete(account: ContactListState, name: str) -> None:
    """Drop a contact list, and its contacts with it; refused like `find`."""
    account.contact_lists.remove(find(account, name).name)


def _by_name(topics: Sequence[Topic]) -> dict[str, Topic]:
    return {topic.name: topic for topic in topics}


def _check(name: str, topics: Sequence[Topic], description: str | None) -> None:
    _check_name("ContactListName", name)
    if len(topics) > MAX_TOPICS:
        raise errors.InvalidParameterValue(
            f"Maximum of <{MAX_TOPICS}> topics allowed per ContactList"
        )
    for place, topic in enumerate(topics):
        _check_topic(topic, topics[:place])
    if len(description or "") > DESCRIPTION_LENGTH:
        raise errors.InvalidParameterValue(
            f"List description can contain up to {DESCRIPTION_LENGTH} characters."
        )


def _check_topic(topic: Topic, before: Sequence[Topic]) -> None:
    _check_name("TopicName", topic.name)
    if len(topic.display_name) > DISPLAY_NAME_LENGTH:
        raise errors.InvalidParameterValue(
            f"Topic DisplayName can contain up to <{DISPLAY_NAME_LENGTH}> characters."
        )
    if any(topic.name == other.name for other in before):
        raise errors.InvalidParameterValue("Duplicate topic names are not allowed within a List.")


def _check_name(what: str, name: str) -> None:
    if not name.strip():
        raise errors.InvalidParameterValue(f"{what} can't be blank.")
    if not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(
            f"{what} can contain up to {NAME_LENGTH} characters. Only alphanumeric characters, "
            "underscores(_) and hyphens(-) are allowed."
        )
