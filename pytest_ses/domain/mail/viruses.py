"""SES's virus scanner, which detects the EICAR test file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_ses.domain.mail.messages import Message

# The start of the EICAR anti-virus test file, plain and in base64; https://www.eicar.org
_SIGNATURES = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR",
    b"WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FS",
)


def has_virus(message: Message) -> bool:
    """Whether SES's scanner finds a virus in a message."""
    if message._is_text:
        return False
    contents = (attachment.content for attachment in message.attachments)
    return contains_virus(message.submitted or b"", *contents)


def contains_virus(*contents: bytes) -> bool:
    """Whether SES's scanner finds a virus in any of the contents."""
    return any(signature in content for signature in _SIGNATURES for content in contents)
