"""How does API v1 send mail back?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.receiving import bounces
from pytest_ses.domain.receiving.bounces import REASONS, Reason, Report, Returned

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
    bounce_sender_arn: str | None = None,  # noqa: ARG001  (needs no check of its own)
) -> dict[str, Any]:
    """Return a mail that came in to its sender."""
    arrival = bounces.find(account, original_message_id)
    if not bounced_recipient_info_list:
        raise errors.InvalidParameterValue("BouncedRecipientInfoList must not be empty.")
    message = bounces.send(
        account,
        arrival,
        [_returned(one) for one in bounced_recipient_info_list],
        sender=bounce_sender,
        report=_report(explanation, message_dsn or {}),
        operation="SendBounce",
    )
    return {"MessageId": message.message_id}


def _report(explanation: str | None, dsn: Mapping[str, Any]) -> Report:
    return Report(explanation, dsn.get("ReportingMta"), dsn.get("ArrivalDate"), _extra(dsn))


def _returned(info: Mapping[str, Any]) -> Returned:
    fields = info.get("RecipientDsnFields") or {}
    reason = _reason(info, fields)
    return Returned(
        addresses.bare(info["Recipient"]),
        action=fields.get("Action", reason.action),
        status=fields.get("Status", reason.status),
        text=reason.text,
        final_address=fields.get("FinalRecipient"),
        remote_mta=fields.get("RemoteMta"),
        diagnostic=fields.get("DiagnosticCode"),
        last_attempt=fields.get("LastAttemptDate"),
        extra=_extra(fields),
    )


def _reason(info: Mapping[str, Any], fields: Mapping[str, Any]) -> Reason:
    """What the type of the bounce means; whoever gives fields of his own needs none."""
    kind = info.get("BounceType")
    if kind is None and not fields:
        raise errors.InvalidParameterValue(
            "BounceType or RecipientDsnFields must be given for each recipient."
        )
    return REASONS[kind or "Undefined"]


def _extra(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: Iterable[Mapping[str, str]] = fields.get("ExtensionFields") or ()
    return [(one["Name"], one["Value"]) for one in found]
