"""The feedback forwarding and the SNS notifications of identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import arns, errors, formats
from pytest_ses.domain.identities import identities

if TYPE_CHECKING:
    from pytest_ses.domain.identities.identities import Identity, IdentityState

_NOT_IDENTITY = "Identity {name} is invalid. Must be a verified email address or domain."
_NOT_IDENTITY_FOR_HEADERS = (
    "Identity {name} is invalid. It must be a verified email address or domain."
)
# These texts are our own; SES's are unknown.
_NO_FEEDBACK_TOPICS = (
    "Feedback forwarding cannot be disabled for identity {name}: it has no SNS topic for {types}."
)
_NO_TOPIC = (
    "Headers cannot be enabled for identity {name}: it has no SNS topic for {type} notifications."
)
_FEEDBACK_TYPES = ("Bounce", "Complaint")


def set_feedback_forwarding(
    account: IdentityState, name: str, *, enabled: bool, needs_topics: bool = False
) -> None:
    """Enable or disable the forwarding of bounces and complaints by email.

    With `needs_topics`, forwarding can be disabled only if both have topics. v1 has this rule;
    AWS does not document it for v2, and Terraform's acceptance tests of v2 disable forwarding
    without topics.

    Raises:
        InvalidParameterValue: if the identity does not exist, or if a required topic is missing.
    """
    identity = _find_for_notifications(account, name)
    missing = [type_ for type_ in _FEEDBACK_TYPES if type_ not in identity.topics]
    if needs_topics and missing and not enabled:
        raise errors.InvalidParameterValue(
            _NO_FEEDBACK_TOPICS.format(name=name, types=" and ".join(missing))
        )
    identity.feedback_forwarding_enabled = enabled


def set_topic(
    account: IdentityState, name: str, notification_type: str, topic_arn: str | None
) -> None:
    """Set the SNS topic of a notification type, or remove it if there is no topic.

    Raises:
        InvalidParameterValue: if the identity does not exist, or if the topic is not the ARN of a
            standard SNS topic.
    """
    identity = _find_for_notifications(account, name)
    if topic_arn is None:
        identity.topics.pop(notification_type, None)
    elif arns.TOPIC.fullmatch(topic_arn):
        identity.topics[notification_type] = topic_arn
        account.has_topics = True
        account.connections.validate_topic(
            topic_arn, _subscription_message(topic_arn, name, notification_type)
        )
    else:
        raise errors.InvalidParameterValue(f"SNS topic {topic_arn} is invalid.")


def _subscription_message(topic_arn: str, identity: str, notification_type: str) -> str:
    """Return the message that SES publishes to a topic when it is set for an identity."""
    content = {
        "notificationType": "AmazonSnsSubscriptionSucceeded",
        "message": f"You have successfully subscribed your Amazon SNS topic '{topic_arn}' to receive "
        f"'{notification_type}' notifications from Amazon SES for identity '{identity}'.",
    }
    return formats.compact_json(content) + "\n"


def set_headers_in_notifications(
    account: IdentityState, name: str, notification_type: str, *, enabled: bool
) -> None:
    """Include or omit the headers of the message in notifications of a type.

    Omitting them without a topic succeeds, as Terraform's acceptance tests show.

    Raises:
        InvalidParameterValue: if the identity does not exist, or if headers are included in
            notifications without a topic.
    """
    identity = _find_for_notifications(account, name, error_text=_NOT_IDENTITY_FOR_HEADERS)
    types = identity.headers_in_notifications
    if not enabled:
        types.discard(notification_type)
    elif notification_type in identity.topics:
        types.add(notification_type)
    else:
        raise errors.InvalidParameterValue(_NO_TOPIC.format(name=name, type=notification_type))


def _find_for_notifications(
    account: IdentityState, name: str, *, error_text: str = _NOT_IDENTITY
) -> Identity:
    identity = identities.get(account, name)
    if identity is None:
        raise errors.InvalidParameterValue(error_text.format(name=name))
    return identity
