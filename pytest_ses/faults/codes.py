"""Which code, status and text does a planned error have in the API that was called?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pytest_ses import api
from pytest_ses.api import errors as api_errors
from pytest_ses.calls import Call
from pytest_ses.domain import errors
from pytest_ses.domain.errors import SESError
from pytest_ses.faults import UNKNOWN, missing, reading
from pytest_ses.faults.targets import Target
from pytest_ses.wire.http import Fault

_Maker = Callable[[Call], SESError | None]


class Common(NamedTuple):
    """An error that any operation may answer with and no model declares."""

    status: int
    text: str | None = None


_TOKEN = "The security token included in the request is invalid."  # noqa: S105  (a text)
_EXPIRED = "The security token included in the request is expired"
_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
# https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
_EITHER = {
    "InternalFailure": Common(500, errors.InternalFailure.text),
    "RequestExpired": Common(400),
    "ServiceUnavailable": Common(503),
    "SignatureDoesNotMatch": Common(403, _SIGNATURE),
}
COMMON: Mapping[str, Mapping[str, Common]] = {
    "ses": {
        **_EITHER,
        "AccessDenied": Common(403),
        "ExpiredToken": Common(403, _EXPIRED),
        "InvalidClientTokenId": Common(403, _TOKEN),
        "InvalidParameterValue": Common(400),
        "MalformedInput": Common(400),
        "Throttling": Common(400),
        "ValidationError": Common(400),
    },
    "sesv2": {
        **_EITHER,
        "AccessDeniedException": Common(403),
        "ExpiredTokenException": Common(403, _EXPIRED),
        "SerializationException": Common(400),
        "UnrecognizedClientException": Common(403, _TOKEN),
        "ValidationException": Common(400),
    },
}

# One error that the two APIs call by different codes.
_TWINS = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "InvalidClientTokenId": "UnrecognizedClientException",
}
_OTHER_WORD = {
    "ses": {two: one for one, two in _TWINS.items()},
    "sesv2": _TWINS,
}


def declared(target: Target) -> Mapping[str, int]:
    """The errors of an operation's model: status by code."""
    return api.model(target.service).operation(target.operation).errors


def resolved(target: Target, word: str) -> tuple[str, int] | None:
    """Code and status of an error in an API; None if that operation does not know it.

    The name of the exception in boto3 is as good as the code, and the code of the other API where
    both have the same error.
    """
    known = declared(target)
    word = _OTHER_WORD[target.service].get(word, word)
    if word in known:
        return word, known[word]
    if word in COMMON[target.service]:
        return word, COMMON[target.service][word].status
    model = api.model(target.service).operation(target.operation).model
    code = next((_code(shape) for shape in model.error_shapes if shape.name == word), None)
    return (code, known[code]) if code else None


def _code(shape: Any) -> str:
    return str(shape.error_code or shape.name)


def text(call: Call, code: str) -> str:
    """What SES says with a code, with the names of the call, as far as it is known."""
    error = _missing(call, code) or _OF_CODE.get(code, _nothing)(call)
    common = COMMON[call.service].get(code)
    return (error and error.message) or (common and common.text) or UNKNOWN


def throttling(call: Call, *, daily_quota: bool = False) -> Fault:
    """The error of an account or a client that does too much."""
    error = errors.DailyQuotaExceeded() if daily_quota else _throttled(call)
    return api_errors.fault(call.service, error)


def not_found(call: Call, resource: str | None) -> Fault:
    """The error of a call that names something which is not there."""
    fault = api_errors.fault(call.service, missing.error(call, resource))
    return Fault(fault.code, fault.message or UNKNOWN, fault.status)


def refusal(call: Call, status: str, message: str | None) -> errors.EntryRefused:
    """The result of an entry of a bulk send that gets a status."""
    error = _OF_STATUS.get(status, _nothing)(call)
    return errors.EntryRefused(status, message or (error and error.message) or UNKNOWN)


def _missing(call: Call, code: str) -> SESError | None:
    target = Target(call.service, call.operation or "")
    for resource in missing.resources(target):
        error = missing.error(call, resource)
        if code == api_errors.code(call.service, type(error)) and missing.named(call, resource):
            return error
    return None


def _nothing(_call: Call) -> None:
    return None


def _throttled(call: Call) -> SESError:
    sends = Target(call.service, call.operation or "").sends
    return errors.SendingRateExceeded() if sends else errors.RequestRateExceeded()


def _not_verified(call: Call) -> SESError | None:
    sender = reading.sender(call)
    return errors.NotVerified(region=call.region.upper(), identities=sender) if sender else None


def _mail_from(call: Call) -> SESError | None:
    sender = next(iter(reading.senders(call)), None)
    return errors.MailFromDomainNotVerified(identity=sender.rpartition("@")[2]) if sender else None


def _denied(call: Call) -> SESError | None:
    """Of a sender that the caller has no permission for; of other calls the text is not known."""
    sender = next(iter(reading.senders(call)), None)
    user = f"arn:aws:iam::{call.account_id}:user/pytest-ses"
    identity = f"arn:aws:ses:{call.region}:{call.account_id}:identity/{sender}"
    if sender is None:
        return None
    return SESError(
        f"User `{user}' is not authorized to perform `ses:{call.operation}' "
        f"on resource `{identity}'"
    )


def _always(kind: type[SESError]) -> _Maker:
    return lambda _call: kind()


def _about(kind: type[SESError], find: Callable[[Call], str | None]) -> _Maker:
    """Makes an error about the thing of that name in the call."""

    def make(call: Call) -> SESError | None:
        name = find(call)
        details = {
            "configuration_set": reading.configuration_set(call),
            "account_id": call.account_id,
        }
        return kind(name=name, **details) if name else None

    return make


def _exists(call: Call) -> SESError | None:
    return _OF_CREATION.get(call.operation or "", _nothing)(call)


def _member(*paths: str) -> Callable[[Call], str | None]:
    return lambda call: reading.named(call, paths)


_account_paused = _always(errors.AccountSendingPaused)
_account_suspended = _always(errors.AccountSuspended)
_set_paused = _about(errors.ConfigurationSetSendingPaused, reading.configuration_set)

_OF_CREATION: Mapping[str, _Maker] = {
    "CloneReceiptRuleSet": _about(errors.RuleSetAlreadyExists, _member("RuleSetName")),
    "CreateConfigurationSet": _about(
        errors.ConfigurationSetAlreadyExists,
        _member("ConfigurationSetName", "ConfigurationSet.Name"),
    ),
    "CreateConfigurationSetEventDestination": _about(
        errors.EventDestinationAlreadyExists,
        _member("EventDestinationName", "EventDestination.Name"),
    ),
    "CreateConfigurationSetTrackingOptions": _about(
        errors.TrackingOptionsAlreadyExists, reading.configuration_set
    ),
    "CreateContact": _about(errors.ContactAlreadyExists, _member("EmailAddress")),
    "CreateCustomVerificationEmailTemplate": _about(
        errors.CustomVerificationEmailTemplateAlreadyExists, reading.template
    ),
    "CreateDedicatedIpPool": _about(errors.DedicatedIpPoolAlreadyExists, _member("PoolName")),
    "CreateEmailIdentity": _about(errors.IdentityAlreadyExists, _member("EmailIdentity")),
    "CreateEmailIdentityPolicy": _about(errors.PolicyAlreadyExists, _member("PolicyName")),
    "CreateEmailTemplate": _about(errors.TemplateAlreadyExists, reading.template),
    "CreateMultiRegionEndpoint": _about(errors.EndpointAlreadyExists, _member("EndpointName")),
    "CreateReceiptFilter": _about(errors.FilterAlreadyExists, _member("Filter.Name")),
    "CreateReceiptRule": _about(errors.RuleAlreadyExists, _member("Rule.Name")),
    "CreateReceiptRuleSet": _about(errors.RuleSetAlreadyExists, _member("RuleSetName")),
    "CreateTemplate": _about(errors.TemplateAlreadyExists, reading.template),
    "CreateTenant": _about(errors.TenantAlreadyExists, _member("TenantName")),
}

_OF_CODE: Mapping[str, _Maker] = {
    "AccessDenied": _denied,
    "AccessDeniedException": _denied,
    "AccountSendingPausedException": _account_paused,
    "AccountSuspendedException": _account_suspended,
    "AlreadyExists": _exists,
    "AlreadyExistsException": _exists,
    "ConfigurationSetAlreadyExists": _exists,
    "CustomVerificationEmailTemplateAlreadyExists": _exists,
    "ConfigurationSetSendingPausedException": _set_paused,
    "EventDestinationAlreadyExists": _exists,
    "MailFromDomainNotVerifiedException": _mail_from,
    "MessageRejected": _not_verified,
    "SendingPausedException": _account_paused,
    "Throttling": _throttled,
    "TooManyRequestsException": _throttled,
    "TrackingOptionsAlreadyExistsException": _exists,
}

_OF_STATUS: Mapping[str, _Maker] = {
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": _always(errors.DailyQuotaExceeded),
    "ACCOUNT_SENDING_PAUSED": _account_paused,
    "ACCOUNT_SUSPENDED": _account_suspended,
    "ACCOUNT_THROTTLED": _throttled,
    "CONFIGURATION_SET_NOT_FOUND": _about(
        errors.ConfigurationSetDoesNotExist, reading.configuration_set
    ),
    "CONFIGURATION_SET_SENDING_PAUSED": _set_paused,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": _mail_from,
    "MESSAGE_REJECTED": _not_verified,
    "TEMPLATE_NOT_FOUND": _about(errors.TemplateDoesNotExist, reading.template),
}
