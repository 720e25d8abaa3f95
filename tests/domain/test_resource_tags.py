"""Tags of resources, and resources named by their ARNs."""

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain import errors, resource_tags, templates
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
from pytest_ses.domain.identities import identities
from pytest_ses.domain.lists import contact_lists
from pytest_ses.domain.mime import Parts


def tag(key, value=""):
    """A tag as given in a request."""
    return {"Key": key, "Value": value}


def many(count, prefix="key"):
    """Tags with `count` different keys."""
    return [tag(f"{prefix}-{number}") for number in range(count)]


@pytest.fixture(name="arn")
def _arn(account):
    configuration_sets.create(account, ConfigurationSet("letters"))
    return account.arn("configuration-set", "letters")


@pytest.mark.parametrize("request_tags", [None, []])
def test_no_tags(request_tags):
    """Without tags, the result is an empty dict."""
    assert {} == resource_tags.parse(request_tags)


def test_checked_and_listed():
    """Tags are listed in the form in which they were given."""
    assert {"a": "1", "b": ""} == resource_tags.parse([tag("a", "1"), tag("b")])
    assert [tag("a", "1"), tag("b")] == resource_tags.to_list({"a": "1", "b": ""})


def test_case():
    """Keys and values are case-sensitive."""
    assert {"a": "x", "A": "X"} == resource_tags.parse([tag("a", "x"), tag("A", "X")])


@pytest.mark.parametrize(
    "text", ["Straße", "price band", "a\u00a0b", "१२", "_.:/=+-@", "x" * 128, "\U00020000" * 128]
)
def test_allowed(text):
    """Keys and values can contain letters, digits and spaces of any script and eight symbols."""
    assert {text: text} == resource_tags.parse([tag(text, text)])


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("", "", "The tag key <> has 0 characters; it must have 1 to 128."),
        ("x" * 129, "", f"The tag key <{'x' * 129}> has 129 characters; it must have 1 to 128."),
        ("a", "x" * 257, f"The tag value <{'x' * 257}> has 257 characters; it must have 0 to 256."),
        (
            "a!",
            "",
            (
                "The tag key <a!> has invalid characters; letters, digits, spaces and "
                "_ . : / = + - @ are allowed."
            ),
        ),
        (
            "a",
            "\t",
            (
                "The tag value <\t> has invalid characters; letters, digits, spaces and "
                "_ . : / = + - @ are allowed."
            ),
        ),
        ("AWS:a", "", "The tag key <AWS:a> starts with the reserved prefix aws:."),
        ("a", "aws:b", "The tag value <aws:b> starts with the reserved prefix aws:."),
    ],
)
def test_invalid(key, value, expected):
    """A tag with an invalid length, invalid characters or the prefix of AWS is rejected."""
    with pytest.raises(errors.InvalidTag) as caught:
        resource_tags.parse([tag(key, value)])
    assert expected == caught.value.message


def test_duplicate_key():
    """A key that occurs twice in a request is rejected, even with the same value."""
    with pytest.raises(errors.InvalidTag) as caught:
        resource_tags.parse([tag("a", "1"), tag("a", "1")])
    assert "The tag key <a> occurs twice." == caught.value.message


def test_too_many():
    """A resource has at most 50 tags, counted after the request is merged."""
    fifty = resource_tags.parse(many(50))
    assert 50 == len(resource_tags.parse(many(50), existing=fifty))
    with pytest.raises(errors.InvalidTag) as caught:
        resource_tags.parse(many(1, "more"), existing=fifty)
    assert "A resource can have at most 50 tags, not 51." == caught.value.message


@given(st.dictionaries(st.from_regex(r"[b-z]{1,9}", fullmatch=True), st.just("v"), max_size=50))
def test_round_trip(expected):
    """Tags that are listed and checked again are the same."""
    assert expected == resource_tags.parse(resource_tags.to_list(expected))


def test_add_and_remove(account, arn):
    """Tags are added, replaced by key and removed; unknown keys are ignored."""
    resource_tags.add(account, arn, [tag("a", "1"), tag("b", "2")])
    resource_tags.add(account, arn, [tag("b", "3"), tag("c")])
    resource_tags.remove(account, arn, ["a", "unknown"])
    assert {"b": "3", "c": ""} == resource_tags.get(account, arn)


def test_add_all_or_nothing(account, arn):
    """If one tag of a request is invalid, none is stored."""
    with pytest.raises(errors.InvalidTag):
        resource_tags.add(account, arn, [tag("good"), tag("bad!")])
    assert {} == resource_tags.get(account, arn)


def test_of_is_a_copy(account, arn):
    """Changing the returned tags does not change the stored ones."""
    resource_tags.get(account, arn)["a"] = "1"
    assert {} == resource_tags.get(account, arn)


def test_kinds(account):
    """Configuration sets, templates, identities and contact lists can have tags."""
    configuration_sets.create(account, ConfigurationSet("letters", tags={"of": "set"}))
    templates.create(account, "hello", Parts("Hi"), tags={"of": "template"})
    identities.create(account, "example.com", tags={"of": "identity"})
    contact_lists.create(account, "friends", tags={"of": "list"})
    assert {"of": "set"} == resource_tags.get(account, account.arn("configuration-set", "letters"))
    assert {"of": "template"} == resource_tags.get(account, account.arn("template", "hello"))
    assert {"of": "identity"} == resource_tags.get(account, account.arn("identity", "Example.COM"))
    assert {"of": "list"} == resource_tags.get(account, account.arn("contact-list", "friends"))


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("configuration-set", "letters", "No ConfigurationSet present with name: letters"),
        ("template", "hello", "No Template present with name: hello"),
        ("identity", "example.com", "No EmailIdentity present with name: example.com"),
        ("contact-list", "friends", "No ContactList present with name: friends"),
        ("tenant", "acme/tn-1", "No Tenant present with name: acmewith tenantId: tn-1"),
    ],
)
def test_missing(account, kind, name, expected):
    """The error for a missing resource contains its kind and name."""
    with pytest.raises(errors.ResourceDoesNotExist) as caught:
        resource_tags.get(account, account.arn(kind, name))
    assert expected == caught.value.message


def test_kind_without_tags(account):
    """A resource of another kind is rejected, because its tags are not stored."""
    arn = account.arn("mailmanager-archive", "friends")
    with pytest.raises(errors.UntaggedResource) as caught:
        resource_tags.get(account, arn)
    assert (
        f"The resource <{arn}> is of a type whose tags pytest-ses does not store."
        == caught.value.message
    )


@pytest.mark.parametrize(
    "arn",
    [
        "letters",
        "arn:aws:sns:us-east-1:123456789012:topic/x",
        "arn:aws:ses:us-east-1:123456789012:x",
    ],
)
def test_invalid_arn(account, arn):
    """A string that is not the ARN of an SES resource is rejected."""
    with pytest.raises(errors.InvalidResourceArn) as caught:
        resource_tags.get(account, arn)
    assert f"The ARN <{arn}> is not the ARN of an SES resource." == caught.value.message


def test_other_account(account):
    """The account of an ARN is checked first, even before its region."""
    with pytest.raises(errors.ResourceOfAnotherAccount) as caught:
        resource_tags.get(account, "arn:aws:ses:eu-west-1:111122223333:identity/example.com")
    assert (
        "Operations on a resource created in a different account is not allowed"
        == caught.value.message
    )


def test_other_region(account):
    """A resource in another region lists no tags and cannot be tagged or untagged."""
    arn = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"
    assert {} == resource_tags.get(account, arn)
    with pytest.raises(errors.ResourceOfAnotherRegion) as caught:
        resource_tags.add(account, arn, [tag("a")])
    assert "Failed to tag resource" == caught.value.message
    with pytest.raises(errors.ResourceOfAnotherRegion) as caught:
        resource_tags.remove(account, arn, ["a"])
    assert "Failed to untag resource" == caught.value.message
