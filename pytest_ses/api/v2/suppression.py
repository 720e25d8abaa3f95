"""How does API v2 keep the suppression list?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain.lists import suppression

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.lists.suppression import SuppressedDestination


def put_suppressed_destination(
    account: Account, *, email_address: str, reason: str, tenant_name: str | None = None
) -> None:
    """Put an address on the suppression list, or change why it is there."""
    suppression.put(account, email_address, reason, tenant=tenant_name)


def get_suppressed_destination(
    account: Account, *, email_address: str, tenant_name: str | None = None
) -> dict[str, Any]:
    """Why and since when an address is on the suppression list, and which mail put it there."""
    found = suppression.get(account, email_address, tenant=tenant_name)
    event = given(MessageId=found.message_id, FeedbackId=found.feedback_id)
    return {
        "SuppressedDestination": {
            **_summary(found),
            **given(Attributes=event or None, TenantName=tenant_name),
        }
    }


def delete_suppressed_destination(
    account: Account, *, email_address: str, tenant_name: str | None = None
) -> None:
    """Take an address off the suppression list."""
    suppression.remove(account, email_address, tenant=tenant_name)


def list_suppressed_destinations(
    account: Account,
    *,
    tenant_name: str | None = None,
    reasons: list[str] | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The suppression list by the time of the last update, filtered by reasons and that time."""
    # SES looks at the request before it looks for the tenant.
    is_known = tenant_name in account.tenants
    destinations = suppression.kept(account, tenant_name if is_known else None)
    found, token = paging.V2_SUPPRESSED_DESTINATIONS.page(
        account,
        destinations,
        page_size,
        next_token,
        where=suppression.listed(reasons or (), start_date, end_date),
        scope=f"{sorted(reasons or ())} {start_date} {end_date} {tenant_name or ''}",
    )
    suppression.check_tenant(account, tenant_name)
    summaries = [_summary(entry) for entry in found]
    return {"SuppressedDestinationSummaries": summaries, **paging.next_token(token)}


def _summary(entry: SuppressedDestination) -> dict[str, Any]:
    return {
        "EmailAddress": entry.address,
        "Reason": entry.reason,
        "LastUpdateTime": entry.updated_at,
    }
