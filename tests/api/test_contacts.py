"""The contacts of a contact list, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, without_metadata

ADA = "ada@example.com"
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
TOPICS = [
    {"TopicName": "tin", "DisplayName": "In", "DefaultSubscriptionStatus": "OPT_IN"},
    {"TopicName": "tout", "DisplayName": "Out", "DefaultSubscriptionStatus": "OPT_OUT"},
]
OPERATIONS = ["create_contact", "get_contact", "update_contact", "delete_contact"]
UNKNOWN_STATUS = (
    "1 validation error detected: Value at '{}' failed to satisfy constraint: "
    "Member must satisfy enum value set: [OPT_OUT, OPT_IN]"
)


def preferences(**statuses):
    """The topic preferences of a request, given the status of each topic."""
    return [
        {"TopicName": topic, "SubscriptionStatus": status} for topic, status in statuses.items()
    ]


@pytest.fixture(name="call")
def _call(sesv2_client):
    """A function that calls an operation on a contact of the existing list `friends`."""
    sesv2_client.create_contact_list(ContactListName="friends", Topics=TOPICS)

    def call(operation, address=ADA, **params):
        arguments = {"ContactListName": "friends", "EmailAddress": address, **params}
        return without_metadata(getattr(sesv2_client, operation)(**arguments))

    return call


@pytest.fixture(name="get_contact")
def _get_contact(ses_backend, call):
    """A function that returns the result of GetContact, with timestamps as ages in hours."""

    def get_contact(address=ADA):
        contact = call("get_contact", address)
        for member in ("CreatedTimestamp", "LastUpdatedTimestamp"):
            contact[member] = (ses_backend.clock.now() - contact[member]) // timedelta(hours=1)
        return contact

    return get_contact


@pytest.fixture(name="list_names")
def _list_names(sesv2_client, call):
    """A function that returns the local parts of the addresses on a page, and the next token."""

    def list_names(**params):
        page = sesv2_client.list_contacts(**{"ContactListName": "friends", **params})
        local_parts = [contact["EmailAddress"].partition("@")[0] for contact in page["Contacts"]]
        return local_parts, page.get("NextToken")

    return list_names


def test_create_and_get(call, get_contact):
    """A contact shows its preferences, and the defaults of all other topics."""
    assert {} == call(
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
    } == get_contact()


def test_minimal(call, get_contact):
    """A contact without preferences shows only the defaults."""
    call("create_contact")

    assert {
        "ContactListName": "friends",
        "EmailAddress": ADA,
        "TopicPreferences": [],
        "TopicDefaultPreferences": preferences(tin="OPT_IN", tout="OPT_OUT"),
        "UnsubscribeAll": False,
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
    } == get_contact()


def test_no_defaults(call, get_contact):
    """A contact with a preference for every topic shows no defaults."""
    call("create_contact", TopicPreferences=preferences(tin="OPT_IN", tout="OPT_IN"))

    assert [] == get_contact()["TopicDefaultPreferences"]


def test_update(ses_backend, call, get_contact):
    """An update merges topic preferences; attributes and `UnsubscribeAll` are reset if omitted."""
    call(
        "create_contact",
        TopicPreferences=preferences(tin="OPT_OUT"),
        UnsubscribeAll=True,
        AttributesData='{"name": "Ada"}',
    )
    ses_backend.clock.advance(hours=1)

    assert {} == call("update_contact", TopicPreferences=preferences(tout="OPT_IN"))

    assert {
        "ContactListName": "friends",
        "EmailAddress": ADA,
        "TopicPreferences": preferences(tin="OPT_OUT", tout="OPT_IN"),
        "TopicDefaultPreferences": [],
        "UnsubscribeAll": False,
        "CreatedTimestamp": 1,
        "LastUpdatedTimestamp": 0,
    } == get_contact()


def test_delete(call, list_names):
    """A deleted contact is no longer listed."""
    call("create_contact")

    assert {} == call("delete_contact")

    assert ([], None) == list_names()


def test_duplicate(call):
    """An address that is already on the list is rejected."""
    call("create_contact")

    assert ("AlreadyExistsException", 400, f"{ADA} already exists in List.") == error_of(
        call, "create_contact"
    )


@pytest.mark.parametrize("operation", OPERATIONS[1:])
def test_missing(call, operation):
    """An operation on a contact that is not on the list fails with NotFoundException."""
    assert (*NOT_FOUND, f"{ADA} doesn't exist in List.") == error_of(call, operation)


@pytest.mark.parametrize("operation", OPERATIONS)
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
def test_invalid_list_or_address(call, operation, params, expected):
    """An invalid address is reported before a missing list."""
    assert expected == error_of(call, operation, **params)


@pytest.mark.parametrize("operation", ["create_contact", "update_contact"])
class TestTopics:
    def test_unknown_topic(self, call, operation):
        """An unknown topic is rejected before the contact is looked up."""
        assert (*BAD_REQUEST, "List: friends doesn't contain Topic: nope") == error_of(
            call, operation, TopicPreferences=preferences(nope="OPT_IN")
        )

    def test_unknown_status(self, call, operation):
        """An unknown status is reported before an invalid address."""
        text = UNKNOWN_STATUS.format("topicPreferences.1.member.subscriptionStatus")
        assert (*BAD_REQUEST, text) == error_of(
            call, operation, "ada", TopicPreferences=preferences(tin="MAYBE")
        )


@pytest.mark.parametrize("operation", ["create_contact", "update_contact"])
@pytest.mark.parametrize("attributes", ["", "name=Ada", "[]", '"Ada"', '{"name": NaN}', "{} {}"])
def test_invalid_attributes(call, operation, attributes):
    """Attributes that are not a JSON object are rejected before the contact is looked up."""
    assert (*BAD_REQUEST, "AttributesData must be a JSON object.") == error_of(
        call, operation, AttributesData=attributes
    )


class TestList:
    @pytest.fixture(autouse=True)
    def _three_contacts(self, call):
        """Create contacts that opted out of a topic, left the list and have no preferences."""
        call("create_contact", "c@x.org")
        call("create_contact", "b@x.org", UnsubscribeAll=True)
        call("create_contact", "a@x.org", TopicPreferences=preferences(tin="OPT_OUT"))

    def test_listed_contact(self, ses_backend, sesv2_client):
        """A listed contact shows when it was last updated, but not its attributes."""
        first, *_ = sesv2_client.list_contacts(ContactListName="friends")["Contacts"]

        assert timedelta(0) <= ses_backend.clock.now() - first.pop("LastUpdatedTimestamp")
        assert {
            "EmailAddress": "a@x.org",
            "TopicPreferences": preferences(tin="OPT_OUT"),
            "TopicDefaultPreferences": preferences(tout="OPT_OUT"),
            "UnsubscribeAll": False,
        } == first

    def test_order_and_pages(self, list_names):
        """Contacts are listed by address, in pages."""
        first, token = list_names(PageSize=2)

        assert (["a", "b"], (["c"], None)) == (first, list_names(NextToken=token))

    @pytest.mark.parametrize(
        ("filter", "expected"),
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
    def test_filter(self, list_names, filter, expected):
        """A filter matches the status for a topic, or for the whole list."""
        assert (expected, None) == list_names(Filter=filter)

    def test_filtered_pages(self, list_names):
        """A filtered page is full; its token is valid with any filter."""
        filter = {"FilteredStatus": "OPT_IN"}
        first, token = list_names(PageSize=1, Filter=filter)

        assert ["a"] == first
        assert (["c"], None) == list_names(NextToken=token, Filter=filter)
        assert (["b", "c"], None) == list_names(NextToken=token)

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
    def test_rejected(self, list_names, params, expected):
        """Status, page size, filter, list and topic are validated in this order."""
        assert expected == error_of(list_names, **params)


def test_default_page_size(call, list_names):
    """Without a page size, a page has 50 contacts."""
    for number in range(51):
        call("create_contact", f"{number:02}@x.org")

    first_page, token = list_names()

    assert (50, (["50"], None)) == (len(first_page), list_names(NextToken=token))
