"""What happened? The families of refusals; the API ring gives a code to each."""

from __future__ import annotations

from typing import Any, ClassVar


class SESError(Exception):
    """A refusal of SES.

    `message` is the text SES answers (None where it answers none); `details` are the names the text
    speaks of, so that another API can say the same in other words.
    """

    text: ClassVar[str | None] = None

    def __init__(self, message: str | None = None, /, **details: Any) -> None:
        if message is None and self.text is not None:
            message = self.text.format(**details)
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(SESError):
    """The request is wrong in itself."""


class NotFound(SESError):
    """The request names something that is not there."""


class AlreadyExists(SESError):
    """The request creates something that is there already."""


class LimitExceeded(SESError):
    """The account is full. (The text is ours: no source tells SES's.)"""

    text = "The limit of {limit} {things} is reached."


class SendingPaused(SESError):
    """The account or the configuration set does not send at the moment."""


class Throttled(SESError):
    """Too much at once; the same request may succeed later."""


class Conflict(SESError):
    """The resource is being worked on."""


class InternalFailure(SESError):
    """The service itself goes wrong."""

    text = "An internal failure has occurred."


class MessageRejected(SESError):
    """SES understood the mail and will not send it."""


class AccessDenied(SESError):
    """The caller has no permission."""


class EntryRefused(SESError):
    """An entry of a bulk send that fails with a status of v2's, whatever the reason."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
