"""What is wrong with a request in itself?"""

from __future__ import annotations

from pytest_ses.domain.errors.base import Invalid


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


class CustomVerificationEmailInvalidContent(Invalid):
    """Too much content in a template for verification mails. (The text is ours.)"""

    text = "The content has {size} bytes; it has to be less than {limit}."


class ProductionAccessNotGranted(Invalid):
    """A verification mail of one's own from the sandbox. (The text is ours.)"""

    text = "The account has not been granted production access."


class InvalidTenantName(Invalid):
    """A name that no tenant can have. (The text is ours.)"""

    text = (
        "The tenant name <{name}> is invalid: up to {limit} letters, digits, hyphens (-) and "
        "underscores (_) are allowed."
    )


class TenantAssociationsLeft(Invalid):
    """A resource that is to be deleted and belongs to a tenant."""

    text = (
        "Cannot delete {arn} because it has tenant associations. Remove all tenant associations "
        "and try again."
    )


class InvalidEndpointRoutes(Invalid):
    """A multi-region endpoint that is not of two regions. (The text is ours.)"""

    text = "Give exactly one region other than {region}; given: {regions}."


class UnknownReputationEntity(Invalid):
    """A change of a reputation entity that is not there."""


class UnknownReputationPolicy(Invalid):
    """A reputation policy that SES does not have. (The text is ours.)"""

    text = "The reputation policy <{name}> does not exist."


class InvalidFromAddress(Invalid):
    """A certificate for an address that is not one of the identity. (The text is ours.)"""

    text = "The from address <{name}> does not belong to the identity <{identity}>."


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


class InvalidSnsTopic(Invalid):
    """A receipt action with a topic that is none, or that SES cannot publish to."""


class InvalidS3Configuration(Invalid):
    """A receipt action with a bucket that is not there, or that SES cannot write to."""


class InvalidLambdaFunction(Invalid):
    """A receipt action with a function that is none, or that SES cannot invoke."""


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
