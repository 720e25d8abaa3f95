"""The calls of `every_operation.py` and the summaries of their results."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import ClientError

from pytest_ses import UnsupportedOperationError

if TYPE_CHECKING:
    from pytest_ses import SESBackend

REGION = "us-east-1"
SUCCEEDED, REJECTED, UNSUPPORTED = "succeeded", "rejected", "unsupported"
WIDTH, LONG_TEXT = 80, 32
# Members that identify an item in a list better than its first member does.
NAME_MEMBERS = ("IdentityName", "Type")


class Row(NamedTuple):
    """One call, with a summary of its result."""

    service: str
    operation: str
    outcome: str
    summary: str

    def __str__(self) -> str:
        summary = self.summary if len(self.summary) <= WIDTH else self.summary[: WIDTH - 1] + "…"
        return f"{self.service:<6}{self.operation:<48}{summary}"


class Tour:
    """A sequence of calls, each by the name of its boto3 method, and their results."""

    def __init__(self, backend: SESBackend) -> None:
        self.backend = backend
        self.rows: list[Row] = []
        self.clients = {name: boto3.client(name, region_name=REGION) for name in ("ses", "sesv2")}

    def v1(self, *methods: str, **params: Any) -> dict[str, Any]:
        """Call operations of API v1 that take the same parameters; return the last result."""
        return [self._call("ses", method, params) for method in methods][-1]

    def v2(self, *methods: str, **params: Any) -> dict[str, Any]:
        """Call operations of API v2 that take the same parameters; return the last result."""
        return [self._call("sesv2", method, params) for method in methods][-1]

    @property
    def days(self) -> dict[str, datetime]:
        """A period around the current time, as parameters of reports."""
        now = self.backend.clock.now().replace(microsecond=0)
        return {"StartDate": now - timedelta(days=2), "EndDate": now + timedelta(days=1)}

    def count(self, outcome: str) -> int:
        """The number of calls with this outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    def unused(self) -> list[str]:
        """The operations of the installed models that were not called."""
        called = {(row.service, row.operation) for row in self.rows}
        return [
            f"{service}:{operation}"
            for service, client in self.clients.items()
            for operation in client.meta.service_model.operation_names
            if (service, operation) not in called
        ]

    def _call(self, service: str, method: str, params: dict[str, Any]) -> dict[str, Any]:
        client = self.clients[service]
        operation = client.meta.method_to_api_mapping.get(method)
        if operation is None:
            return {}  # the installed botocore is older than the operation
        result: dict[str, Any] = {}
        outcome = SUCCEEDED
        try:
            result = getattr(client, method)(**params)
            del result["ResponseMetadata"]
            summary = summarize(result) or f"done: {summarize(next(iter(params.values()), ''))}"
        except ClientError as error:
            outcome, summary = REJECTED, str(error)
        except UnsupportedOperationError:
            outcome = summary = UNSUPPORTED
        self.rows.append(Row(service, operation, outcome, summary))
        return result


def summarize(value: Any) -> str:
    """A result in one line: names and values, and the names of items in lists."""
    if isinstance(value, dict):
        members = list(value.values())
        if len(members) == 1 and isinstance(members[0], dict):
            return summarize(members[0])
        return ", ".join(f"{name} {summarize(member)}" for name, member in value.items())
    if isinstance(value, list):
        return f"({len(value)}) {', '.join(summarize(_name(item)) for item in value)}".rstrip()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    if text.startswith("arn:"):
        return f"…{text.rpartition(':')[2]}"
    is_long = len(text) > LONG_TEXT and " " not in text
    return f"{text[:12]}…{text[-8:]}" if is_long else text


def _name(value: Any) -> Any:
    """The name of an item in a list, which is nearly always its first member."""
    if not isinstance(value, dict):
        return value
    names = [value[name] for name in NAME_MEMBERS if name in value]
    return [*names, *value.values()][0]
