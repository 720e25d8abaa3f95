"""Contact lists through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal

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
BAD_NAME = (
    "{} can contain up to 64 characters. Only alphanumeric characters, underscores(_) and "
    "hyphens(-) are allowed."
)


@pytest.fixture(name="create")
def _create(sesv2_client):
    """Make the list `friends`, or another one."""
    return lambda **params: sesv2_client.create_contact_list(
        **{"ContactListName": "friends", **params}
    )


@pytest.fixture(name="shown")
def _shown(ses_backend, sesv2_client):
    """What is shown of the list, with the ages of its times in whole hours."""

    def shown(name="friends"):
        found = answer(sesv2_client.get_contact_list(ContactListName=name))
        for member in ("CreatedTimestamp", "LastUpdatedTimestamp"):
            found[member] = (ses_backend.clock.now() - found[member]) // timedelta(hours=1)
        return found

    return shown


def test_create_and_get(create, shown):
    """A list shows what it was made of."""
    assert {} == answer(create(Topics=[NEWS, DEALS], Description="All of them", Tags=[TAG]))

    assert {
        "ContactListName": "friends",
        "Topics": [NEWS, DEALS],
        "Description": "All of them",
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
        "Tags": [TAG],
    } == shown()


def test_a_bare_list(create, shown):
    """A list needs nothing but a name, and shows no more."""
    create()

    assert {
        "ContactListName": "friends",
        "CreatedTimestamp": 0,
        "LastUpdatedTimestamp": 0,
        "Tags": [],
    } == shown()


def test_update(ses_backend, sesv2_client, create, shown):
    """An update replaces what it names; all else stays."""
    create(Topics=[NEWS, DEALS], Description="old")
    ses_backend.clock.advance(hours=1)

    sesv2_client.update_contact_list(ContactListName="friends", Description="new")
    assert ([NEWS, DEALS], "new", 1, 0) == tuple(
        shown()[member]
        for member in ("Topics", "Description", "CreatedTimestamp", "LastUpdatedTimestamp")
    )

    sesv2_client.update_contact_list(ContactListName="friends", Topics=[DEALS])
    assert ([DEALS], "new") == (shown()["Topics"], shown()["Description"])

    sesv2_client.update_contact_list(ContactListName="friends", Topics=[])
    assert "Topics" not in shown()


def test_delete(sesv2_client, create):
    """A list that is deleted is gone with its contacts, and leaves room for another."""
    create()
    sesv2_client.create_contact(ContactListName="friends", EmailAddress="ada@example.com")

    assert {} == answer(sesv2_client.delete_contact_list(ContactListName="friends"))

    assert [] == sesv2_client.list_contact_lists()["ContactLists"]
    create()
    assert [] == sesv2_client.list_contacts(ContactListName="friends")["Contacts"]


@pytest.mark.parametrize("name", ["friends", "others"])
def test_one_list(create, name):
    """An account has one contact list; a second is refused, whatever its name."""
    create()

    assert (*BAD_REQUEST, "A maximum of 1 Lists allowed per account.") == refusal(
        create, ContactListName=name
    )


def test_one_list_a_region(ses_backend, sesv2_client, create):
    """Each region has a list of its own."""
    create()

    assert {} == ses_backend.call(
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
        ("x" * 65, (*BAD_REQUEST, BAD_NAME.format("ContactListName"))),
    ],
    ids=["missing", "blank", "long"],
)
def test_missing(sesv2_client, create, operation, name, expected):
    """A list that is not there is missed; a name that none can have is refused."""
    create()

    assert expected == refusal(getattr(sesv2_client, operation), ContactListName=name)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"ContactListName": ""}, "ContactListName can't be blank."),
        ({"ContactListName": "a b"}, BAD_NAME.format("ContactListName")),
        ({"Description": "x" * 501}, "List description can contain up to 500 characters."),
        ({"Topics": [NEWS] * 21}, "Maximum of <20> topics allowed per ContactList"),
        ({"Topics": [NEWS, NEWS]}, "Duplicate topic names are not allowed within a List."),
        ({"Topics": [{**NEWS, "TopicName": ""}]}, "TopicName can't be blank."),
        ({"Topics": [{**NEWS, "TopicName": "x" * 65}]}, BAD_NAME.format("TopicName")),
        (
            {"Topics": [{**NEWS, "DisplayName": "x" * 129}]},
            "Topic DisplayName can contain up to <128> characters.",
        ),
    ],
)
def test_rules(create, wrong, text):
    """Names, topics and texts have limits."""
    assert (*BAD_REQUEST, text) == refusal(create, **wrong)


@pytest.mark.parametrize("operation", ["create_contact_list", "update_contact_list"])
def test_the_model_comes_first(sesv2_client, operation):
    """A status that the model does not know is told before a bad name, in SES's order of values."""
    topics = [NEWS, {**NEWS, "DefaultSubscriptionStatus": "MAYBE"}]

    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'topics.2.member.defaultSubscriptionStatus' "
            "failed to satisfy constraint: Member must satisfy enum value set: [OPT_OUT, OPT_IN]"
        ),
    ) == refusal(getattr(sesv2_client, operation), ContactListName="x" * 65, Topics=topics)


def test_a_topic_without_a_name(ses_backend):
    """What botocore would miss itself is missed by its place."""
    topic = {"DisplayName": "News", "DefaultSubscriptionStatus": "OPT_IN"}

    with pytest.raises(Fault) as caught:
        ses_backend.call(
            "sesv2", "CreateContactList", {"ContactListName": "friends", "Topics": [topic]}
        )

    fault = caught.value
    text = (
        "1 validation error detected: Value at 'topics.1.member.topicName' failed to satisfy "
        "constraint: Member must not be null"
    )
    assert (*BAD_REQUEST, text) == (fault.code, fault.status, fault.message)


def test_list(ses_backend, sesv2_client, create):
    """The lists are one or none."""
    assert {"ContactLists": []} == answer(sesv2_client.list_contact_lists())
    create()

    [found] = answer(sesv2_client.list_contact_lists(PageSize=1))["ContactLists"]

    assert timedelta(0) <= ses_backend.clock.now() - found.pop("LastUpdatedTimestamp")
    assert {"ContactListName": "friends"} == found


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"PageSize": 0}, "The page size must be between 1 and 1000"),
        ({"PageSize": 1001, "NextToken": "x"}, "The page size must be between 1 and 1000"),
        ({"NextToken": "nonsense"}, "Provided NextToken is invalid"),
        ({"NextToken": ""}, "Provided NextToken is invalid"),
    ],
)
def test_bad_pages(sesv2_client, params, text):
    """A page has a size within bounds and begins where SES said."""
    assert (*BAD_REQUEST, text) == refusal(sesv2_client.list_contact_lists, **params)


def test_tags(sesv2_client, create, shown):
    """A list is tagged like other resources."""
    create(Tags=[TAG])

    sesv2_client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "stage", "Value": "test"}])
    sesv2_client.untag_resource(ResourceArn=ARN, TagKeys=["team"])

    tags = sesv2_client.list_tags_for_resource(ResourceArn=ARN)["Tags"]
    assert [{"Key": "stage", "Value": "test"}] == tags == shown()["Tags"]


def test_bad_tags(create):
    """A list cannot have tags that no resource can have."""
    assert (*BAD_REQUEST, "The tag key <team> is given twice.") == refusal(create, Tags=[TAG, TAG])


def test_tags_of_no_list(sesv2_client):
    """Tags of a list that is not there are missed by kind and name."""
    assert (*NOT_FOUND, "No ContactList present with name: friends") == refusal(
        sesv2_client.list_tags_for_resource, ResourceArn=ARN
    )
