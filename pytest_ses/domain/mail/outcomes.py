"""Delivery outcomes of messages, and the details of their events.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html (the mailbox simulator)
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from pytest_ses.domain import formats
from pytest_ses.domain.mail import records
from pytest_ses.domain.regions import region_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_ses.domain.mail.events import EventType
    from pytest_ses.domain.mail.messages import Message

SIMULATOR = "simulator.amazonses.com"

# An address reserved for documentation (RFC 5737).
REMOTE_MTA_IP = "203.0.113.25"
_REMOTE, _SES = "remote", "ses"

ON_ACCOUNT_LIST = "OnAccountSuppressionList"
ON_TENANT_LIST = "OnTenantSuppressionList"
_ON_LIST_TEXT = (
    "Amazon SES did not send the message to this address because it is on the suppression list for "
    "your account. For more information about removing addresses from the suppression list, see the "
    "Amazon SES Developer Guide at "
    "https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html"
)

BounceType = Literal["Permanent", "Transient", "Undetermined"]
BounceSubtype = Literal[
    "General",
    "NoEmail",
    "Suppressed",
    "OnAccountSuppressionList",
    "OnTenantSuppressionList",
    "UnsubscribedRecipient",
    "MailboxFull",
    "MessageTooLarge",
    "ContentRejected",
    "AttachmentRejected",
    "Undetermined",
]
FeedbackType = Literal["abuse", "auth-failure", "fraud", "not-spam", "other", "virus"]
DelayType = Literal[
    "InternalFailure",
    "General",
    "MailboxFull",
    "SpamDetected",
    "RecipientServerError",
    "IPFailure",
    "TransientCommunicationFailure",
    "BYOIPHostNameLookupUnavailable",
    "Undetermined",
    "SendingDeferral",
]
SuppressionReason = Literal["BOUNCE", "COMPLAINT"]
FEEDBACK_TYPES: tuple[FeedbackType, ...] = get_args(FeedbackType)
DELAY_TYPES: tuple[DelayType, ...] = get_args(DelayType)
# How long SES tries to deliver a message.
_RETRY_PERIOD = timedelta(hours=14)


class Delivered(NamedTuple):
    """The recipient's mail server accepted the message."""

    response: str = "250 Ok"
    after: timedelta = timedelta(milliseconds=601)


class Bounced(NamedTuple):
    """The message bounced; `{recipient}` in `diagnostic` stands for the recipient's address."""

    type: str
    subtype: str
    status: str | None = None
    diagnostic: str | None = None
    reported_by: str | None = None
    after: timedelta = timedelta(milliseconds=390)


class Complained(NamedTuple):
    """The recipient marked the message as spam."""

    feedback_type: str | None = "abuse"
    subtype: str | None = None
    user_agent: str | None = "Amazon SES Mailbox Simulator"
    after: timedelta = timedelta(milliseconds=578)


class Delayed(NamedTuple):
    """SES could not deliver the message yet and will try again."""

    type: str = "General"
    status: str = "4.4.1"
    diagnostic: str = "smtp; 421 4.4.1 Unable to connect to remote host"
    after: timedelta = timedelta(milliseconds=601)


Outcome = Delivered | Bounced | Complained | Delayed

EVENT_TYPES: Mapping[type, EventType] = {
    Delivered: "Delivery",
    Bounced: "Bounce",
    Complained: "Complaint",
    Delayed: "DeliveryDelay",
}

# The server's response for each kind of bounce. The texts for unknown users and for suppressed
# addresses were recorded from SES; the others are our own.
BOUNCES: Mapping[tuple[str, str], Bounced] = {
    (bounce.type, bounce.subtype): bounce
    for bounce in (
        Bounced("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown", _REMOTE),
        Bounced("Permanent", "NoEmail", "5.1.1", "smtp; 550 5.1.1 user unknown", _REMOTE),
        Bounced("Permanent", "Suppressed", "5.1.1", _ON_LIST_TEXT, _SES),
        Bounced("Permanent", ON_ACCOUNT_LIST, "5.1.1", _ON_LIST_TEXT, _SES),
        Bounced(
            "Permanent",
            ON_TENANT_LIST,
            "5.1.1",
            _ON_LIST_TEXT.replace("your account.", "your tenant.", 1),
            _SES,
        ),
        Bounced("Permanent", "UnsubscribedRecipient"),
        Bounced("Transient", "General"),
        Bounced("Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 Mailbox full", _REMOTE),
        Bounced("Transient", "MessageTooLarge", "5.3.4", "smtp; 552 5.3.4 Too large", _REMOTE),
        Bounced("Transient", "ContentRejected", "5.6.1", "smtp; 550 5.6.1 Content", _REMOTE),
        Bounced("Transient", "AttachmentRejected", "5.6.1", "smtp; 552 5.6.1 Attachment", _REMOTE),
        Bounced("Undetermined", "Undetermined"),
    )
}

_SIMULATED_BOUNCE = "smtp; 550 5.1.1 As requested: user unknown"
DEFAULT_OUTCOMES: tuple[Outcome, ...] = (Delivered(),)
SIMULATOR_OUTCOMES: Mapping[str, tuple[Outcome, ...]] = {
    "success": (Delivered(),),
    "bounce": (
        Bounced("Permanent", "General", "5.1.1", f"{_SIMULATED_BOUNCE} <{{recipient}}>", _REMOTE),
    ),
    "ooto": (
        Delivered(after=timedelta(milliseconds=534)),
        Bounced("Transient", "General", after=timedelta(milliseconds=511)),
    ),
    "complaint": (Delivered(), Complained()),
    "suppressionlist": (
        Bounced(
            "Permanent",
            "General",
            "5.1.1",
            f"{_SIMULATED_BOUNCE} (suppressed address: {{recipient}})",
            _REMOTE,
        ),
    ),
}
SUPPRESSED: Mapping[str, tuple[Outcome, ...]] = {
    "BOUNCE": (BOUNCES["Permanent", ON_ACCOUNT_LIST],),
    "COMPLAINT": (Complained(None, ON_ACCOUNT_LIST, None, timedelta(milliseconds=390)),),
}
SUPPRESSED_FOR_TENANT: Mapping[str, tuple[Outcome, ...]] = {
    "BOUNCE": (BOUNCES["Permanent", ON_TENANT_LIST],),
    "COMPLAINT": (Complained(None, ON_TENANT_LIST, None, timedelta(milliseconds=390)),),
}
UNSUBSCRIBED: tuple[Outcome, ...] = (BOUNCES["Permanent", "UnsubscribedRecipient"],)


def simulator_outcomes(recipient: str) -> tuple[Outcome, ...] | None:
    """Return the outcomes of an address of the mailbox simulator, or None for any other address.

    The local part can have a label, such as `bounce+1`. Messages to an unknown address of the
    simulator are delivered.
    """
    local, _, domain = recipient.rpartition("@")
    if domain.lower() != SIMULATOR:
        return None
    return SIMULATOR_OUTCOMES.get(local.lower().partition("+")[0], DEFAULT_OUTCOMES)


def detail(
    outcome: Outcome, message: Message, recipients: Sequence[str], at: datetime
) -> dict[str, Any]:
    """Return the members of the event's JSON record that describe an outcome."""
    return _DETAILS[type(outcome)](outcome, message, recipients, at)


def _delivery(
    outcome: Delivered, message: Message, recipients: Sequence[str], at: datetime
) -> dict[str, Any]:
    return {
        "timestamp": formats.timestamp(at),
        "processingTimeMillis": _milliseconds(at) - _milliseconds(message.sent_at),
        "recipients": list(recipients),
        "smtpResponse": outcome.response,
        "remoteMtaIp": REMOTE_MTA_IP,
        "reportingMTA": records.host_name(message.region),
    }


def _bounce(
    outcome: Bounced, message: Message, recipients: Sequence[str], at: datetime
) -> dict[str, Any]:
    reporting_hosts = {_REMOTE: records.host_name(message.region), _SES: "amazonses.com"}
    content: dict[str, Any] = {
        "feedbackId": _feedback_id(message, "Bounce", recipients, at),
        "bounceType": outcome.type,
        "bounceSubType": outcome.subtype,
        "bouncedRecipients": [_bounced_recipient(outcome, recipient) for recipient in recipients],
        "timestamp": formats.timestamp(at),
    }
    if outcome.reported_by == _REMOTE:
        content["remoteMtaIp"] = REMOTE_MTA_IP
    if outcome.reported_by:
        content["reportingMTA"] = f"dns; {reporting_hosts[outcome.reported_by]}"
    return content


def _bounced_recipient(outcome: Bounced, recipient: str) -> dict[str, str]:
    if outcome.status is None or outcome.diagnostic is None:
        return {"emailAddress": recipient}
    return {
        "emailAddress": recipient,
        "action": "failed",
        "status": outcome.status,
        "diagnosticCode": outcome.diagnostic.replace("{recipient}", recipient),
    }


def _complaint(
    outcome: Complained, message: Message, recipients: Sequence[str], at: datetime
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "feedbackId": _feedback_id(message, "Complaint", recipients, at),
        "complaintSubType": outcome.subtype,
        "complainedRecipients": [{"emailAddress": recipient} for recipient in recipients],
        "timestamp": formats.timestamp(at),
    }
    if outcome.user_agent:
        content["userAgent"] = outcome.user_agent
    if outcome.feedback_type:
        content["complaintFeedbackType"] = outcome.feedback_type
        content["arrivalDate"] = formats.timestamp(at)
    return content


def _delay(
    outcome: Delayed, message: Message, recipients: Sequence[str], at: datetime
) -> dict[str, Any]:
    response = {"status": outcome.status, "diagnosticCode": outcome.diagnostic}
    return {
        "timestamp": formats.timestamp(at),
        "delayType": outcome.type,
        "expirationTime": formats.timestamp(message.sent_at + _RETRY_PERIOD),
        "delayedRecipients": [{"emailAddress": recipient, **response} for recipient in recipients],
    }


_DETAILS: Mapping[type, Callable[..., dict[str, Any]]] = {
    Delivered: _delivery,
    Bounced: _bounce,
    Complained: _complaint,
    Delayed: _delay,
}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _feedback_id(message: Message, type_: str, recipients: Sequence[str], at: datetime) -> str:
    """Return a feedback ID that is unique to an event, and the same whenever it is computed."""
    event_uuid = uuid.uuid5(uuid.NAMESPACE_URL, f"{message.message_id}/{type_}/{at}/{recipients}")
    return f"{region_code(message.region)}{_milliseconds(at):012x}-{event_uuid}-000000"
