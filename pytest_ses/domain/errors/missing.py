"""Errors about things that do not exist."""

from __future__ import annotations

from pytest_ses.domain.errors.base import NotFound
from pytest_ses.domain.errors.invalid import UnknownTopic


class ConfigurationSetDoesNotExist(NotFound):
    """The configuration set does not exist."""

    text = "Configuration set <{name}> does not exist."


class EventDestinationDoesNotExist(NotFound):
    """The configuration set has no event destination of that name."""

    text = (
        "An event destination with name <{name}> does not exist "
        "for configuration set <{configuration_set}>."
    )


class TrackingOptionsDoesNotExist(NotFound):
    """The configuration set has no tracking options."""

    text = "There are no tracking options for configuration set <{name}>"


class TemplateDoesNotExist(NotFound):
    """The template does not exist."""

    text = "Template {name} does not exist."


class IdentityDoesNotExist(NotFound):
    """The identity does not exist."""

    text = "Email identity {name} does not exist."


class PolicyDoesNotExist(NotFound):
    """The identity has no policy of that name."""

    text = "Policy <{name}> does not exist"


class ResourceDoesNotExist(NotFound):
    """The resource of a tag operation does not exist."""

    text = "No {kind} present with name: {name}"


class UntaggedResource(NotFound):
    """A resource of a type whose tags are not stored here. (The text is our own.)"""

    text = "The resource <{arn}> is of a type whose tags pytest-ses does not store."


class ContactListDoesNotExist(NotFound):
    """The contact list does not exist."""

    text = "List with name: {name} doesn't exist."


class TopicDoesNotExist(NotFound):
    """A filter by a topic that the contact list does not have."""

    text = UnknownTopic.text


class EndpointDoesNotExist(NotFound):
    """The multi-region endpoint does not exist. (The text is our own.)"""

    text = "Multi-region endpoint {name} does not exist."


class TenantDoesNotExist(NotFound):
    """The tenant does not exist."""

    text = "Tenant {name} for AwsAccountId {account_id} not found."


class ReputationEntityDoesNotExist(NotFound):
    """The reputation entity does not exist. (The text is our own.)"""

    text = "The reputation entity <{name}> does not exist."


class AssociatedResourceDoesNotExist(NotFound):
    """The resource to associate with a tenant does not exist; each kind has its own text."""


class CustomVerificationEmailTemplateDoesNotExist(NotFound):
    """The custom verification email template does not exist."""

    text = "Custom verification email template <{name}> does not exist"


class TemplateOfVerificationDoesNotExist(CustomVerificationEmailTemplateDoesNotExist):
    """The template of a verification email to send does not exist; v1 has a different text."""


class FromEmailAddressNotVerified(NotFound):
    """The sender of a custom verification email template is not verified."""

    text = "The from email address <{name}> is not verified"


class ContactDoesNotExist(NotFound):
    """The list has no contact with that address."""

    text = "{name} doesn't exist in List."


class SuppressedDestinationDoesNotExist(NotFound):
    """The address is not on the suppression list."""

    text = "Email address {name} does not exist on your suppression list."


class DedicatedIpPoolDoesNotExist(NotFound):
    """The dedicated IP pool does not exist."""

    text = "The requested pool <{name}> does not exist."


class DedicatedIpDoesNotExist(NotFound):
    """The dedicated IP address does not exist. (The text is our own.)"""

    text = "The requested IP address <{name}> does not exist."


class ImportListDoesNotExist(NotFound):
    """The contact list of an import does not exist; other operations have other texts."""

    text = "ContactList <{name}> doesn't exist"


class JobDoesNotExist(NotFound):
    """The import or export job does not exist. (The text is our own.)"""

    text = "Job {name} does not exist."


class NotSubscribed(NotFound):
    """The Deliverability dashboard is not enabled for the domain. (The text is our own.)"""

    text = "The domain {name} has no subscription to the Deliverability dashboard."


class DomainNotVerified(NotFound):
    """The domain is not a verified identity. (The text is our own.)"""

    text = "The domain {name} is not a verified identity."


class CampaignDoesNotExist(NotFound):
    """The subscribed domains have no such campaign. (The text is our own.)"""

    text = "Campaign {name} does not exist."


class PlacementTestDoesNotExist(NotFound):
    """The predictive inbox placement test does not exist. (The text is our own.)"""

    text = "Report {name} does not exist."


class SentMessageDoesNotExist(NotFound):
    """No message with that ID was sent. (The text is our own.)"""

    text = "Message {name} does not exist."


class RuleSetDoesNotExist(NotFound):
    """The receipt rule set does not exist."""

    text = "Rule set does not exist: {name}"


class RuleDoesNotExist(NotFound):
    """The receipt rule does not exist."""

    text = "Rule does not exist: {name}"
