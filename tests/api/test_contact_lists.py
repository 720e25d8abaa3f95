"""Contact lists, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, without_metadata

from pytest_ses.wire import Fault

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
NEWS = {"TopicName": "news", "DisplayName": "News", "DefaultSubscriptionStatus": "OPT_IN"}
DEALS = {
    "TopicName": "deals",
    "DisplayName": "Deals",
    "DefaultSubscriptionStatus": "OPT_OUT",
    "Description": "What is cheap",
}
TAG = {"Key": "team", "Value": "post"}
ARN = "arn:aws:ses:us-east-1:123456789012:contact-list/friends"
INVALID_NAME = (
    "{} can contain up to 64 characters. Only alphanumeric characters, underscores(_) and "
    "hyphens(-) are allowed."
)


@pytest.fixture(name="create")
def _create(sesv2_client):
    """A function that creates a contact list, by default `friends`."""
    return lambda **params: sesv2_client.create_contact_list(
        **{"ContactListName": "friends", **params}
    )


@pytest.fixture(name="get_contact_list")
def _get_contact_list(ses_backend, sesv2_client):
    """A function that returns the result of GetContactList, with timestamps as ages in hours."""

    def get_contact_list(name="friends"):
        contact_list = without_metadata(sesv2_client.get_contact_list(ContactListName=name))
        for member in ("CreatedTimestamp", "LastUpdatedTimestamp"):
            age = ses_backend.clock.now() - contact_list[member]
            contact_list[member] = age // timedelta(hours=1)
        return contact_list

    return get_contact_list


def test_create_and_get(create, get_contact_list):
    """A contact list is shown as it was created."""
    assert {} == without_metadata(
        create(Topics=[NEWS, DEALS], Description="All of them", Tags=[TAG])
    )

    assert {
        "ContactListName": "friends",
        "Topics": [NEWS, DEALS],
        "Description": "All of them",
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
        "Tags": [TAG],
    } == get_contact_list()


def test_minimal(create, get_contact_list):
    """A contact list needs only a name; a description that was not set is not shown."""
    create()

    assert {
        "ContactListName": "friends",
        "Topics": [],
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
        "Tags": [],
    } == get_contact_list()


def test_update(ses_backend, sesv2_client, create, get_contact_list):
    """An update replaces topics and description, even if it omits them; the tags are kept."""
    create(Topics=[NEWS, DEALS], Description="old", Tags=[TAG])
    ses_backend.clock.advance(hours=1)

    sesv2_client.update_contact_list(ContactListName="friends", Topics=[DEALS])
    assert {
        "ContactListName": "friends",
        "Topics": [DEALS],
        "CreatedTimestamp": 1,
        "LastUpdatedTimestamp": 0,
        "Tags": [TAG],
    } == get_contact_list()

    sesv2_client.update_contact_list(ContactListName="friends", Description="new")
    assert ([], "new") == (get_contact_list()["Topics"], get_contact_list()["Description"])


def test_delete(sesv2_client, create):
    """Deleting a contact list deletes its contacts and allows another list to be created."""
    create()
    sesv2_client.create_contact(ContactListName="friends", EmailAddress="ada@example.com")

    assert {} == without_metadata(sesv2_client.delete_contact_list(ContactListName="friends"))

    assert [] == sesv2_client.list_contact_lists()["ContactLists"]
    create()
    assert [] == sesv2_client.list_contacts(ContactListName="friends")["Contacts"]


@pytest.mark.parametrize("name", ["friends", "others"])
def test_one_list_per_account(create, name):
    """A second contact list is rejected, whatever its name."""
    create()

    assert (*BAD_REQUEST, "A maximum of 1 Lists allowed per account.") == error_of(
        create, ContactListName=name
    )


def test_one_list_per_region(ses_backend, sesv2_client, create):
    """Each region has a separate contact list."""
    create()

    assert {} == ses_backend._call(
        "sesv2", "CreateContactList", {"ContactListName": "friends"}, region="eu-west-1"
    )


@pytest.mark.parametrize(
    "operation", ["get_contact_list", "update_contact_list", "delete_contact_list", "list_contacts"]
)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("others", (*NOT_FOUND, "List with name: others doesn't exist.")),
        (" ", (*BAD_REQUEST, "ContactListName can't be blank.")),
        ("x" * 65, (*BAD_REQUEST, INVALID_NAME.format("ContactListName"))),
    ],
    ids=["missing", "blank", "too-long"],
)
def test_missing(sesv2_client, create, operation, name, expected):
    """A missing list fails with NotFoundException, an invalid name with BadRequestException."""
    create()

    assert expected == error_of(getattr(sesv2_client, operation), ContactListName=name)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"ContactListName": ""}, "ContactListName can't be blank."),
        ({"ContactListName": "a b"}, INVALID_NAME.format("ContactListName")),
        ({"Description": "x" * 501}, "List description can contain up to 500 characters."),
        ({"Topics": [NEWS] * 21}, "Maximum of <20> topics allowed per ContactList"),
        ({"Topics": [NEWS, NEWS]}, "Duplicate topic names are not allowed within a List."),
        ({"Topics": [{**NEWS, "TopicName": ""}]}, "TopicName can't be blank."),
        ({"Topics": [{**NEWS, "TopicName": "x" * 65}]}, INVALID_NAME.format("TopicName")),
        (
            {"Topics": [{**NEWS, "DisplayName": "x" * 129}]},
            "Topic DisplayName can contain up to <128> characters.",
        ),
    ],
)
def test_limits(create, params, text):
    """Names, topics and texts that exceed a limit are rejected."""
    assert (*BAD_REQUEST, text) == error_of(create, **params)


@pytest.mark.parametrize("operation", ["create_contact_list", "update_contact_list"])
def test_unknown_status(sesv2_client, operation):
    """An unknown subscription status is reported before an invalid name."""
    topics = [NEWS, {**NEWS, "DefaultSubscriptionStatus": "MAYBE"}]

    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'topics.2.member.defaultSubscriptionStatus' "
            "failed to satisfy constraint: Member must satisfy enum value set: [OPT_OUT, OPT_IN]"
        ),
    ) == error_of(getattr(sesv2_client, operation), ContactListName="x" * 65, Topics=topics)


def test_topic_without_a_name(ses_backend):
    """A topic without a name, which botocore would not send, is reported by its position."""
    topic = {"DisplayName": "News", "DefaultSubscriptionStatus": "OPT_IN"}

    with pytest.raises(Fault) as caught:
        ses_backend._call(
            "sesv2", "CreateContactList", {"ContactListName": "friends", "Topics": [topic]}
        )

    error = caught.value
    text = (
        "1 validation error detected: Value at 'topics.1.member.topicName' failed to satisfy "
        "constraint: Member must not be null"
    )
    assert (*BAD_REQUEST, text) == (error.code, error.status, error.message)


def test_list(ses_backend, sesv2_client, create):
    """The contact lists of an account are listed."""
    assert {"ContactLists": []} == without_metadata(sesv2_client.list_contact_lists())
    create()

    [contact_list] = without_metadata(sesv2_client.list_contact_lists(PageSize=1))["ContactLists"]

    assert timedelta(0) <= ses_backend.clock.now() - contact_list.pop("LastUpdatedTimestamp")
    assert {"ContactListName": "friends"} == contact_list


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"PageSize": 0}, "The page size must be between 1 and 1000"),
        ({"PageSize": 1001, "NextToken": "x"}, "The page size must be between 1 and 1000"),
        ({"NextToken": "nonsense"}, "Provided NextToken is invalid"),
        ({"NextToken": ""}, "Provided NextToken is invalid"),
    ],
)
def test_invalid_paging(sesv2_client, params, text):
    """An invalid page size or token is rejected."""
    assert (*BAD_REQUEST, text) == error_of(sesv2_client.list_contact_lists, **params)


def test_tags(sesv2_client, create, get_contact_list):
    """A contact list is tagged like other resources."""
    create(Tags=[TAG])

    sesv2_client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "stage", "Value": "test"}])
    sesv2_client.untag_resource(ResourceArn=ARN, TagKeys=["team"])

    tags = sesv2_client.list_tags_for_resource(ResourceArn=ARN)["Tags"]
    assert [{"Key": "stage", "Value": "test"}] == tags == get_contact_list()["Tags"]


def test_invalid_tags(create):
    """A contact list with invalid tags is rejected."""
    assert (*BAD_REQUEST, "The tag key <team> occurs twice.") == error_of(create, Tags=[TAG, TAG])


def test_tags_of_a_missing_list(sesv2_client):
    """Listing the tags of a missing contact list fails with its type and name."""
    assert (*NOT_FOUND, "No ContactList present with name: friends") == error_of(
        sesv2_client.list_tags_for_resource, ResourceArn=ARN
    )
