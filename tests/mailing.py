"""A helper for tests of the domain that need accepted messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.mail.requests import Destination, Submission
from pytest_ses.domain.mime import Content

if TYPE_CHECKING:
    from datetime import datetime

ADA, BOB = "ada@example.org", "bob@gmail.com"


class Counted(NamedTuple):
    """The part of a message that quotas and statistics count."""

    sent_at: datetime
    envelope: list[str]


def counted(now, recipients, *, simulated=0):
    """A message to a number of recipients, some of them in the mailbox simulator."""
    to_simulator = ["success@simulator.amazonses.com"] * simulated
    return Counted(now, ["ada@example.org"] * (recipients - simulated) + to_simulator)


# The arguments of `sent` that all messages of a request share.
_OF_SUBMISSION = frozenset(Submission._fields)


def sent(content, *to, message_id, cc=(), bcc=(), **options):
    """A message, from the arguments of its submission and its own ones."""
    shared = {name: options.pop(name) for name in _OF_SUBMISSION & options.keys()}
    submission = Submission(**{"operation": "SendEmail", **shared})
    return Message(submission, message_id, Destination(to, cc, bcc), content=content, **options)


def accepted(account, *to, subject="Hello", html=None, source="news@example.com", **options):
    """A message that the account has accepted, by default to Ada."""
    message = sent(
        Content(subject, "Hi", html),
        *(to or [ADA]),
        message_id=account.new_message_id(account.now()),
        service="sesv2",
        region=account.region,
        account_id=account.account_id,
        source=source,
        sent_at=account.now(),
        **options,
    )
    account.outbox.append(message)
    account.event_log.accept(account, message)
    return message
