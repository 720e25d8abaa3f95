"""The base classes of SES's errors; the API ring assigns a code to each."""

from __future__ import annotations

from typing import Any, ClassVar


class SESError(Exception):
    """An error that SES responds with.

    `message` is its text, or `None` if it has none. `details` are the values in the text, so that
    the other API can phrase the same error differently.
    """

    text: ClassVar[str | None] = None

    def __init__(self, message: str | None = None, /, **details: Any) -> None:
        if message is None and self.text is not None:
            message = self.text.format(**details)
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(SESError):
    """The request itself is invalid."""


class NotFound(SESError):
    """The request names something that does not exist."""


class AlreadyExists(SESError):
    """The request creates something that already exists."""


class LimitExceeded(SESError):
    """A quota of the account is used up. (The text is our own.)"""

    text = "The limit of {limit} {things} is reached."


class SendingPaused(SESError):
    """Sending is paused for the account, the configuration set or the tenant."""


class Throttled(SESError):
    """A rate or quota is exceeded; the same request may succeed later."""


class Conflict(SESError):
    """The state of the resource does not allow the request."""


class InternalFailure(SESError):
    """The service itself fails."""

    text = "An internal failure has occurred."


class MessageRejected(SESError):
    """SES understood the message but does not send it."""


class AccessDenied(SESError):
    """The caller does not have permission."""


class EntryRejected(SESError):
    """A failed entry of a bulk send, with a status of API v2."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
