"""A mailer that sends each message once, whatever SES does. It contains no test code.

SES has no idempotency keys, and a client that receives no response cannot know whether SES accepted its
messages. SES itself tells: it publishes a Send event for each message that it accepts, with the tags of
the message. So messages are rows of a table, and each row has a key, which is also a tag:

* The application only writes rows. A worker sends them, and sends those again that SES did not accept.
* botocore must not repeat a call by itself, because it does not know whether SES accepted the first one.
* A row without a response is *unknown*. If its Send event arrives, it is sent; if none has arrived after
  an hour, SES did not accept it, and the worker sends it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
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
    from collections.abc import Callable

SENDER = "Shop <shop@example.com>"
# Publishes Send events to the application.
CONFIGURATION_SET = "shop"
ENTRIES_PER_CALL = 50
PATIENCE = timedelta(hours=1)

TRY_AGAIN = {
    *("TooManyRequestsException", "ServiceUnavailable"),
    *("TRANSIENT_FAILURE", "ACCOUNT_THROTTLED", "ACCOUNT_DAILY_QUOTA_EXCEEDED"),
}

ses = boto3.client(
    "sesv2", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1})
)


@dataclass
class Row:
    """A message to send; `state` is `waiting`, `unknown`, `sent` or, for a person to look at, `failed`."""

    template: str
    address: str
    data: dict[str, Any]
    state: str = "waiting"
    tried_at: datetime | None = None


@dataclass
class Mailer:
    """The rows by key; they belong in the database of the application."""

    rows: dict[str, Row] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)

    def confirm(self, address: str, number: int) -> None:
        """Confirm an order, once."""
        self.rows.setdefault(f"order-{number}", Row("order", address, {"number": number}))

    def announce(self, name: str, readers: list[str]) -> None:
        """Send a newsletter to each reader, once."""
        for reader in readers:
            self.rows.setdefault(f"{name}-{reader}", Row("news", reader, {}))

    def work(self) -> None:
        """Send what is waiting; a scheduler calls this every few minutes."""
        for row in self.rows.values():
            if row.state == "unknown" and self.now() - row.tried_at >= PATIENCE:
                row.state = "waiting"
        for template in ("order", "news"):
            keys = [
                key
                for key, row in self.rows.items()
                if row.state == "waiting" and row.template == template
            ]
            for start in range(0, len(keys), ENTRIES_PER_CALL):
                self._send(template, keys[start : start + ENTRIES_PER_CALL])

    def handle(self, record: dict[str, Any]) -> None:
        """Handle an event of SES, which may arrive more than once."""
        if record["eventType"] == "Send":
            self._set_state(record["mail"]["tags"]["key"], "sent")

    def _send(self, template: str, keys: list[str]) -> None:
        # Committed before the call: if the process dies during the call, the outcome is unknown as well.
        self._set_state(keys, "unknown")
        try:
            response = ses.send_bulk_email(
                FromEmailAddress=SENDER,
                ConfigurationSetName=CONFIGURATION_SET,
                DefaultContent={"Template": {"TemplateName": template, "TemplateData": "{}"}},
                BulkEmailEntries=[self._entry(key) for key in keys],
            )
        except (ClientError, BotoCoreError) as error:
            self._set_state(keys, _state_after(error))
            return
        for key, result in zip(keys, response.get("BulkEmailEntryResults", ()), strict=False):
            self._set_state([key], _state(result["Status"]))

    def _entry(self, key: str) -> dict[str, Any]:
        row = self.rows[key]
        return {
            "Destination": {"ToAddresses": [row.address]},
            "ReplacementTags": [{"Name": "key", "Value": key}],
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": json.dumps(row.data)}
            },
        }

    def _set_state(self, keys: list[str], state: str) -> None:
        for key in keys:
            row = self.rows[key]
            if row.state != "sent":
                row.state, row.tried_at = state, self.now()


def _state(status: str) -> str:
    """The state of a row after an error code of SES, or a status in the response to a bulk send."""
    if status == "SUCCESS":
        return "sent"
    return "waiting" if status in TRY_AGAIN else "failed"


def _state_after(error: ClientError | BotoCoreError) -> str:
    """The state of the rows of a call that failed."""
    if isinstance(error, (ConnectTimeoutError, EndpointConnectionError)):
        return "waiting"  # nothing was sent
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if code in TRY_AGAIN or error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            return _state(code)
    return "unknown"
