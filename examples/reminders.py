"""Reminders of an application, with the template and the configuration set of its stack."""

from __future__ import annotations

import json
from dataclasses import dataclass

import boto3

SENDER = "billing@example.com"


@dataclass
class Stack:
    """The names of the resources that the stack has created."""

    template: str
    configuration_set: str


def remind(stack: Stack, address: str, *, name: str, number: int, amount: str) -> str:
    """Send a reminder and return its message ID."""
    return boto3.client("ses").send_templated_email(
        Source=SENDER,
        Destination={"ToAddresses": [address]},
        Template=stack.template,
        TemplateData=json.dumps({"name": name, "number": number, "amount": amount}),
        ConfigurationSetName=stack.configuration_set,
    )["MessageId"]
