"""Which code, text and status does an error of the domain have in each API?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.wire.http import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.mail.messages import Message


@dataclass(frozen=True, slots=True)
class Row:
    """How one API speaks of an error: its code, its status, and its text where it differs."""

    code: str
    status: int = 400
    text: str | None = None


# An error is looked up by its class, then by its family. Statuses are those of the service models.
# A v1 code is the name of the error class unless it is listed here: all v1 errors are a 400.
V1: Mapping[type[errors.SESError], Row] = {
    errors.ValidationFailed: Row("ValidationError"),
    errors.InvalidNextToken: Row("InvalidParameterValue"),
    errors.InvalidTemplateData: Row("InvalidParameterValue"),
    errors.InvalidTemplate: Row("InvalidTemplate"),
    errors.MissingRecipients: Row("InvalidParameterValue"),
    errors.TooManyEntries: Row("InvalidParameterValue"),
    errors.DefaultConfigurationSetDoesNotExist: Row("ConfigurationSetDoesNotExist"),
    errors.IdentityDoesNotExist: Row("InvalidParameterValue"),
    errors.TemplateOfVerificationDoesNotExist: Row(
        "CustomVerificationEmailTemplateDoesNotExist", text="Template <{name}> does not exist"
    ),
    errors.PolicyDoesNotExist: Row("InvalidParameterValue"),
    errors.TenantDoesNotExist: Row("InvalidParameterValue"),
    errors.TenantAssociationsLeft: Row("InvalidParameterValue"),
    errors.TenantSendingPaused: Row("MessageRejected"),
    errors.AccessDenied: Row("AccessDenied", 403),
    errors.TooManyPolicies: Row("InvalidParameterValue"),
    errors.EventDestinationDoesNotExist: Row(
        "EventDestinationDoesNotExist", text="No EventDestination found for {configuration_set}"
    ),
    errors.RedirectDomainMissing: Row(
        "InvalidTrackingOptions", text="At least one field of TrackingOptions must contain a value."
    ),
    errors.TrackingOptionsAlreadyExists: Row("TrackingOptionsAlreadyExistsException"),
    errors.TrackingOptionsDoesNotExist: Row("TrackingOptionsDoesNotExistException"),
    errors.TemplateAlreadyExists: Row("AlreadyExists"),
    errors.RuleSetAlreadyExists: Row("AlreadyExists"),
    errors.RuleAlreadyExists: Row("AlreadyExists"),
    errors.FilterAlreadyExists: Row("AlreadyExists"),
    errors.AccountSendingPaused: Row("AccountSendingPausedException"),
    errors.ConfigurationSetSendingPaused: Row("ConfigurationSetSendingPausedException"),
    errors.MailFromDomainNotVerified: Row("MailFromDomainNotVerifiedException"),
    errors.MessageRejected: Row("MessageRejected"),
    errors.AccountSuspended: Row("MessageRejected"),
    errors.Throttled: Row("Throttling"),
}

V2: Mapping[type[errors.SESError], Row] = {
    errors.Invalid: Row("BadRequestException"),
    errors.AccessDenied: Row("AccessDeniedException", 403),
    errors.TagKeysMissing: Row("ValidationException"),
    errors.UnknownNextToken: Row("InvalidNextTokenException"),
    errors.InternalFailure: Row("InternalFailure", 500),
    errors.NotFound: Row("NotFoundException", 404),
    errors.AlreadyExists: Row("AlreadyExistsException"),
    errors.LimitExceeded: Row("LimitExceededException"),
    errors.SendingPaused: Row("SendingPausedException"),
    errors.AccountSuspended: Row("AccountSuspendedException"),
    errors.Throttled: Row("TooManyRequestsException", 429),
    errors.Conflict: Row("ConflictException", 409),
    errors.MailFromDomainNotVerified: Row("MailFromDomainNotVerifiedException"),
    errors.MessageRejected: Row("MessageRejected"),
}

_TABLES = {"ses": V1, "sesv2": V2}

# The status words of a bulk send: v2's, then v1's.
V1_STATUS: Mapping[str, str] = {
    "SUCCESS": "Success",
    "MESSAGE_REJECTED": "MessageRejected",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": "MailFromDomainNotVerified",
    "CONFIGURATION_SET_NOT_FOUND": "ConfigurationSetDoesNotExist",
    "TEMPLATE_NOT_FOUND": "TemplateDoesNotExist",
    "ACCOUNT_SUSPENDED": "AccountSuspended",
    "ACCOUNT_THROTTLED": "AccountThrottled",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "AccountDailyQuotaExceeded",
    "INVALID_SENDING_POOL_NAME": "InvalidSendingPoolName",
    "ACCOUNT_SENDING_PAUSED": "AccountSendingPaused",
    "CONFIGURATION_SET_SENDING_PAUSED": "ConfigurationSetSendingPaused",
    "INVALID_PARAMETER": "InvalidParameterValue",
    "TRANSIENT_FAILURE": "TransientFailure",
    "FAILED": "Failed",
}

# The status of an entry that is refused for a reason of its own.
_STATUS: Mapping[type[errors.SESError], str] = {
    errors.Invalid: "INVALID_PARAMETER",
    errors.MailFromDomainNotVerified: "MAIL_FROM_DOMAIN_NOT_VERIFIED",
    errors.MessageRejected: "MESSAGE_REJECTED",
    errors.DailyQuotaExceeded: "ACCOUNT_DAILY_QUOTA_EXCEEDED",
    errors.SendingRateExceeded: "ACCOUNT_THROTTLED",
}

# The code of a request that the service model itself refuses.
VALIDATION = {"ses": "ValidationError", "sesv2": "BadRequestException"}


def fault(service: str, error: errors.SESError) -> Fault:
    """The error as that API puts it on the wire."""
    row = _row(service, type(error))
    text = row.text.format(**error.details) if row.text else error.message
    return Fault(row.code, text, row.status)


def code(service: str, kind: type[errors.SESError]) -> str:
    """The code that an error of this kind has in that API."""
    return _row(service, kind).code


def bulk_result(service: str, result: Message | errors.SESError) -> dict[str, str]:
    """The result of one entry of a bulk send, in the words of that API."""
    if not isinstance(result, errors.SESError):
        return {"Status": _status_word(service, "SUCCESS"), "MessageId": result.message_id}
    return {"Status": _status_word(service, _status(result)), "Error": result.message or ""}


def _status(error: errors.SESError) -> str:
    if isinstance(error, errors.EntryRefused):
        return error.status
    return next(_STATUS[family] for family in type(error).__mro__ if family in _STATUS)


def _status_word(service: str, status: str) -> str:
    return V1_STATUS[status] if service == "ses" else status


def _row(service: str, kind: type[errors.SESError]) -> Row:
    table = _TABLES[service]
    for family in kind.__mro__:
        if family in table:
            return table[family]
    return Row(kind.__name__)
