"""How `every_operation.py` calls SES, and what it says of the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import ClientError

from pytest_ses import UnsupportedOperationError

if TYPE_CHECKING:
    from pytest_ses import SESBackend

REGION = "us-east-1"
ANSWERED, REFUSED, NOT_THERE_YET = "answered", "refused", "not there yet"
WIDTH, LONG_WORD = 80, 32
# Of things in a list, the members that tell more than the first one.
NAMES = ("IdentityName", "Type")


class Row(NamedTuple):
    """One call, and what came of it in a few words."""

    service: str
    operation: str
    outcome: str
    said: str

    def __str__(self) -> str:
        said = self.said if len(self.said) <= WIDTH else self.said[: WIDTH - 1] + "…"
        return f"{self.service:<6}{self.operation:<48}{said}"


class Tour:
    """Calls operations, each by the name of its boto3 method, and keeps what came back."""

    def __init__(self, backend: SESBackend) -> None:
        self.backend = backend
        self.rows: list[Row] = []
        self.clients = {name: boto3.client(name, region_name=REGION) for name in ("ses", "sesv2")}

    def v1(self, *methods: str, **params: Any) -> dict[str, Any]:
        """Call operations of API v1 that take the same params; gives the last answer."""
        return [self._call("ses", method, params) for method in methods][-1]

    def v2(self, *methods: str, **params: Any) -> dict[str, Any]:
        """Call operations of API v2 that take the same params; gives the last answer."""
        return [self._call("sesv2", method, params) for method in methods][-1]

    @property
    def days(self) -> dict[str, datetime]:
        """A time around now, as reports take it."""
        now = self.backend.clock.now().replace(microsecond=0)
        return {"StartDate": now - timedelta(days=2), "EndDate": now + timedelta(days=1)}

    def count(self, outcome: str) -> int:
        """How many calls had this outcome."""
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
        answer: dict[str, Any] = {}
        outcome = ANSWERED
        try:
            answer = getattr(client, method)(**params)
            del answer["ResponseMetadata"]
            said = in_words(answer) or f"done: {in_words(next(iter(params.values()), ''))}"
        except ClientError as error:
            outcome, said = REFUSED, str(error)
        except UnsupportedOperationError:
            outcome = said = NOT_THERE_YET
        self.rows.append(Row(service, operation, outcome, said))
        return answer


def in_words(value: Any) -> str:
    """An answer in one line: names and values, and of what is in a list how it is called."""
    if isinstance(value, dict):
        members = list(value.values())
        if len(members) == 1 and isinstance(members[0], dict):
            return in_words(members[0])
        return ", ".join(f"{name} {in_words(member)}" for name, member in value.items())
    if isinstance(value, list):
        return f"({len(value)}) {', '.join(in_words(_name(one)) for one in value)}".rstrip()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    if text.startswith("arn:"):
        return f"…{text.rpartition(':')[2]}"
    is_long = len(text) > LONG_WORD and " " not in text
    return f"{text[:12]}…{text[-8:]}" if is_long else text


def _name(value: Any) -> Any:
    """What a thing in a list is called: that is nearly always its first member."""
    if not isinstance(value, dict):
        return value
    names = [value[name] for name in NAMES if name in value]
    return [*names, *value.values()][0]
