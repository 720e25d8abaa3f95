"""A mailer that retries where it is safe. It contains no test code.

SES has no idempotency keys and cannot be asked whether it accepted a message. A send therefore has
three outcomes: sent, not sent, and *unknown*, when the request was sent and no response arrived. A
send with an unknown outcome is not repeated, unless the caller prefers a duplicate to a lost message.
Both copies then have the same tag, by which event handlers can recognize the duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import sleep
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SENDER = "Shop <shop@example.com>"
TEMPLATE = "newsletter"
ATTEMPTS = 4
ENTRIES_PER_CALL = 50

# botocore would retry a call whose response was lost, and send the message twice: allow no retries.
ses = boto3.client(
    "sesv2",
    region_name="us-east-1",
    config=Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1}),
)

DAILY_QUOTA = "Daily message quota exceeded."
RETRYABLE = {"TooManyRequestsException", "ServiceUnavailable"}
TRANSIENT = {"ACCOUNT_THROTTLED", "TRANSIENT_FAILURE"}


class NotSent(Exception):
    """SES did not accept the message in any attempt."""


class DailyQuotaReached(NotSent):
    """The daily quota is used up."""


class OutcomeUnknown(Exception):
    """No response arrived, so the message may or may not have been sent."""


@dataclass
class Mailer:
    """A mailer that avoids duplicates. Its state belongs in a database."""

    accepted: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def send(
        self, key: str, address: str, subject: str, text: str, *, at_least_once: bool = False
    ) -> str:
        """Send the message with this key unless it was sent before, and return its message ID.

        Raises:
            NotSent: if the message was not sent; the call can be repeated later.
            OutcomeUnknown: if no response arrived; with `at_least_once`, the message is sent again.
            ClientError: if SES rejects the message permanently.
        """
        if key in self.accepted:
            return self.accepted[key]
        if key in self.unknown and not at_least_once:
            raise OutcomeUnknown(key)
        try:
            response = _call(
                ses.send_email,
                at_least_once=at_least_once,
                FromEmailAddress=SENDER,
                Destination={"ToAddresses": [address]},
                EmailTags=[{"Name": "key", "Value": key}],
                Content={
                    "Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}
                },
            )
        except OutcomeUnknown:
            self.unknown.add(key)
            raise
        self.unknown.discard(key)
        self.accepted[key] = response["MessageId"]
        return self.accepted[key]


@dataclass
class Report:
    """The result of sending a newsletter: each reader is in exactly one of these."""

    sent: list[str] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)
    over_quota: list[str] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def add(self, reader: str, status: str) -> None:
        """Record the status of a reader."""
        if status == "SUCCESS":
            self.sent.append(reader)
        elif status in TRANSIENT:
            self.gave_up.append(reader)
        elif status == "ACCOUNT_DAILY_QUOTA_EXCEEDED":
            self.over_quota.append(reader)
        else:
            self.rejected[reader] = status


def send_newsletter(readers: Iterable[str]) -> Report:
    """Send the newsletter; retry transient failures only, and stop at the daily quota."""
    report = Report()
    waiting = list(readers)
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(2**attempt)
        report.gave_up = []
        for start in range(0, len(waiting), ENTRIES_PER_CALL):
            _send_batch(waiting[start : start + ENTRIES_PER_CALL], report)
        waiting = report.gave_up
        if not waiting or report.over_quota:
            break
    return report


def _send_batch(batch: list[str], report: Report) -> None:
    if report.over_quota:
        report.over_quota += batch
        return
    try:
        response = _call(
            ses.send_bulk_email,
            FromEmailAddress=SENDER,
            DefaultContent={"Template": {"TemplateName": TEMPLATE, "TemplateData": "{}"}},
            BulkEmailEntries=[{"Destination": {"ToAddresses": [reader]}} for reader in batch],
        )
    except DailyQuotaReached:
        report.over_quota += batch
    except NotSent:
        report.gave_up += batch
    except OutcomeUnknown:
        report.unknown += batch
    else:
        for reader, result in zip(batch, response["BulkEmailEntryResults"], strict=True):
            report.add(reader, result["Status"])


def _call(
    operation: Callable[..., dict[str, Any]], *, at_least_once: bool = False, **params: Any
) -> dict[str, Any]:
    """Call an operation; retry it, after a wait, if SES has certainly not processed the call."""
    problem: Exception | None = None
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(2**attempt)
        try:
            response = operation(**params)
        except (ClientError, BotoCoreError) as error:
            problem = _classify(error)
        else:
            # A corrupt response contains nothing but its metadata.
            if len(response) > 1:
                return response
            problem = OutcomeUnknown("the response is empty")
        if isinstance(problem, DailyQuotaReached):
            raise problem
        if isinstance(problem, OutcomeUnknown) and not at_least_once:
            raise problem
    raise problem or NotSent


def _classify(error: ClientError | BotoCoreError) -> Exception:
    """Convert an error to `NotSent` or `OutcomeUnknown`; raise it if it is permanent."""
    if isinstance(error, (ConnectTimeoutError, EndpointConnectionError)):
        return NotSent(str(error))
    if isinstance(error, ClientError):
        code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if text == DAILY_QUOTA:
            return DailyQuotaReached(text)
        if code in RETRYABLE:
            return NotSent(str(error))
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            raise error
    return OutcomeUnknown(str(error))
