"""Tagging through API v2: what the operations answer and refuse."""

import pytest
from asking import refusal

ARN = "arn:aws:ses:us-east-1:123456789012:configuration-set/letters"
MISSING = "arn:aws:ses:us-east-1:123456789012:configuration-set/other"
OTHER_REGION = "arn:aws:ses:eu-west-1:123456789012:configuration-set/letters"
OTHER_ACCOUNT = "arn:aws:ses:us-east-1:111122223333:configuration-set/letters"

GOOD = {"Key": "team", "Value": "post"}
CALLS = {
    "tag_resource": {"Tags": [GOOD]},
    "untag_resource": {"TagKeys": ["team"]},
    "list_tags_for_resource": {},
}


@pytest.fixture(name="client")
def _client(sesv2_client):
    """A client of an account with the configuration set `letters`."""
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    return sesv2_client


def listed(client, arn=ARN):
    """The tags of a resource as a dict."""
    tags = client.list_tags_for_resource(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def test_tag_untag(client):
    """Tags are put on, replaced by key, and taken off."""
    client.tag_resource(ResourceArn=ARN, Tags=[GOOD, {"Key": "stage", "Value": "test"}])
    client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "team", "Value": ""}])
    client.untag_resource(ResourceArn=ARN, TagKeys=["stage", "unknown"])
    assert {"team": ""} == listed(client)


def test_seen_by_the_resource(client):
    """The tags of a configuration set are those that it shows itself."""
    client.tag_resource(ResourceArn=ARN, Tags=[GOOD])
    assert [GOOD] == client.get_configuration_set(ConfigurationSetName="letters")["Tags"]


def test_other_kinds(client):
    """Templates and identities are tagged when they are made, and later."""
    client.create_email_template(
        TemplateName="hello", TemplateContent={"Subject": "Hi"}, Tags=[GOOD]
    )
    client.create_email_identity(EmailIdentity="example.com", Tags=[GOOD])
    for resource in ("template/hello", "identity/example.com"):
        arn = f"arn:aws:ses:us-east-1:123456789012:{resource}"
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
        assert {"team": "post", "stage": "test"} == listed(client, arn)


def test_no_tags(client):
    """An empty list of tags changes nothing."""
    client.tag_resource(ResourceArn=ARN, Tags=[])
    assert {} == listed(client)


def test_no_keys(client):
    """Tag keys that are left out are missed without a text."""
    assert ("ValidationException", 400, None) == refusal(
        client.untag_resource, ResourceArn=MISSING, TagKeys=[]
    )


@pytest.mark.parametrize("operation", CALLS)
def test_missing(client, operation):
    """A resource that is not there is missed by kind and name."""
    assert ("NotFoundException", 404, "No ConfigurationSet present with name: other") == refusal(
        getattr(client, operation), ResourceArn=MISSING, **CALLS[operation]
    )


@pytest.mark.parametrize("operation", CALLS)
def test_kind_without_tags(client, operation):
    """A resource of a kind whose tags are not kept is refused in words of our own."""
    arn = "arn:aws:ses:us-east-1:123456789012:mailmanager-archive/friends"
    text = f"The resource <{arn}> is of a kind whose tags are not kept."
    assert ("NotFoundException", 404, text) == refusal(
        getattr(client, operation), ResourceArn=arn, **CALLS[operation]
    )


@pytest.mark.parametrize("operation", CALLS)
def test_other_account(client, operation):
    """A resource of another account is out of reach."""
    text = "Operations on a resource created in a different account is not allowed"
    assert ("BadRequestException", 400, text) == refusal(
        getattr(client, operation), ResourceArn=OTHER_ACCOUNT, **CALLS[operation]
    )


@pytest.mark.parametrize("operation", CALLS)
def test_no_arn(client, operation):
    """What is not an ARN of SES is refused in words of our own."""
    text = "The ARN <letters> does not name a resource of SES."
    assert ("BadRequestException", 400, text) == refusal(
        getattr(client, operation), ResourceArn="letters", **CALLS[operation]
    )


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("tag_resource", "Failed to tag resource"),
        ("untag_resource", "Failed to untag resource"),
    ],
)
def test_other_region(client, operation, expected):
    """A resource of another region cannot be tagged or untagged."""
    assert ("BadRequestException", 400, expected) == refusal(
        getattr(client, operation), ResourceArn=OTHER_REGION, **CALLS[operation]
    )


def test_other_region_listed(client):
    """A resource of another region lists no tags."""
    assert {} == listed(client, OTHER_REGION)


def test_bad_tag(client):
    """A tag that no resource may have is refused in words of our own."""
    text = "The tag key <aws:team> has the prefix aws:, which is reserved."
    assert ("BadRequestException", 400, text) == refusal(
        client.tag_resource, ResourceArn=ARN, Tags=[{"Key": "aws:team", "Value": "post"}]
    )
