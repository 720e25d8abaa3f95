"""What does SES tell a place that is to get mail?

The mail was recorded by others; what a notification says around it is inferred from what
applications look at, which is the message id.
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


def mail(now: datetime, place: str) -> bytes:
    """The mail that a bucket or a topic gets; `place` is the word for it."""
    head = [f"{name}: {value}" for name, value in _fields(now)]
    lines = [*head, "", *_TEXT.format(place=place).split("\n")]
    return "\r\n".join(lines).encode()


def notification(now: datetime, topic_arn: str, *, encoding: str | None) -> str:
    """What a topic is told; with the mail, in that encoding, if it is to get mail itself."""
    fields = _fields(now)
    action = {"type": "SNS" if encoding else "S3", "topicArn": topic_arn}
    told: dict[str, Any] = {
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
        told["content"] = content(mail(now, "SNS topic"), encoding)
    return formats.compact_json(told)


def content(raw: bytes, encoding: str) -> str:
    """A mail within a notification; what is no UTF-8 is lost, unless Base64 is asked for."""
    return b64encode(raw).decode() if encoding == "Base64" else raw.decode("utf-8", "replace")


def _fields(now: datetime) -> list[tuple[str, str]]:
    return [
        ("Date", mime.internet_date(now)),
        ("To", _RECIPIENT),
        ("From", _SENDER),
        ("Subject", _SUBJECT),
    ]
