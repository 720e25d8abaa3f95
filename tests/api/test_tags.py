"""Tagging resources, through API v2."""

import pytest
from asking import error_of
from botocore_models import needs

ARN = "arn:aws:ses:us-east-1:123456789012:configuration-set/letters"
MISSING = "arn:aws:ses:us-east-1:123456789012:configuration-set/other"
OTHER_REGION = "arn:aws:ses:eu-west-1:123456789012:configuration-set/letters"
OTHER_ACCOUNT = "arn:aws:ses:us-east-1:111122223333:configuration-set/letters"

TAG = {"Key": "team", "Value": "post"}
OPERATIONS = {
    "tag_resource": {"Tags": [TAG]},
    "untag_resource": {"TagKeys": ["team"]},
    "list_tags_for_resource": {},
}


@pytest.fixture(name="client")
def _client(sesv2_client):
    """A client of an account with the configuration set `letters`."""
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    return sesv2_client


def tags_of(client, arn=ARN):
    """The tags of a resource, as a dict."""
    tags = client.list_tags_for_resource(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def test_tag_and_untag(client):
    """Tags are added, replaced by key and removed; unknown keys are ignored."""
    client.tag_resource(ResourceArn=ARN, Tags=[TAG, {"Key": "stage", "Value": "test"}])
    client.tag_resource(ResourceArn=ARN, Tags=[{"Key": "team", "Value": ""}])
    client.untag_resource(ResourceArn=ARN, TagKeys=["stage", "unknown"])
    assert {"team": ""} == tags_of(client)


def test_tags_of_a_configuration_set(client):
    """A configuration set shows the tags that it was given by ARN."""
    client.tag_resource(ResourceArn=ARN, Tags=[TAG])
    assert [TAG] == client.get_configuration_set(ConfigurationSetName="letters")["Tags"]


@needs("sesv2", "CreateEmailTemplate", "Tags")
def test_templates_and_identities(client):
    """Templates and identities can be tagged on creation and later."""
    client.create_email_template(
        TemplateName="hello", TemplateContent={"Subject": "Hi"}, Tags=[TAG]
    )
    client.create_email_identity(EmailIdentity="example.com", Tags=[TAG])
    for resource in ("template/hello", "identity/example.com"):
        arn = f"arn:aws:ses:us-east-1:123456789012:{resource}"
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
        assert {"team": "post", "stage": "test"} == tags_of(client, arn)


def test_no_tags(client):
    """An empty list of tags has no effect."""
    client.tag_resource(ResourceArn=ARN, Tags=[])
    assert {} == tags_of(client)


def test_no_keys(client):
    """An empty list of tag keys is rejected without a text."""
    assert ("ValidationException", 400, None) == error_of(
        client.untag_resource, ResourceArn=MISSING, TagKeys=[]
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_missing(client, operation):
    """A missing resource is rejected with its type and name."""
    assert ("NotFoundException", 404, "No ConfigurationSet present with name: other") == error_of(
        getattr(client, operation), ResourceArn=MISSING, **OPERATIONS[operation]
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_untaggable_resource(client, operation):
    """A resource of a type whose tags are not kept is rejected."""
    arn = "arn:aws:ses:us-east-1:123456789012:mailmanager-archive/friends"
    # This text is our own; SES's is unknown.
    text = f"The resource <{arn}> is of a type whose tags pytest-ses does not store."
    assert ("NotFoundException", 404, text) == error_of(
        getattr(client, operation), ResourceArn=arn, **OPERATIONS[operation]
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_other_account(client, operation):
    """A resource of another account is rejected."""
    text = "Operations on a resource created in a different account is not allowed"
    assert ("BadRequestException", 400, text) == error_of(
        getattr(client, operation), ResourceArn=OTHER_ACCOUNT, **OPERATIONS[operation]
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_invalid_arn(client, operation):
    """A string that is not the ARN of an SES resource is rejected."""
    # This text is our own; SES's is unknown.
    text = "The ARN <letters> is not the ARN of an SES resource."
    assert ("BadRequestException", 400, text) == error_of(
        getattr(client, operation), ResourceArn="letters", **OPERATIONS[operation]
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
    assert ("BadRequestException", 400, expected) == error_of(
        getattr(client, operation), ResourceArn=OTHER_REGION, **OPERATIONS[operation]
    )


def test_list_of_other_region(client):
    """Listing the tags of a resource of another region returns none."""
    assert {} == tags_of(client, OTHER_REGION)


def test_reserved_prefix(client):
    """A tag key with the reserved prefix is rejected."""
    # This text is our own; SES's is unknown.
    text = "The tag key <aws:team> starts with the reserved prefix aws:."
    assert ("BadRequestException", 400, text) == error_of(
        client.tag_resource, ResourceArn=ARN, Tags=[{"Key": "aws:team", "Value": "post"}]
    )
