"""The setup notifications that SES sends to the buckets and topics of new rules."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from pytest_ses.domain.receiving import setup_messages

NOW = datetime(2026, 6, 1, 10, tzinfo=timezone.utc)
TOPIC = "arn:aws:sns:us-east-1:123456789012:inbox"


def test_notification():
    """The notification for a topic has the members of any other notification, in SES's order."""
    notification = json.loads(setup_messages.notification(NOW, TOPIC, encoding=None))

    assert ["notificationType", "mail", "receipt"] == list(notification)
    assert {
        "timestamp": "2026-06-01T10:00:00.000Z",
        "source": "no-reply-aws@amazon.com",
        "messageId": "AMAZON_SES_SETUP_NOTIFICATION",
        "destination": ["recipient@example.com"],
        "headersTruncated": False,
        "headers": [
            {"name": "Date", "value": "Mon, 1 Jun 2026 10:00:00 +0000"},
            {"name": "To", "value": "recipient@example.com"},
            {"name": "From", "value": "Amazon Web Services <no-reply-aws@amazon.com>"},
            {"name": "Subject", "value": "Amazon SES Setup Notification"},
        ],
        "commonHeaders": {
            "from": ["Amazon Web Services <no-reply-aws@amazon.com>"],
            "date": "Mon, 1 Jun 2026 10:00:00 +0000",
            "to": ["recipient@example.com"],
            "subject": "Amazon SES Setup Notification",
        },
    } == notification["mail"]
    assert {
        "timestamp": "2026-06-01T10:00:00.000Z",
        "processingTimeMillis": 0,
        "recipients": ["recipient@example.com"],
        "action": {"type": "S3", "topicArn": TOPIC},
    } == notification["receipt"]


def test_notification_of_an_sns_action():
    """The notification for an SNS action contains the message, in the encoding of the action."""
    text = json.loads(setup_messages.notification(NOW, TOPIC, encoding="UTF-8"))
    base64 = json.loads(setup_messages.notification(NOW, TOPIC, encoding="Base64"))

    assert {"type": "SNS", "topicArn": TOPIC} == text["receipt"]["action"]
    assert text["content"].startswith("Date: Mon, 1 Jun 2026 10:00:00 +0000\r\nTo: ")
    assert base64["content"].startswith("RGF0ZTog")
