"""The operations of API v1 on IP filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.receiving import receipt_filters
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_receipt_filter(account: Account, *, filter: dict[str, Any]) -> None:
    """Create a filter that allows or blocks messages from a range of IP addresses."""
    policy, cidr = filter["IpFilter"]["Policy"], filter["IpFilter"]["Cidr"]
    receipt_filters.create(account, ReceiptFilter(filter["Name"], policy, cidr))


def delete_receipt_filter(account: Account, *, filter_name: str) -> None:
    """Delete an IP filter, if it exists."""
    account.receipt_filters.discard(filter_name)


def list_receipt_filters(account: Account) -> dict[str, Any]:
    """List the IP filters, sorted by name."""
    return {
        "Filters": [
            {"Name": name, "IpFilter": {"Policy": policy, "Cidr": cidr}}
            for name, policy, cidr in sorted(account.receipt_filters.values())
        ]
    }
