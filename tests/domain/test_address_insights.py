"""Insights into an address: what its letters say, and what became of mail to it."""

import pytest
from mailing import ADA, accepted

from pytest_ses.domain import address_insights, errors, fates, suppression
from pytest_ses.domain.fates import Recipient


def verdict(account, address=ADA):
    """Whether the mailbox is there, and the address as a whole one to send to."""
    found = address_insights.of(account, address)
    return found.mailbox_exists, found.is_valid


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
def test_letters(account, address, expected):
    """Syntax, domain and name of an address have a verdict each."""
    assert expected == tuple(address_insights.of(account, address))


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
    """What is planned for a recipient is known."""
    plan(Recipient(account.happenings, ADA))
    assert expected == verdict(account)


@pytest.mark.parametrize(
    ("name", "expected"), [("success", ("HIGH", "HIGH")), ("bounce", ("LOW", "LOW"))]
)
def test_simulator(account, name, expected):
    """The addresses of the mailbox simulator are what they are."""
    assert expected == verdict(account, f"{name}@simulator.amazonses.com")


def test_what_happened(account):
    """The last delivery or hard bounce tells."""
    message = accepted(account)
    found = [verdict(account)]
    for type_, subtype in (("Transient", "MailboxFull"), ("Permanent", "General")):
        fates.bounce(account, message, type=type_, subtype=subtype)
        found.append(verdict(account))
    assert [("HIGH", "HIGH"), ("HIGH", "HIGH"), ("LOW", "LOW")] == found
    assert ("MEDIUM", "MEDIUM") == verdict(account, "bob@example.org")


def test_doubtful(account):
    """A mailbox that is there and disposable is doubtful."""
    accepted(account, "ada@mailinator.com")
    assert ("HIGH", "MEDIUM") == verdict(account, "ada@mailinator.com")


@pytest.mark.parametrize(("reason", "expected"), [("BOUNCE", "LOW"), ("COMPLAINT", "MEDIUM")])
def test_suppressed(account, reason, expected):
    """An address that bounced before is not one to send to."""
    suppression.add(account, ADA, reason)
    assert (expected, expected) == verdict(account)


def test_blank(account):
    """A blank address is none."""
    with pytest.raises(errors.InvalidParameterValue, match="EmailAddress can't be blank"):
        address_insights.of(account, " ")
