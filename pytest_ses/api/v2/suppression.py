"""The operations of API v2 on the suppression list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain.lists import suppression

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.lists.suppression import SuppressedDestination


def put_suppressed_destination(
    account: Account, *, email_address: str, reason: str, tenant_name: str | None = None
) -> None:
    """Add an address to the suppression list, or change its reason."""
    suppression.put(account, email_address, reason, tenant=tenant_name)


def get_suppressed_destination(
    account: Account, *, email_address: str, tenant_name: str | None = None
) -> dict[str, Any]:
    """Return when and why an address was suppressed, and which message caused it."""
    entry = suppression.find(account, email_address, tenant=tenant_name)
    attributes = without_none(MessageId=entry.message_id, FeedbackId=entry.feedback_id)
    return {
        "SuppressedDestination": {
            **_summary(entry),
            **without_none(Attributes=attributes or None, TenantName=tenant_name),
        }
    }


def delete_suppressed_destination(
    account: Account, *, email_address: str, tenant_name: str | None = None
) -> None:
    """Remove an address from the suppression list."""
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
    """List the suppressed addresses, filtered by reason and time and sorted by last update."""
    # SES checks the request before it checks whether the tenant exists.
    tenant_exists = tenant_name in account.tenants
    destinations = suppression.list_of(account, tenant_name if tenant_exists else None)
    page, token = paging.V2_SUPPRESSED_DESTINATIONS.page(
        account,
        destinations,
        page_size,
        next_token,
        where=suppression.matching(reasons or (), start_date, end_date),
        scope=f"{sorted(reasons or ())} {start_date} {end_date} {tenant_name or ''}",
    )
    suppression.check_tenant(account, tenant_name)
    summaries = [_summary(entry) for entry in page]
    return {"SuppressedDestinationSummaries": summaries, **paging.next_token(token)}


def _summary(entry: SuppressedDestination) -> dict[str, Any]:
    return {
        "EmailAddress": entry.address,
        "Reason": entry.reason,
        "LastUpdateTime": entry.updated_at,
    }
