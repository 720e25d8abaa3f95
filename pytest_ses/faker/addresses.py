"""Addresses: ordinary, awkward, invalid, and those of the mailbox simulator.

All are at domains that are reserved for examples (RFC 2606) or at the mailbox simulator.
"""

from __future__ import annotations

from collections import OrderedDict
from email.utils import formataddr
from typing import TYPE_CHECKING, Literal

from pytest_ses.domain.addresses import MAX_LENGTH
from pytest_ses.domain.mail.outcomes import SIMULATOR, SIMULATOR_OUTCOMES
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from faker.providers import BaseProvider

SimulatorOutcome = Literal["success", "bounce", "complaint", "suppressionlist", "ooto"]

_DOMAINS = ("example.com", "example.net", "example.org")
_UNUSUAL_DOMAINS = ("mail.eu.example.com", "xn--bcher-kva.example", "1.example.net", "Example.ORG")
_FOREIGN_NAMES = ("Núñez", "Łukasiewicz", "Ødegård", "Ćirić", "山田", "Иванова", "Παπαδοπούλου")
_SYMBOLS = "!#$%&'*+-/=?^_`{|}~"
_LONGEST_LOCAL_PART = 64  # RFC 5321, section 4.5.3.1.1


def plain(fake: BaseProvider) -> str:
    """Return a bare address without anything unusual."""
    return f"{_user(fake)}@{_domain(fake)}"


def foreign_name(fake: BaseProvider) -> str:
    """Return a person's name with characters that are not ASCII."""
    return f"{fake.generator.first_name()} {fake.random_element(_FOREIGN_NAMES)}"


def valid(fake: BaseProvider) -> str:
    """Return an address that SES accepts, mostly an ordinary one."""
    make = fake.random_element(_KINDS)
    return make(fake)


def invalid(fake: BaseProvider) -> str:
    """Return an invalid address, which SES rejects."""
    pattern = fake.random_element(_INVALID)
    return pattern.format(user=_user(fake), domain=_domain(fake), long="x" * MAX_LENGTH)


def simulator(fake: BaseProvider, outcome: str | None) -> str:
    """Return an address of the mailbox simulator, sometimes with a label.

    Raises:
        ValueError: if the outcome is unknown; the error suggests the closest one.
    """
    if outcome is not None and outcome not in SIMULATOR_OUTCOMES:
        message = f"unknown outcome {outcome!r} of the mailbox simulator"
        raise ValueError(with_nearest(message, str(outcome), SIMULATOR_OUTCOMES))
    local = outcome or fake.random_element(tuple(SIMULATOR_OUTCOMES))
    label = fake.random_element(("", fake.bothify("+order-####")))
    return f"{local}{label}@{SIMULATOR}"


def _user(fake: BaseProvider) -> str:
    user: str = fake.generator.user_name()
    return user


def _domain(fake: BaseProvider) -> str:
    return fake.random_element(_DOMAINS)


def _with_label(fake: BaseProvider) -> str:
    return f"{_user(fake)}+{fake.bothify('list-##')}@{_domain(fake)}"


def _with_name(fake: BaseProvider) -> str:
    return formataddr((fake.generator.name(), plain(fake)))


def _with_comma_in_name(fake: BaseProvider) -> str:
    person = fake.generator
    return formataddr((f"{person.last_name()}, {person.first_name()}", plain(fake)))


def _with_encoded_name(fake: BaseProvider) -> str:
    return formataddr((foreign_name(fake), plain(fake)))


def _with_symbols(fake: BaseProvider) -> str:
    return f"{_user(fake)}{fake.random_element(_SYMBOLS)}{_user(fake)}@{_domain(fake)}"


def _with_quotes(fake: BaseProvider) -> str:
    return f'"{_user(fake)} {_user(fake)}"@{_domain(fake)}'


def _with_capitals(fake: BaseProvider) -> str:
    return plain(fake).title()


def _at_unusual_domain(fake: BaseProvider) -> str:
    return f"{_user(fake)}@{fake.random_element(_UNUSUAL_DOMAINS)}"


def _short(fake: BaseProvider) -> str:
    return f"{fake.random_lowercase_letter()}@{_domain(fake)}"


def _long(fake: BaseProvider) -> str:
    return f"{fake.lexify('?' * _LONGEST_LOCAL_PART)}@{_domain(fake)}"


# Each kind with its weight, which applies only if Faker uses weights.
_KINDS: OrderedDict[Callable[[BaseProvider], str], float] = OrderedDict(
    (
        (plain, 0.5),
        (_with_name, 0.1),
        (_with_label, 0.1),
        (_with_comma_in_name, 0.06),
        (_with_encoded_name, 0.06),
        (_with_symbols, 0.04),
        (_with_capitals, 0.04),
        (_at_unusual_domain, 0.04),
        (_with_quotes, 0.02),
        (_short, 0.02),
        (_long, 0.02),
    )
)

_INVALID = (
    "{user}",
    "{user}@",
    "@{domain}",
    ".{user}@{domain}",
    "{user}.@{domain}",
    "{user}..{user}@{domain}",
    "{user} {user}@{domain}",
    "{user}é@{domain}",
    "{user}@{user}@{domain}",
    "{user}@.{domain}",
    "{user}@mail..{domain}",
    "{user}@under_score.{domain}",
    "{user}@bücher.example",
    "{user}@{domain}, {user}@{domain}",
    "Ada <{user}@{domain}",
    "Ada {user}@{domain}>",
    "Ada <{user}@{domain}> <{user}@{domain}>",
    '"{user}@{domain}',
    "{long} <{user}@{domain}>",
)
