"""The parts of SES that the installed botocore knows, for tests of parts that older ones lack."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_ses.wire import service

# What the models of the lowest supported botocore lack. The tests that compare the package with the
# models accept that these are missing, and nothing else, so that a misspelled name is still an error.
NEWER_OPERATIONS = {
    "ses": frozenset(),
    "sesv2": frozenset(
        {
            "associate_email_identity_certificate",
            "create_multi_region_endpoint",
            "create_tenant",
            "create_tenant_resource_association",
            "delete_multi_region_endpoint",
            "delete_tenant",
            "delete_tenant_resource_association",
            "disassociate_email_identity_certificate",
            "get_email_address_insights",
            "get_multi_region_endpoint",
            "get_reputation_entity",
            "get_tenant",
            "list_email_identity_certificates",
            "list_multi_region_endpoints",
            "list_reputation_entities",
            "list_resource_tenants",
            "list_tenant_resources",
            "list_tenants",
            "put_account_pricing_attributes",
            "put_configuration_set_archiving_options",
            "put_tenant_suppression_attributes",
            "update_configuration_set",
            "update_reputation_entity_customer_managed_status",
            "update_reputation_entity_policy",
        }
    ),
}
NEWER_MEMBERS = frozenset(
    {
        "ArchivingOptions",
        "Attachments",
        "ConfigurationOverrides",
        "ConnectAction",
        "DomainSigningAttributesOrigin",
        "EndpointId",
        "Filter",
        "HttpsPolicy",
        "IamRoleArn",
        "MaxDeliverySeconds",
        "MessageSecurityOptions",
        "PricingAttributes",
        "SigningHostedZone",
        "SuppressionAttributes",
        "SuppressionScope",
        "Tags",
        "TemplateContent",
        "TenantName",
        "ValidationAttributes",
        "ValidationOptions",
    }
)


def has(owner, operation, path=""):
    """Whether the model has an operation and, below its input or its output, a member.

    Args:
        owner: the service.
        operation: the operation.
        path: the names of a member and of those above it, such as `Content.Simple.Attachments`; a
            list or a map stands for its elements.
    """
    if operation not in service(owner).operations:
        return False
    model = service(owner).operation(operation)
    return not path or any(
        _has_member(shape, path.split(".")) for shape in (model.input, model.output)
    )


def _has_member(shape, names):
    for name in names:
        shape = _element(shape)
        shape = getattr(shape, "members", {}).get(name)
        if shape is None:
            return False
    return True


def _element(shape):
    while getattr(shape, "type_name", "") in ("list", "map"):
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape


def longest(owner, shape):
    """The longest text of a kind that the model allows; 0 if it has no such kind."""
    model = service(owner).model
    return model.shape_for(shape).metadata["max"] if shape in model.shape_names else 0


def needs(owner, operation, path=""):
    """Return the mark that skips a test if the model lacks an operation or a member; see `has`."""
    what = f"{owner}:{operation}" + (f" with {path}" if path else "")
    return pytest.mark.skipif(not has(owner, operation, path), reason=f"botocore has no {what}")


def members_not_in(shape, value):
    """Yield the name of each member of a result that the model does not have."""
    if isinstance(value, Mapping) and getattr(shape, "type_name", "structure") == "structure":
        members = shape.members if shape else {}
        for name, member in value.items():
            if name in members:
                yield from members_not_in(members[name], member)
            else:
                yield name
    elif shape.type_name in ("list", "map"):
        members = value.values() if shape.type_name == "map" else value
        for member in members or ():
            yield from members_not_in(_inner(shape), member)


def _inner(shape):
    return shape.member if shape.type_name == "list" else shape.value
