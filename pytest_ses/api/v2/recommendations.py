"""The operation of API v2 that lists recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain.deliverability import recommendations

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.deliverability.recommendations import Recommendation


def list_recommendations(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List the open and the fixed recommendations for the domains of the account.

    Computed from the identities and their DNS records.
    """
    where = recommendations.matching(filter or {})
    recommendations.refresh(account)
    page, token = paging.V2_RECOMMENDATIONS.page(
        account,
        account.recommendations,
        page_size,
        next_token,
        where=where,
        scope=str(sorted((filter or {}).items())),
    )
    return {
        "Recommendations": [_described(recommendation) for recommendation in page],
        **paging.next_token(token),
    }


def _described(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "ResourceArn": recommendation.resource_arn,
        "Type": recommendation.type,
        "Description": recommendation.description,
        "Status": recommendation.status,
        "CreatedTimestamp": recommendation.created_at,
        "LastUpdatedTimestamp": recommendation.updated_at,
        "Impact": recommendation.impact,
    }
