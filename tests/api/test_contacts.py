"""The contacts of a list through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal

ADA = "ada@example.com"
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
TOPICS = [
    {"TopicName": "tin", "DisplayName": "In", "DefaultSubscriptionStatus": "OPT_IN"},
    {"TopicName": "tout", "DisplayName": "Out", "DefaultSubscriptionStatus": "OPT_OUT"},
]
EVERY = ["create_contact", "get_contact", "update_contact", "delete_contact"]
UNKNOWN_STATUS = (
    "1 validation error detected: Value at '{}' failed to satisfy constraint: "
    "Member must satisfy enum value set: [OPT_OUT, OPT_IN]"
)


def preferences(**statuses):
    """Statuses by topic, as a request gives them."""
    return [
        {"TopicName": topic, "SubscriptionStatus": status} for topic, status in statuses.items()
    ]


@pytest.fixture(name="ask")
def _ask(sesv2_client):
    """Call an operation about a contact of the list `friends`, which is there."""
    sesv2_client.create_contact_list(ContactListName="friends", Topics=TOPICS)

    def ask(operation, address=ADA, **params):
        words = {"ContactListName": "friends", "EmailAddress": address, **params}
        return answer(getattr(sesv2_client, operation)(**words))

    return ask


@pytest.fixture(name="shown")
def _shown(ses_backend, ask):
    """What is shown of a contact, with the ages of its times in whole hours."""

    def shown(address=ADA):
        found = ask("get_contact", address)
        for member in ("CreatedTimestamp", "LastUpdatedTimestamp"):
            found[member] = (ses_backend.clock.now() - found[member]) // timedelta(hours=1)
        return found

    return shown


@pytest.fixture(name="names")
def _names(sesv2_client, ask):
    """The local parts of the contacts on a page, and the token of the next."""

    def names(**params):
        page = sesv2_client.list_contacts(**{"ContactListName": "friends", **params})
        found = [one["EmailAddress"].partition("@")[0] for one in page["Contacts"]]
        return found, page.get("NextToken")

    return names


def test_create_and_get(ask, shown):
    """A contact shows its choice, and the default of every other topic."""
    assert {} == ask(
        "create_contact",
        TopicPreferences=preferences(tin="OPT_OUT"),
        UnsubscribeAll=True,
        AttributesData='{"name": "Ada"}',
    )

    assert {
        "ContactListName": "friends",
        "EmailAddress": ADA,
        "TopicPreferences": preferences(tin="OPT_OUT"),
        "TopicDefaultPreferences": preferences(tout="OPT_OUT"),
        "UnsubscribeAll": True,
        "AttributesData": '{"name": "Ada"}',
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
    } == shown()


def test_a_bare_contact(ask, shown):
    """A contact that has chosen nothing shows the defaults alone."""
    ask("create_contact")

    assert {
        "ContactListName": "friends",
        "EmailAddress": ADA,
        "TopicDefaultPreferences": preferences(tin="OPT_IN", tout="OPT_OUT"),
        "UnsubscribeAll": False,
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
    } == shown()


def test_no_defaults(ask, shown):
    """A contact that has chosen everything shows no defaults."""
    ask("create_contact", TopicPreferences=preferences(tin="OPT_IN", tout="OPT_IN"))

    assert "TopicDefaultPreferences" not in shown()


def test_update(ses_backend, ask, shown):
    """Topics are changed one by one; attributes and `UnsubscribeAll` are replaced, by nothing too."""
    ask(
        "create_contact",
        TopicPreferences=preferences(tin="OPT_OUT"),
        UnsubscribeAll=True,
        AttributesData="old",
    )
    ses_backend.clock.advance(hours=1)

    assert {} == ask("update_contact", TopicPreferences=preferences(tout="OPT_IN"))

    assert {
        "ContactListName": "friends",
        "EmailAddress": ADA,
        "TopicPreferences": preferences(tin="OPT_OUT", tout="OPT_IN"),
        "UnsubscribeAll": False,
        "CreatedTimestamp": 1,
        "LastUpdatedTimestamp": 0,
    } == shown()


def test_delete(ask, names):
    """A contact that is deleted is off the list."""
    ask("create_contact")

    assert {} == ask("delete_contact")

    assert ([], None) == names()


def test_a_contact_is_created_once(ask):
    """An address that is on the list is refused."""
    ask("create_contact")

    assert ("AlreadyExistsException", 400, f"{ADA} already exists in List.") == refusal(
        ask, "create_contact"
    )


@pytest.mark.parametrize("operation", EVERY[1:])
def test_missing(ask, operation):
    """A contact that is not on the list is missed."""
    assert (*NOT_FOUND, f"{ADA} doesn't exist in List.") == refusal(ask, operation)


@pytest.mark.parametrize("operation", EVERY)
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"ContactListName": "others"}, (*NOT_FOUND, "List with name: others doesn't exist.")),
        ({"ContactListName": " "}, (*BAD_REQUEST, "ContactListName can't be blank.")),
        (
            {"ContactListName": "others", "address": "ada"},
            (*BAD_REQUEST, "EmailAddress <ada> is invalid"),
        ),
        ({"address": " "}, (*BAD_REQUEST, "EmailAddress can't be blank.")),
    ],
)
def test_list_and_address(ask, operation, params, expected):
    """A bad address is told first, then that the list is not there."""
    assert expected == refusal(ask, operation, **params)


@pytest.mark.parametrize("operation", ["create_contact", "update_contact"])
class TestTopics:
    def test_unknown(self, ask, operation):
        """A topic that the list does not have is refused, before the contact is looked for."""
        assert (*BAD_REQUEST, "List: friends doesn't contain Topic: nope") == refusal(
            ask, operation, TopicPreferences=preferences(nope="OPT_IN")
        )

    def test_unknown_status(self, ask, operation):
        """A status that the model does not know is told before a bad address."""
        text = UNKNOWN_STATUS.format("topicPreferences.1.member.subscriptionStatus")
        assert (*BAD_REQUEST, text) == refusal(
            ask, operation, "ada", TopicPreferences=preferences(tin="MAYBE")
        )


class TestList:
    @pytest.fixture(autouse=True)
    def three(self, ask):
        """A contact that left a topic, one that left the list, and one that has not chosen."""
        ask("create_contact", "c@x.org")
        ask("create_contact", "b@x.org", UnsubscribeAll=True)
        ask("create_contact", "a@x.org", TopicPreferences=preferences(tin="OPT_OUT"))

    def test_shown(self, ses_backend, sesv2_client):
        """A contact in the list shows no attributes, and when it was last changed."""
        first, *_ = sesv2_client.list_contacts(ContactListName="friends")["Contacts"]

        assert timedelta(0) <= ses_backend.clock.now() - first.pop("LastUpdatedTimestamp")
        assert {
            "EmailAddress": "a@x.org",
            "TopicPreferences": preferences(tin="OPT_OUT"),
            "TopicDefaultPreferences": preferences(tout="OPT_OUT"),
            "UnsubscribeAll": False,
        } == first

    def test_order_and_pages(self, names):
        """Contacts are listed by address, page by page."""
        first, token = names(PageSize=2)

        assert (["a", "b"], (["c"], None)) == (first, names(NextToken=token))

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"FilteredStatus": "OPT_IN"}, ["a", "c"]),
            ({"FilteredStatus": "OPT_OUT"}, ["b"]),
            ({"FilteredStatus": "OPT_OUT", "TopicFilter": {"TopicName": "tin"}}, ["a", "b"]),
            ({"FilteredStatus": "OPT_IN", "TopicFilter": {"TopicName": "tin"}}, []),
            (
                {
                    "FilteredStatus": "OPT_IN",
                    "TopicFilter": {
                        "TopicName": "tin",
                        "UseDefaultIfPreferenceUnavailable": True,
                    },
                },
                ["c"],
            ),
        ],
    )
    def test_filter(self, names, wanted, expected):
        """A filter goes by the status in a topic, or with the list as a whole."""
        assert (expected, None) == names(Filter=wanted)

    def test_filtered_pages(self, names):
        """A page of filtered contacts is full; its token is a place, with any filter."""
        wanted = {"FilteredStatus": "OPT_IN"}
        first, token = names(PageSize=1, Filter=wanted)

        assert ["a"] == first
        assert (["c"], None) == names(NextToken=token, Filter=wanted)
        assert (["b", "c"], None) == names(NextToken=token)

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"Filter": {}}, (*BAD_REQUEST, "Invalid FilteredStatus <null>")),
            (
                {"Filter": {"TopicFilter": {"TopicName": "tin"}}},
                (*BAD_REQUEST, "Invalid FilteredStatus <null>"),
            ),
            (
                {"Filter": {"FilteredStatus": "OPT_IN", "TopicFilter": {}}},
                (*BAD_REQUEST, "TopicName can't be blank in TopicFilter."),
            ),
            (
                {"Filter": {"FilteredStatus": "OPT_IN", "TopicFilter": {"TopicName": "nope"}}},
                (*NOT_FOUND, "List: friends doesn't contain Topic: nope"),
            ),
            (
                {"Filter": {"FilteredStatus": "MAYBE"}, "PageSize": 0},
                (*BAD_REQUEST, UNKNOWN_STATUS.format("filter.filteredStatus")),
            ),
            (
                {"Filter": {}, "PageSize": 0},
                (*BAD_REQUEST, "The page size must be between 1 and 1000"),
            ),
            (
                {"PageSize": 1001, "ContactListName": "others"},
                (*BAD_REQUEST, "The page size must be between 1 and 1000"),
            ),
            (
                {"Filter": {}, "ContactListName": "others"},
                (*BAD_REQUEST, "Invalid FilteredStatus <null>"),
            ),
            ({"NextToken": "nonsense"}, (*BAD_REQUEST, "Provided NextToken is invalid")),
            ({"NextToken": ""}, (*BAD_REQUEST, "Provided NextToken is invalid")),
        ],
    )
    def test_refused(self, names, params, expected):
        """Status, page size, filter, list and topic are looked at in this order."""
        assert expected == refusal(names, **params)


def test_fifty_a_page(ask, names):
    """A page that nobody sized has fifty contacts."""
    for number in range(51):
        ask("create_contact", f"{number:02}@x.org")

    found, token = names()

    assert (50, (["50"], None)) == (len(found), names(NextToken=token))
