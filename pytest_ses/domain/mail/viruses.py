"""The virus scanner of SES, which knows the EICAR test file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_ses.domain.mail.messages import Message

# The head of the test file of anti-virus programs, as it is and in base64. https://www.eicar.org
_VIRUS = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", b"WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FS")


def has_virus(message: Message) -> bool:
    """Whether SES's scanner finds something in a mail."""
    if not message.may_carry_files:
        return False
    contents = [message.submitted or b"", *(one.content for one in message.attachments)]
    return any(virus in content for virus in _VIRUS for content in contents)
