"""What became of one POST?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotDeliveredError(Exception):
    """Why something was not posted: not confirmed, held back or closed."""


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver, and what the endpoint made of it.

    Attributes:
        status: what the endpoint answered, None if it raised or nothing was posted.
        body: the text of the answer.
        notification: the document that was posted, by SNS's names.
        attempt: the how manieth attempt for this message it was, from 1; 0 if nothing was posted.
        error: what the endpoint raised, or a `NotDeliveredError` that says why nothing was posted.
    """

    status: int | None
    body: str
    notification: Mapping[str, str]
    attempt: int = 1
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Whether the endpoint took it: its status is 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004

    def summary(self) -> str:
        """One line: what was sent, which attempt, and what came back."""
        what = f"{self.notification['Type']} {self.notification['MessageId']}"
        if not self.attempt:
            return f"{what}: not sent, {self.error}"
        if self.error is not None:
            said = f"{type(self.error).__name__}: {self.error}"
        else:
            said = f"{self.status} {self.body}"
        return " ".join(f"{what}, attempt {self.attempt}: {said}".split())
