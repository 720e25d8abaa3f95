"""The resources that can be missing, the members that name them, and their not-found errors."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_ses import api
from pytest_ses.api import errors as api_errors
from pytest_ses.domain import errors
from pytest_ses.faults import reading
from pytest_ses.faults.targets import Target, shown
from pytest_ses.phrasing import one_of, with_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.calls import Call
    from pytest_ses.domain.errors import SESError

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


Resource = Literal[
    "template",
    "custom_verification_template",
    "from_address",
    "event_destination",
    "policy",
    "identity",
    "contact",
    "contact_list",
    "suppressed_destination",
    "receipt_rule",
    "receipt_rule_set",
    "dedicated_ip_pool",
    "configuration_set",
    "tracking_options",
    "endpoint",
    "tenant",
    "dedicated_ip",
    "job",
    "message",
    "report",
    "campaign",
    "domain",
    "reputation_entity",
    "resource",
]


class MissingResource(NamedTuple):
    """A kind of resource: its error, and the members that name it, by a pattern of operations."""

    error: type[SESError]
    members: Mapping[str, tuple[str, ...]]


class _OtherNotFound(errors.NotFound):
    """The not-found error of other resources. SES's text is unknown."""


_TEMPLATE = (
    "TemplateName",
    "Template.TemplateName",
    "Template",
    "Content.Template.TemplateName",
    "Content.Template.TemplateArn",
    "DefaultContent.Template.TemplateName",
    "DefaultContent.Template.TemplateArn",
)

# If an operation names several resources, the first of them in this table is missing by default.
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
    "resource": MissingResource(_OtherNotFound, {r".*": ("ResourceArn",)}),
}

# v1's SendCustomVerificationEmail has its own text.
_OWN_TEXT = {("ses", "SendCustomVerificationEmail"): "Template <{name}> does not exist"}


@cache
def resources(target: Target) -> tuple[str, ...]:
    """Return the resources that an operation can name and has a not-found error for."""
    return tuple(
        resource
        for resource in RESOURCES
        if _declares(target, resource) and _members(target, resource)
    )


def has_not_found(target: Target) -> bool:
    """Whether the model of an operation has a not-found error."""
    declared = api.model(target.service).operation(target.operation).errors
    return "NotFoundException" in declared or bool(resources(target))


def declaring(resource: str | None, targets: list[Target]) -> list[Target]:
    """Return the operations that have a not-found error for a resource; None means any resource.

    Raises:
        ValueError: if the resource is unknown, or none of the operations has such an error.
    """
    if resource is not None and resource not in RESOURCES:
        msg = f"unknown resource {resource!r}"
        raise ValueError(with_nearest(msg, str(resource), RESOURCES))
    if resource is None:
        with_error = [target for target in targets if has_not_found(target)]
    else:
        with_error = [target for target in targets if resource in resources(target)]
    if with_error:
        return with_error
    valid = sorted({kind for target in targets for kind in resources(target)})
    if resource is None or not valid:
        raise ValueError(
            f"the model of {shown(targets)} declares no not-found error; use fail or ses_fail for "
            "other errors"
        )
    raise ValueError(
        f"resource={resource!r} is invalid for {shown(targets)}; expected {one_of(valid)}"
    )


def resource_name(call: Call, resource: str | None) -> str | None:
    """Return the name of a resource in a call, or None; `resource=None` means any resource.

    For an operation whose parameters cannot name a resource, this is the name of the operation.
    """
    first = _first_resource(call, resource)
    if first:
        return first[1]
    nameless = resource is None and not resources(Target(call.service, call.operation or ""))
    return call.operation if nameless else None


def error(call: Call, resource: str | None) -> SESError:
    """Return the not-found error for a resource; None means the first that the call names."""
    kind, name = _first_resource(call, resource) or ("", None)
    error_class = RESOURCES[kind].error if kind else _OtherNotFound
    details = {
        "name": name,
        "configuration_set": reading.configuration_set(call),
        "account_id": call.account_id,
    }
    template = _OWN_TEXT.get((call.service, call.operation or ""))
    text = (
        template.format(**details) if template and kind == "custom_verification_template" else None
    )
    return error_class(text, **details)


def code(target: Target, resource: str) -> str:
    """Return the code of the not-found error for a resource."""
    return api_errors.code(target.service, RESOURCES[resource].error)


def _first_resource(call: Call, resource: str | None) -> tuple[str, str] | None:
    """Return the kind and the name of the first resource that the call names."""
    target = Target(call.service, call.operation or "")
    for kind in [resource] if resource else resources(target):
        if name := reading.name_at(call, _members(target, kind)):
            return kind, name
    return None


def _declares(target: Target, resource: str) -> bool:
    return code(target, resource) in api.model(target.service).operation(target.operation).errors


def _members(target: Target, resource: str) -> tuple[str, ...]:
    """Return the paths of the members of an operation that name the resource."""
    for pattern, paths in RESOURCES[resource].members.items():
        if re.fullmatch(pattern, target.operation):
            shape = api.model(target.service).operation(target.operation).input
            members = shape.members if shape else {}
            return tuple(path for path in paths if path.partition(".")[0] in members)
    return ()
