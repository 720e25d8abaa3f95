"""A helper for tests of the domain that need accepted messages."""

from __future__ import annotations

from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.mime import Content

ADA, BOB = "ada@example.org", "bob@gmail.com"


def accepted(account, *to, subject="Hello", html=None, source="news@example.com", **options):
    """A message that the account has accepted, by default to Ada."""
    message = Message(
        message_id=account.new_message_id(account.now()),
        service="sesv2",
        operation="SendEmail",
        region=account.region,
        account_id=account.account_id,
        source=source,
        sent_at=account.now(),
        to=to or [ADA],
        content=Content(subject, "Hi", html),
        **options,
    )
    account.outbox.append(message)
    account.event_log.accept(account, message)
    return message
