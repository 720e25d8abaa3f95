"""Errors about things that already exist, are in use, or have reached a limit."""

from __future__ import annotations

from pytest_ses.domain.errors.base import AlreadyExists, Conflict, LimitExceeded


# The request creates something that already exists.
class ConfigurationSetAlreadyExists(AlreadyExists):
    """The configuration set already exists."""

    text = "Configuration set <{name}> already exists."


class EventDestinationAlreadyExists(AlreadyExists):
    """The configuration set already has an event destination of that name."""

    text = (
        "An event destination with name <{name}> already exists "
        "for configuration set <{configuration_set}>."
    )


class TrackingOptionsAlreadyExists(AlreadyExists):
    """The configuration set already has tracking options."""

    text = "Configuration set <{name}> already has tracking options."


class TemplateAlreadyExists(AlreadyExists):
    """The template already exists."""

    text = "Template {name} already exists."


class CustomVerificationEmailTemplateAlreadyExists(AlreadyExists):
    """The custom verification email template already exists."""

    text = "Custom verification email template <{name}> already exists"


class EndpointAlreadyExists(AlreadyExists):
    """The multi-region endpoint already exists. (The text is our own.)"""

    text = "Multi-region endpoint {name} already exists."


class CertificateAlreadyExists(AlreadyExists):
    """The address already has a certificate. (The text is our own.)"""

    text = "The address <{name}> already has a certificate."


class TenantAlreadyExists(AlreadyExists):
    """The account already has a tenant of that name."""

    text = "Tenant with name {name} already exists in account {account_id}"


class AssociationAlreadyExists(AlreadyExists):
    """The tenant already has the resource."""

    text = "Resources {arn} has already been associated with tenant {name}"


class IdentityAlreadyExists(AlreadyExists):
    """The identity already exists."""

    text = "Email identity {name} already exist."


class DedicatedIpPoolAlreadyExists(AlreadyExists):
    """The account already has a dedicated IP pool of that name."""

    text = "The pool <{name}> already exists."


class PolicyAlreadyExists(AlreadyExists):
    """The identity already has a policy of that name."""

    text = "Policy <{name}> already exists"


class ContactAlreadyExists(AlreadyExists):
    """The list already has a contact with that address."""

    text = "{name} already exists in List."


class RuleSetAlreadyExists(AlreadyExists):
    """The account already has a receipt rule set of that name."""

    text = "Rule set already exists: {name}"


class RuleAlreadyExists(AlreadyExists):
    """The rule set already has a receipt rule of that name."""

    text = "Rule already exists: {name}"


class FilterAlreadyExists(AlreadyExists):
    """The account already has an IP address filter of that name."""

    text = "Filter already exists: {name}"


# A limit is reached.
class TooManyPolicies(LimitExceeded):
    """The identity has the maximum number of sending authorization policies."""

    text = "Number of policies for <{identity}> exceeds max allowed number of policies per resource"


# The state of the resource does not allow the request.
class AccountUnderReview(Conflict):
    """A request to leave the sandbox is pending. (The text is our own.)"""

    text = "The details of the account are under review."


# The resource is in use.
class CannotDelete(Conflict):
    """The receipt rule set is active."""

    text = "Cannot delete active rule set: {name}"
