"""The operation of the SMTP interface, which sends a message."""

from __future__ import annotations

import string
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from pytest_ses.domain.mail import raw, records
from pytest_ses.domain.mail.requests import Destination
from pytest_ses.domain.sending import sending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.account import Account


def send_smtp_email(
    account: Account, *, source: str, destinations: list[str], raw_message: dict[str, bytes]
) -> dict[str, Any]:
    """Send a complete MIME message to the recipients of the envelope."""
    request, destination = raw.read(
        _received(account, destinations) + raw_message["Data"],
        service="smtp",
        operation="SendSmtpEmail",
        source=source,
        envelope=Destination(destinations),
        configuration_set=None,
        tags=None,
    )
    return {"MessageId": sending.send(account, request, destination).message_id}


def _received(account: Account, destinations: Sequence[str]) -> bytes:
    """Return the header that SES adds, in the form in which its events contain it."""
    alphabet = string.ascii_letters + string.digits
    recipient = f" for {destinations[0]}" if len(destinations) == 1 else ""
    return (
        f"Received: from localhost (localhost [{records.SOURCE_IP}]) by email-smtp.amazonaws.com with "
        f"SMTP (SimpleEmailService-d-PYTESTSES) id {account.new_token(alphabet, 20)}{recipient}; "
        f"{format_datetime(account.now())} (UTC)\r\n"
    ).encode()
