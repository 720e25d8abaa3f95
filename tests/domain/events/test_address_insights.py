"""Insights into an address, from its syntax and from earlier sends to it."""

import pytest
from mailing import ADA, accepted

from pytest_ses.domain import errors
from pytest_ses.domain.events import address_insights, simulation
from pytest_ses.domain.events.simulation import Recipient
from pytest_ses.domain.lists import suppression


def verdict(account, address=ADA):
    """The verdicts on the mailbox and on the address as a whole."""
    insight = address_insights.assess(account, address)
    return insight.mailbox_exists, insight.is_valid


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ada@example.com", ("MEDIUM", "HIGH", "HIGH", "MEDIUM", "LOW", "LOW", "LOW")),
        ("ada", ("LOW", "LOW", "LOW", "LOW", "LOW", "LOW", "LOW")),
        ("Ada <ada@example.com>", ("LOW", "LOW", "LOW", "LOW", "LOW", "LOW", "LOW")),
        ("a@b@example.com", ("LOW", "LOW", "LOW", "LOW", "LOW", "LOW", "LOW")),
        ("ada@localhost", ("LOW", "HIGH", "LOW", "LOW", "LOW", "LOW", "LOW")),
        ("ada@nowhere.invalid", ("LOW", "HIGH", "LOW", "LOW", "LOW", "LOW", "LOW")),
        ("Info+x@example.com", ("MEDIUM", "HIGH", "HIGH", "MEDIUM", "HIGH", "LOW", "LOW")),
        ("ada@Mailinator.com", ("MEDIUM", "HIGH", "HIGH", "MEDIUM", "LOW", "HIGH", "LOW")),
        ("xkcdqz7@example.com", ("MEDIUM", "HIGH", "HIGH", "MEDIUM", "LOW", "LOW", "HIGH")),
        ("20260301@example.com", ("MEDIUM", "HIGH", "HIGH", "MEDIUM", "LOW", "LOW", "LOW")),
    ],
)
def test_syntax_and_domain(account, address, expected):
    """Syntax, domain and local part of an address each have a verdict."""
    assert expected == tuple(address_insights.assess(account, address))


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (lambda ada: ada.delivers(), ("HIGH", "HIGH")),
        (lambda ada: ada.bounces(), ("LOW", "LOW")),
        (lambda ada: ada.bounces("Transient", "MailboxFull"), ("MEDIUM", "MEDIUM")),
        (lambda ada: ada.delays(), ("MEDIUM", "MEDIUM")),
    ],
)
def test_planned(account, plan, expected):
    """The planned outcome of a recipient determines the verdict."""
    plan(Recipient(account.event_log, ADA))
    assert expected == verdict(account)


@pytest.mark.parametrize(
    ("name", "expected"), [("success", ("HIGH", "HIGH")), ("bounce", ("LOW", "LOW"))]
)
def test_simulator(account, name, expected):
    """The addresses of the mailbox simulator have the verdict of their outcome."""
    assert expected == verdict(account, f"{name}@simulator.amazonses.com")


def test_earlier_events(account):
    """The last delivery or hard bounce determines the verdict on the mailbox."""
    message = accepted(account)
    verdicts = [verdict(account)]
    for type_, subtype in (("Transient", "MailboxFull"), ("Permanent", "General")):
        simulation.bounce(account, message, type=type_, subtype=subtype)
        verdicts.append(verdict(account))
    assert [("HIGH", "HIGH"), ("HIGH", "HIGH"), ("LOW", "LOW")] == verdicts
    assert ("MEDIUM", "MEDIUM") == verdict(account, "bob@example.org")


def test_doubtful(account):
    """An existing mailbox at a disposable domain is doubtful."""
    accepted(account, "ada@mailinator.com")
    assert ("HIGH", "MEDIUM") == verdict(account, "ada@mailinator.com")


@pytest.mark.parametrize(("reason", "expected"), [("BOUNCE", "LOW"), ("COMPLAINT", "MEDIUM")])
def test_suppressed(account, reason, expected):
    """The reason of an entry on the suppression list determines the verdict."""
    suppression.add(account, ADA, reason)
    assert (expected, expected) == verdict(account)


def test_blank(account):
    """A blank address is rejected."""
    with pytest.raises(errors.InvalidParameterValue, match="EmailAddress can't be blank"):
        address_insights.assess(account, " ")
