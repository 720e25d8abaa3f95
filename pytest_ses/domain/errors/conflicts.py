"""What is there already, full, or in use?"""

from __future__ import annotations

from pytest_ses.domain.errors.base import AlreadyExists, Conflict, LimitExceeded


# The request creates something that is there already.
class ConfigurationSetAlreadyExists(AlreadyExists):
    """The configuration set is there already."""

    text = "Configuration set <{name}> already exists."


class EventDestinationAlreadyExists(AlreadyExists):
    """The configuration set has an event destination of that name already."""

    text = (
        "An event destination with name <{name}> already exists "
        "for configuration set <{configuration_set}>."
    )


class TrackingOptionsAlreadyExists(AlreadyExists):
    """The configuration set has tracking options already."""

    text = "Configuration set <{name}> already has tracking options."


class TemplateAlreadyExists(AlreadyExists):
    """The template is there already."""

    text = "Template {name} already exists."


class CustomVerificationEmailTemplateAlreadyExists(AlreadyExists):
    """The template for verification mails is there already."""

    text = "Custom verification email template <{name}> already exists"


class EndpointAlreadyExists(AlreadyExists):
    """The multi-region endpoint is there already. (The text is ours.)"""

    text = "Multi-region endpoint {name} already exists."


class CertificateAlreadyExists(AlreadyExists):
    """The address has a certificate already. (The text is ours.)"""

    text = "The address <{name}> has a certificate already."


class TenantAlreadyExists(AlreadyExists):
    """The account has a tenant of that name already."""

    text = "Tenant with name {name} already exists in account {account_id}"


class AssociationAlreadyExists(AlreadyExists):
    """The tenant has the resource already."""

    text = "Resources {arn} has already been associated with tenant {name}"


class IdentityAlreadyExists(AlreadyExists):
    """The identity is there already."""

    text = "Email identity {name} already exist."


class DedicatedIpPoolAlreadyExists(AlreadyExists):
    """The account has a pool of dedicated IP addresses of that name already."""

    text = "The pool <{name}> already exists."


class PolicyAlreadyExists(AlreadyExists):
    """The identity has a policy of that name already."""

    text = "Policy <{name}> already exists"


class ContactAlreadyExists(AlreadyExists):
    """The list has a contact of that address already."""

    text = "{name} already exists in List."


class RuleSetAlreadyExists(AlreadyExists):
    """The account has a receipt rule set of that name already."""

    text = "Rule set already exists: {name}"


class RuleAlreadyExists(AlreadyExists):
    """The rule set has a receipt rule of that name already."""

    text = "Rule already exists: {name}"


class FilterAlreadyExists(AlreadyExists):
    """The account has an IP filter of that name already."""

    text = "Filter already exists: {name}"


# The account is full.
class TooManyPolicies(LimitExceeded):
    """The identity has as many sending authorization policies as it can have."""

    text = "Number of policies for <{identity}> exceeds max allowed number of policies per resource"


# The resource is being worked on.
class AccountUnderReview(Conflict):
    """The request to leave the sandbox is not answered yet (the text is ours)."""

    text = "The details of the account are under review."


# The resource is in use.
class CannotDelete(Conflict):
    """The receipt rule set is the active one."""

    text = "Cannot delete active rule set: {name}"
