"""What can be missing, how does a call name it, and what does SES say then?"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses import api
from pytest_ses.api import errors as api_errors
from pytest_ses.domain import errors
from pytest_ses.faults import reading
from pytest_ses.faults.targets import Target
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.calls import Call
    from pytest_ses.domain.errors import SESError


class MissingResource(NamedTuple):
    """A kind of thing: its error, and by pattern of operations the members that name it."""

    error: type[SESError]
    named: Mapping[str, tuple[str, ...]]


class _Nothing(errors.NotFound):
    """Something that is not there, of which SES's text is not known."""


_TEMPLATE = (
    "TemplateName",
    "Template.TemplateName",
    "Template",
    "Content.Template.TemplateName",
    "Content.Template.TemplateArn",
    "DefaultContent.Template.TemplateName",
    "DefaultContent.Template.TemplateArn",
)

# Where an operation names several things, the first of this table is the one that is missing.
RESOURCES: Mapping[str, MissingResource] = {
    "template": MissingResource(
        errors.TemplateDoesNotExist,
        {r"(Get|Update|Delete|TestRender)(Email)?Template|Send(Bulk)?(Templated)?Email": _TEMPLATE},
    ),
    "custom_verification_template": MissingResource(
        errors.CustomVerificationEmailTemplateDoesNotExist,
        {r"(Get|Update|Delete|Send)CustomVerificationEmail(Template)?": ("TemplateName",)},
    ),
    "from_address": MissingResource(
        errors.FromEmailAddressNotVerified,
        {r"(Create|Update)CustomVerificationEmailTemplate": ("FromEmailAddress",)},
    ),
    "event_destination": MissingResource(
        errors.EventDestinationDoesNotExist,
        {
            r"(Update|Delete)ConfigurationSetEventDestination": (
                "EventDestinationName",
                "EventDestination.Name",
            )
        },
    ),
    "policy": MissingResource(
        errors.PolicyDoesNotExist, {r"(Update|Delete)EmailIdentityPolicy": ("PolicyName",)}
    ),
    "identity": MissingResource(
        errors.IdentityDoesNotExist, {r"(?!CreateEmailIdentity$).*": ("EmailIdentity",)}
    ),
    "contact": MissingResource(
        errors.ContactDoesNotExist, {r"(Get|Update|Delete)Contact": ("EmailAddress",)}
    ),
    "contact_list": MissingResource(
        errors.ContactListDoesNotExist,
        {
            r"(?!CreateContactList$).*": (
                "ContactListName",
                "ListManagementOptions.ContactListName",
            )
        },
    ),
    "suppressed_destination": MissingResource(
        errors.SuppressedDestinationDoesNotExist,
        {r"(Get|Delete)SuppressedDestination": ("EmailAddress",)},
    ),
    "receipt_rule": MissingResource(
        errors.RuleDoesNotExist,
        {
            r"CreateReceiptRule": ("After",),
            r"UpdateReceiptRule": ("Rule.Name",),
            r"(DescribeReceiptRule|SetReceiptRulePosition)": ("RuleName",),
        },
    ),
    "receipt_rule_set": MissingResource(
        errors.RuleSetDoesNotExist,
        {r"CloneReceiptRuleSet": ("OriginalRuleSetName",), r".*": ("RuleSetName",)},
    ),
    "dedicated_ip_pool": MissingResource(
        errors.DedicatedIpPoolDoesNotExist,
        {r"(?!CreateDedicatedIpPool$).*": ("PoolName", "DestinationPoolName")},
    ),
    "configuration_set": MissingResource(
        errors.ConfigurationSetDoesNotExist,
        {r"(?!CreateConfigurationSet$).*": ("ConfigurationSetName",)},
    ),
    "tracking_options": MissingResource(
        errors.TrackingOptionsDoesNotExist,
        {r"(Update|Delete)ConfigurationSetTrackingOptions": ("ConfigurationSetName",)},
    ),
    "endpoint": MissingResource(
        errors.EndpointDoesNotExist,
        {r"(?!CreateMultiRegionEndpoint$).*": ("EndpointName", "EndpointId")},
    ),
    "tenant": MissingResource(errors.TenantDoesNotExist, {r"(?!CreateTenant$).*": ("TenantName",)}),
    "dedicated_ip": MissingResource(errors.DedicatedIpDoesNotExist, {r".*": ("Ip",)}),
    "job": MissingResource(errors.JobDoesNotExist, {r".*": ("JobId",)}),
    "message": MissingResource(
        errors.SentMessageDoesNotExist, {r"GetMessageInsights": ("MessageId",)}
    ),
    "report": MissingResource(errors.PlacementTestDoesNotExist, {r".*": ("ReportId",)}),
    "campaign": MissingResource(errors.CampaignDoesNotExist, {r".*": ("CampaignId",)}),
    "domain": MissingResource(errors.NotSubscribed, {r".*": ("Domain", "SubscribedDomain")}),
    "reputation_entity": MissingResource(
        errors.ReputationEntityDoesNotExist, {r".*": ("ReputationEntityReference",)}
    ),
    "resource": MissingResource(_Nothing, {r".*": ("ResourceArn",)}),
}

# v1 has a shorter text where it sends.
_TEXTS = {("ses", "SendCustomVerificationEmail"): "Template <{name}> does not exist"}


@cache
def resources(target: Target) -> tuple[str, ...]:
    """What an operation can say of that it is not there, by the errors and members of its model."""
    return tuple(word for word in RESOURCES if _declares(target, word) and _paths(target, word))


def has_not_found(target: Target) -> bool:
    """Whether the model of an operation has a not-found error."""
    declared = api.model(target.service).operation(target.operation).errors
    return "NotFoundException" in declared or bool(resources(target))


def checked(resource: str | None, targets: list[Target]) -> list[Target]:
    """Those of the operations that can say that the resource (None: anything) is not there.

    Raises:
        ValueError: there is no such resource, or none of the operations can say so.
    """
    if resource is not None and resource not in RESOURCES:
        msg = f"there is no resource {resource!r}"
        raise ValueError(with_nearest(msg, str(resource), RESOURCES))
    if resource is None:
        fitting = [target for target in targets if has_not_found(target)]
    else:
        fitting = [target for target in targets if resource in resources(target)]
    if fitting:
        return fitting
    known = sorted({word for target in targets for word in resources(target)})
    what = f"say that a {resource} is not there" if resource else "answer with a not-found error"
    can = f"; it can say so of {', '.join(known)}" if known else ""
    raise ValueError(f"{', '.join(map(str, targets))} cannot {what}{can}")


def named(call: Call, resource: str | None) -> str | None:
    """The name that a call has for the resource, or for anything; None if it names none.

    Of an operation that has nothing to name it is the operation.
    """
    found = _first(call, resource)
    if found:
        return found[1]
    nameless = resource is None and not resources(Target(call.service, call.operation or ""))
    return call.operation if nameless else None


def error(call: Call, resource: str | None) -> SESError:
    """What SES says of the missing resource of a call."""
    word, name = _first(call, resource) or ("", None)
    kind = RESOURCES[word].error if word else _Nothing
    details = {
        "name": name,
        "configuration_set": reading.configuration_set(call),
        "account_id": call.account_id,
    }
    own = _TEXTS.get((call.service, call.operation or ""))
    text = own.format(**details) if own and word == "custom_verification_template" else None
    return kind(text, **details)


def code(target: Target, resource: str) -> str:
    """The code of the error that says that a resource is not there."""
    return api_errors.code(target.service, RESOURCES[resource].error)


def _first(call: Call, resource: str | None) -> tuple[str, str] | None:
    target = Target(call.service, call.operation or "")
    for word in [resource] if resource else resources(target):
        if found := reading.named(call, _paths(target, word)):
            return word, found
    return None


def _declares(target: Target, word: str) -> bool:
    return code(target, word) in api.model(target.service).operation(target.operation).errors


def _paths(target: Target, word: str) -> tuple[str, ...]:
    """The members that name the resource in the model of an operation."""
    for pattern, paths in RESOURCES[word].named.items():
        if re.fullmatch(pattern, target.operation):
            shape = api.model(target.service).operation(target.operation).input
            members = shape.members if shape else {}
            return tuple(path for path in paths if path.partition(".")[0] in members)
    return ()
