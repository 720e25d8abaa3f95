"""The operations of API v2 on the account."""

from __future__ import annotations

import string
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pytest_ses.api.responses import without_none
from pytest_ses.domain import errors

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def get_account(account: Account) -> dict[str, Any]:
    """Return the account's settings and quota; details, VDM and pricing are omitted until set."""
    return {
        "DedicatedIpAutoWarmupEnabled": account.dedicated_ip_auto_warmup_enabled,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": not account.sandbox,
        "SendQuota": {
            "Max24HourSend": account.max_24_hour_send,
            "MaxSendRate": account.max_send_rate,
            "SentLast24Hours": float(account.history.sent_last_24_hours(account.now())),
        },
        "SendingEnabled": account.sending_enabled,
        "SuppressionAttributes": _suppression(account),
        **_if_set("Details", _details(account)),
        **_if_set("VdmAttributes", _vdm(account)),
        **_if_set("PricingAttributes", account.pricing_attributes),
    }


def put_account_sending_attributes(
    account: Account, *, sending_enabled: bool | None = None
) -> None:
    """Enable or disable sending for the account; defaults to disabled."""
    account.sending_enabled = bool(sending_enabled)


def put_account_suppression_attributes(
    account: Account,
    *,
    suppressed_reasons: list[str] | None = None,
    validation_attributes: dict[str, Any] | None = None,
) -> None:
    """Set the reasons for adding addresses to the account's suppression list; defaults to none."""
    account.suppressed_reasons = list(suppressed_reasons or [])
    if validation_attributes is not None:
        account.suppression_validation_attributes = deepcopy(validation_attributes)


def put_account_vdm_attributes(account: Account, *, vdm_attributes: dict[str, Any]) -> None:
    """Enable or disable the Virtual Deliverability Manager.

    Its engagement metrics turn on tracking; nothing else of the manager is simulated.
    """
    account.vdm_attributes = deepcopy(vdm_attributes)


def put_account_details(
    account: Account,
    *,
    mail_type: str,
    website_url: str,
    contact_language: str | None = None,
    use_case_description: str | None = None,
    additional_contact_email_addresses: list[str] | None = None,
    production_access_enabled: bool | None = None,
) -> None:
    """Set the details of the account, and optionally request production access.

    The request stays under review until the test takes the account out of the sandbox.

    Stored only: requests are not reviewed.

    Raises:
        AccountUnderReview: if an earlier request is under review.
    """
    if account.sandbox and account.details and "ReviewDetails" in account.details:
        raise errors.AccountUnderReview
    account.details = without_none(
        MailType=mail_type,
        WebsiteURL=website_url,
        ContactLanguage=contact_language,
        UseCaseDescription=use_case_description,
        AdditionalContactEmailAddresses=additional_contact_email_addresses,
    )
    if account.sandbox and production_access_enabled:
        account.details["ReviewDetails"] = {
            "Status": "PENDING",
            "CaseId": account.new_token(string.digits, 12),
        }


def put_account_dedicated_ip_warmup_attributes(
    account: Account, *, auto_warmup_enabled: bool | None = None
) -> None:
    """Enable or disable the automatic warm-up of dedicated IP addresses; defaults to disabled.

    Stored only: warm-up percentages change only on request.
    """
    account.dedicated_ip_auto_warmup_enabled = bool(auto_warmup_enabled)


def put_account_pricing_attributes(account: Account, *, plan: str) -> None:
    """Change the pricing plan, starting with the next monthly cycle.

    Stored only: nothing is charged.
    """
    current = (account.pricing_attributes or {}).get("CurrentPlan", "NONE")
    change = {} if plan == current else {"NextPlan": plan}
    account.pricing_attributes = {"CurrentPlan": current, **change}


def _if_set(name: str, value: dict[str, Any] | None) -> dict[str, Any]:
    return {} if value is None else {name: deepcopy(value)}


def _suppression(account: Account) -> dict[str, Any]:
    attributes = {"SuppressedReasons": list(account.suppressed_reasons)}
    return attributes | _if_set("ValidationAttributes", account.suppression_validation_attributes)


def _details(account: Account) -> dict[str, Any] | None:
    """Return the details; a review ends when the account leaves the sandbox."""
    if not account.details or "ReviewDetails" not in account.details:
        return account.details
    status = "PENDING" if account.sandbox else "GRANTED"
    return account.details | {
        "ReviewDetails": account.details["ReviewDetails"] | {"Status": status}
    }


def _vdm(account: Account) -> dict[str, Any] | None:
    """Return the VDM attributes, without those of dashboard and guardian if VDM is disabled."""
    attributes = account.vdm_attributes
    if attributes is None or attributes["VdmEnabled"] != "ENABLED":
        return attributes and {"VdmEnabled": attributes["VdmEnabled"]}
    features = {
        member: defaults | attributes.get(member, {}) for member, defaults in _VDM_FEATURES.items()
    }
    return {"VdmEnabled": "ENABLED", **features}


# The features of VDM, which are disabled by default.
_VDM_FEATURES = {
    "DashboardAttributes": {"EngagementMetrics": "DISABLED"},
    "GuardianAttributes": {"OptimizedSharedDelivery": "DISABLED"},
}
