"""The operations of API v2 on insights into messages and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api.responses import without_none
from pytest_ses.domain.events import address_insights, insights
from pytest_ses.domain.mail.events import V2_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.events.insights import Insight
    from pytest_ses.domain.mail.events import Event

_EVALUATIONS = {
    "HasValidSyntax": "has_valid_syntax",
    "HasValidDnsRecords": "has_valid_dns_records",
    "MailboxExists": "mailbox_exists",
    "IsRoleAddress": "is_role_address",
    "IsDisposable": "is_disposable",
    "IsRandomInput": "is_random_input",
}


def get_message_insights(account: Account, *, message_id: str) -> dict[str, Any]:
    """Return the events of a message, by recipient.

    As in SES, most events of a message to several recipients or to the mailbox simulator are
    omitted.

    Computed from the messages sent and their events.
    """
    message = insights.find(account.outbox, message_id)
    tags = insights.tags(message)
    return {
        "MessageId": message.message_id,
        "FromEmailAddress": message.sender,
        **without_none(Subject=message.subject or None),
        "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
        "Insights": [_insight(insight) for insight in insights.by_recipient(message)],
    }


def get_email_address_insights(account: Account, *, email_address: str) -> dict[str, Any]:
    """Return an estimate of whether an address is valid and accepts messages.

    Computed from the messages sent and their events.
    """
    verdicts = address_insights.assess(account, email_address)
    evaluations = {
        member: {"ConfidenceVerdict": getattr(verdicts, name)}
        for member, name in _EVALUATIONS.items()
    }
    is_valid = {"ConfidenceVerdict": verdicts.is_valid}
    return {"MailboxValidation": {"IsValid": is_valid, "Evaluations": evaluations}}


def _insight(insight: Insight) -> dict[str, Any]:
    return {
        "Destination": insight.destination,
        "Isp": insight.isp,
        "Events": [_event(event) for event in insight.events],
    }


def _event(event: Event) -> dict[str, Any]:
    describe = _DETAILS.get(event.type)
    details = describe(event.detail) if describe else None
    return {"Timestamp": event.at, "Type": V2_TYPES[event.type], **without_none(Details=details)}


def _bounce(detail: Mapping[str, Any]) -> dict[str, Any]:
    recipient = detail["bouncedRecipients"][0]
    bounce = without_none(
        BounceType=detail["bounceType"].upper(),
        BounceSubType=detail["bounceSubType"],
        DiagnosticCode=recipient.get("diagnosticCode"),
    )
    return {"Bounce": bounce}


def _complaint(detail: Mapping[str, Any]) -> dict[str, Any]:
    complaint = without_none(
        ComplaintSubType=detail["complaintSubType"],
        ComplaintFeedbackType=detail.get("complaintFeedbackType"),
    )
    return {"Complaint": complaint}


_DETAILS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "Bounce": _bounce,
    "Complaint": _complaint,
}
