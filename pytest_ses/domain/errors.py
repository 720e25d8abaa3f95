"""How does SES say no? One class per reason; the API ring gives each its code in v1 and v2."""

from __future__ import annotations

from typing import Any, ClassVar


class SESError(Exception):
    """A refusal of SES.

    `message` is the text SES answers (None where it answers none); `details` are the names the text
    speaks of, so that another API can say the same in other words.
    """

    text: ClassVar[str | None] = None

    def __init__(self, message: str | None = None, /, **details: Any) -> None:
        if message is None and self.text is not None:
            message = self.text.format(**details)
        super().__init__(message)
        self.message = message
        self.details = details


# The families: what happened.
class Invalid(SESError):
    """The request is wrong in itself."""


class NotFound(SESError):
    """The request names something that is not there."""


class AlreadyExists(SESError):
    """The request creates something that is there already."""


class LimitExceeded(SESError):
    """The account is full. (The text is ours: no source tells SES's.)"""

    text = "The limit of {limit} {things} is reached."


class SendingPaused(SESError):
    """The account or the configuration set does not send at the moment."""


class Throttled(SESError):
    """Too much at once; the same request may succeed later."""


class Conflict(SESError):
    """The resource is being worked on."""


class InternalFailure(SESError):
    """The service itself goes wrong."""

    text = "An internal failure has occurred."


class MessageRejected(SESError):
    """SES understood the mail and will not send it."""


class EntryRefused(SESError):
    """An entry of a bulk send that fails with a status of v2's, whatever the reason."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


# The request is wrong in itself.
class InvalidParameterValue(Invalid):
    """A value that SES refuses, in words of its own."""


class ValidationFailed(Invalid):
    """A value that the service model refuses, checked by the operation instead of before it."""


class ValueNotAllowed(ValidationFailed):
    """A value that is none of the model's, which are named in SES's order."""

    text = (
        "1 validation error detected: Value at '{path}' failed to satisfy constraint: "
        "Member must satisfy enum value set: [{allowed}]"
    )


class ListedValueNotAllowed(ValidationFailed):
    """A list with a value that is none of the model's, which are named in SES's order."""

    text = (
        "1 validation error detected: Value at '{path}' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [{allowed}]]"
    )


class InvalidTemplate(Invalid):
    """A template that cannot be compiled."""


class TemplateTooLarge(InvalidTemplate):
    """A template over the size limit. (The text is ours.)"""

    text = "The template has {size} bytes of text and HTML; the limit is {limit}."


class UnsupportedTemplate(Invalid):
    """A template within a send that does more than substitute plain variables."""

    text = "Template contains unsupported operations."


class AmbiguousContent(Invalid):
    """A mail with no content, or more than one kind of it. (The text is ours.)"""

    text = "Give exactly one kind of content; given: {kinds}."


class MissingRecipients(Invalid):
    """A mail to nobody. (SES says the same of a mail that is not raw, as far as is known.)"""

    text = "Missing required header 'To'."


class TooManyEntries(Invalid):
    """A bulk send with more entries than one call may have. (The text is ours.)"""

    text = "{count} destinations are too many for one call; the limit is {limit}."


class DefaultConfigurationSetDoesNotExist(Invalid):
    """The sender's default configuration set was deleted."""

    text = "Configuration set <{name}> does not exist."


class InvalidTemplateData(Invalid):
    """Template data of a send that is not a JSON object."""

    text = "The template data is invalid"


class InvalidRenderingParameter(Invalid):
    """Template data of a test rendering that is not a JSON object."""

    text = "Template rendering data is invalid"


class MissingRenderingAttribute(Invalid):
    """A template that names an attribute which the data lacks."""


class InvalidTrackingOptions(Invalid):
    """A redirect domain that SES cannot use."""


class RedirectDomainMissing(InvalidTrackingOptions):
    """Tracking options without a redirect domain."""

    text = "CustomRedirectDomain must be specified."


class InvalidCloudWatchDestination(Invalid):
    """An event destination with unusable CloudWatch dimensions."""


class InvalidSNSDestination(Invalid):
    """An event destination with a topic that is not there, or not in this region."""


class InvalidFirehoseDestination(Invalid):
    """An event destination with a stream that is not in this region."""


class InvalidEventBridgeDestination(Invalid):
    """An event destination with another bus than the default one; the text is ours."""

    text = "The event bus <{arn}> is not the default bus of this account and region, <{default}>."


class InvalidPinpointDestination(Invalid):
    """An event destination with an unusable Pinpoint project."""

    text = "Invalid Pinpoint application ARN provided: {arn}."


class InvalidTag(Invalid):
    """A tag that a resource cannot have; the texts are ours."""


class TagKeysMissing(Invalid):
    """A request to take off tags that names none."""


class InvalidResourceArn(Invalid):
    """An ARN that is not one of SES; the text is ours."""

    text = "The ARN <{arn}> does not name a resource of SES."


class ResourceOfAnotherAccount(Invalid):
    """A resource whose ARN has the id of another account."""

    text = "Operations on a resource created in a different account is not allowed"


class ResourceOfAnotherRegion(Invalid):
    """A resource whose ARN has another region; tagging and untagging have a text each."""


class InvalidPolicy(Invalid):
    """A sending authorization policy that is not a policy."""


class TooManyContactLists(Invalid):
    """A second contact list, whatever its name."""

    text = "A maximum of 1 Lists allowed per account."


class UnknownTopic(Invalid):
    """A preference or a mail with a topic that the contact list does not have."""

    text = "List: {contact_list} doesn't contain Topic: {name}"


class InvalidNextToken(Invalid):
    """A page token that SES did not give out; each list has a text of its own."""


class UnknownNextToken(InvalidNextToken):
    """The same, where the model of the operation has an error of its own for it."""


# The request names something that is not there.
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


class CustomVerificationEmailTemplateDoesNotExist(NotFound):
    """No such template for verification mails."""

    text = "Custom verification email template <{name}> does not exist"


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


class RuleSetDoesNotExist(NotFound):
    """No such receipt rule set."""

    text = "Rule set does not exist: {name}"


class RuleDoesNotExist(NotFound):
    """No such receipt rule."""

    text = "Rule does not exist: {name}"


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


class IdentityAlreadyExists(AlreadyExists):
    """The identity is there already."""

    text = "Email identity {name} already exist."


class PolicyAlreadyExists(AlreadyExists):
    """The identity has a policy of that name already."""

    text = "Policy <{name}> already exists"


class ContactAlreadyExists(AlreadyExists):
    """The list has a contact of that address already."""

    text = "{name} already exists in List."


# The account is full.
class TooManyPolicies(LimitExceeded):
    """The identity has as many sending authorization policies as it can have."""

    text = "Number of policies for <{identity}> exceeds max allowed number of policies per resource"


# The resource is being worked on.
class AccountUnderReview(Conflict):
    """The request to leave the sandbox is not answered yet (the text is ours)."""

    text = "The details of the account are under review."


# The account or the configuration set does not send at the moment.
class AccountSendingPaused(SendingPaused):
    """The owner of the account has switched sending off. (SES says this where AWS did it.)"""

    text = (
        "Sending paused for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


class ConfigurationSetSendingPaused(SendingPaused):
    """The configuration set has sending switched off."""

    text = "Sending is paused for configuration set {name}"


class AccountSuspended(SendingPaused):
    """AWS has taken sending from the account. (The text is inferred from that of a pause.)"""

    text = (
        "Sending suspended for this account. For more information, please check the inbox of the "
        "email address associated with your AWS account."
    )


# Too much at once.
class RequestRateExceeded(Throttled):
    """More calls a second than the account may make, of an operation that does not send."""

    text = "Rate exceeded"


class SendingRateExceeded(Throttled):
    """More recipients a second than the account may send to."""

    text = "Maximum sending rate exceeded."


class DailyQuotaExceeded(Throttled):
    """More recipients in 24 hours than the account may send to."""

    text = "Daily message quota exceeded."


# SES understood the mail and will not send it.
class NotVerified(MessageRejected):
    """A sender, or in the sandbox a recipient, that is not a verified identity."""

    text = (
        "Email address is not verified. The following identities failed the check in region "
        "{region}: {identities}"
    )


class MailFromDomainNotVerified(MessageRejected):
    """A broken custom MAIL FROM domain, where the identity asks to reject. (The text is ours.)"""

    text = "The custom MAIL FROM domain of {identity} is not verified."
