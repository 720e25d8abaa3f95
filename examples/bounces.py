"""An application that reacts to bounces and complaints. It contains no test code."""

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
    """The addresses that must not receive messages, and the notifications handled so far."""

    bounced: set[str] = field(default_factory=set)
    complained: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def can_receive(self, address: str) -> bool:
        """Whether messages may be sent to an address."""
        return address not in self.bounced | self.complained


def set_up() -> None:
    """Publish bounces, complaints and deliveries to an SNS topic."""
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
    """Confirm an order unless the address is blocked; return whether a message was sent."""
    if not customers.can_receive(address):
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
    """Handle a request from SNS and return the status of the response.

    Verify the signature of the request first, for example with a package for your web framework.
    """
    if envelope.get("TopicArn") != TOPIC_ARN:
        return 403
    if envelope["Type"] != "Notification" or envelope["MessageId"] in customers.seen:
        return 200
    customers.seen.add(envelope["MessageId"])
    try:
        record = json.loads(envelope["Message"])
    except ValueError:
        return 200  # SES publishes a text that is not JSON to a new topic
    event_type = record.get("eventType")
    if event_type == "Bounce" and record["bounce"]["bounceType"] == "Permanent":
        customers.bounced.update(_addresses(record["bounce"]["bouncedRecipients"]))
    elif event_type == "Complaint":
        customers.complained.update(_addresses(record["complaint"]["complainedRecipients"]))
    return 200


def _addresses(recipients: list[dict[str, str]]) -> list[str]:
    return [recipient["emailAddress"] for recipient in recipients]
