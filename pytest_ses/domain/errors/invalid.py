"""Errors about invalid requests."""

from __future__ import annotations

from pytest_ses.domain.errors.base import Invalid


class InvalidParameterValue(Invalid):
    """An invalid value; each case has its own text."""


class ValidationFailed(Invalid):
    """A value that violates the service model, detected by the operation itself."""


class ValueNotAllowed(ValidationFailed):
    """A value that is not in an enumeration of the service model; `allowed` is in SES's order."""

    text = (
        "1 validation error detected: Value at '{path}' failed to satisfy constraint: "
        "Member must satisfy enum value set: [{allowed}]"
    )


class ListedValueNotAllowed(ValidationFailed):
    """A list with a value that is not in an enumeration; `allowed` is in SES's order."""

    text = (
        "1 validation error detected: Value at '{path}' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: [{allowed}]]"
    )


class InvalidTemplate(Invalid):
    """A template that cannot be compiled."""


class TemplateTooLarge(InvalidTemplate):
    """A template over the size limit. (The text is our own.)"""

    text = "The template has {size} bytes of text and HTML; the limit is {limit}."


class UnsupportedTemplate(Invalid):
    """An inline template of a send that uses more than plain variables."""

    text = "Template contains unsupported operations."


class AmbiguousContent(Invalid):
    """A message with no content, or more than one kind of content. (The text is our own.)"""

    text = "Give exactly one kind of content; given: {kinds}."


class MissingRecipients(Invalid):
    """A message without recipients. (The text is known for raw messages only.)"""

    text = "Missing required header 'To'."


class TooManyEntries(Invalid):
    """A bulk send with too many entries. (The text is our own.)"""

    text = "{count} destinations are too many for one call; the limit is {limit}."


class HeaderTooLong(Invalid):
    """A header whose name and value are too long together. (The text is our own.)"""

    text = "The header '{name}' has {length} characters in name and value; the limit is {limit}."


class UnsupportedAttachmentType(Invalid):
    """An attachment with a file extension that SES rejects. (The text is our own.)"""

    text = "The attachment <{name}> has an unsupported type: {extension}."


class InvalidAttachmentName(Invalid):
    """An attachment whose file name has invalid characters. (The text is our own.)"""

    text = "The file name <{name}> is invalid: it must not contain {characters}."


class DefaultConfigurationSetDoesNotExist(Invalid):
    """The default configuration set of the sender's identity was deleted."""

    text = "Configuration set <{name}> does not exist."


class InvalidTemplateData(Invalid):
    """Template data of a send that is not a JSON object."""

    text = "The template data is invalid"


class InvalidRenderingParameter(Invalid):
    """Template data of a test rendering that is not a JSON object."""

    text = "Template rendering data is invalid"


class MissingRenderingAttribute(Invalid):
    """A template that uses an attribute which is missing from the data."""


class CustomVerificationEmailInvalidContent(Invalid):
    """A custom verification email template that is too large. (The text is our own.)"""

    text = "The content has {size} bytes; it must have fewer than {limit}."


class CustomVerificationEmailHasComment(CustomVerificationEmailInvalidContent):
    """A custom verification email template with an HTML comment. (The text is our own.)"""

    text = "The content must not contain comments, such as {comment}."


class ProductionAccessNotGranted(Invalid):
    """A custom verification email that is sent in the sandbox. (The text is our own.)"""

    text = "The account has not been granted production access."


class InvalidTenantName(Invalid):
    """An invalid tenant name. (The text is our own.)"""

    text = (
        "The tenant name <{name}> is invalid: up to {limit} letters, digits, hyphens (-) and "
        "underscores (_) are allowed."
    )


class TenantAssociationsLeft(Invalid):
    """The deletion of a resource that belongs to a tenant."""

    text = (
        "Cannot delete {arn} because it has tenant associations. Remove all tenant associations "
        "and try again."
    )


class InvalidEndpointRoutes(Invalid):
    """A multi-region endpoint without exactly one other region. (The text is our own.)"""

    text = "Give exactly one region other than {region}; given: {regions}."


class UnknownReputationEntity(Invalid):
    """A change to a reputation entity that does not exist."""


class UnknownReputationPolicy(Invalid):
    """A reputation policy that SES does not have. (The text is our own.)"""

    text = "The reputation policy <{name}> does not exist."


class InvalidFromAddress(Invalid):
    """A certificate for an address outside the identity. (The text is our own.)"""

    text = "The from address <{name}> does not belong to the identity <{identity}>."


class InvalidTrackingOptions(Invalid):
    """A redirect domain that is missing or not verified."""


class RedirectDomainMissing(InvalidTrackingOptions):
    """Tracking options without a redirect domain."""

    text = "CustomRedirectDomain must be specified."


class InvalidCloudWatchDestination(Invalid):
    """An event destination with invalid CloudWatch dimensions."""


class InvalidSNSDestination(Invalid):
    """An event destination whose SNS topic does not exist, is invalid or is in another region."""


class InvalidFirehoseDestination(Invalid):
    """An event destination with an invalid role, or an invalid stream or one in another region."""


class InvalidEventBridgeDestination(Invalid):
    """An event destination with an event bus other than the default one. (The text is our own.)"""

    text = "The event bus <{arn}> is not the default bus of this account and region, <{default}>."


class InvalidPinpointDestination(Invalid):
    """An event destination with an invalid Pinpoint project."""

    text = "Invalid Pinpoint application ARN provided: {arn}."


class InvalidSnsTopic(Invalid):
    """A receipt action with a topic that is invalid or that SES cannot publish to."""


class InvalidS3Configuration(Invalid):
    """A receipt action with a bucket that does not exist or that SES cannot write to."""


class InvalidLambdaFunction(Invalid):
    """A receipt action with a function that is invalid or that SES cannot invoke."""


class InvalidTag(Invalid):
    """An invalid tag of a resource. (The texts are our own.)"""


class TagKeysMissing(Invalid):
    """A request to remove tags without tag keys."""


class InvalidResourceArn(Invalid):
    """An ARN that is not an SES ARN. (The text is our own.)"""

    text = "The ARN <{arn}> is not the ARN of an SES resource."


class ResourceOfAnotherAccount(Invalid):
    """A resource whose ARN has the ID of another account."""

    text = "Operations on a resource created in a different account is not allowed"


class ResourceOfAnotherRegion(Invalid):
    """A resource whose ARN has another region; tagging and untagging have different texts."""


class InvalidPolicy(Invalid):
    """An invalid sending authorization policy."""


class TooManyContactLists(Invalid):
    """A second contact list in one account."""

    text = "A maximum of 1 Lists allowed per account."


class UnknownTopic(Invalid):
    """A preference or a send with a topic that the contact list does not have."""

    text = "List: {contact_list} doesn't contain Topic: {name}"


class InvalidNextToken(Invalid):
    """A page token that SES did not issue; each list has its own text."""


class UnknownNextToken(InvalidNextToken):
    """An invalid page token of an operation whose model declares a separate error for it."""
