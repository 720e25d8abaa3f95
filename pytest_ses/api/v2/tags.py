"""How does API v2 tag resources?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import errors, resource_tags

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def tag_resource(account: Account, *, resource_arn: str, tags: list[dict[str, str]]) -> None:
    """Give a resource of a kind that has tags some; none change nothing."""
    resource_tags.add(account, resource_arn, tags)


def untag_resource(
    account: Account, *, resource_arn: str, tag_keys: list[str] | None = None
) -> None:
    """Take tags off a resource.

    `tag_keys` is required, but SES misses it in words of its own.
    """
    if not tag_keys:
        raise errors.TagKeysMissing
    resource_tags.remove(account, resource_arn, tag_keys)


def list_tags_for_resource(account: Account, *, resource_arn: str) -> dict[str, Any]:
    """The tags of a resource."""
    return {"Tags": resource_tags.listed(resource_tags.of(account, resource_arn))}
