"""Codes, statuses and texts of planned errors in each API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pytest_ses import api
from pytest_ses.api import errors as api_errors
from pytest_ses.calls import Call
from pytest_ses.domain import errors
from pytest_ses.domain.errors import SESError
from pytest_ses.faults import UNKNOWN_TEXT, missing, reading, targets
from pytest_ses.faults.targets import Target
from pytest_ses.wire.http import Fault

_ErrorOfCall = Callable[[Call], SESError | None]


class CommonError(NamedTuple):
    """An error that any operation can return, although no model declares it."""

    status: int
    text: str | None = None


_TOKEN = "The security token included in the request is invalid."  # noqa: S105  (an error text)
_EXPIRED = "The security token included in the request is expired"
_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
# https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
_BOTH_APIS = {
    "InternalFailure": CommonError(500, errors.InternalFailure.text),
    "RequestExpired": CommonError(400),
    "ServiceUnavailable": CommonError(503),
    "SignatureDoesNotMatch": CommonError(403, _SIGNATURE),
}
_V1 = {
    **_BOTH_APIS,
    "AccessDenied": CommonError(403),
    "ExpiredToken": CommonError(403, _EXPIRED),
    "InvalidClientTokenId": CommonError(403, _TOKEN),
    "InvalidParameterValue": CommonError(400),
    "MalformedInput": CommonError(400),
    "Throttling": CommonError(400),
    "ValidationError": CommonError(400),
}
COMMON_ERRORS: Mapping[str, Mapping[str, CommonError]] = {
    "ses": _V1,
    "smtp": _V1,
    "sesv2": {
        **_BOTH_APIS,
        "AccessDeniedException": CommonError(403),
        "ExpiredTokenException": CommonError(403, _EXPIRED),
        "SerializationException": CommonError(400),
        "UnrecognizedClientException": CommonError(403, _TOKEN),
        "ValidationException": CommonError(400),
    },
}

# The code of a throttled call in each API.
THROTTLING = {"ses": "Throttling", "smtp": "Throttling", "sesv2": "TooManyRequestsException"}
# The codes of a throttled call in other services of AWS, from botocore's list of errors to retry.
THROTTLING_ELSEWHERE = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "ThrottlingException",
    }
)

# The v2 code of each error whose code differs between the APIs, by its v1 code.
_V2_CODES = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "InvalidClientTokenId": "UnrecognizedClientException",
}
_V1_CODES = {v2_code: v1_code for v1_code, v2_code in _V2_CODES.items()}
# The code of an error in each API, by its code in the other API.
_CODES_BY_OTHER_API = {"ses": _V1_CODES, "smtp": _V1_CODES, "sesv2": _V2_CODES}


def declared(target: Target) -> Mapping[str, int]:
    """Return the HTTP statuses of the errors that the model of an operation declares, by code."""
    return api.model(target.service).operation(target.operation).errors


def common(target: Target) -> Mapping[str, CommonError]:
    """Return the errors that any operation of the API can return, by code."""
    return COMMON_ERRORS[target.service]


def is_known(error: str) -> bool:
    """Whether any operation of either API has an error of this code or name."""
    return any(resolved(target, error) for target in targets.everything())


def resolved(target: Target, error: str) -> tuple[str, int] | None:
    """Return the code and the status of an error, or None if the operation does not have it.

    The error can also be given by the name of boto3's exception or by its code in the other API.
    """
    statuses = declared(target)
    error = _CODES_BY_OTHER_API[target.service].get(error, error)
    if error in statuses:
        return error, statuses[error]
    if error in common(target):
        return error, common(target)[error].status
    model = api.model(target.service).operation(target.operation).model
    code = next((_code(shape) for shape in model.error_shapes if shape.name == error), None)
    return (code, statuses[code]) if code else None


def equivalents(target: Target, error: str) -> list[str]:
    """Return the codes that an operation has for the errors with a code of the other API."""
    other_api = "ses" if target.service == "sesv2" else "sesv2"
    own_codes = {
        api_errors.code(target.service, error_class)
        for error_class in vars(errors).values()
        if isinstance(error_class, type)
        and issubclass(error_class, SESError)
        and api_errors.code(other_api, error_class) == error
    }
    return sorted(code for code in own_codes if resolved(target, code))


def _code(shape: Any) -> str:
    return str(shape.error_code or shape.name)


def text(call: Call, code: str) -> str:
    """Return SES's text for an error code, with names from the call, or a placeholder."""
    error = _not_found_error(call, code) or _BY_CODE.get(code, _unknown)(call)
    common = COMMON_ERRORS[call.service].get(code)
    return (error and error.message) or (common and common.text) or UNKNOWN_TEXT


def throttling(call: Call, *, daily_quota: bool = False) -> Fault:
    """Return the error of a call that exceeds a rate or the daily quota."""
    error = errors.DailyQuotaExceeded() if daily_quota else _throttled(call)
    return api_errors.fault(call.service, error)


def not_found(call: Call, resource: str | None) -> Fault:
    """Return the error of a call that names a resource that does not exist."""
    fault = api_errors.fault(call.service, missing.error(call, resource))
    return Fault(fault.code, fault.message or UNKNOWN_TEXT, fault.status)


def entry_error(call: Call, status: str, message: str | None) -> errors.EntryRejected:
    """Return the error of a bulk-send entry that fails with a status, as spelled in v2."""
    error = _BY_STATUS.get(status, _unknown)(call)
    return errors.EntryRejected(status, message or (error and error.message) or UNKNOWN_TEXT)


def _not_found_error(call: Call, code: str) -> SESError | None:
    target = Target(call.service, call.operation or "")
    for resource in missing.resources(target):
        error = missing.error(call, resource)
        has_code = code == api_errors.code(call.service, type(error))
        if has_code and missing.resource_name(call, resource):
            return error
    return None


def _unknown(_call: Call) -> None:
    return None


def _throttled(call: Call) -> SESError:
    sends = Target(call.service, call.operation or "").sends
    return errors.SendingRateExceeded() if sends else errors.RequestRateExceeded()


def _not_verified(call: Call) -> SESError | None:
    sender = reading.sender(call)
    return errors.NotVerified(region=call.region.upper(), identities=sender) if sender else None


# The names of operations in IAM policies, where they differ.
_ACTIONS = {"SendSmtpEmail": "SendRawEmail"}


def _access_denied(call: Call) -> SESError | None:
    """Return the error of a call with a sender; SES's text for other calls is unknown."""
    sender = next(iter(reading.senders(call)), None)
    operation = call.operation or ""
    user = f"arn:aws:iam::{call.account_id}:user/pytest-ses"
    identity = f"arn:aws:ses:{call.region}:{call.account_id}:identity/{sender}"
    if sender is None:
        return None
    return SESError(
        f"User `{user}' is not authorized to perform `ses:{_ACTIONS.get(operation, operation)}' "
        f"on resource `{identity}'"
    )


def _constant(error_class: type[SESError]) -> _ErrorOfCall:
    return lambda _call: error_class()


def _naming(error_class: type[SESError], name_of: Callable[[Call], str | None]) -> _ErrorOfCall:
    """Return a function that creates the error with a name from the call, if it has one."""

    def error(call: Call) -> SESError | None:
        name = name_of(call)
        details = {
            "configuration_set": reading.configuration_set(call),
            "account_id": call.account_id,
        }
        return error_class(name=name, **details) if name else None

    return error


def _already_exists(call: Call) -> SESError | None:
    return _ALREADY_EXISTS.get(call.operation or "", _unknown)(call)


def _member(*paths: str) -> Callable[[Call], str | None]:
    return lambda call: reading.name_at(call, paths)


_account_paused = _constant(errors.AccountSendingPaused)
_account_suspended = _constant(errors.AccountSuspended)
_set_paused = _naming(errors.ConfigurationSetSendingPaused, reading.configuration_set)

_ALREADY_EXISTS: Mapping[str, _ErrorOfCall] = {
    "CloneReceiptRuleSet": _naming(errors.RuleSetAlreadyExists, _member("RuleSetName")),
    "CreateConfigurationSet": _naming(
        errors.ConfigurationSetAlreadyExists,
        _member("ConfigurationSetName", "ConfigurationSet.Name"),
    ),
    "CreateConfigurationSetEventDestination": _naming(
        errors.EventDestinationAlreadyExists,
        _member("EventDestinationName", "EventDestination.Name"),
    ),
    "CreateConfigurationSetTrackingOptions": _naming(
        errors.TrackingOptionsAlreadyExists, reading.configuration_set
    ),
    "CreateContact": _naming(errors.ContactAlreadyExists, _member("EmailAddress")),
    "CreateCustomVerificationEmailTemplate": _naming(
        errors.CustomVerificationEmailTemplateAlreadyExists, reading.template
    ),
    "CreateDedicatedIpPool": _naming(errors.DedicatedIpPoolAlreadyExists, _member("PoolName")),
    "CreateEmailIdentity": _naming(errors.IdentityAlreadyExists, _member("EmailIdentity")),
    "CreateEmailIdentityPolicy": _naming(errors.PolicyAlreadyExists, _member("PolicyName")),
    "CreateEmailTemplate": _naming(errors.TemplateAlreadyExists, reading.template),
    "CreateMultiRegionEndpoint": _naming(errors.EndpointAlreadyExists, _member("EndpointName")),
    "CreateReceiptFilter": _naming(errors.FilterAlreadyExists, _member("Filter.Name")),
    "CreateReceiptRule": _naming(errors.RuleAlreadyExists, _member("Rule.Name")),
    "CreateReceiptRuleSet": _naming(errors.RuleSetAlreadyExists, _member("RuleSetName")),
    "CreateTemplate": _naming(errors.TemplateAlreadyExists, reading.template),
    "CreateTenant": _naming(errors.TenantAlreadyExists, _member("TenantName")),
}

_BY_CODE: Mapping[str, _ErrorOfCall] = {
    "AccessDenied": _access_denied,
    "AccessDeniedException": _access_denied,
    "AccountSendingPausedException": _account_paused,
    "AccountSuspendedException": _account_suspended,
    "AlreadyExists": _already_exists,
    "AlreadyExistsException": _already_exists,
    "ConfigurationSetAlreadyExists": _already_exists,
    "CustomVerificationEmailTemplateAlreadyExists": _already_exists,
    "ConfigurationSetSendingPausedException": _set_paused,
    "EventDestinationAlreadyExists": _already_exists,
    "MailFromDomainNotVerifiedException": _constant(errors.MailFromDomainNotVerified),
    "MessageRejected": _not_verified,
    "SendingPausedException": _account_paused,
    "Throttling": _throttled,
    "TooManyRequestsException": _throttled,
    "TrackingOptionsAlreadyExistsException": _already_exists,
}

_BY_STATUS: Mapping[str, _ErrorOfCall] = {
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": _constant(errors.DailyQuotaExceeded),
    "ACCOUNT_SENDING_PAUSED": _account_paused,
    "ACCOUNT_SUSPENDED": _account_suspended,
    "ACCOUNT_THROTTLED": _throttled,
    "CONFIGURATION_SET_NOT_FOUND": _naming(
        errors.ConfigurationSetDoesNotExist, reading.configuration_set
    ),
    "CONFIGURATION_SET_SENDING_PAUSED": _set_paused,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": _constant(errors.MailFromDomainNotVerified),
    "MESSAGE_REJECTED": _not_verified,
    "TEMPLATE_NOT_FOUND": _naming(errors.TemplateDoesNotExist, reading.template),
}
