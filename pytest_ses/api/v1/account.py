"""The operations of API v1 on the account: quota, statistics and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def get_send_quota(account: Account) -> dict[str, Any]:
    """Return the sending quota, the sending rate and the number of recipients in the last 24 hours.

    Computed from the messages sent and their events.
    """
    return {
        "Max24HourSend": account.max_24_hour_send,
        "MaxSendRate": account.max_send_rate,
        "SentLast24Hours": float(account.history.sent_last_24_hours(account.now())),
    }


def get_send_statistics(account: Account) -> dict[str, Any]:
    """Return the sending statistics of the last two weeks in 15-minute intervals.

    Computed from the messages sent and their events.
    """
    return {
        "SendDataPoints": [
            {
                "Timestamp": point.timestamp,
                "DeliveryAttempts": point.delivery_attempts,
                "Bounces": point.bounces,
                "Complaints": point.complaints,
                "Rejects": point.rejects,
            }
            for point in account.history.data_points(account.now())
        ]
    }


def get_account_sending_enabled(account: Account) -> dict[str, Any]:
    """Return whether sending is enabled for the account."""
    return {"Enabled": account.sending_enabled}


def update_account_sending_enabled(account: Account, *, enabled: bool | None = None) -> None:
    """Enable or disable sending for the account; defaults to disabled."""
    account.sending_enabled = bool(enabled)
