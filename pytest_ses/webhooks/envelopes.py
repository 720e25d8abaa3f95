"""The documents that SNS posts, and their headers and URLs.

The fields, their order and the text of the confirmation are those of "Parsing Amazon SNS message
formats" in the SNS Developer Guide.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

CONFIRMATION, NOTIFICATION = "SubscriptionConfirmation", "Notification"

_ORDER = {
    name: position
    for position, name in enumerate(
        (
            "Type",
            "MessageId",
            "Token",
            "TopicArn",
            "Subject",
            "Message",
            "SubscribeURL",
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL",
            "UnsubscribeURL",
        )
    )
}
_ARN = re.compile(r"arn:(aws[a-z-]*):sns:([a-z0-9-]+):[^:\s]+:[^:\s]+")
_DOMAINS = {"aws-cn": "amazonaws.com.cn"}
_CONFIRMATION_TEXT = (
    "You have chosen to subscribe to the topic {}.\n"
    "To confirm the subscription, visit the SubscribeURL included in this message."
)
_CONFIRMATION_RESPONSE = (
    '<ConfirmSubscriptionResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
    "<ConfirmSubscriptionResult><SubscriptionArn>{}</SubscriptionArn></ConfirmSubscriptionResult>"
    "<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>"
    "</ConfirmSubscriptionResponse>"
)


def host_of(topic_arn: str) -> str:
    """The host of SNS in the region of a topic.

    Raises:
        ValueError: if `topic_arn` is not the ARN of a topic.
    """
    match = _ARN.fullmatch(topic_arn)
    if match is None:
        raise ValueError(
            f"topic_arn={topic_arn!r} is invalid; expected the ARN of an SNS topic, such as "
            "arn:aws:sns:us-east-1:123456789012:ses-events"
        )
    partition, region = match.groups()
    return f"sns.{region}.{_DOMAINS.get(partition, 'amazonaws.com')}"


def timestamp(time: datetime) -> str:
    """A time in SNS's format, with milliseconds."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def notification(
    message: str, *, subject: str | None, topic_arn: str, subscription_arn: str, time: datetime
) -> dict[str, str]:
    """An unsigned notification."""
    unsubscribe = urlencode(
        {"Action": "Unsubscribe", "SubscriptionArn": subscription_arn}, safe=":"
    )
    return {
        "Type": NOTIFICATION,
        "MessageId": str(uuid.uuid4()),
        "TopicArn": topic_arn,
        **({} if subject is None else {"Subject": _encodable(subject)}),
        "Message": _encodable(message),
        "Timestamp": timestamp(time),
        "UnsubscribeURL": f"https://{host_of(topic_arn)}/?{unsubscribe}",
    }


def subscription_confirmation(*, topic_arn: str, token: str, time: datetime) -> dict[str, str]:
    """An unsigned request to confirm the subscription."""
    return {
        "Type": CONFIRMATION,
        "MessageId": str(uuid.uuid4()),
        "Token": token,
        "TopicArn": topic_arn,
        "Message": _CONFIRMATION_TEXT.format(topic_arn),
        "SubscribeURL": subscribe_url(topic_arn, token=token),
        "Timestamp": timestamp(time),
    }


def subscribe_url(topic_arn: str, *, token: str) -> str:
    """The URL that confirms a subscription when it is requested."""
    query = {"Action": "ConfirmSubscription", "TopicArn": topic_arn, "Token": token}
    return f"https://{host_of(topic_arn)}/?{urlencode(query, safe=':')}"


def confirmation_response(subscription_arn: str) -> bytes:
    """The response of SNS to a request for the SubscribeURL."""
    return _CONFIRMATION_RESPONSE.format(subscription_arn, uuid.uuid4()).encode()


def headers(envelope: Mapping[str, str], *, subscription_arn: str) -> dict[str, str]:
    """The headers of a POST; a confirmation has no subscription ARN yet."""
    is_confirmation = envelope["Type"] == CONFIRMATION
    sns_headers = {
        "message-type": envelope["Type"],
        "message-id": envelope["MessageId"],
        "topic-arn": envelope["TopicArn"],
        **({} if is_confirmation else {"subscription-arn": subscription_arn}),
    }
    return {
        **{f"x-amz-sns-{name}": value for name, value in sns_headers.items()},
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
    }


def ordered(envelope: Mapping[str, str]) -> dict[str, str]:
    """A document with its fields in SNS's order."""
    return {name: envelope[name] for name in sorted(envelope, key=_ORDER.__getitem__)}


def body(envelope: Mapping[str, str]) -> bytes:
    """The document of a POST."""
    text = json.dumps(ordered(envelope), indent=2, separators=(",", " : "), ensure_ascii=False)
    return text.encode()


def _encodable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, with question marks."""
    return text.encode("utf-8", "replace").decode()
