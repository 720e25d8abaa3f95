"""The resource types of SES: their properties, and the operations that create, change and delete them.

Names, types and create-only properties are those of AWS's resource schemas.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SES.html
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_ses.cloudformation.properties import ListOf, Properties, Struct, parse
from pytest_ses.domain.regions import partition_of
from pytest_ses.wire.http import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

PREFIX = "AWS::SES::"

# The longest name that SES allows for most resources. The end of a generated name makes it unique.
_NAME_LENGTH, _ENDING_LENGTH = 64, 13
_NOT_FOUND = re.compile("NotFoundException|.*DoesNotExist")


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to SES in one account and region; `call` is that of `transports.exchange`."""

    call: Callable[..., Mapping[str, Any]]
    region: str
    account_id: str

    def v1(self, operation: str, **params: Any) -> Mapping[str, Any]:
        """Call an operation of API v1."""
        return self._call("ses", operation, params)

    def v2(self, operation: str, **params: Any) -> Mapping[str, Any]:
        """Call an operation of API v2."""
        return self._call("sesv2", operation, params)

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource."""
        partition = partition_of(self.region)
        return f"arn:{partition}:ses:{self.region}:{self.account_id}:{resource}"

    def _call(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.call(service, operation, params, region=self.region, account_id=self.account_id)


def _change_nothing(_ses: Connection, _old: Properties, _new: Properties) -> None:
    """Change nothing, for a type without settings or updates."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A type of resources.

    Attributes:
        properties: the properties that a template can set.
        create: creates a resource with its properties.
        delete: deletes a resource by its properties.
        update: changes a resource that exists, from old to new properties.
        settings: sets what `create` and `update` do not set, from old to new properties; a new resource
            has no old properties.
        name: the path of the property with the name of a resource, which `Ref` returns; empty if
            resources have no name.
        create_only: the paths of other properties whose change requires a replacement.
        is_replaced: returns whether any other change requires a replacement.
        attributes: the attributes for `Fn::GetAtt`, each with a function that returns its value, given
            the `Ref` of the resource; it raises a KeyError if a resource does not have the attribute.
        arn: returns the ARN of a resource, given its name; None for resources without tags.
    """

    properties: Struct
    create: Callable[[Connection, Properties], object]
    delete: Callable[[Connection, Properties], object]
    update: Callable[[Connection, Properties, Properties], object] = _change_nothing
    settings: Callable[[Connection, Properties, Properties], object] = _change_nothing
    name: str = ""
    create_only: Sequence[str] = ()
    is_replaced: Callable[[Properties, Properties], bool] = lambda _old, _new: False
    attributes: Mapping[str, Callable[[Connection, str], str]] = field(default_factory=dict)
    arn: Callable[[Connection, str], str] | None = None

    def needs_replacement(self, old: Properties, new: Properties) -> bool:
        """Whether a change of the properties requires a new resource."""
        paths = (*filter(None, [self.name]), *self.create_only)
        return any(_at(old, path) != _at(new, path) for path in paths) or self.is_replaced(old, new)


class Resource:
    """A resource of a stack.

    Attributes:
        ref: the value of `Ref`: the name of the resource.
    """

    def __init__(
        self, kind: ResourceType, ses: Connection, properties: Properties, generated_name: str
    ) -> None:
        self._kind = kind
        self._ses = ses
        # The properties in the template, and those in SES, which always include the name.
        self.requested = properties
        self._properties, self.ref = _named(kind, properties, generated_name)

    @classmethod
    def create(
        cls, kind: ResourceType, ses: Connection, properties: object, *, generated_name: str
    ) -> Resource:
        """Create a resource; if a step fails, nothing remains of it.

        Raises:
            InvalidPropertiesError: if the properties do not match the schema.
            Fault: if SES returns an error.
        """
        resource = cls(kind, ses, parse(kind.properties, properties), generated_name)
        kind.create(ses, resource._properties)
        try:
            kind.settings(ses, {}, resource._properties)
        except BaseException:
            with suppress(Fault):
                resource.delete()
            raise
        return resource

    def update(
        self, properties: object, *, generated_name: str, replaced: Iterable[Resource] = ()
    ) -> Resource:
        """Change the resource, or create a replacement if a property cannot be changed.

        If a step fails, the resource keeps its properties.

        Args:
            properties: the new properties.
            generated_name: the name of a replacement if the properties do not include one.
            replaced: resources that this one has replaced; one with the new properties is returned.

        Returns:
            The resource that has the properties. If it is a different one, this one still exists.

        Raises:
            InvalidPropertiesError: if the properties do not match the schema.
            Fault: if SES returns an error.
        """
        requested = parse(self._kind.properties, properties)
        changed = Resource(self._kind, self._ses, requested, self.ref)
        old, new = self._properties, changed._properties
        if not self._kind.needs_replacement(old, new):
            self._change_from(old, new)
            self.requested, self._properties = requested, new
            return self
        previous = next((each for each in replaced if each.requested == requested), None)
        return previous or self.create(
            self._kind, self._ses, properties, generated_name=generated_name
        )

    def delete(self) -> None:
        """Delete the resource, if it exists.

        Raises:
            Fault: if SES returns any other error.
        """
        try:
            self._kind.delete(self._ses, self._properties)
        except Fault as fault:
            if not _NOT_FOUND.fullmatch(fault.code):
                raise

    def attribute(self, name: str) -> str:
        """Return the value of an attribute, or raise a KeyError if there is none."""
        return self._kind.attributes[name](self._ses, self.ref)

    def _change_from(self, old: Properties, new: Properties) -> None:
        try:
            self._change(old, new)
        except BaseException:
            with suppress(Fault):
                self._change(new, old)
            raise

    def _change(self, old: Properties, new: Properties) -> None:
        if _without_tags(old) != _without_tags(new):
            self._kind.update(self._ses, old, new)
            self._kind.settings(self._ses, old, new)
        if self._kind.arn and _tags(old) != _tags(new):
            arn = self._kind.arn(self._ses, self.ref)
            _change_tags(self._ses, arn, _tags(old), _tags(new))


def _named(kind: ResourceType, properties: Properties, default: str) -> tuple[Properties, str]:
    """Return the properties with a name, and the name."""
    if len(default) > _NAME_LENGTH:
        default = default[: _NAME_LENGTH - _ENDING_LENGTH] + default[-_ENDING_LENGTH:]
    if not kind.name:
        return properties, default
    *parents, last = kind.name.split("/")
    if not parents:
        named = {**properties, last: properties.get(last, default)}
    else:
        (parent,) = parents
        members = properties.get(parent, {})
        named = {**properties, parent: {**members, last: members.get(last, default)}}
    return named, _at(named, kind.name)


def _at(properties: Any, path: str) -> Any:
    for name in path.split("/"):
        properties = (properties or {}).get(name)
    return properties


def _without_tags(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if name != "Tags"}


def _tags(properties: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())}


def _change_tags(ses: Connection, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    removed = [key for key in old if key not in new]
    changed = [{"Key": key, "Value": new[key]} for key in new if old.get(key) != new[key]]
    if removed:
        ses.v2("UntagResource", ResourceArn=arn, TagKeys=removed)
    if changed:
        ses.v2("TagResource", ResourceArn=arn, Tags=changed)


# Configuration sets.

# The operation that sets each option, and its value if the template has none.
_CONFIGURATION_SET_OPTIONS: Mapping[str, tuple[str, Properties]] = {
    "ArchivingOptions": ("PutConfigurationSetArchivingOptions", {}),
    "DeliveryOptions": ("PutConfigurationSetDeliveryOptions", {}),
    "ReputationOptions": (
        "PutConfigurationSetReputationOptions",
        {"ReputationMetricsEnabled": True},
    ),
    "SendingOptions": ("PutConfigurationSetSendingOptions", {"SendingEnabled": True}),
    "SuppressionOptions": ("PutConfigurationSetSuppressionOptions", {}),
    "TrackingOptions": ("PutConfigurationSetTrackingOptions", {}),
}


def _create_configuration_set(ses: Connection, properties: Properties) -> None:
    options = {name: value for name, value in properties.items() if name != "Name"}
    ses.v2("CreateConfigurationSet", ConfigurationSetName=properties["Name"], **options)


def _update_configuration_set(ses: Connection, old: Properties, new: Properties) -> None:
    name = new["Name"]
    _put(ses, {"ConfigurationSetName": name}, _CONFIGURATION_SET_OPTIONS, old, new)
    if old.get("VdmOptions") != new.get("VdmOptions"):
        options = new.get("VdmOptions", {})
        ses.v2("PutConfigurationSetVdmOptions", ConfigurationSetName=name, VdmOptions=options)


def _put(
    ses: Connection,
    resource: Mapping[str, str],
    operations: Mapping[str, tuple[str, Properties]],
    old: Properties,
    new: Properties,
) -> None:
    """Set each property that has changed, with an operation of its own."""
    for name, (operation, default) in operations.items():
        if old.get(name) != new.get(name):
            ses.v2(operation, **resource, **new.get(name, default))


# Event destinations.

# The members whose names differ from API v2's in capitalization.
_MEMBER_NAMES = {
    "DeliveryStreamARN": "DeliveryStreamArn",
    "IAMRoleARN": "IamRoleArn",
    "TopicARN": "TopicArn",
}


def _put_event_destination(ses: Connection, operation: str, properties: Properties) -> None:
    destination = _renamed(properties["EventDestination"], _MEMBER_NAMES)
    name = destination.pop("Name")
    destination["MatchingEventTypes"] = [_constant(e) for e in destination["MatchingEventTypes"]]
    for dimension in _at(destination, "CloudWatchDestination/DimensionConfigurations") or ():
        dimension["DimensionValueSource"] = _constant(dimension["DimensionValueSource"])
    ses.v2(
        operation,
        ConfigurationSetName=properties["ConfigurationSetName"],
        EventDestinationName=name,
        EventDestination=destination,
    )


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a copy of a value in which members have other names."""
    if isinstance(value, dict):
        return {names.get(name, name): _renamed(each, names) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return value


def _constant(name: str) -> str:
    """Return a value of API v2: `RENDERING_FAILURE` for `renderingFailure`."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).upper()


# Identities.

_IDENTITY_SETTINGS: Mapping[str, tuple[str, Properties]] = {
    "DkimAttributes": ("PutEmailIdentityDkimAttributes", {"SigningEnabled": True}),
    "FeedbackAttributes": ("PutEmailIdentityFeedbackAttributes", {"EmailForwardingEnabled": True}),
    "MailFromAttributes": ("PutEmailIdentityMailFromAttributes", {}),
}


def _create_identity(ses: Connection, properties: Properties) -> None:
    members = ("EmailIdentity", "DkimSigningAttributes", "Tags")
    ses.v2(
        "CreateEmailIdentity",
        **_only(properties, *members),
        **properties.get("ConfigurationSetAttributes", {}),
    )


def _update_identity(ses: Connection, old: Properties, new: Properties) -> None:
    identity = new["EmailIdentity"]
    if old.get("ConfigurationSetAttributes") != new.get("ConfigurationSetAttributes"):
        configuration_set = new.get("ConfigurationSetAttributes", {})
        operation = "PutEmailIdentityConfigurationSetAttributes"
        ses.v2(operation, EmailIdentity=identity, **configuration_set)
    if old.get("DkimSigningAttributes") != new.get("DkimSigningAttributes"):
        signing = new.get("DkimSigningAttributes", {})
        has_own_key = "DomainSigningPrivateKey" in signing
        ses.v2(
            "PutEmailIdentityDkimSigningAttributes",
            EmailIdentity=identity,
            SigningAttributesOrigin="EXTERNAL" if has_own_key else "AWS_SES",
            **({"SigningAttributes": signing} if signing else {}),
        )


def _set_identity(ses: Connection, old: Properties, new: Properties) -> None:
    _put(ses, _only(new, "EmailIdentity"), _IDENTITY_SETTINGS, old, new)


def _dkim_record(number: int, form: str) -> Callable[[Connection, str], str]:
    """Return a function for the name or the value of one of the DNS records of a domain."""

    def value(ses: Connection, identity: str) -> str:
        dkim = ses.v2("GetEmailIdentity", EmailIdentity=identity)["DkimAttributes"]
        tokens = dict(enumerate(dkim.get("Tokens", ()), start=1))
        zone = dkim.get("SigningHostedZone", "dkim.amazonses.com")
        return form.format(token=tokens[number], domain=identity, zone=zone)

    return value


_DKIM_ATTRIBUTES = {
    f"DkimDNSToken{part}{number}": _dkim_record(number, form)
    for number in (1, 2, 3)
    for part, form in {"Name": "{token}._domainkey.{domain}", "Value": "{token}.{zone}"}.items()
}


# Receipt rules.


def _update_receipt_rule(ses: Connection, old: Properties, new: Properties) -> None:
    ses.v1("UpdateReceiptRule", **_only(new, "RuleSetName", "Rule"))
    if old.get("After") != new.get("After"):
        position = _only(new, "RuleSetName", "After")
        ses.v1("SetReceiptRulePosition", RuleName=new["Rule"]["Name"], **position)


# Templates.

_TEMPLATE_PARTS = {"SubjectPart": "Subject", "TextPart": "Text", "HtmlPart": "Html"}


def _put_template(ses: Connection, operation: str, properties: Properties) -> None:
    content = _renamed(properties["Template"], _TEMPLATE_PARTS)
    name = content.pop("TemplateName")
    ses.v2(operation, TemplateName=name, TemplateContent=content, **_only(properties, "Tags"))


# Tenants.


def _set_tenant(ses: Connection, old: Properties, new: Properties) -> None:
    name = new["TenantName"]
    policy = _at(new, "ReputationEntity/Policy/ReputationEntityPolicy")
    if policy != _at(old, "ReputationEntity/Policy/ReputationEntityPolicy"):
        partition = partition_of(ses.region)
        standard = f"arn:{partition}:ses:{ses.region}:aws:reputation-policy/standard"
        ses.v2(
            "UpdateReputationEntityPolicy",
            ReputationEntityType="RESOURCE",
            ReputationEntityReference=_tenant_arn(ses, name),
            ReputationEntityPolicy=policy or standard,
        )
    associated, wanted = _associations(old), _associations(new)
    for arn in associated:
        if arn not in wanted:
            ses.v2("DeleteTenantResourceAssociation", TenantName=name, ResourceArn=arn)
    for arn in wanted:
        if arn not in associated:
            ses.v2("CreateTenantResourceAssociation", TenantName=name, ResourceArn=arn)


def _associations(properties: Properties) -> list[str]:
    associations = properties.get("ResourceAssociations", ())
    return [association["ResourceArn"] for association in associations]


def _update_tenant(ses: Connection, old: Properties, new: Properties) -> None:
    if old.get("SuppressionAttributes") != new.get("SuppressionAttributes"):
        attributes = new.get("SuppressionAttributes", {})
        ses.v2("PutTenantSuppressionAttributes", TenantName=new["TenantName"], **attributes)


def _tenant_arn(ses: Connection, name: str) -> str:
    return str(ses.v2("GetTenant", TenantName=name)["Tenant"]["TenantArn"])


# The other types.


def _put_vdm(ses: Connection, properties: Properties, *, enabled: bool = True) -> None:
    attributes = {"VdmEnabled": "ENABLED" if enabled else "DISABLED", **properties}
    ses.v2("PutAccountVdmAttributes", VdmAttributes=attributes)


def _create_endpoint(ses: Connection, properties: Properties) -> None:
    details = _renamed(properties["Details"], {"RouteDetails": "RoutesDetails"})
    ses.v2("CreateMultiRegionEndpoint", **{**properties, "Details": details})


def _only(properties: Properties, *names: str) -> Properties:
    return {name: properties[name] for name in names if name in properties}


def _arn(kind: str) -> Callable[[Connection, str], str]:
    return lambda ses, name: ses.arn(f"{kind}/{name}")


def _ref(_ses: Connection, ref: str) -> str:
    return ref


_TAGS = ListOf(Struct(required={"Key": str, "Value": str}))
_TOPIC = {"TopicArn": str}

RESOURCES: Mapping[str, ResourceType] = {
    "AWS::SES::ConfigurationSet": ResourceType(
        Struct(
            optional={
                "ArchivingOptions": Struct(optional={"ArchiveArn": str}),
                "DeliveryOptions": Struct(
                    optional={"MaxDeliverySeconds": int, "SendingPoolName": str, "TlsPolicy": str}
                ),
                "Name": str,
                "ReputationOptions": Struct(optional={"ReputationMetricsEnabled": bool}),
                "SendingOptions": Struct(optional={"SendingEnabled": bool}),
                "SuppressionOptions": Struct(
                    optional={
                        "SuppressedReasons": ListOf(str),
                        "ValidationOptions": Struct(
                            required={
                                "ConditionThreshold": Struct(
                                    required={"ConditionThresholdEnabled": str},
                                    optional={
                                        "OverallConfidenceThreshold": Struct(
                                            required={"ConfidenceVerdictThreshold": str}
                                        )
                                    },
                                )
                            }
                        ),
                    }
                ),
                "Tags": _TAGS,
                "TrackingOptions": Struct(
                    optional={"CustomRedirectDomain": str, "HttpsPolicy": str}
                ),
                "VdmOptions": Struct(
                    optional={
                        "DashboardOptions": Struct(required={"EngagementMetrics": str}),
                        "GuardianOptions": Struct(required={"OptimizedSharedDelivery": str}),
                    }
                ),
            }
        ),
        name="Name",
        create=_create_configuration_set,
        update=_update_configuration_set,
        delete=lambda ses, p: ses.v2("DeleteConfigurationSet", ConfigurationSetName=p["Name"]),
        arn=_arn("configuration-set"),
    ),
    "AWS::SES::ConfigurationSetEventDestination": ResourceType(
        Struct(
            required={
                "ConfigurationSetName": str,
                "EventDestination": Struct(
                    required={"MatchingEventTypes": ListOf(str)},
                    optional={
                        "CloudWatchDestination": Struct(
                            optional={
                                "DimensionConfigurations": ListOf(
                                    Struct(
                                        required={
                                            "DefaultDimensionValue": str,
                                            "DimensionName": str,
                                            "DimensionValueSource": str,
                                        }
                                    )
                                )
                            }
                        ),
                        "Enabled": bool,
                        "EventBridgeDestination": Struct(required={"EventBusArn": str}),
                        "KinesisFirehoseDestination": Struct(
                            required={"DeliveryStreamARN": str, "IAMRoleARN": str}
                        ),
                        "Name": str,
                        "SnsDestination": Struct(required={"TopicARN": str}),
                    },
                ),
            }
        ),
        name="EventDestination/Name",
        create_only=("ConfigurationSetName",),
        create=lambda ses, p: _put_event_destination(
            ses, "CreateConfigurationSetEventDestination", p
        ),
        update=lambda ses, _, p: _put_event_destination(
            ses, "UpdateConfigurationSetEventDestination", p
        ),
        delete=lambda ses, p: ses.v2(
            "DeleteConfigurationSetEventDestination",
            ConfigurationSetName=p["ConfigurationSetName"],
            EventDestinationName=p["EventDestination"]["Name"],
        ),
        attributes={"Id": _ref},
    ),
    "AWS::SES::ContactList": ResourceType(
        Struct(
            optional={
                "ContactListName": str,
                "Description": str,
                "Tags": _TAGS,
                "Topics": ListOf(
                    Struct(
                        required={
                            "DefaultSubscriptionStatus": str,
                            "DisplayName": str,
                            "TopicName": str,
                        },
                        optional={"Description": str},
                    )
                ),
            }
        ),
        name="ContactListName",
        create=lambda ses, p: ses.v2("CreateContactList", **p),
        update=lambda ses, _, p: ses.v2("UpdateContactList", **_without_tags(p)),
        delete=lambda ses, p: ses.v2("DeleteContactList", **_only(p, "ContactListName")),
        arn=_arn("contact-list"),
    ),
    "AWS::SES::CustomVerificationEmailTemplate": ResourceType(
        Struct(
            required={
                "FailureRedirectionURL": str,
                "FromEmailAddress": str,
                "SuccessRedirectionURL": str,
                "TemplateContent": str,
                "TemplateName": str,
                "TemplateSubject": str,
            },
            optional={"Tags": _TAGS},
        ),
        name="TemplateName",
        create=lambda ses, p: ses.v2("CreateCustomVerificationEmailTemplate", **p),
        update=lambda ses, _, p: ses.v2(
            "UpdateCustomVerificationEmailTemplate", **_without_tags(p)
        ),
        delete=lambda ses, p: ses.v2(
            "DeleteCustomVerificationEmailTemplate", **_only(p, "TemplateName")
        ),
        arn=_arn("custom-verification-email-template"),
    ),
    "AWS::SES::DedicatedIpPool": ResourceType(
        Struct(optional={"PoolName": str, "ScalingMode": str, "Tags": _TAGS}),
        name="PoolName",
        # A standard pool can become a managed one, but not the reverse.
        is_replaced=lambda old, new: (
            old.get("ScalingMode") == "MANAGED" and new.get("ScalingMode") != "MANAGED"
        ),
        create=lambda ses, p: ses.v2("CreateDedicatedIpPool", **p),
        update=lambda ses, _, p: ses.v2(
            "PutDedicatedIpPoolScalingAttributes",
            **{"ScalingMode": "STANDARD", **_only(p, "PoolName", "ScalingMode")},
        ),
        delete=lambda ses, p: ses.v2("DeleteDedicatedIpPool", **_only(p, "PoolName")),
        arn=_arn("dedicated-ip-pool"),
    ),
    "AWS::SES::EmailIdentity": ResourceType(
        Struct(
            required={"EmailIdentity": str},
            optional={
                "ConfigurationSetAttributes": Struct(optional={"ConfigurationSetName": str}),
                "DkimAttributes": Struct(optional={"SigningEnabled": bool}),
                "DkimSigningAttributes": Struct(
                    optional={
                        "DomainSigningPrivateKey": str,
                        "DomainSigningSelector": str,
                        "NextSigningKeyLength": str,
                    }
                ),
                "FeedbackAttributes": Struct(optional={"EmailForwardingEnabled": bool}),
                "MailFromAttributes": Struct(
                    optional={"BehaviorOnMxFailure": str, "MailFromDomain": str}
                ),
                "Tags": _TAGS,
            },
        ),
        name="EmailIdentity",
        create=_create_identity,
        update=_update_identity,
        settings=_set_identity,
        delete=lambda ses, p: ses.v2("DeleteEmailIdentity", **_only(p, "EmailIdentity")),
        attributes=_DKIM_ATTRIBUTES,
        arn=_arn("identity"),
    ),
    "AWS::SES::EmailIdentityCertificate": ResourceType(
        Struct(required={"CertificateArn": str, "EmailIdentity": str, "FromAddress": str}),
        name="FromAddress",
        create_only=("EmailIdentity", "CertificateArn"),
        create=lambda ses, p: ses.v2("AssociateEmailIdentityCertificate", **p),
        delete=lambda ses, p: ses.v2(
            "DisassociateEmailIdentityCertificate", **_only(p, "EmailIdentity", "FromAddress")
        ),
    ),
    "AWS::SES::MultiRegionEndpoint": ResourceType(
        Struct(
            required={
                "Details": Struct(
                    required={"RouteDetails": ListOf(Struct(required={"Region": str}))}
                ),
                "EndpointName": str,
            },
            optional={"Tags": _TAGS},
        ),
        name="EndpointName",
        create_only=("Details",),
        create=_create_endpoint,
        delete=lambda ses, p: ses.v2("DeleteMultiRegionEndpoint", **_only(p, "EndpointName")),
        arn=_arn("multi-region-endpoint"),
    ),
    "AWS::SES::ReceiptFilter": ResourceType(
        Struct(
            required={
                "Filter": Struct(
                    required={"IpFilter": Struct(required={"Cidr": str, "Policy": str})},
                    optional={"Name": str},
                )
            }
        ),
        name="Filter/Name",
        create_only=("Filter",),
        create=lambda ses, p: ses.v1("CreateReceiptFilter", **p),
        delete=lambda ses, p: ses.v1("DeleteReceiptFilter", FilterName=p["Filter"]["Name"]),
        attributes={"Id": _ref},
    ),
    "AWS::SES::ReceiptRule": ResourceType(
        Struct(
            required={
                "Rule": Struct(
                    optional={
                        "Actions": ListOf(
                            Struct(
                                optional={
                                    "AddHeaderAction": Struct(
                                        required={"HeaderName": str, "HeaderValue": str}
                                    ),
                                    "BounceAction": Struct(
                                        required={
                                            "Message": str,
                                            "Sender": str,
                                            "SmtpReplyCode": str,
                                        },
                                        optional={"StatusCode": str, **_TOPIC},
                                    ),
                                    "ConnectAction": Struct(
                                        required={"IAMRoleARN": str, "InstanceARN": str}
                                    ),
                                    "LambdaAction": Struct(
                                        required={"FunctionArn": str},
                                        optional={"InvocationType": str, **_TOPIC},
                                    ),
                                    "S3Action": Struct(
                                        required={"BucketName": str},
                                        optional={
                                            "IamRoleArn": str,
                                            "KmsKeyArn": str,
                                            "ObjectKeyPrefix": str,
                                            **_TOPIC,
                                        },
                                    ),
                                    "SNSAction": Struct(optional={"Encoding": str, **_TOPIC}),
                                    "StopAction": Struct(required={"Scope": str}, optional=_TOPIC),
                                    "WorkmailAction": Struct(
                                        required={"OrganizationArn": str}, optional=_TOPIC
                                    ),
                                }
                            )
                        ),
                        "Enabled": bool,
                        "Name": str,
                        "Recipients": ListOf(str),
                        "ScanEnabled": bool,
                        "TlsPolicy": str,
                    }
                ),
                "RuleSetName": str,
            },
            optional={"After": str},
        ),
        name="Rule/Name",
        create_only=("RuleSetName",),
        create=lambda ses, p: ses.v1("CreateReceiptRule", **p),
        update=_update_receipt_rule,
        delete=lambda ses, p: ses.v1(
            "DeleteReceiptRule", RuleSetName=p["RuleSetName"], RuleName=p["Rule"]["Name"]
        ),
        attributes={"RuleName": _ref},
    ),
    "AWS::SES::ReceiptRuleSet": ResourceType(
        Struct(optional={"RuleSetName": str}),
        name="RuleSetName",
        create=lambda ses, p: ses.v1("CreateReceiptRuleSet", **p),
        delete=lambda ses, p: ses.v1("DeleteReceiptRuleSet", **p),
    ),
    "AWS::SES::Template": ResourceType(
        Struct(
            optional={
                "Tags": _TAGS,
                "Template": Struct(
                    required={"SubjectPart": str},
                    optional={"HtmlPart": str, "TemplateName": str, "TextPart": str},
                ),
            }
        ),
        name="Template/TemplateName",
        create=lambda ses, p: _put_template(ses, "CreateEmailTemplate", p),
        update=lambda ses, _, p: _put_template(ses, "UpdateEmailTemplate", _only(p, "Template")),
        delete=lambda ses, p: ses.v2(
            "DeleteEmailTemplate", TemplateName=p["Template"]["TemplateName"]
        ),
        attributes={"Id": _ref},
        arn=_arn("template"),
    ),
    "AWS::SES::Tenant": ResourceType(
        Struct(
            required={"TenantName": str},
            optional={
                "ReputationEntity": Struct(
                    required={"Policy": Struct(required={"ReputationEntityPolicy": str})}
                ),
                "ResourceAssociations": ListOf(Struct(required={"ResourceArn": str})),
                "SuppressionAttributes": Struct(
                    required={"SuppressedReasons": ListOf(str), "SuppressionScope": str}
                ),
                "Tags": _TAGS,
            },
        ),
        name="TenantName",
        create=lambda ses, p: ses.v2(
            "CreateTenant", **_only(p, "TenantName", "SuppressionAttributes", "Tags")
        ),
        update=_update_tenant,
        settings=_set_tenant,
        delete=lambda ses, p: ses.v2("DeleteTenant", **_only(p, "TenantName")),
        attributes={"Arn": _tenant_arn},
        arn=_tenant_arn,
    ),
    "AWS::SES::VdmAttributes": ResourceType(
        Struct(
            optional={
                "DashboardAttributes": Struct(optional={"EngagementMetrics": str}),
                "GuardianAttributes": Struct(optional={"OptimizedSharedDelivery": str}),
            }
        ),
        create=_put_vdm,
        update=lambda ses, _, p: _put_vdm(ses, p),
        delete=lambda ses, _: _put_vdm(ses, {}, enabled=False),
        attributes={"VdmAttributesResourceId": _ref},
    ),
}
