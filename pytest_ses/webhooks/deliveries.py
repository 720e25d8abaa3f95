"""Deliveries, which are the results of posting to an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotDeliveredError(Exception):
    """A notification was not posted: the webhook is unconfirmed, on hold or closed."""


@dataclass(frozen=True)
class Delivery:
    """An attempt to deliver a notification, and its result.

    Attributes:
        status: the status of the response; None if the endpoint raised an exception, or if nothing
            was posted.
        body: the text of the response.
        notification: the posted document, by SNS's field names.
        attempt: the number of the attempt, from 1; 0 if nothing was posted.
        error: the exception that the endpoint raised, or a `NotDeliveredError` with the reason why
            nothing was posted.
    """

    status: int | None
    body: str
    notification: Mapping[str, str]
    attempt: int = 1
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Whether the endpoint accepted the notification: the status is 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004

    def summary(self) -> str:
        """Return one line with the notification, the attempt and the result."""
        notification = f"{self.notification['Type']} {self.notification['MessageId']}"
        if not self.attempt:
            return f"{notification} was not posted: {self.error}"
        if self.error is not None:
            result = f"{type(self.error).__name__}: {self.error}"
        else:
            result = f"{self.status} {self.body}"
        return " ".join(f"{notification}, attempt {self.attempt}: {result}".split())
