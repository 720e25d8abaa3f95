"""The setup messages that SES sends to the buckets and topics of a new receipt rule.

Other projects recorded the message from SES. The notification that contains it is inferred from
applications that check its message ID.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import formats, mime

if TYPE_CHECKING:
    from datetime import datetime

MESSAGE_ID = "AMAZON_SES_SETUP_NOTIFICATION"

_SENDER = "Amazon Web Services <no-reply-aws@amazon.com>"
_RECIPIENT = "recipient@example.com"
_SUBJECT = "Amazon SES Setup Notification"
_TEXT = """\
Hello,

You received this message because you attempted to set up Amazon SES to deliver emails to this {place}.

Please note that the rule that you configured to deliver emails to this {place} is only valid if the \
entire setup process is successful. For more information about
setting up email-receiving rules, see the Amazon SES Developer Guide at \
http://docs.aws.amazon.com/ses/latest/DeveloperGuide/Welcome.html .

Thank you for using Amazon SES!

The Amazon SES Team
"""


def message(now: datetime, place: str) -> bytes:
    """Return the message for a bucket or a topic, which its text calls `place`."""
    head = [f"{name}: {value}" for name, value in _fields(now)]
    lines = [*head, "", *_TEXT.format(place=place).split("\n")]
    return "\r\n".join(lines).encode()


def notification(now: datetime, topic_arn: str, *, encoding: str | None) -> str:
    """Return the notification for a topic; it contains the message if there is an encoding."""
    fields = _fields(now)
    action = {"type": "SNS" if encoding else "S3", "topicArn": topic_arn}
    members: dict[str, Any] = {
        "notificationType": "Received",
        "mail": {
            "timestamp": formats.timestamp(now),
            "source": "no-reply-aws@amazon.com",
            "messageId": MESSAGE_ID,
            "destination": [_RECIPIENT],
            "headersTruncated": False,
            "headers": [{"name": name, "value": value} for name, value in fields],
            "commonHeaders": {
                "from": [_SENDER],
                "date": mime.internet_date(now),
                "to": [_RECIPIENT],
                "subject": _SUBJECT,
            },
        },
        "receipt": {
            "timestamp": formats.timestamp(now),
            "processingTimeMillis": 0,
            "recipients": [_RECIPIENT],
            "action": action,
        },
    }
    if encoding:
        members["content"] = content(message(now, "SNS topic"), encoding)
    return formats.compact_json(members)


def content(raw: bytes, encoding: str) -> str:
    """Return a message for a notification; only Base64 preserves bytes that are invalid UTF-8."""
    return b64encode(raw).decode() if encoding == "Base64" else raw.decode("utf-8", "replace")


def _fields(now: datetime) -> list[tuple[str, str]]:
    return [
        ("Date", mime.internet_date(now)),
        ("To", _RECIPIENT),
        ("From", _SENDER),
        ("Subject", _SUBJECT),
    ]
