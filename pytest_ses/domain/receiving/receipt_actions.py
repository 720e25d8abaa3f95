"""The actions of receipt rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import addresses, arns, errors
from pytest_ses.domain.identities import identities
from pytest_ses.domain.receiving import setup_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_ses.domain.identities.identities import IdentityState


# Texts and limits from here on were recorded from SES by other projects, unless a comment says
# otherwise.
MAX_ACTIONS = 10

_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[\w-]+:[0-9]+:function:[^:]+(?::[^:]+)?")
# https://docs.aws.amazon.com/ses/latest/APIReference/API_AddHeaderAction.html
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,50}")
HEADER_VALUE_LENGTH = 2048
_LINE_END = re.compile(r"[\r\n]")
# Reply codes of RFC 5321 that reject a message; it is inferred that SES requires one of them.
_REPLY_CODE = re.compile(r"[45][0-9]{2}")
# The form of an enhanced status code in RFC 3463, which the service model names.
_STATUS_CODE = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


class S3Action(NamedTuple):
    """Write the message to a bucket."""

    bucket_name: str
    object_key_prefix: str | None = None
    kms_key_arn: str | None = None
    iam_role_arn: str | None = None
    topic_arn: str | None = None


class SnsAction(NamedTuple):
    """Publish the message to a topic."""

    topic_arn: str
    encoding: str = "UTF-8"


class LambdaAction(NamedTuple):
    """Invoke a Lambda function; the invocation type defaults to `Event`."""

    function_arn: str
    invocation_type: str | None = None
    topic_arn: str | None = None


class BounceAction(NamedTuple):
    """Bounce the message."""

    smtp_reply_code: str
    message: str
    sender: str
    status_code: str | None = None
    topic_arn: str | None = None


class WorkmailAction(NamedTuple):
    """Deliver the message to Amazon WorkMail."""

    organization_arn: str
    topic_arn: str | None = None


class AddHeaderAction(NamedTuple):
    """Add a header to the message, for the actions that follow."""

    header_name: str
    header_value: str


class StopAction(NamedTuple):
    """Stop the evaluation of the rule set."""

    scope: str = "RuleSet"
    topic_arn: str | None = None


class ConnectAction(NamedTuple):
    """Start a contact in Amazon Connect."""

    instance_arn: str
    iam_role_arn: str


Action = (
    S3Action
    | SnsAction
    | LambdaAction
    | BounceAction
    | WorkmailAction
    | AddHeaderAction
    | StopAction
    | ConnectAction
)

# The types in notifications; those of the last two are not documented.
TYPES: Mapping[type[Action], str] = {
    S3Action: "S3",
    SnsAction: "SNS",
    LambdaAction: "Lambda",
    BounceAction: "Bounce",
    WorkmailAction: "WorkMail",
    StopAction: "Stop",
    AddHeaderAction: "AddHeader",
    ConnectAction: "Connect",
}


def topic_of(action: Action) -> str | None:
    """Return the topic that is notified of an action, or None."""
    topic: str | None = getattr(action, "topic_arn", None)
    return topic


def object_key(action: S3Action, message_id: str) -> str:
    """Return the key of a message in a bucket; a slash is added to a prefix without one."""
    prefix = action.object_key_prefix or ""
    return f"{prefix}{'/' if prefix and not prefix.endswith('/') else ''}{message_id}"


def may_bounce(account: IdentityState, sender: str) -> bool:
    """Whether an address can be the sender of a bounce."""
    is_covered = identities.covering(account.identities, addresses.bare(sender)) is not None
    return is_covered or account.accepts_every_sender


def check(account: IdentityState, actions: Sequence[Action]) -> None:
    """Check the actions of a rule, and send a setup message to each of their topics and buckets.

    Raises:
        LimitExceeded: if there are more than ten actions.
        InvalidParameterValue: if an action or the order of the actions is invalid.
        InvalidSnsTopic, InvalidS3Configuration, InvalidLambdaFunction: if a topic, a bucket or a
            function is invalid or does not exist.
    """
    if len(actions) > MAX_ACTIONS:
        raise errors.LimitExceeded("Too many actions")
    if any(isinstance(action, StopAction) for action in actions[:-1]):
        raise errors.InvalidParameterValue(
            "Stop action, if any, must be placed at the end of the actions list"
        )
    for action in actions:
        _check_topic(account, action)
        _CHECKS.get(type(action), _no_check)(account, action)


def _check_topic(account: IdentityState, action: Action) -> None:
    topic = topic_of(action)
    if topic is None:
        return
    if not arns.TOPIC.fullmatch(topic):
        raise errors.InvalidSnsTopic(f"Invalid SNS topic: {topic}")
    encoding = action.encoding if isinstance(action, SnsAction) else None
    setup_notification = setup_messages.notification(account.now(), topic, encoding=encoding)
    if not account.connections.validate_topic(topic, setup_notification):
        raise errors.InvalidSnsTopic(f"Could not publish to SNS topic: {topic}")


def _check_bucket(account: IdentityState, action: S3Action) -> None:
    if not action.bucket_name:
        raise errors.InvalidParameterValue("Bucket name must not be empty")
    if action.kms_key_arn is not None and not arns.KMS_KEY.fullmatch(action.kms_key_arn):
        # This text is our own; SES's is unknown.
        raise errors.InvalidS3Configuration(f"Invalid KMS key: {action.kms_key_arn}")
    key = object_key(action, setup_messages.MESSAGE_ID)
    setup_message = setup_messages.message(account.now(), "S3 bucket")
    if not account.connections.validate_bucket(action.bucket_name, key, setup_message):
        raise errors.InvalidS3Configuration(f"No such bucket: {action.bucket_name}")


def _check_function(account: IdentityState, action: LambdaAction) -> None:
    arn = action.function_arn
    if not arn:
        raise errors.InvalidParameterValue("Lambda function ARN must not be empty")
    if not _FUNCTION.fullmatch(arn):
        raise errors.InvalidLambdaFunction(f"Invalid Lambda function: {arn}")
    if not account.connections.has_function(arn):
        raise errors.InvalidLambdaFunction(f"Could not invoke Lambda function: {arn}")


def _check_bounce(account: IdentityState, action: BounceAction) -> None:
    if not _REPLY_CODE.fullmatch(action.smtp_reply_code):
        raise errors.InvalidParameterValue(f"Invalid SMTP reply code: {action.smtp_reply_code}")
    if action.status_code is not None and not _STATUS_CODE.fullmatch(action.status_code):
        # This text is our own; SES's is unknown.
        raise errors.InvalidParameterValue(f"Invalid SMTP status code: {action.status_code}")
    if not action.message:
        raise errors.InvalidParameterValue("Invalid SMTP response message: ")
    if not may_bounce(account, action.sender):
        raise errors.InvalidParameterValue(f"Identity is not verified: {action.sender}")


def _check_header(_account: IdentityState, action: AddHeaderAction) -> None:
    check_header(action.header_name, action.header_value)


def check_header(name: str, value: str) -> None:
    """Check a header that a caller adds to a message.

    Raises:
        InvalidParameterValue: if the name does not have 1 to 50 letters, digits and dashes, or the
            value has more than 2048 characters or several lines.
    """
    if not _HEADER_NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Invalid header name: {name}")
    if len(value) > HEADER_VALUE_LENGTH or _LINE_END.search(value):
        shown = _LINE_END.sub(lambda line_end: f"0x{ord(line_end[0]):04x}", value)
        raise errors.InvalidParameterValue(f"Invalid header value: {shown}")


def _no_check(_account: IdentityState, _action: Action) -> None:
    pass


_CHECKS: Mapping[type[Action], Callable[[IdentityState, Any], None]] = {
    S3Action: _check_bucket,
    LambdaAction: _check_function,
    BounceAction: _check_bounce,
    AddHeaderAction: _check_header,
}
