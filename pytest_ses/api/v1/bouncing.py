"""The operation of API v1 that bounces a received message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.receiving import bounces
from pytest_ses.domain.receiving.bounces import REASONS, BouncedRecipient, Reason, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_ses.domain.account import Account


def send_bounce(
    account: Account,
    *,
    original_message_id: str,
    bounce_sender: str,
    bounced_recipient_info_list: list[dict[str, Any]],
    explanation: str | None = None,
    message_dsn: dict[str, Any] | None = None,
    bounce_sender_arn: str | None = None,  # noqa: ARG001  (not checked)
) -> dict[str, Any]:
    """Bounce a received message to its sender."""
    arrival = bounces.find(account, original_message_id)
    if not bounced_recipient_info_list:
        raise errors.InvalidParameterValue("BouncedRecipientInfoList must not be empty.")
    message = bounces.send(
        account,
        arrival,
        [_bounced_recipient(info) for info in bounced_recipient_info_list],
        sender=bounce_sender,
        report=_report(explanation, message_dsn or {}),
        operation="SendBounce",
    )
    return {"MessageId": message.message_id}


def _report(explanation: str | None, dsn: Mapping[str, Any]) -> Report:
    return Report(
        explanation, dsn.get("ReportingMta"), dsn.get("ArrivalDate"), _extension_fields(dsn)
    )


def _bounced_recipient(info: Mapping[str, Any]) -> BouncedRecipient:
    fields = info.get("RecipientDsnFields") or {}
    reason = _reason(info, fields)
    return BouncedRecipient(
        addresses.bare(info["Recipient"]),
        action=fields.get("Action", reason.action),
        status=fields.get("Status", reason.status),
        text=reason.text,
        final_address=fields.get("FinalRecipient"),
        remote_mta=fields.get("RemoteMta"),
        diagnostic=fields.get("DiagnosticCode"),
        last_attempt=fields.get("LastAttemptDate"),
        extra=_extension_fields(fields),
    )


def _reason(info: Mapping[str, Any], fields: Mapping[str, Any]) -> Reason:
    """Return the reason for a bounce type, which is optional if the request has DSN fields."""
    bounce_type = info.get("BounceType")
    if bounce_type is None and not fields:
        raise errors.InvalidParameterValue(
            "BounceType or RecipientDsnFields must be given for each recipient."
        )
    return REASONS[bounce_type or "Undefined"]


def _extension_fields(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    extension_fields: Iterable[Mapping[str, str]] = fields.get("ExtensionFields") or ()
    return [(field["Name"], field["Value"]) for field in extension_fields]
