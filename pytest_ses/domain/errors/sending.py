"""Why is something not done: a mail not sent, a call not answered, a job not ended?"""

from __future__ import annotations

from pytest_ses.domain.errors.base import (
    AccessDenied,
    MessageRejected,
    SendingPaused,
    SESError,
    Throttled,
)


# A job goes wrong: never answered, but shown by the job.
class JobFailed(SESError):
    """Why a job came to nothing."""


class ObjectsUnreachable(JobFailed):
    """A job has to read or write an object where there is no S3. (The text is ours.)"""

    text = "Nothing answers for S3."


# The account or the configuration set does not send at the moment.
class AccountSendingPaused(SendingPaused):
    """The owner of the account has switched sending off. (SES says this where AWS did it.)"""

    text = (
        "Sending paused for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


class ConfigurationSetSendingPaused(SendingPaused):
    """The configuration set has sending switched off."""

    text = "Sending is paused for configuration set {name}"


class TenantSendingPaused(SendingPaused):
    """The tenant has sending switched off. (The text is that of a configuration set.)"""

    text = "Sending is paused for tenant {name}"


class AccountSuspended(SendingPaused):
    """AWS has taken sending from the account. (The text is inferred from that of a pause.)"""

    text = (
        "Sending suspended for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


# Too much at once.
class RequestRateExceeded(Throttled):
    """More calls a second than the account may make, of an operation that does not send."""

    text = "Rate exceeded"


class SendingRateExceeded(Throttled):
    """More recipients a second than the account may send to."""

    text = "Maximum sending rate exceeded."


class DailyQuotaExceeded(Throttled):
    """More recipients in 24 hours than the account may send to."""

    text = "Daily message quota exceeded."


# SES understood the mail and will not send it.
class NotVerified(MessageRejected):
    """A sender, or in the sandbox a recipient, that is not a verified identity."""

    text = (
        "Email address is not verified. The following identities failed the check in region "
        "{region}: {identities}"
    )


class OriginalMessageUnknown(MessageRejected):
    """A bounce of a mail that did not arrive, or more than a day ago. (The text is ours.)"""

    text = "No message with the id {name} was received in the last 24 hours."


class SenderUnknown(MessageRejected):
    """A bounce of a mail without an envelope sender, a bounce itself. (The text is ours.)"""

    text = "The message {name} has no sender to return it to."


class NotARecipient(MessageRejected):
    """A bounce for somebody whom the mail did not go to. (The text is ours.)"""

    text = "{recipient} is not a recipient of the message {name}."


class MailFromDomainNotVerified(MessageRejected):
    """A broken custom MAIL FROM domain, where the identity asks to reject. (The text is ours.)"""

    text = "The custom MAIL FROM domain of {identity} is not verified."


# The caller has no permission.
class TenantNotAssociated(AccessDenied):
    """A mail of a tenant that needs resources which do not belong to the tenant."""

    text = "Tenant not associated with resources [{arns}]."
