"""What does API v2 advise?"""

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
    """What the domains of the account are without, and what they have got since.

    Computed from the identities and their records.
    """
    where = recommendations.matching(filter or {})
    recommendations.refresh(account)
    found, token = paging.V2_RECOMMENDATIONS.page(
        account,
        account.recommendations,
        page_size,
        next_token,
        where=where,
        scope=str(sorted((filter or {}).items())),
    )
    return {"Recommendations": [_shown(one) for one in found], **paging.next_token(token)}


def _shown(found: Recommendation) -> dict[str, Any]:
    return {
        "ResourceArn": found.resource_arn,
        "Type": found.type,
        "Description": found.description,
        "Status": found.status,
        "CreatedTimestamp": found.created_at,
        "LastUpdatedTimestamp": found.updated_at,
        "Impact": found.impact,
    }
