"""What an application does about bounces and complaints; nothing in it knows of tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import boto3

SENDER = "Shop <shop@example.com>"
CONFIGURATION_SET = "orders"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:ses-events"

ses = boto3.client("sesv2", region_name="us-east-1")


@dataclass
class Customers:
    """Who gets no more mail, and why."""

    bounced: set[str] = field(default_factory=set)
    complained: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def may_get_mail(self, address: str) -> bool:
        """Whether there is nothing against writing to an address."""
        return address not in self.bounced | self.complained


def set_up() -> None:
    """Let SES tell the topic of bounces, complaints and deliveries."""
    ses.create_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=CONFIGURATION_SET,
        EventDestinationName="webhook",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "COMPLAINT", "DELIVERY"],
            "SnsDestination": {"TopicArn": TOPIC_ARN},
        },
    )


def confirm_order(customers: Customers, address: str, number: int) -> bool:
    """Write to a customer, if there is nothing against it; gives whether that was so."""
    if not customers.may_get_mail(address):
        return False
    ses.send_email(
        FromEmailAddress=SENDER,
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": f"Order {number}"},
                "Body": {"Text": {"Data": "Thank you."}},
            }
        },
        ConfigurationSetName=CONFIGURATION_SET,
    )
    return True


def handle(customers: Customers, envelope: dict[str, Any]) -> int:
    """Take what SNS posts, and give the HTTP status to answer.

    It should be behind a check of the signature, which web frameworks and packages bring along.
    """
    if envelope.get("TopicArn") != TOPIC_ARN:
        return 403
    if envelope["Type"] != "Notification" or envelope["MessageId"] in customers.seen:
        return 200
    customers.seen.add(envelope["MessageId"])
    try:
        record = json.loads(envelope["Message"])
    except ValueError:
        return 200  # SNS and SES say hello to a new topic
    kind = record.get("eventType")
    if kind == "Bounce" and record["bounce"]["bounceType"] == "Permanent":
        customers.bounced.update(_addresses(record["bounce"]["bouncedRecipients"]))
    elif kind == "Complaint":
        customers.complained.update(_addresses(record["complaint"]["complainedRecipients"]))
    return 200


def _addresses(recipients: list[dict[str, str]]) -> list[str]:
    return [one["emailAddress"] for one in recipients]
