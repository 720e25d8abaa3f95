"""The operations of API v2 on the tags of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import errors, resource_tags

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def tag_resource(account: Account, *, resource_arn: str, tags: list[dict[str, str]]) -> None:
    """Add tags to a resource, if its type supports tags; an empty list has no effect."""
    resource_tags.add(account, resource_arn, tags)


def untag_resource(
    account: Account, *, resource_arn: str, tag_keys: list[str] | None = None
) -> None:
    """Remove tags from a resource.

    `tag_keys` is required; SES has a special error for a request without it.
    """
    if not tag_keys:
        raise errors.TagKeysMissing
    resource_tags.remove(account, resource_arn, tag_keys)


def list_tags_for_resource(account: Account, *, resource_arn: str) -> dict[str, Any]:
    """List the tags of a resource."""
    return {"Tags": resource_tags.to_list(resource_tags.get(account, resource_arn))}
