"""A mailer as it is often written first: it trusts SES to accept every message. It contains no test code."""

from __future__ import annotations

import boto3

SENDER = "Shop <shop@example.com>"

ses = boto3.client("sesv2", region_name="us-east-1")


def confirm(address: str, number: int) -> None:
    """Confirm an order."""
    ses.send_email(
        FromEmailAddress=SENDER,
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": f"Order {number}"},
                "Body": {"Text": {"Data": "Thank you."}},
            }
        },
    )


def announce(readers: list[str]) -> None:
    """Send the newsletter."""
    ses.send_bulk_email(
        FromEmailAddress=SENDER,
        DefaultContent={"Template": {"TemplateName": "news", "TemplateData": "{}"}},
        BulkEmailEntries=[{"Destination": {"ToAddresses": [reader]}} for reader in readers],
    )
