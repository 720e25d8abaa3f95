"""Errors about rejected messages, exceeded rates, missing permissions and failed jobs."""

from __future__ import annotations

from pytest_ses.domain.errors.base import (
    AccessDenied,
    MessageRejected,
    SendingPaused,
    SESError,
    Throttled,
)


# A job fails. The error is not in a response, but in the description of the job.
class JobFailed(SESError):
    """The reason why a job failed."""


class ObjectsUnreachable(JobFailed):
    """A job reads or writes an object, but nothing serves S3. (The text is our own.)"""

    text = "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3."


# Sending is paused for the account, the configuration set or the tenant.
class AccountSendingPaused(SendingPaused):
    """Sending is disabled for the account. (The text is the one for a pause by AWS.)"""

    text = (
        "Sending paused for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


class ConfigurationSetSendingPaused(SendingPaused):
    """Sending is disabled for the configuration set."""

    text = "Sending is paused for configuration set {name}"


class TenantSendingPaused(SendingPaused):
    """Sending is disabled for the tenant. (The text is that of a configuration set.)"""

    text = "Sending is paused for tenant {name}"


class AccountSuspended(SendingPaused):
    """AWS has suspended sending for the account. (The text is inferred from that of a pause.)"""

    text = (
        "Sending suspended for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


# A rate or quota is exceeded.
class RequestRateExceeded(Throttled):
    """Too many calls per second of an operation that does not send."""

    text = "Rate exceeded"


class SendingRateExceeded(Throttled):
    """Too many recipients in one second."""

    text = "Maximum sending rate exceeded."


class DailyQuotaExceeded(Throttled):
    """Too many recipients in 24 hours."""

    text = "Daily message quota exceeded."


# SES understood the message but does not send it.
class NotVerified(MessageRejected):
    """A sender, or a recipient in the sandbox, that is not a verified identity."""

    text = (
        "Email address is not verified. The following identities failed the check in region "
        "{region}: {identities}"
    )


class OriginalMessageUnknown(MessageRejected):
    """A bounce of a message that was not received in the last day. (The text is our own.)"""

    text = "No message with the id {name} was received in the last 24 hours."


class SenderUnknown(MessageRejected):
    """A bounce of a bounce, or of another message without a sender. (The text is our own.)"""

    text = "The message {name} has no sender to return it to."


class NotARecipient(MessageRejected):
    """A bounce for an address that is not a recipient of the message. (The text is our own.)"""

    text = "{recipient} is not a recipient of the message {name}."


class MailFromDomainNotVerified(MessageRejected):
    """An unverified custom MAIL FROM domain with `RejectMessage`. (The text is that of SMTP.)"""

    text = "DNS setup for MAIL FROM domain is invalid."


# The caller does not have permission.
class TenantNotAssociated(AccessDenied):
    """A message that needs a resource which is not associated with its tenant."""

    text = "Tenant not associated with resources [{arns}]."
