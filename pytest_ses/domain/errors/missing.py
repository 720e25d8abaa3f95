"""What does a request name that is not there?"""

from __future__ import annotations

from pytest_ses.domain.errors.base import NotFound
from pytest_ses.domain.errors.invalid import UnknownTopic


class ConfigurationSetDoesNotExist(NotFound):
    """No such configuration set."""

    text = "Configuration set <{name}> does not exist."


class EventDestinationDoesNotExist(NotFound):
    """No such event destination in the configuration set."""

    text = (
        "An event destination with name <{name}> does not exist "
        "for configuration set <{configuration_set}>."
    )


class TrackingOptionsDoesNotExist(NotFound):
    """The configuration set has no tracking options."""

    text = "There are no tracking options for configuration set <{name}>"


class TemplateDoesNotExist(NotFound):
    """No such template."""

    text = "Template {name} does not exist."


class IdentityDoesNotExist(NotFound):
    """No such identity."""

    text = "Email identity {name} does not exist."


class PolicyDoesNotExist(NotFound):
    """No such policy on the identity."""

    text = "Policy <{name}> does not exist"


class ResourceDoesNotExist(NotFound):
    """No such resource of a kind that has tags."""

    text = "No {kind} present with name: {name}"


class UntaggedResource(NotFound):
    """A resource of a kind whose tags are not kept here; the text is ours."""

    text = "The resource <{arn}> is of a kind whose tags are not kept."


class ContactListDoesNotExist(NotFound):
    """No such contact list."""

    text = "List with name: {name} doesn't exist."


class TopicDoesNotExist(NotFound):
    """A filter by a topic that the contact list does not have."""

    text = UnknownTopic.text


class EndpointDoesNotExist(NotFound):
    """No such multi-region endpoint. (The text is ours.)"""

    text = "Multi-region endpoint {name} does not exist."


class TenantDoesNotExist(NotFound):
    """No such tenant."""

    text = "Tenant {name} for AwsAccountId {account_id} not found."


class ReputationEntityDoesNotExist(NotFound):
    """No such reputation entity. (The text is ours.)"""

    text = "The reputation entity <{name}> does not exist."


class AssociatedResourceDoesNotExist(NotFound):
    """No such resource that a tenant could have; each kind has a text of its own."""


class CustomVerificationEmailTemplateDoesNotExist(NotFound):
    """No such template for verification mails."""

    text = "Custom verification email template <{name}> does not exist"


class TemplateOfVerificationDoesNotExist(CustomVerificationEmailTemplateDoesNotExist):
    """The same of a verification mail that is to be sent, where v1 has a text of its own."""


class FromEmailAddressNotVerified(NotFound):
    """The sender of a template for verification mails is not verified."""

    text = "The from email address <{name}> is not verified"


class ContactDoesNotExist(NotFound):
    """No such contact in the list."""

    text = "{name} doesn't exist in List."


class SuppressedDestinationDoesNotExist(NotFound):
    """No such address on the suppression list."""

    text = "Email address {name} does not exist on your suppression list."


class DedicatedIpPoolDoesNotExist(NotFound):
    """No such pool of dedicated IP addresses."""

    text = "The requested pool <{name}> does not exist."


class DedicatedIpDoesNotExist(NotFound):
    """No such dedicated IP address. (The text is ours.)"""

    text = "The requested IP address <{name}> does not exist."


class ImportListDoesNotExist(NotFound):
    """No such contact list to import into; other operations say it in other words."""

    text = "ContactList <{name}> doesn't exist"


class JobDoesNotExist(NotFound):
    """No such import or export job. (The text is ours.)"""

    text = "Job {name} does not exist."


class NotSubscribed(NotFound):
    """A domain that the Deliverability dashboard is not enabled for. (The text is ours.)"""

    text = "The domain {name} has no subscription to the Deliverability dashboard."


class DomainNotVerified(NotFound):
    """A domain that is no verified identity. (The text is ours.)"""

    text = "The domain {name} is not a verified identity."


class CampaignDoesNotExist(NotFound):
    """No such campaign from a subscribed domain. (The text is ours.)"""

    text = "Campaign {name} does not exist."


class PlacementTestDoesNotExist(NotFound):
    """No such predictive inbox placement test. (The text is ours.)"""

    text = "Report {name} does not exist."


class SentMessageDoesNotExist(NotFound):
    """No mail of that id was sent. (The text is ours.)"""

    text = "Message {name} does not exist."


class RuleSetDoesNotExist(NotFound):
    """No such receipt rule set."""

    text = "Rule set does not exist: {name}"


class RuleDoesNotExist(NotFound):
    """No such receipt rule."""

    text = "Rule does not exist: {name}"
