"""The code, text and HTTP status of each domain error in each API."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_ses.api import model
from pytest_ses.domain import errors
from pytest_ses.wire.http import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.domain.mail.messages import Message


@dataclass(frozen=True, slots=True)
class Row:
    """The code, status and, where it differs from the domain's, the text of an error in one API."""

    code: str
    status: int = 400
    text: str | None = None


# An error is looked up by its class, then by its base classes. Statuses are those of the service
# models. In v1, the code defaults to the name of the error class, or to `InvalidParameterValue` if
# no operation of v1 declares an error of that name. SES's v1 codes for such errors are unknown.
V1: Mapping[type[errors.SESError], Row] = {
    errors.ValidationFailed: Row("ValidationError"),
    errors.InvalidNextToken: Row("InvalidParameterValue"),
    errors.InvalidTemplateData: Row("InvalidParameterValue"),
    errors.InvalidTemplate: Row("InvalidTemplate"),
    errors.MissingRecipients: Row("InvalidParameterValue"),
    errors.TooManyEntries: Row("InvalidParameterValue"),
    errors.UnsupportedAttachmentType: Row("InvalidParameterValue"),
    errors.DefaultConfigurationSetDoesNotExist: Row("ConfigurationSetDoesNotExist"),
    errors.IdentityDoesNotExist: Row("InvalidParameterValue"),
    errors.TemplateOfVerificationDoesNotExist: Row(
        "CustomVerificationEmailTemplateDoesNotExist", text="Template <{name}> does not exist"
    ),
    errors.CustomVerificationEmailHasComment: Row("CustomVerificationEmailInvalidContent"),
    errors.PolicyDoesNotExist: Row("InvalidParameterValue"),
    errors.TenantDoesNotExist: Row("InvalidParameterValue"),
    errors.TenantAssociationsLeft: Row("InvalidParameterValue"),
    errors.TenantSendingPaused: Row("MessageRejected"),
    errors.AccessDenied: Row("AccessDenied", 403),
    errors.InternalFailure: Row("InternalFailure", 500),
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

# SMTP has replies instead of codes; in calls and plans, its errors have the codes of v1.
_TABLES = {"ses": V1, "sesv2": V2, "smtp": V1}

# The status of a bulk entry in v1, by its status in v2.
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

# The status of a rejected bulk entry, by its error; other entries may be accepted.
_STATUSES: Mapping[type[errors.SESError], str] = {
    errors.Invalid: "INVALID_PARAMETER",
    errors.MailFromDomainNotVerified: "MAIL_FROM_DOMAIN_NOT_VERIFIED",
    errors.MessageRejected: "MESSAGE_REJECTED",
    errors.DailyQuotaExceeded: "ACCOUNT_DAILY_QUOTA_EXCEEDED",
    errors.SendingRateExceeded: "ACCOUNT_THROTTLED",
}

# The error code for a request that violates the service model.
VALIDATION = {"ses": "ValidationError", "sesv2": "BadRequestException", "smtp": "ValidationError"}


def fault(service: str, error: errors.SESError) -> Fault:
    """Return the fault for an error, as an API's response contains it."""
    row = _row(service, type(error))
    text = row.text.format(**error.details) if row.text else error.message
    return Fault(row.code, text, row.status)


def code(service: str, error_class: type[errors.SESError]) -> str:
    """Return the code of an error class in an API."""
    return _row(service, error_class).code


def bulk_result(service: str, result: Message | errors.SESError) -> dict[str, str]:
    """Return the result of one entry of a bulk send, as the API's response contains it."""
    if not isinstance(result, errors.SESError):
        return {"Status": _spelling(service, "SUCCESS"), "MessageId": result.message_id}
    return {"Status": _spelling(service, _status(result)), "Error": result.message or ""}


def _status(error: errors.SESError) -> str:
    if isinstance(error, errors.EntryRejected):
        return error.status
    return next(_STATUSES[class_] for class_ in type(error).__mro__ if class_ in _STATUSES)


def _spelling(service: str, status: str) -> str:
    return V1_STATUS[status] if service == "ses" else status


def _row(service: str, error_class: type[errors.SESError]) -> Row:
    table = _TABLES[service]
    for class_ in error_class.__mro__:
        if class_ in table:
            return table[class_]
    name = error_class.__name__
    return Row(name if name in _declared_codes(service) else "InvalidParameterValue")


@cache
def _declared_codes(service: str) -> frozenset[str]:
    shapes: Sequence[Any] = model(service).model.error_shapes
    return frozenset(shape.error_code for shape in shapes)
