"""Contacts: what they choose, and what that means for a mail."""

from datetime import timedelta

import pytest

from pytest_ses.domain import contact_lists, contacts, errors
from pytest_ses.domain.contact_lists import Topic
from pytest_ses.domain.contacts import Filter, Preferences

ADA = "ada@example.com"
IN, OUT = "OPT_IN", "OPT_OUT"


@pytest.fixture(name="friends")
def _friends(account):
    """A list with a topic for everybody and one for those who ask."""
    return contact_lists.create(
        account, "friends", [Topic("tin", "In", IN), Topic("tout", "Out", OUT)]
    )


def refused(kind, message, call, *args, **params):
    """Hold kind and text of a refusal."""
    with pytest.raises(kind) as caught:
        call(*args, **params)
    assert (kind, message) == (type(caught.value), caught.value.message)


def change(account, list_name, address, topics=None):
    """Update a contact; without topics nothing of them."""
    contacts.update(account, list_name, address, topics or {})


def make(account, list_name, address, topics=None):
    """Add a contact; without topics it chooses nothing."""
    contacts.add(account, list_name, address, topics or {})


EVERY = [make, change, contacts.find, contacts.remove]


def test_add(account, friends):
    """A contact keeps its choice, its attributes, and when it was made."""
    made = contacts.add(
        account, "friends", ADA, {"tin": OUT}, unsubscribe_all=True, attributes="{}"
    )

    assert (friends, made) == contacts.find(account, "friends", ADA)
    assert (ADA, {"tin": OUT}, True, "{}") == (
        made.address,
        made.topics,
        made.unsubscribe_all,
        made.attributes,
    )
    assert made.created_at == made.updated_at <= account.now()


def test_update(account, friends):
    """Topics are changed one by one, everything else is replaced."""
    made = contacts.add(
        account, "friends", ADA, {"tin": OUT}, unsubscribe_all=True, attributes="{}"
    )
    account.clock.advance(hours=1)

    contacts.update(account, "friends", ADA, {"tout": IN})

    assert ({"tin": OUT, "tout": IN}, False, None) == (
        made.topics,
        made.unsubscribe_all,
        made.attributes,
    )
    assert timedelta(minutes=59) < made.updated_at - made.created_at


def test_remove(account, friends):
    """A contact that is removed is gone."""
    contacts.add(account, "friends", ADA, {})

    contacts.remove(account, "friends", ADA)

    assert {} == dict(friends.contacts)


def test_a_contact_is_added_once(account, friends):
    """An address that is on the list is refused."""
    make(account, "friends", ADA)

    refused(
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
    """A contact has to be there, and to be spelled as it is."""
    make(account, "friends", ADA)

    refused(
        errors.ContactDoesNotExist,
        f"{address} doesn't exist in List.",
        call,
        account,
        "friends",
        address,
    )


@pytest.mark.parametrize("call", EVERY)
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
def test_the_address_is_looked_at_first(account, call, address, message):
    """An address is bare and one that SES could send to; otherwise nobody looks for the list."""
    refused(errors.InvalidParameterValue, message, call, account, "nowhere", address)


@pytest.mark.parametrize("call", EVERY)
@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (errors.ContactListDoesNotExist, "others", "List with name: others doesn't exist."),
        (errors.InvalidParameterValue, "", "ContactListName can't be blank."),
    ],
)
def test_the_list_has_to_be_there(account, friends, call, kind, name, message):
    """Without its list there is no contact."""
    refused(kind, message, call, account, name, ADA)


@pytest.mark.parametrize("call", [make, change])
def test_a_topic_has_to_be_of_the_list(account, friends, call):
    """Nobody chooses a topic that the list does not have; that is said before of the contact."""
    refused(
        errors.UnknownTopic,
        "List: friends doesn't contain Topic: nope",
        call,
        account,
        "friends",
        ADA,
        {"tin": IN, "nope": IN},
    )


class TestFilter:
    """The contacts and the results are those of a probe of the real service."""

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
        ("wanted", "expected"),
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
    def test_matching(self, account, friends, wanted, expected):
        """A contact has the status it chose, of the whole list or of a topic, or the default."""
        for name, (topics, unsubscribe_all) in self.CONTACTS.items():
            contacts.add(
                account, "friends", f"{name}@x.org", topics, unsubscribe_all=unsubscribe_all
            )

        passes = contacts.matching(friends, wanted)

        assert expected.split() == [
            one.address.partition("@")[0] for one in friends.contacts.values() if passes(one)
        ]

    def test_unknown_topic(self, friends):
        """A filter by a topic that the list does not have finds nothing."""
        refused(
            errors.TopicDoesNotExist,
            "List: friends doesn't contain Topic: nope",
            contacts.matching,
            friends,
            Filter(IN, "nope"),
        )

    def test_checked(self):
        """A filter says a status, and a topic or none."""
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
        """A filter without a status, or with a blank topic, is refused."""
        refused(errors.InvalidParameterValue, message, contacts.checked_filter, status, topic)


class TestSending:
    @pytest.mark.parametrize("topic", [None, "tin"])
    def test_check(self, account, friends, topic):
        """A mail may name the list, and a topic of it."""
        contacts.check(account, "friends", topic)

    @pytest.mark.parametrize("call", [contacts.check, contacts.unsubscribe])
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
        """A list or a topic that is not there is refused, and nobody is enrolled."""
        more = [] if call is contacts.check else [ADA]

        refused(kind, message, call, account, name, topic, *more)
        assert {} == dict(friends.contacts)

    def test_enroll(self, account, friends):
        """Who gets a mail becomes a contact that has not chosen."""
        made = contacts.enroll(account, "friends", ADA)

        assert (ADA, {}, False, None) == (
            made.address,
            made.topics,
            made.unsubscribe_all,
            made.attributes,
        )
        assert made.created_at == made.updated_at <= account.now()
        assert made is friends.contacts[ADA]

    @pytest.mark.parametrize("spelling", [ADA, "ADA@Example.com"])
    def test_who_is_a_contact_stays_one(self, account, friends, spelling):
        """A contact is met in capitals or not, and is not touched."""
        made = contacts.add(account, "friends", ADA, {"tin": OUT})

        assert made is contacts.enroll(account, "friends", spelling)
        assert [ADA] == list(friends.contacts)

    def test_the_contact_that_is_spelled_alike_is_preferred(self, account, friends):
        """Of two spellings on the list, a mail meets its own."""
        contacts.add(account, "friends", "Ada@example.com", {"tin": OUT})
        contacts.add(account, "friends", ADA, {"tin": IN})

        assert contacts.is_opted_out(account, "friends", "tin", "Ada@example.com")
        assert not contacts.is_opted_out(account, "friends", "tin", ADA)

    def test_enroll_needs_the_list(self, account):
        """Nobody becomes a contact of a list that is not there."""
        refused(
            errors.ContactListDoesNotExist,
            "List with name: friends doesn't exist.",
            contacts.enroll,
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
        ids=["no contact", "no choice", "the other way", "no mail at all"],
    )
    def test_is_opted_out(self, account, friends, topics, unsubscribe_all, expected):
        """What counts is no mail at all, then the choice of a topic, then the topic's default."""
        if topics is not None:
            contacts.add(account, "friends", ADA, topics, unsubscribe_all=unsubscribe_all)

        assert expected == [
            contacts.is_opted_out(account, "friends", topic, "ADA@example.com")
            for topic in (None, "tin", "tout")
        ]

    @pytest.mark.parametrize(("name", "topic"), [("others", None), ("friends", "nope")])
    def test_what_is_gone_keeps_nobody_away(self, account, friends, name, topic):
        """Nobody has opted out of a list or a topic that is no longer there."""
        make(account, "friends", ADA)

        assert not contacts.is_opted_out(account, name, topic, ADA)

    @pytest.mark.parametrize("address", [ADA, "ADA@example.com", "bob@example.com"])
    def test_leaving_a_topic(self, account, friends, address):
        """Who leaves a topic keeps the rest; what held and what holds now is told."""
        make(account, "friends", ADA)
        account.clock.advance(hours=1)

        old, new = contacts.unsubscribe(account, "friends", "tin", address)

        assert Preferences(False, {"tin": IN, "tout": OUT}) == old
        assert Preferences(False, {"tin": OUT, "tout": OUT}) == new
        left = contacts.enroll(account, "friends", address)
        assert {"tin": OUT} == left.topics
        assert account.now() - left.updated_at < timedelta(minutes=1)
        assert contacts.is_opted_out(account, "friends", "tin", address)
        assert not contacts.is_opted_out(account, "friends", None, address)

    def test_leaving_the_list(self, account, friends):
        """Who leaves the list wants nothing; what was chosen of topics is still told."""
        contacts.add(account, "friends", ADA, {"tout": IN})

        old, new = contacts.unsubscribe(account, "friends", None, ADA)

        assert Preferences(False, {"tin": IN, "tout": IN}) == old
        assert Preferences(True, {"tin": IN, "tout": IN}) == new
        assert contacts.is_opted_out(account, "friends", "tout", ADA)
