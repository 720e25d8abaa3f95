"""A mailer that tries again where that helps: nothing in it knows of tests.

SES takes no key that would make a repeated send harmless, and cannot be asked afterwards whether it
has a mail. So there are three outcomes, not two: sent, not sent, and *unsure*, where the call went
out and no answer came back. What is unsure is not repeated unless the caller prefers a second copy to
none; then both copies carry the same tag, by which later events can tell that they are one mail.
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
ENTRIES_A_CALL = 50

# botocore would repeat a call whose answer was lost, and so send a mail twice: it may try once.
ses = boto3.client(
    "sesv2",
    region_name="us-east-1",
    config=Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1}),
)

DAILY_QUOTA = "Daily message quota exceeded."
TRY_AGAIN = {"TooManyRequestsException", "ServiceUnavailable"}
TRANSIENT = {"ACCOUNT_THROTTLED", "TRANSIENT_FAILURE"}


class NotSent(Exception):
    """SES did not take it, however often it was asked."""


class DailyQuotaReached(NotSent):
    """SES takes no more today."""


class Unsure(Exception):
    """It may have been sent: the answer of SES did not arrive."""


@dataclass
class Mailer:
    """Sends each mail once, as far as that can be known; what it remembers belongs in a database."""

    accepted: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)

    def send(
        self, key: str, address: str, subject: str, text: str, *, at_least_once: bool = False
    ) -> str:
        """Send the mail of this key unless it was sent before; gives the id that SES gave it.

        Raises:
            NotSent: it was not sent; the same call may be made later.
            Unsure: nobody knows. With `at_least_once` it is sent again instead.
            ClientError: SES refuses it for good.
        """
        if key in self.accepted:
            return self.accepted[key]
        if key in self.unsure and not at_least_once:
            raise Unsure(key)
        try:
            answer = _ask(
                ses.send_email,
                at_least_once=at_least_once,
                FromEmailAddress=SENDER,
                Destination={"ToAddresses": [address]},
                EmailTags=[{"Name": "key", "Value": key}],
                Content={
                    "Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}
                },
            )
        except Unsure:
            self.unsure.add(key)
            raise
        self.unsure.discard(key)
        self.accepted[key] = answer["MessageId"]
        return self.accepted[key]


@dataclass
class Report:
    """What became of a newsletter: each reader stands in one of these."""

    sent: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    tomorrow: list[str] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def add(self, reader: str, status: str) -> None:
        """Note what SES said of a reader."""
        if status == "SUCCESS":
            self.sent.append(reader)
        elif status in TRANSIENT:
            self.gave_up.append(reader)
        elif status == "ACCOUNT_DAILY_QUOTA_EXCEEDED":
            self.tomorrow.append(reader)
        else:
            self.refused[reader] = status


def send_newsletter(readers: Iterable[str]) -> Report:
    """Send the newsletter; repeat it only for those whose failure will pass, and stop at the quota."""
    report = Report()
    waiting = list(readers)
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(2**attempt)
        report.gave_up = []
        for start in range(0, len(waiting), ENTRIES_A_CALL):
            _send_batch(waiting[start : start + ENTRIES_A_CALL], report)
        waiting = report.gave_up
        if not waiting or report.tomorrow:
            break
    return report


def _send_batch(batch: list[str], report: Report) -> None:
    if report.tomorrow:
        report.tomorrow += batch
        return
    try:
        answer = _ask(
            ses.send_bulk_email,
            FromEmailAddress=SENDER,
            DefaultContent={"Template": {"TemplateName": TEMPLATE, "TemplateData": "{}"}},
            BulkEmailEntries=[{"Destination": {"ToAddresses": [reader]}} for reader in batch],
        )
    except DailyQuotaReached:
        report.tomorrow += batch
    except NotSent:
        report.gave_up += batch
    except Unsure:
        report.unsure += batch
    else:
        for reader, result in zip(batch, answer["BulkEmailEntryResults"], strict=True):
            report.add(reader, result["Status"])


def _ask(
    operation: Callable[..., dict[str, Any]], *, at_least_once: bool = False, **params: Any
) -> dict[str, Any]:
    """Make a call, and make it again, after a wait, where SES has certainly not taken it."""
    problem: Exception | None = None
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(2**attempt)
        try:
            answer = operation(**params)
        except (ClientError, BotoCoreError) as error:
            problem = _judged(error)
        else:
            # An answer that was damaged on its way has lost its members.
            if len(answer) > 1:
                return answer
            problem = Unsure("the answer is empty")
        if isinstance(problem, DailyQuotaReached):
            raise problem
        if isinstance(problem, Unsure) and not at_least_once:
            raise problem
    raise problem or NotSent


def _judged(error: ClientError | BotoCoreError) -> Exception:
    """Does an error mean: not sent, or nobody knows? One that will not pass is raised."""
    if isinstance(error, (ConnectTimeoutError, EndpointConnectionError)):
        return NotSent(str(error))
    if isinstance(error, ClientError):
        code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if text == DAILY_QUOTA:
            return DailyQuotaReached(text)
        if code in TRY_AGAIN:
            return NotSent(str(error))
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            raise error
    return Unsure(str(error))
