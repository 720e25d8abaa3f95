"""Contact lists: limits, and what they store."""

from datetime import timedelta

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.lists import contact_lists, contacts
from pytest_ses.domain.lists.contact_lists import Topic

NEWS = Topic("news", "News", "OPT_IN")
DEALS = Topic("deals", "Deals", "OPT_OUT", "What is cheap")

BAD_NAME = (
    "{what} can contain up to 64 characters. Only alphanumeric characters, underscores(_) and "
    "hyphens(-) are allowed."
)


def assert_error(kind, message, call, *args, **params):
    """Assert the class and the message of an error."""
    with pytest.raises(kind) as caught:
        call(*args, **params)
    assert (kind, message) == (type(caught.value), caught.value.message)


def test_create(account):
    """A contact list stores its topics, texts and tags, and when it was created."""
    contact_list = contact_lists.create(
        account, "friends", [NEWS, DEALS], description="All of them", tags={"team": "post"}
    )

    assert (
        contact_list is account.contact_lists["friends"] is contact_lists.find(account, "friends")
    )
    assert ("friends", "All of them", {"team": "post"}) == (
        contact_list.name,
        contact_list.description,
        contact_list.tags,
    )
    assert {"news": NEWS, "deals": DEALS} == contact_list.topics
    assert {"news": "OPT_IN", "deals": "OPT_OUT"} == contact_list.defaults
    assert contact_list.created_at == contact_list.updated_at <= account.now()
    assert {} == dict(contact_list.contacts)


@pytest.mark.parametrize("name", ["friends", "others"])
def test_one_list(account, name):
    """An account has one contact list; a second one is rejected whatever its name."""
    contact_lists.create(account, "friends")

    assert_error(
        errors.TooManyContactLists,
        "A maximum of 1 Lists allowed per account.",
        contact_lists.create,
        account,
        name,
    )


def test_create_after_delete(account):
    """After a list is deleted, another one can be created, without the old contacts."""
    contact_lists.create(account, "friends")
    contacts.find_or_add(account, "friends", "ada@example.com")

    contact_lists.delete(account, "friends")

    assert {} == dict(contact_lists.create(account, "friends").contacts)


@pytest.mark.parametrize(
    "call",
    [contact_lists.find, contact_lists.update, contact_lists.delete],
    ids=lambda c: c.__name__,
)
@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (errors.ContactListDoesNotExist, "others", "List with name: others doesn't exist."),
        (errors.InvalidParameterValue, " ", "ContactListName can't be blank."),
        (errors.InvalidParameterValue, "a b", BAD_NAME.format(what="ContactListName")),
    ],
)
def test_missing(account, call, kind, name, message):
    """A missing list is an error; an invalid name is rejected before the list is looked up."""
    assert_error(kind, message, call, account, name)


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        ({"name": ""}, "ContactListName can't be blank."),
        ({"name": "x" * 65}, BAD_NAME.format(what="ContactListName")),
        ({"name": "ü"}, BAD_NAME.format(what="ContactListName")),
        ({"name": "a\n"}, BAD_NAME.format(what="ContactListName")),
        (
            {"topics": [Topic(f"t{n}", "T", "OPT_IN") for n in range(21)]},
            "Maximum of <20> topics allowed per ContactList",
        ),
        ({"topics": [Topic(" ", "T", "OPT_IN")]}, "TopicName can't be blank."),
        ({"topics": [Topic("a.b", "T", "OPT_IN")]}, BAD_NAME.format(what="TopicName")),
        (
            {"topics": [NEWS, Topic("t", "x" * 129, "OPT_IN")]},
            "Topic DisplayName can contain up to <128> characters.",
        ),
        (
            {"topics": [NEWS, DEALS, NEWS]},
            "Duplicate topic names are not allowed within a List.",
        ),
        ({"description": "x" * 501}, "List description can contain up to 500 characters."),
    ],
)
@pytest.mark.parametrize("call", [contact_lists.create, contact_lists.update])
def test_limits(account, call, invalid, message):
    """Names, topics and texts have limits, both on creation and on update."""
    params = {"name": "friends", "topics": [NEWS], **invalid}

    assert_error(errors.InvalidParameterValue, message, call, account, **params)
    assert {} == dict(account.contact_lists)


def test_largest_values(account):
    """Values at the limits are accepted."""
    topics = [Topic(f"{n:064}", "x" * 128, "OPT_IN") for n in range(20)]

    contact_list = contact_lists.create(account, "_-" * 32, topics, description="x" * 500)

    assert 20 == len(contact_list.topics)


def test_the_name_is_checked_first(account):
    """The name is checked first, then the topics, then the description."""
    topics, description = [NEWS] * 21, "x" * 501

    assert_error(
        errors.InvalidParameterValue,
        "ContactListName can't be blank.",
        contact_lists.create,
        account,
        "",
        topics,
        description=description,
    )
    assert_error(
        errors.InvalidParameterValue,
        "Maximum of <20> topics allowed per ContactList",
        contact_lists.create,
        account,
        "friends",
        topics,
        description=description,
    )


@pytest.mark.parametrize(
    ("params", "topics", "description"),
    [
        ({}, [], None),
        ({"description": "new"}, [], "new"),
        ({"topics": [DEALS]}, ["deals"], None),
        ({"topics": [], "description": ""}, [], ""),
    ],
)
def test_update(account, params, topics, description):
    """An update replaces topics and description, even if they are omitted, and sets the time."""
    contact_list = contact_lists.create(account, "friends", [NEWS, DEALS], description="old")
    account.clock.advance(hours=1)

    contact_lists.update(account, "friends", **params)

    assert (topics, description) == (list(contact_list.topics), contact_list.description)
    assert timedelta(minutes=59) < contact_list.updated_at - contact_list.created_at


def test_preferences_are_removed_with_their_topic(account):
    """A topic that is removed and added again has no preferences."""
    contact_list = contact_lists.create(account, "friends", [NEWS, DEALS])
    contacts.add(account, "friends", "ada@example.com", {"news": "OPT_OUT", "deals": "OPT_IN"})

    contact_lists.update(account, "friends", [DEALS])
    contact_lists.update(account, "friends", [NEWS, DEALS])

    assert {"deals": "OPT_IN"} == contact_list.contacts["ada@example.com"].topics
