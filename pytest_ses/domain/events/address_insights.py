"""Verdicts about addresses, derived from their spelling and from earlier messages to them.

How SES reaches its verdicts is unknown; the rules are our own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.lists import suppression
from pytest_ses.domain.mail import outcomes
from pytest_ses.domain.mail.outcomes import Bounced, Delivered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.events.event_log import EventState
    from pytest_ses.domain.mail.outcomes import Outcome

LOW, MEDIUM, HIGH = "LOW", "MEDIUM", "HIGH"

_ROLES = frozenset(
    """
    abuse admin administrator billing contact help hostmaster info mail marketing news newsletter
    noreply no-reply office postmaster root sales security support webmaster
    """.split()  # noqa: SIM905 - one name per line would be hard to read
)
_DISPOSABLE = frozenset(
    {"10minutemail.com", "guerrillamail.com", "mailinator.com", "temp-mail.org", "yopmail.com"}
)
# Six consonants or digits in a row are unlikely in a real name.
_RANDOM = re.compile(r"[bcdfghjklmnpqrstvwxz0-9]{6}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
# https://www.rfc-editor.org/rfc/rfc2606
_NONEXISTENT_DOMAIN = re.compile(r"(?:.*\.)?(?:invalid|localhost)|[^.]*", re.IGNORECASE)


class AddressVerdicts(NamedTuple):
    """The confidence that each statement about an address is true: `LOW`, `MEDIUM` or `HIGH`."""

    is_valid: str
    has_valid_syntax: str
    has_valid_dns_records: str
    mailbox_exists: str
    is_role_address: str
    is_disposable: str
    is_random_input: str


def assess(account: EventState, address: str) -> AddressVerdicts:
    """Return the verdicts about an address.

    Raises:
        InvalidParameterValue: if the address is blank.
    """
    if not address.strip():
        raise errors.InvalidParameterValue("EmailAddress can't be blank.")
    local, _, domain = address.rpartition("@")
    name = local.partition("+")[0].lower()
    syntax = _verdict(addresses.is_bare(address))
    dns = _verdict(syntax == HIGH and not _NONEXISTENT_DOMAIN.fullmatch(domain))
    mailbox = _mailbox_verdict(account, address) if dns == HIGH else LOW
    disposable = _verdict(domain.lower() in _DISPOSABLE)
    random = _verdict(not _NUMBER.fullmatch(name) and bool(_RANDOM.search(name)))
    return AddressVerdicts(
        is_valid=_overall_verdict(mailbox, suspicious=HIGH in (disposable, random)),
        has_valid_syntax=syntax,
        has_valid_dns_records=dns,
        mailbox_exists=mailbox,
        is_role_address=_verdict(name in _ROLES),
        is_disposable=disposable,
        is_random_input=random,
    )


def _verdict(is_true: bool) -> str:
    return HIGH if is_true else LOW


def _overall_verdict(mailbox: str, *, suspicious: bool) -> str:
    return MEDIUM if mailbox == HIGH and suspicious else mailbox


def _mailbox_verdict(account: EventState, address: str) -> str:
    """Derive a verdict from the planned outcome, else the last event, else the suppression list."""
    planned_outcome = account.event_log.planned_outcomes.get(address.lower())
    immediate_outcomes = (
        planned_outcome.at_once if planned_outcome else outcomes.simulator_outcomes(address)
    )
    if immediate_outcomes:
        return _verdict_of_outcomes(immediate_outcomes)
    verdict = MEDIUM
    entry = suppression.match(account, address)
    if entry is not None and entry.reason == "BOUNCE":
        verdict = LOW
    for event in account.event_log:
        if event.message._account is account and address in event.recipients:
            if event.type == "Delivery":
                verdict = HIGH
            elif event.type == "Bounce" and event.detail["bounceType"] == "Permanent":
                verdict = LOW
    return verdict


def _verdict_of_outcomes(immediate_outcomes: Sequence[Outcome]) -> str:
    if any(
        isinstance(outcome, Bounced) and outcome.type == "Permanent"
        for outcome in immediate_outcomes
    ):
        return LOW
    return HIGH if any(isinstance(outcome, Delivered) for outcome in immediate_outcomes) else MEDIUM
