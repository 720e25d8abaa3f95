"""Tags of resources, and the rules for them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.arns import resource_of
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import NamedResource, TenantState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_ses.domain.arns import ResourceArn

MAX_TAGS = 50
KEY_LENGTH, VALUE_LENGTH = 128, 256
RESERVED_PREFIX = "aws:"

_LETTER_DIGIT_OR_SPACE = "LNZ"
_SYMBOLS = "_.:/=+-@"


class Tagged(Protocol):
    """A resource that has tags."""

    tags: dict[str, str]


class TaggedIdentity(Tagged, NamedResource, Protocol):
    """The part of an identity that tagging needs."""


class TaggedState(TenantState, Protocol):
    """The resources of an account that can have tags."""

    @property
    def identities(self) -> Mapping[str, TaggedIdentity]:
        """The identities of the account."""
        ...

    @property
    def configuration_sets(self) -> Mapping[str, Tagged]:
        """The configuration sets of the account."""
        ...

    @property
    def templates(self) -> Mapping[str, Tagged]:
        """The email templates of the account."""
        ...

    @property
    def contact_lists(self) -> Mapping[str, Tagged]:
        """The contact lists of the account."""
        ...

    @property
    def placement_tests(self) -> Mapping[str, Tagged]:
        """The deliverability test reports of the account."""
        ...

    @property
    def dedicated_ip_pools(self) -> Mapping[str, Tagged]:
        """The dedicated IP pools of the account."""
        ...

    @property
    def verification_templates(self) -> Mapping[str, Tagged]:
        """The custom verification email templates of the account."""
        ...

    @property
    def multi_region_endpoints(self) -> Mapping[str, Tagged]:
        """The multi-region endpoints of the account."""
        ...


class TaggableKind(NamedTuple):
    """A kind of resource: SES's name for it, and a function that finds such a resource by name."""

    label: str
    find: Callable[[TaggedState, str], Tagged | None]


_KINDS = {
    "configuration-set": TaggableKind(
        "ConfigurationSet", lambda account, name: account.configuration_sets.get(name)
    ),
    "template": TaggableKind("Template", lambda account, name: account.templates.get(name)),
    "identity": TaggableKind(
        "EmailIdentity", lambda account, name: account.identities.get(addresses.normalized(name))
    ),
    "contact-list": TaggableKind(
        "ContactList", lambda account, name: account.contact_lists.get(name)
    ),
    "deliverability-test-report": TaggableKind(
        "DeliverabilityTestReport", lambda account, name: account.placement_tests.get(name)
    ),
    "dedicated-ip-pool": TaggableKind(
        "DedicatedIpPool", lambda account, name: account.dedicated_ip_pools.get(name)
    ),
    "custom-verification-email-template": TaggableKind(
        "CustomVerificationEmailTemplate",
        lambda account, name: account.verification_templates.get(name),
    ),
    "multi-region-endpoint": TaggableKind(
        "MultiRegionEndpoint", lambda account, name: account.multi_region_endpoints.get(name)
    ),
    "tenant": TaggableKind(
        "Tenant", lambda account, name: tenants.by_arn(account, account.arn("tenant", name))
    ),
}


def parse(
    tags: Iterable[Mapping[str, str]] | None, *, existing: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the tags of a request as a dict, merged into the resource's existing tags.

    Raises:
        InvalidTag: if a key or value has an invalid length, invalid characters or the reserved
            prefix, a key occurs twice, or the resource would have too many tags. The texts are our
            own.
    """
    merged = dict(existing or {})
    seen = set()
    for tag in tags or ():
        key, value = tag["Key"], tag["Value"]
        _check("key", key, 1, KEY_LENGTH)
        _check("value", value, 0, VALUE_LENGTH)
        if key in seen:
            raise errors.InvalidTag(f"The tag key <{key}> occurs twice.")
        seen.add(key)
        merged[key] = value
    if len(merged) > MAX_TAGS:
        raise errors.InvalidTag(f"A resource can have at most {MAX_TAGS} tags, not {len(merged)}.")
    return merged


def to_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the tags of a resource as SES lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def get(account: TaggedState, arn: str) -> dict[str, str]:
    """Return the tags of a resource; empty for a resource in another region.

    Raises:
        InvalidResourceArn: if the text is not the ARN of an SES resource.
        ResourceOfAnotherAccount: if the resource belongs to another account.
        UntaggedResource: if tags are not stored for this kind of resource.
        ResourceDoesNotExist: if the resource does not exist.
    """
    resource = _resource(account, arn)
    return dict(_tags(account, resource)) if resource.region == account.region else {}


def add(account: TaggedState, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
    """Add tags to a resource; a tag replaces the existing one with the same key.

    Raises:
        ResourceOfAnotherRegion: if the resource is in another region.
    """
    current = _local_tags(account, arn, "Failed to tag resource")
    current.update(parse(tags, existing=current))


def remove(account: TaggedState, arn: str, keys: Iterable[str]) -> None:
    """Remove tags from a resource; keys that it does not have are ignored.

    Raises:
        ResourceOfAnotherRegion: if the resource is in another region.
    """
    current = _local_tags(account, arn, "Failed to untag resource")
    for key in keys:
        current.pop(key, None)


def _check(part: str, text: str, min_length: int, max_length: int) -> None:
    if not min_length <= len(text) <= max_length:
        raise errors.InvalidTag(
            f"The tag {part} <{text}> has {len(text)} characters; it must have "
            f"{min_length} to {max_length}."
        )
    if not all(map(_is_allowed, text)):
        raise errors.InvalidTag(
            f"The tag {part} <{text}> has invalid characters; letters, digits, spaces and "
            f"{' '.join(_SYMBOLS)} are allowed."
        )
    if text.lower().startswith(RESERVED_PREFIX):
        raise errors.InvalidTag(
            f"The tag {part} <{text}> starts with the reserved prefix {RESERVED_PREFIX}."
        )


def _is_allowed(character: str) -> bool:
    return character in _SYMBOLS or unicodedata.category(character)[0] in _LETTER_DIGIT_OR_SPACE


def _resource(account: TaggedState, arn: str) -> ResourceArn:
    resource = resource_of(arn)
    if resource is None:
        raise errors.InvalidResourceArn(arn=arn)
    if resource.account_id != account.account_id:
        raise errors.ResourceOfAnotherAccount
    return resource


def _local_tags(account: TaggedState, arn: str, error_message: str) -> dict[str, str]:
    resource = _resource(account, arn)
    if resource.region != account.region:
        raise errors.ResourceOfAnotherRegion(error_message)
    return _tags(account, resource)


def _tags(account: TaggedState, resource: ResourceArn) -> dict[str, str]:
    kind = _KINDS.get(resource.kind)
    if kind is None:
        raise errors.UntaggedResource(arn=resource.arn)
    tagged = kind.find(account, resource.name)
    if tagged is None:
        raise errors.ResourceDoesNotExist(kind=kind.label, name=_name_in_error(resource))
    return tagged.tags


def _name_in_error(resource: ResourceArn) -> str:
    if resource.kind == "tenant":
        # The ARN ends with the name and the ID; SES puts no space after the name.
        return resource.name.replace("/", "with tenantId: ")
    return resource.name
