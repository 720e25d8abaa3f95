"""Contact lists: their rules, and what they keep."""

from datetime import timedelta

import pytest

from pytest_ses.domain import contact_lists, contacts, errors
from pytest_ses.domain.contact_lists import Topic

NEWS = Topic("news", "News", "OPT_IN")
DEALS = Topic("deals", "Deals", "OPT_OUT", "What is cheap")

BAD_NAME = (
    "{what} can contain up to 64 characters. Only alphanumeric characters, underscores(_) and "
    "hyphens(-) are allowed."
)


def refused(kind, message, call, *args, **params):
    """Hold kind and text of a refusal."""
    with pytest.raises(kind) as caught:
        call(*args, **params)
    assert (kind, message) == (type(caught.value), caught.value.message)


def test_create(account):
    """A list keeps all that is said of it, and when."""
    made = contact_lists.create(
        account, "friends", [NEWS, DEALS], description="All of them", tags={"team": "post"}
    )

    assert made is account.contact_lists["friends"] is contact_lists.find(account, "friends")
    assert ("friends", "All of them", {"team": "post"}) == (made.name, made.description, made.tags)
    assert {"news": NEWS, "deals": DEALS} == made.topics
    assert {"news": "OPT_IN", "deals": "OPT_OUT"} == made.defaults
    assert made.created_at == made.updated_at <= account.now()
    assert {} == dict(made.contacts)


@pytest.mark.parametrize("name", ["friends", "others"])
def test_one_list(account, name):
    """An account has one contact list; a second one is refused whatever its name."""
    contact_lists.create(account, "friends")

    refused(
        errors.TooManyContactLists,
        "A maximum of 1 Lists allowed per account.",
        contact_lists.create,
        account,
        name,
    )


def test_the_place_is_free_again(account):
    """Where the list is deleted another may be made, and its contacts are gone."""
    contact_lists.create(account, "friends")
    contacts.enroll(account, "friends", "ada@example.com")

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
    """A list that is not there is missed; a name that none can have is refused before."""
    refused(kind, message, call, account, name)


@pytest.mark.parametrize(
    ("wrong", "message"),
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
def test_rules(account, call, wrong, message):
    """Names, topics and texts have limits, whether a list is made or changed."""
    params = {"name": "friends", "topics": [NEWS], **wrong}

    refused(errors.InvalidParameterValue, message, call, account, **params)
    assert {} == dict(account.contact_lists)


def test_the_limits_themselves(account):
    """What just fits is accepted."""
    topics = [Topic(f"{n:064}", "x" * 128, "OPT_IN") for n in range(20)]

    made = contact_lists.create(account, "_-" * 32, topics, description="x" * 500)

    assert 20 == len(made.topics)


def test_the_name_is_looked_at_first(account):
    """Of several faults that of the name is told, then that of the topics."""
    many, long = [NEWS] * 21, "x" * 501

    refused(
        errors.InvalidParameterValue,
        "ContactListName can't be blank.",
        contact_lists.create,
        account,
        "",
        many,
        description=long,
    )
    refused(
        errors.InvalidParameterValue,
        "Maximum of <20> topics allowed per ContactList",
        contact_lists.create,
        account,
        "friends",
        many,
        description=long,
    )


@pytest.mark.parametrize(
    ("params", "topics", "description"),
    [
        ({}, ["news", "deals"], "old"),
        ({"description": "new"}, ["news", "deals"], "new"),
        ({"topics": [DEALS]}, ["deals"], "old"),
        ({"topics": [], "description": ""}, [], ""),
    ],
)
def test_update(account, params, topics, description):
    """What is given is replaced, what is not stays; the time is noted in any case."""
    made = contact_lists.create(account, "friends", [NEWS, DEALS], description="old")
    account.clock.advance(hours=1)

    contact_lists.update(account, "friends", **params)

    assert (topics, description) == (list(made.topics), made.description)
    assert timedelta(minutes=59) < made.updated_at - made.created_at


def test_preferences_go_with_their_topic(account):
    """A topic that comes back finds nobody who had chosen."""
    made = contact_lists.create(account, "friends", [NEWS, DEALS])
    contacts.add(account, "friends", "ada@example.com", {"news": "OPT_OUT", "deals": "OPT_IN"})

    contact_lists.update(account, "friends", [DEALS])
    contact_lists.update(account, "friends", [NEWS, DEALS])

    assert {"deals": "OPT_IN"} == made.contacts["ada@example.com"].topics
