"""How does API v1 keep IP filters?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain.receiving import receipt_filters
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_receipt_filter(account: Account, *, filter: dict[str, Any]) -> None:
    """Let mail from a range of IP addresses in or keep it out."""
    policy, cidr = filter["IpFilter"]["Policy"], filter["IpFilter"]["Cidr"]
    receipt_filters.create(account, ReceiptFilter(filter["Name"], policy, cidr))


def delete_receipt_filter(account: Account, *, filter_name: str) -> None:
    """Drop an IP filter; one that is not there counts as dropped."""
    account.receipt_filters.discard(filter_name)


def list_receipt_filters(account: Account) -> dict[str, Any]:
    """All IP filters by name."""
    found = sorted(account.receipt_filters.values())
    return {
        "Filters": [
            {"Name": one.name, "IpFilter": {"Policy": one.policy, "Cidr": one.cidr}}
            for one in found
        ]
    }
