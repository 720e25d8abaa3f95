"""Is an address one to send to? A guess from its letters, and from what became of mail to it.

How SES comes to its verdicts is not known; the rules are ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.lists import suppression
from pytest_ses.domain.mail import outcomes
from pytest_ses.domain.mail.outcomes import Bounced, Delivered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.outcomes import Outcome

LOW, MEDIUM, HIGH = "LOW", "MEDIUM", "HIGH"

_ROLES = frozenset(
    """
    abuse admin administrator billing contact help hostmaster info mail marketing news newsletter
    noreply no-reply office postmaster root sales security support webmaster
    """.split()  # noqa: SIM905 - one name a line would hide what it is
)
_DISPOSABLE = frozenset(
    {"10minutemail.com", "guerrillamail.com", "mailinator.com", "temp-mail.org", "yopmail.com"}
)
# Letters that nobody can say: six consonants without a vowel between them.
_RANDOM = re.compile(r"[bcdfghjklmnpqrstvwxz0-9]{6}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
# https://www.rfc-editor.org/rfc/rfc2606
_NO_SUCH_DOMAIN = re.compile(r"(?:.*\.)?(?:invalid|localhost)|[^.]*", re.IGNORECASE)


class AddressVerdicts(NamedTuple):
    """How sure it is that an address is, or has, each of these: `LOW`, `MEDIUM` or `HIGH`."""

    is_valid: str
    has_valid_syntax: str
    has_valid_dns_records: str
    mailbox_exists: str
    is_role_address: str
    is_disposable: str
    is_random_input: str


def of(account: EventState, address: str) -> AddressVerdicts:
    """What is to be thought of an address.

    Raises:
        InvalidParameterValue: for a blank one.
    """
    if not address.strip():
        raise errors.InvalidParameterValue("EmailAddress can't be blank.")
    local, _, domain = address.rpartition("@")
    name = local.partition("+")[0].lower()
    syntax = _sure(addresses.is_bare(address))
    dns = _sure(syntax == HIGH and not _NO_SUCH_DOMAIN.fullmatch(domain))
    mailbox = _mailbox(account, address) if dns == HIGH else LOW
    disposable = _sure(domain.lower() in _DISPOSABLE)
    random = _sure(not _NUMBER.fullmatch(name) and bool(_RANDOM.search(name)))
    return AddressVerdicts(
        is_valid=_whole(mailbox, doubtful=HIGH in (disposable, random)),
        has_valid_syntax=syntax,
        has_valid_dns_records=dns,
        mailbox_exists=mailbox,
        is_role_address=_sure(name in _ROLES),
        is_disposable=disposable,
        is_random_input=random,
    )


def _sure(yes: bool) -> str:
    return HIGH if yes else LOW


def _whole(mailbox: str, *, doubtful: bool) -> str:
    return MEDIUM if mailbox == HIGH and doubtful else mailbox


def _mailbox(account: EventState, address: str) -> str:
    """What is planned for the recipient, else what happened last, else the suppression list."""
    fate = account.event_log.planned_outcomes.get(address.lower())
    planned = fate.at_once if fate else outcomes.simulated(address)
    if planned:
        return _of_outcomes(planned)
    verdict = MEDIUM
    entry = suppression.find(account, address)
    if entry is not None and entry.reason == "BOUNCE":
        verdict = LOW
    for event in account.event_log:
        if event.message.account is account and address in event.recipients:
            if event.type == "Delivery":
                verdict = HIGH
            elif event.type == "Bounce" and event.detail["bounceType"] == "Permanent":
                verdict = LOW
    return verdict


def _of_outcomes(planned: Iterable[Outcome]) -> str:
    found = [*planned]
    if any(isinstance(one, Bounced) and one.type == "Permanent" for one in found):
        return LOW
    return HIGH if any(isinstance(one, Delivered) for one in found) else MEDIUM
