"""What does API v2 tell of a mail, and of an address?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api.responses import given
from pytest_ses.domain.events import address_insights, insights
from pytest_ses.domain.mail.events import WORDS

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
    """What happened to a mail, by recipient.

    Of a mail to several recipients, or to the mailbox simulator, SES tells little.

    Computed from what was sent and what happened to it.
    """
    message = insights.find(account.outbox, message_id)
    tags = insights.tags(message)
    return {
        "MessageId": message.message_id,
        "FromEmailAddress": message.sender,
        **given(Subject=message.subject or None),
        "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
        "Insights": [_insight(one) for one in insights.of(message)],
    }


def get_email_address_insights(account: Account, *, email_address: str) -> dict[str, Any]:
    """Whether an address is one to send to, as far as it can be guessed.

    Computed from what was sent and what happened to it.
    """
    found = address_insights.of(account, email_address)
    evaluations = {
        member: {"ConfidenceVerdict": getattr(found, name)} for member, name in _EVALUATIONS.items()
    }
    valid = {"ConfidenceVerdict": found.is_valid}
    return {"MailboxValidation": {"IsValid": valid, "Evaluations": evaluations}}


def _insight(found: Insight) -> dict[str, Any]:
    return {
        "Destination": found.destination,
        "Isp": found.isp,
        "Events": [_event(event) for event in found.events],
    }


def _event(event: Event) -> dict[str, Any]:
    details = _DETAILS.get(event.type)
    shown = details(event.detail) if details else None
    return {"Timestamp": event.at, "Type": WORDS[event.type], **given(Details=shown)}


def _bounce(detail: Mapping[str, Any]) -> dict[str, Any]:
    bounced = detail["bouncedRecipients"][0]
    shown = given(
        BounceType=detail["bounceType"].upper(),
        BounceSubType=detail["bounceSubType"],
        DiagnosticCode=bounced.get("diagnosticCode"),
    )
    return {"Bounce": shown}


def _complaint(detail: Mapping[str, Any]) -> dict[str, Any]:
    shown = given(
        ComplaintSubType=detail["complaintSubType"],
        ComplaintFeedbackType=detail.get("complaintFeedbackType"),
    )
    return {"Complaint": shown}


_DETAILS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "Bounce": _bounce,
    "Complaint": _complaint,
}
