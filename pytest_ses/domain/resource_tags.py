"""Which tags does a resource carry, and which may it?"""

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

MOST = 50
KEY_LENGTH, VALUE_LENGTH = 128, 256
RESERVED_PREFIX = "aws:"

_LETTER_DIGIT_OR_SPACE = "LNZ"
_SYMBOLS = "_.:/=+-@"


class Tagged(Protocol):
    """Whatever carries tags."""

    tags: dict[str, str]


class TaggedIdentity(Tagged, NamedResource, Protocol):
    """An identity, as far as its tags are concerned."""


class TaggedState(TenantState, Protocol):
    """The resources of an account that carry tags."""

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
    """A kind of resource: what SES calls it, and how it is found by name."""

    label: str
    find: Callable[[TaggedState, str], Tagged | None]


_KINDS = {
    "configuration-set": TaggableKind(
        "ConfigurationSet", lambda account, name: account.configuration_sets.get(name)
    ),
    "template": TaggableKind("Template", lambda account, name: account.templates.get(name)),
    "identity": TaggableKind(
        "EmailIdentity", lambda account, name: account.identities.get(addresses.normalised(name))
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


def checked(
    tags: Iterable[Mapping[str, str]] | None, *, onto: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The tags of a request as a dict, after those the resource has already.

    Raises:
        InvalidTag: for a key or value that is too long, has characters that no tag may have or the
            reserved prefix; for a key that comes twice; for more tags than a resource may have.
    """
    merged = dict(onto or {})
    seen = set()
    for tag in tags or ():
        key, value = tag["Key"], tag["Value"]
        _check("key", key, 1, KEY_LENGTH)
        _check("value", value, 0, VALUE_LENGTH)
        if key in seen:
            raise errors.InvalidTag(f"The tag key <{key}> is given twice.")
        seen.add(key)
        merged[key] = value
    if len(merged) > MOST:
        raise errors.InvalidTag(f"A resource has at most {MOST} tags; these are {len(merged)}.")
    return merged


def listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The tags of a resource as SES lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def of(account: TaggedState, arn: str) -> dict[str, str]:
    """The tags of a resource; none for one of another region.

    Raises:
        InvalidResourceArn, ResourceOfAnotherAccount, ResourceDoesNotExist: as their names say.
    """
    resource = _resource(account, arn)
    return dict(_tags(account, resource)) if resource.region == account.region else {}


def add(account: TaggedState, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
    """Give a resource tags; one of a key that it has already replaces that one.

    Raises:
        ResourceOfAnotherRegion: as its name says.
    """
    kept = _local_tags(account, arn, "Failed to tag resource")
    kept.update(checked(tags, onto=kept))


def remove(account: TaggedState, arn: str, keys: Iterable[str]) -> None:
    """Take tags off a resource; keys that it does not have are passed over.

    Raises:
        ResourceOfAnotherRegion: as its name says.
    """
    kept = _local_tags(account, arn, "Failed to untag resource")
    for key in keys:
        kept.pop(key, None)


def _check(what: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text) <= longest:
        raise errors.InvalidTag(
            f"The tag {what} <{text}> has {len(text)} characters, "
            f"not between {shortest} and {longest}."
        )
    if not all(map(_is_allowed, text)):
        raise errors.InvalidTag(
            f"The tag {what} <{text}> has other characters than letters, digits, spaces "
            f"and {' '.join(_SYMBOLS)}."
        )
    if text.lower().startswith(RESERVED_PREFIX):
        raise errors.InvalidTag(
            f"The tag {what} <{text}> has the prefix {RESERVED_PREFIX}, which is reserved."
        )


def _is_allowed(character: str) -> bool:
    return character in _SYMBOLS or unicodedata.category(character)[0] in _LETTER_DIGIT_OR_SPACE


def _resource(account: TaggedState, arn: str) -> ResourceArn:
    found = resource_of(arn)
    if found is None:
        raise errors.InvalidResourceArn(arn=arn)
    if found.account_id != account.account_id:
        raise errors.ResourceOfAnotherAccount
    return found


def _local_tags(account: TaggedState, arn: str, refusal: str) -> dict[str, str]:
    resource = _resource(account, arn)
    if resource.region != account.region:
        raise errors.ResourceOfAnotherRegion(refusal)
    return _tags(account, resource)


def _tags(account: TaggedState, resource: ResourceArn) -> dict[str, str]:
    kind = _KINDS.get(resource.kind)
    if kind is None:
        raise errors.UntaggedResource(arn=resource.arn)
    found = kind.find(account, resource.name)
    if found is None:
        raise errors.ResourceDoesNotExist(kind=kind.label, name=_spoken_name(resource))
    return found.tags


def _spoken_name(resource: ResourceArn) -> str:
    if resource.kind == "tenant":
        # The ARN ends in name and id; SES puts no space between the name and what follows.
        return resource.name.replace("/", "with tenantId: ")
    return resource.name
