"""A small mailer of an application. It contains no test code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import boto3

SENDER = "News <news@example.com>"
TEMPLATE = "newsletter"
CONFIGURATION_SET = "newsletters"

# Created when the module is imported, as in most applications.
ses = boto3.client("ses", region_name="us-east-1")
sesv2 = boto3.client("sesv2", region_name="us-east-1")

RETRYABLE = {"TRANSIENT_FAILURE", "ACCOUNT_THROTTLED", "ACCOUNT_DAILY_QUOTA_EXCEEDED"}


@dataclass
class Report:
    """The result of sending a newsletter."""

    sent: list[str] = field(default_factory=list)
    retry_later: list[str] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)


def set_up() -> None:
    """Create the template and the configuration set unless they exist."""
    try:
        ses.create_template(
            Template={
                "TemplateName": TEMPLATE,
                "SubjectPart": "{{title}}",
                "TextPart": "Dear {{name}},\n{{#each stories}}* {{this}}\n{{/each}}",
                "HtmlPart": "<p>Dear {{name}},</p><ul>{{#each stories}}<li>{{this}}</li>{{/each}}</ul>",
            }
        )
    except ses.exceptions.AlreadyExistsException:
        pass
    try:
        sesv2.create_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
    except sesv2.exceptions.AlreadyExistsException:
        pass


def sign_up(address: str) -> str:
    """Send a welcome message to a new reader and return its message ID."""
    name = address.partition("@")[0].title()
    return ses.send_email(
        Source=SENDER,
        Destination={"ToAddresses": [address]},
        Message={
            "Subject": {"Data": f"Welcome, {name}"},
            "Body": {"Text": {"Data": f"Good to have you here, {name}."}},
        },
    )["MessageId"]


def send_newsletter(readers: dict[str, str], *, title: str, stories: list[str]) -> Report:
    """Send an issue to readers (names by address), fifty per call."""
    report = Report()
    addresses = list(readers)
    for start in range(0, len(addresses), 50):
        batch = addresses[start : start + 50]
        results = sesv2.send_bulk_email(
            FromEmailAddress=SENDER,
            ConfigurationSetName=CONFIGURATION_SET,
            DefaultContent={
                "Template": {
                    "TemplateName": TEMPLATE,
                    "TemplateData": json.dumps(
                        {"title": title, "stories": stories, "name": "reader"}
                    ),
                }
            },
            BulkEmailEntries=[
                {
                    "Destination": {"ToAddresses": [address]},
                    "ReplacementEmailContent": {
                        "ReplacementTemplate": {
                            "ReplacementTemplateData": json.dumps({"name": readers[address]})
                        }
                    },
                }
                for address in batch
            ],
        )["BulkEmailEntryResults"]
        for address, result in zip(batch, results, strict=True):
            if result["Status"] == "SUCCESS":
                report.sent.append(address)
            elif result["Status"] in RETRYABLE:
                report.retry_later.append(address)
            else:
                report.rejected[address] = result["Error"]
    return report
