"""Contacts: their preferences, and the effect of preferences on sends."""

from datetime import timedelta

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.lists import contact_lists, contacts
from pytest_ses.domain.lists.contact_lists import Topic
from pytest_ses.domain.lists.contacts import Filter, Preferences

ADA = "ada@example.com"
IN, OUT = "OPT_IN", "OPT_OUT"


@pytest.fixture(name="friends")
def _friends(account):
    """A list with an opt-in topic and an opt-out topic."""
    return contact_lists.create(
        account, "friends", [Topic("tin", "In", IN), Topic("tout", "Out", OUT)]
    )


def assert_error(kind, message, call, *args, **params):
    """Assert the class and the message of an error."""
    with pytest.raises(kind) as caught:
        call(*args, **params)
    assert (kind, message) == (type(caught.value), caught.value.message)


def change(account, list_name, address, topics=None):
    """Update a contact, by default without topics."""
    contacts.update(account, list_name, address, topics or {})


def make(account, list_name, address, topics=None):
    """Add a contact, by default without topics."""
    contacts.add(account, list_name, address, topics or {})


CALLS = [make, change, contacts.find, contacts.remove]


def test_add(account, friends):
    """A contact stores its preferences, its attributes, and when it was created."""
    contact = contacts.add(
        account, "friends", ADA, {"tin": OUT}, unsubscribe_all=True, attributes="{}"
    )

    assert (friends, contact) == contacts.find(account, "friends", ADA)
    assert (ADA, {"tin": OUT}, True, "{}") == (
        contact.address,
        contact.topics,
        contact.unsubscribe_all,
        contact.attributes,
    )
    assert contact.created_at == contact.updated_at <= account.now()


def test_update(account, friends):
    """An update changes single topics and replaces everything else."""
    contact = contacts.add(
        account, "friends", ADA, {"tin": OUT}, unsubscribe_all=True, attributes="{}"
    )
    account.clock.advance(hours=1)

    contacts.update(account, "friends", ADA, {"tout": IN})

    assert ({"tin": OUT, "tout": IN}, False, None) == (
        contact.topics,
        contact.unsubscribe_all,
        contact.attributes,
    )
    assert timedelta(minutes=59) < contact.updated_at - contact.created_at


def test_remove(account, friends):
    """A removed contact no longer exists."""
    contacts.add(account, "friends", ADA, {})

    contacts.remove(account, "friends", ADA)

    assert {} == dict(friends.contacts)


def test_duplicate(account, friends):
    """An address that is on the list already is rejected."""
    make(account, "friends", ADA)

    assert_error(
        errors.ContactAlreadyExists,
        f"{ADA} already exists in List.",
        make,
        account,
        "friends",
        ADA,
    )


@pytest.mark.parametrize("call", [change, contacts.find, contacts.remove])
@pytest.mark.parametrize("address", ["bob@example.com", "Ada@example.com"])
def test_missing(account, friends, call, address):
    """A missing contact is an error; the address must match exactly."""
    make(account, "friends", ADA)

    assert_error(
        errors.ContactDoesNotExist,
        f"{address} doesn't exist in List.",
        call,
        account,
        "friends",
        address,
    )


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "EmailAddress can't be blank."),
        (" ", "EmailAddress can't be blank."),
        ("ada", "EmailAddress <ada> is invalid"),
        (f"Ada <{ADA}>", f"EmailAddress <Ada <{ADA}>> is invalid"),
        (f" {ADA}", f"EmailAddress < {ADA}> is invalid"),
    ],
)
def test_the_address_is_checked_first(account, call, address, message):
    """The address must be bare and valid, which is checked before the list is looked up."""
    assert_error(errors.InvalidParameterValue, message, call, account, "nowhere", address)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (errors.ContactListDoesNotExist, "others", "List with name: others doesn't exist."),
        (errors.InvalidParameterValue, "", "ContactListName can't be blank."),
    ],
)
def test_missing_list(account, friends, call, kind, name, message):
    """The list of a contact must exist."""
    assert_error(kind, message, call, account, name, ADA)


@pytest.mark.parametrize("call", [make, change])
def test_unknown_topic(account, friends, call):
    """An unknown topic is rejected before the contact is looked up."""
    assert_error(
        errors.UnknownTopic,
        "List: friends doesn't contain Topic: nope",
        call,
        account,
        "friends",
        ADA,
        {"tin": IN, "nope": IN},
    )


class TestFilter:
    """The contacts and results are those of a probe of the real service."""

    CONTACTS = {
        "c1": ({"tin": OUT, "tout": IN}, False),
        "c2": ({"tin": IN, "tout": OUT}, False),
        "c3": ({}, False),
        "c4": ({}, True),
        "c5": ({"tin": IN, "tout": IN}, True),
        "c6": ({"tin": OUT}, False),
        "c7": ({"tout": IN}, False),
    }

    @pytest.mark.parametrize(
        ("filter_", "expected"),
        [
            (Filter(IN), "c1 c2 c3 c6 c7"),
            (Filter(OUT), "c4 c5"),
            (Filter(IN, "tin"), "c2"),
            (Filter(IN, "tin", True), "c2 c3 c7"),
            (Filter(OUT, "tin"), "c1 c4 c5 c6"),
            (Filter(OUT, "tin", True), "c1 c4 c5 c6"),
            (Filter(IN, "tout"), "c1 c7"),
            (Filter(IN, "tout", True), "c1 c7"),
            (Filter(OUT, "tout"), "c2 c4 c5"),
            (Filter(OUT, "tout", True), "c2 c3 c4 c5 c6"),
        ],
    )
    def test_matching(self, account, friends, filter_, expected):
        """The status of a contact is its own preference for list or topic, or else the default."""
        for name, (topics, unsubscribe_all) in self.CONTACTS.items():
            contacts.add(
                account, "friends", f"{name}@x.org", topics, unsubscribe_all=unsubscribe_all
            )

        matches = contacts.matching(friends, filter_)

        assert expected.split() == [
            contact.address.partition("@")[0]
            for contact in friends.contacts.values()
            if matches(contact)
        ]

    def test_unknown_topic(self, friends):
        """A filter by an unknown topic is rejected."""
        assert_error(
            errors.TopicDoesNotExist,
            "List: friends doesn't contain Topic: nope",
            contacts.matching,
            friends,
            Filter(IN, "nope"),
        )

    def test_valid(self):
        """A filter has a status and optionally a topic."""
        assert Filter(IN) == contacts.checked_filter(IN)
        assert Filter(OUT, "tin", True) == contacts.checked_filter(OUT, "tin", use_default=True)

    @pytest.mark.parametrize(
        ("status", "topic", "message"),
        [
            (None, None, "Invalid FilteredStatus <null>"),
            (None, "tin", "Invalid FilteredStatus <null>"),
            (IN, "", "TopicName can't be blank in TopicFilter."),
            (IN, " ", "TopicName can't be blank in TopicFilter."),
        ],
    )
    def test_incomplete(self, status, topic, message):
        """A filter without a status, or with a blank topic, is rejected."""
        assert_error(errors.InvalidParameterValue, message, contacts.checked_filter, status, topic)


class TestSending:
    @pytest.mark.parametrize("topic", [None, "tin"])
    def test_check(self, account, friends, topic):
        """A send can name the list and one of its topics; the check adds no contact."""
        contacts.check_list_and_topic(account, "friends", topic)

        assert {} == dict(friends.contacts)

    @pytest.mark.parametrize("call", [contacts.check_list_and_topic, contacts.unsubscribe])
    @pytest.mark.parametrize(
        ("name", "topic", "kind", "message"),
        [
            (
                "others",
                "tin",
                errors.ContactListDoesNotExist,
                "List with name: others doesn't exist.",
            ),
            ("friends", "nope", errors.UnknownTopic, "List: friends doesn't contain Topic: nope"),
        ],
    )
    def test_unknown(self, account, friends, call, name, topic, kind, message):
        """An unknown list or topic is rejected, and no contact is added."""
        address = [] if call is contacts.check_list_and_topic else [ADA]

        assert_error(kind, message, call, account, name, topic, *address)
        assert {} == dict(friends.contacts)

    def test_find_or_add(self, account, friends):
        """A recipient becomes a contact without preferences."""
        contact = contacts.find_or_add(account, "friends", ADA)

        assert (ADA, {}, False, None) == (
            contact.address,
            contact.topics,
            contact.unsubscribe_all,
            contact.attributes,
        )
        assert contact.created_at == contact.updated_at <= account.now()
        assert contact is friends.contacts[ADA]

    @pytest.mark.parametrize("spelling", [ADA, "ADA@Example.com"])
    def test_find_or_add_keeps_an_existing_contact(self, account, friends, spelling):
        """An existing contact is found, ignoring case, and is not changed."""
        contact = contacts.add(account, "friends", ADA, {"tin": OUT})

        assert contact is contacts.find_or_add(account, "friends", spelling)
        assert [ADA] == list(friends.contacts)

    def test_an_exact_match_is_preferred(self, account, friends):
        """If contacts differ only in case, the exact match is used."""
        contacts.add(account, "friends", "Ada@example.com", {"tin": OUT})
        contacts.add(account, "friends", ADA, {"tin": IN})

        assert contacts.is_opted_out(account.contact_lists, "friends", "tin", "Ada@example.com")
        assert not contacts.is_opted_out(account.contact_lists, "friends", "tin", ADA)

    def test_find_or_add_needs_the_list(self, account):
        """A recipient cannot become a contact of a list that does not exist."""
        assert_error(
            errors.ContactListDoesNotExist,
            "List with name: friends doesn't exist.",
            contacts.find_or_add,
            account,
            "friends",
            ADA,
        )

    @pytest.mark.parametrize(
        ("topics", "unsubscribe_all", "expected"),
        [
            (None, False, [False, False, True]),
            ({}, False, [False, False, True]),
            ({"tin": OUT, "tout": IN}, False, [False, True, False]),
            ({"tin": IN, "tout": IN}, True, [True, True, True]),
        ],
        ids=["no contact", "no preferences", "inverted preferences", "unsubscribed from all"],
    )
    def test_is_opted_out(self, account, friends, topics, unsubscribe_all, expected):
        """Unsubscribing from all wins over topic preferences, and those over topic defaults."""
        if topics is not None:
            contacts.add(account, "friends", ADA, topics, unsubscribe_all=unsubscribe_all)

        assert expected == [
            contacts.is_opted_out(account.contact_lists, "friends", topic, "ADA@example.com")
            for topic in (None, "tin", "tout")
        ]

    @pytest.mark.parametrize(("name", "topic"), [("others", None), ("friends", "nope")])
    def test_a_deleted_list_or_topic_has_no_opt_outs(self, account, friends, name, topic):
        """A list or topic that no longer exists has no opt-outs."""
        make(account, "friends", ADA)

        assert not contacts.is_opted_out(account.contact_lists, name, topic, ADA)

    @pytest.mark.parametrize("address", [ADA, "ADA@example.com", "bob@example.com"])
    def test_unsubscribe_from_a_topic(self, account, friends, address):
        """Unsubscribing from a topic keeps other preferences and returns the old and new ones."""
        make(account, "friends", ADA)
        account.clock.advance(hours=1)

        old, new = contacts.unsubscribe(account, "friends", "tin", address)

        assert Preferences(False, {"tin": IN, "tout": OUT}) == old
        assert Preferences(False, {"tin": OUT, "tout": OUT}) == new
        contact = contacts.find_or_add(account, "friends", address)
        assert {"tin": OUT} == contact.topics
        assert account.now() - contact.updated_at < timedelta(minutes=1)
        assert contacts.is_opted_out(account.contact_lists, "friends", "tin", address)
        assert not contacts.is_opted_out(account.contact_lists, "friends", None, address)

    def test_unsubscribe_from_the_list(self, account, friends):
        """Unsubscribing from the list opts out of everything and keeps the topic preferences."""
        contacts.add(account, "friends", ADA, {"tout": IN})

        old, new = contacts.unsubscribe(account, "friends", None, ADA)

        assert Preferences(False, {"tin": IN, "tout": IN}) == old
        assert Preferences(True, {"tin": IN, "tout": IN}) == new
        assert contacts.is_opted_out(account.contact_lists, "friends", "tout", ADA)
