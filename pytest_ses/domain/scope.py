"""Protocols for the account, region and clock that the domain's functions use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


Schedule = Callable[["datetime", Callable[[], object]], None]
"""A function that calls another function at a given time."""


class TimeSource(Protocol):
    """A source of time; an account never reads the system clock."""

    def now(self) -> datetime:
        """Return the current time, aware and in UTC."""
        ...

    def call_at(self, when: datetime, action: Callable[[], object]) -> None:
        """Call a function at a given time."""
        ...

    def _run_due(self) -> None:
        """Call the scheduled functions that are due."""
        ...


class Scope(Protocol):
    """One account in one region, without its state.

    Each sub-package of the domain extends this protocol with the state that its functions need.
    """

    account_id: str
    region: str
    clock: TimeSource

    @property
    def partition(self) -> str:
        """The AWS partition of the region: `aws`, `aws-cn` or `aws-us-gov`."""
        ...

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource of this account and region."""
        ...

    def now(self) -> datetime:
        """Return the current time, aware and in UTC."""
        ...

    def new_token(self, alphabet: str, length: int) -> str:
        """Return random characters of an alphabet."""
        ...

    def schedule(self, when: datetime, action: Callable[[], object]) -> None:
        """Call a function at a given time, while no other call uses the account."""
        ...


def new_uuid(scope: Scope) -> str:
    """Return a new ID in the form of a UUID."""
    digits = scope.new_token("0123456789abcdef", 32)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
