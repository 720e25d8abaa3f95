"""How does API v1 tell and set what holds for the whole account?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def get_send_quota(account: Account) -> dict[str, Any]:
    """How many recipients a day and a second, and how many in the last 24 hours.

    Computed from what was sent and what happened to it.
    """
    return {
        "Max24HourSend": account.max_24_hour_send,
        "MaxSendRate": account.max_send_rate,
        "SentLast24Hours": float(account.history.sent_last_24_hours(account.now())),
    }


def get_send_statistics(account: Account) -> dict[str, Any]:
    """What happened in each quarter of an hour of the last two weeks.

    Computed from what was sent and what happened to it.
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
    """Whether the account may send."""
    return {"Enabled": account.sending_enabled}


def update_account_sending_enabled(account: Account, *, enabled: bool | None = None) -> None:
    """Let the account send or not; without a word, not."""
    account.sending_enabled = bool(enabled)
