"""Tags: which ones a resource may carry, and how a resource is named by its ARN."""

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain import configuration, contact_lists, errors, identities, tags, templates
from pytest_ses.domain.configuration import ConfigurationSet
from pytest_ses.domain.templates import Parts


def tag(key, value=""):
    """A tag as a request gives it."""
    return {"Key": key, "Value": value}


def many(count, prefix="key"):
    """Tags of that many keys."""
    return [tag(f"{prefix}-{number}") for number in range(count)]


@pytest.fixture(name="arn")
def _arn(account):
    configuration.create(account, ConfigurationSet("letters"))
    return account.arn("configuration-set", "letters")


@pytest.mark.parametrize("given", [None, []])
def test_no_tags(given):
    """No tags are an empty dict."""
    assert {} == tags.checked(given)


def test_checked_and_listed():
    """The tags of a request come out again as they went in."""
    assert {"a": "1", "b": ""} == tags.checked([tag("a", "1"), tag("b")])
    assert [tag("a", "1"), tag("b")] == tags.listed({"a": "1", "b": ""})


@pytest.mark.parametrize(
    "word", ["Straße", "price band", "a\u00a0b", "१२", "_.:/=+-@", "x" * 128, "\U00020000" * 128]
)
def test_allowed(word):
    """Letters, digits and spaces of any script and eight symbols may stand in keys and values."""
    assert {word: word} == tags.checked([tag(word, word)])


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("", "", "The tag key <> has 0 characters, not between 1 and 128."),
        ("x" * 129, "", f"The tag key <{'x' * 129}> has 129 characters, not between 1 and 128."),
        ("a", "x" * 257, f"The tag value <{'x' * 257}> has 257 characters, not between 0 and 256."),
        (
            "a!",
            "",
            (
                "The tag key <a!> has other characters than letters, digits, spaces and "
                "_ . : / = + - @."
            ),
        ),
        (
            "a",
            "\t",
            (
                "The tag value <\t> has other characters than letters, digits, spaces and "
                "_ . : / = + - @."
            ),
        ),
        ("AWS:a", "", "The tag key <AWS:a> has the prefix aws:, which is reserved."),
        ("a", "aws:b", "The tag value <aws:b> has the prefix aws:, which is reserved."),
    ],
)
def test_refused(key, value, expected):
    """A tag that is too long or short, has other characters or the prefix of AWS is refused."""
    with pytest.raises(errors.InvalidTag) as refusal:
        tags.checked([tag(key, value)])
    assert expected == refusal.value.message


def test_twice():
    """A key that comes twice in a request is refused, even with the same value."""
    with pytest.raises(errors.InvalidTag) as refusal:
        tags.checked([tag("a", "1"), tag("a", "1")])
    assert "The tag key <a> is given twice." == refusal.value.message


def test_too_many():
    """A resource has at most 50 tags, counted after the merge."""
    fifty = tags.checked(many(50))
    assert 50 == len(tags.checked(many(50), onto=fifty))
    with pytest.raises(errors.InvalidTag) as refusal:
        tags.checked(many(1, "more"), onto=fifty)
    assert "A resource has at most 50 tags; these are 51." == refusal.value.message


@given(st.dictionaries(st.from_regex(r"[b-z]{1,9}", fullmatch=True), st.just("v"), max_size=50))
def test_round_trip(wanted):
    """Listing and reading again gives the same tags."""
    assert wanted == tags.checked(tags.listed(wanted))


def test_add_and_remove(account, arn):
    """Tags are added, replaced by key, and taken off; unknown keys are passed over."""
    tags.add(account, arn, [tag("a", "1"), tag("b", "2")])
    tags.add(account, arn, [tag("b", "3"), tag("c")])
    tags.remove(account, arn, ["a", "unknown"])
    assert {"b": "3", "c": ""} == tags.of(account, arn)


def test_add_all_or_nothing(account, arn):
    """Of a request with one bad tag, none is kept."""
    with pytest.raises(errors.InvalidTag):
        tags.add(account, arn, [tag("good"), tag("bad!")])
    assert {} == tags.of(account, arn)


def test_of_is_a_copy(account, arn):
    """What is read is not what is kept."""
    tags.of(account, arn)["a"] = "1"
    assert {} == tags.of(account, arn)


def test_kinds(account):
    """Configuration sets, templates, identities and contact lists carry tags."""
    configuration.create(account, ConfigurationSet("letters", tags={"of": "set"}))
    templates.create(account, "hello", Parts("Hi"), tags={"of": "template"})
    identities.create(account, "example.com", tags={"of": "identity"})
    contact_lists.create(account, "friends", tags={"of": "list"})
    assert {"of": "set"} == tags.of(account, account.arn("configuration-set", "letters"))
    assert {"of": "template"} == tags.of(account, account.arn("template", "hello"))
    assert {"of": "identity"} == tags.of(account, account.arn("identity", "Example.COM"))
    assert {"of": "list"} == tags.of(account, account.arn("contact-list", "friends"))


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
    """A resource that is not there is missed by kind and name."""
    with pytest.raises(errors.ResourceDoesNotExist) as refusal:
        tags.of(account, account.arn(kind, name))
    assert expected == refusal.value.message


def test_kind_without_tags(account):
    """A resource of another kind is refused as one whose tags are not kept."""
    arn = account.arn("mailmanager-archive", "friends")
    with pytest.raises(errors.UntaggedResource) as refusal:
        tags.of(account, arn)
    assert f"The resource <{arn}> is of a kind whose tags are not kept." == refusal.value.message


@pytest.mark.parametrize(
    "arn",
    [
        "letters",
        "arn:aws:sns:us-east-1:123456789012:topic/x",
        "arn:aws:ses:us-east-1:123456789012:x",
    ],
)
def test_no_arn(account, arn):
    """What is not an ARN of SES is refused."""
    with pytest.raises(errors.InvalidResourceArn) as refusal:
        tags.of(account, arn)
    assert f"The ARN <{arn}> does not name a resource of SES." == refusal.value.message


def test_other_account_before_other_region(account):
    """The account of an ARN is looked at first, even before its region."""
    with pytest.raises(errors.ResourceOfAnotherAccount) as refusal:
        tags.of(account, "arn:aws:ses:eu-west-1:111122223333:identity/example.com")
    assert (
        "Operations on a resource created in a different account is not allowed"
        == refusal.value.message
    )


def test_other_region(account):
    """A resource of another region lists no tags, and cannot be tagged or untagged."""
    arn = "arn:aws:ses:eu-west-1:123456789012:identity/example.com"
    assert {} == tags.of(account, arn)
    with pytest.raises(errors.ResourceOfAnotherRegion) as refusal:
        tags.add(account, arn, [tag("a")])
    assert "Failed to tag resource" == refusal.value.message
    with pytest.raises(errors.ResourceOfAnotherRegion) as refusal:
        tags.remove(account, arn, ["a"])
    assert "Failed to untag resource" == refusal.value.message
