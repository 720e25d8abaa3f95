"""The suppression list: what is on it, and whom a send meets there."""

from datetime import timedelta

import pytest

from pytest_ses.domain import errors, suppression
from pytest_ses.domain.suppression import SuppressedDestination


def names(account, *filters):
    """The addresses that a filter leaves, in the order of the list."""
    where = suppression.listed(*filters) if filters else None
    found, _ = account.suppressed_destinations.page(
        size=100, token=None, region=account.region, where=where
    )
    return [entry.address for entry in found]


def test_an_entry_of_an_event(account):
    """An entry keeps its reason, its time, and the mail and event that made it."""
    made = suppression.add(
        account, "ada@example.com", "BOUNCE", message_id="m-1", feedback_id="f-1"
    )

    expected = SuppressedDestination("ada@example.com", "BOUNCE", made.updated_at, "m-1", "f-1")
    assert expected == made == account.suppressed_destinations["ada@example.com"]
    assert made.updated_at <= account.now()


def test_a_later_entry_takes_the_place_of_an_earlier_one(account):
    """An address is on the list once, for the last reason and without the earlier event."""
    suppression.add(account, "ada@example.com", "BOUNCE", message_id="m-1", feedback_id="f-1")
    account.clock.advance(hours=1)

    suppression.add(account, "ada@example.com", "COMPLAINT")

    [entry] = account.suppressed_destinations.values()
    assert ("COMPLAINT", None, None) == (entry.reason, entry.message_id, entry.feedback_id)
    assert account.now() - entry.updated_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Ada@Example.COM", "Ada@example.com"),
        (" ada@example.com\n", "ada@example.com"),
        ('"A@b"@Example.com', '"A@b"@example.com'),
        ("Ada", "Ada"),
    ],
)
def test_the_domain_is_in_lower_case(account, given, expected):
    """White space around an address goes, capitals go from its domain only."""
    assert expected == suppression.add(account, given, "BOUNCE").address
    assert [expected] == list(account.suppressed_destinations)


@pytest.mark.parametrize(
    "call",
    [
        lambda account: suppression.add(account, " ", "BOUNCE"),
        lambda account: suppression.put(account, "", "BOUNCE", tenant="t"),
        lambda account: suppression.get(account, "\t", tenant="t"),
        lambda account: suppression.remove(account, "", tenant="t"),
    ],
)
def test_a_blank_address(account, call):
    """A blank address is refused, before anybody looks for a tenant."""
    with pytest.raises(errors.InvalidParameterValue, match=r"^EmailAddress can't be blank\.$"):
        call(account)


@pytest.mark.parametrize(
    "call",
    [
        lambda account: suppression.put(account, "ada@example.com", "BOUNCE", tenant="acme"),
        lambda account: suppression.get(account, "ada@example.com", tenant="acme"),
        lambda account: suppression.remove(account, "ada@example.com", tenant="acme"),
        lambda account: suppression.check_tenant(account, "acme"),
    ],
)
def test_no_tenant_is_there(account, call):
    """A tenant that is not there is missed."""
    with pytest.raises(
        errors.TenantDoesNotExist, match=r"^The requested tenant <acme> does not exist\.$"
    ):
        call(account)
    assert {} == dict(account.suppressed_destinations)


def test_get_and_remove_take_the_spelling(account):
    """The local part of an address has to be spelled as on the list."""
    suppression.put(account, "Ada@example.com", "BOUNCE")

    assert "BOUNCE" == suppression.get(account, "Ada@EXAMPLE.com").reason
    for call in (suppression.get, suppression.remove):
        with pytest.raises(
            errors.SuppressedDestinationDoesNotExist,
            match=r"^Email address ada@example\.com does not exist on your suppression list\.$",
        ):
            call(account, "ada@example.com")
    suppression.remove(account, " Ada@example.com")
    assert {} == dict(account.suppressed_destinations)


def test_a_send_meets_an_entry_in_capitals_or_not(account):
    """A send finds an address however it is spelled."""
    made = suppression.add(account, "Ada@example.com", "BOUNCE")

    assert [made, made, None] == [
        suppression.find(account, address)
        for address in ("Ada@EXAMPLE.com", "ada@example.com", "bob@example.com")
    ]


def test_a_send_prefers_the_entry_that_is_spelled_alike(account):
    """Of two spellings on the list, a send meets its own."""
    for spelling, reason in (("Ada@example.com", "BOUNCE"), ("ada@example.com", "COMPLAINT")):
        suppression.add(account, spelling, reason)

    assert "BOUNCE" == suppression.find(account, "Ada@example.com").reason
    assert "COMPLAINT" == suppression.find(account, "ada@example.com").reason


def test_the_list_goes_by_the_last_update(account):
    """An address that is put on the list again comes last."""
    for name in ("a", "b", "a"):
        suppression.add(account, f"{name}@example.com", "BOUNCE")

    assert ["b@example.com", "a@example.com"] == names(account)


def test_the_list_is_filtered(account):
    """Filters are reasons and a time, whose both ends belong to it."""
    times = []
    for name, reason in (("a", "BOUNCE"), ("b", "COMPLAINT"), ("c", "BOUNCE")):
        times.append(suppression.add(account, name, reason).updated_at)
        account.clock.advance(hours=1)
    first, second, third = times

    assert ["a", "b", "c"] == names(account, [], None, None)
    assert ["a", "c"] == names(account, ["BOUNCE"], None, None)
    assert ["b", "c"] == names(account, [], second, None)
    assert ["a", "b"] == names(account, [], None, second)
    assert ["b"] == names(account, ["BOUNCE", "COMPLAINT"], second, second)
    assert [] == names(account, ["COMPLAINT"], third, first)
