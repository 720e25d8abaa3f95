"""The suppression list: entries, lookup and filters."""

from datetime import timedelta

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.lists import suppression
from pytest_ses.domain.lists.suppression import SuppressedDestination


def names(account, *filters):
    """The addresses that match a filter, in the order of the list."""
    where = suppression.matching(*filters) if filters else None
    entries, _ = account.suppressed_destinations.page(
        size=100, token=None, region=account.region, where=where
    )
    return [entry.address for entry in entries]


def test_entry_caused_by_an_event(account):
    """An entry stores its reason, its time, and the message and event that caused it."""
    entry = suppression.add(
        account, "ada@example.com", "BOUNCE", message_id="m-1", feedback_id="f-1"
    )

    expected = SuppressedDestination("ada@example.com", "BOUNCE", entry.updated_at, "m-1", "f-1")
    assert expected == entry == account.suppressed_destinations["ada@example.com"]
    assert entry.updated_at <= account.now()


def test_a_later_entry_replaces_an_earlier_one(account):
    """An address is listed once, with the latest reason and without the earlier event."""
    suppression.add(account, "ada@example.com", "BOUNCE", message_id="m-1", feedback_id="f-1")
    account.clock.advance(hours=1)

    suppression.add(account, "ada@example.com", "COMPLAINT")

    [entry] = account.suppressed_destinations.values()
    assert ("COMPLAINT", None, None) == (entry.reason, entry.message_id, entry.feedback_id)
    assert account.now() - entry.updated_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Ada@Example.COM", "Ada@example.com"),
        (" ada@example.com\n", "ada@example.com"),
        ('"A@b"@Example.com', '"A@b"@example.com'),
        ("Ada", "Ada"),
    ],
)
def test_the_domain_is_in_lower_case(account, address, expected):
    """White space is stripped, and only the domain is converted to lower case."""
    assert expected == suppression.add(account, address, "BOUNCE").address
    assert [expected] == list(account.suppressed_destinations)


@pytest.mark.parametrize(
    "call",
    [
        lambda account: suppression.add(account, " ", "BOUNCE"),
        lambda account: suppression.put(account, "", "BOUNCE", tenant="t"),
        lambda account: suppression.find(account, "\t", tenant="t"),
        lambda account: suppression.remove(account, "", tenant="t"),
    ],
)
def test_a_blank_address(account, call):
    """A blank address is rejected before the tenant is looked up."""
    with pytest.raises(errors.InvalidParameterValue, match=r"^EmailAddress can't be blank\.$"):
        call(account)


@pytest.mark.parametrize(
    "call",
    [
        lambda account: suppression.put(account, "ada@example.com", "BOUNCE", tenant="acme"),
        lambda account: suppression.find(account, "ada@example.com", tenant="acme"),
        lambda account: suppression.remove(account, "ada@example.com", tenant="acme"),
        lambda account: suppression.check_tenant(account, "acme"),
    ],
)
def test_missing_tenant(account, call):
    """A missing tenant is an error."""
    with pytest.raises(
        errors.TenantDoesNotExist, match=r"^The requested tenant <acme> does not exist\.$"
    ):
        call(account)
    assert {} == dict(account.suppressed_destinations)


def test_get_and_remove_are_case_sensitive(account):
    """Getting and removing require the local part exactly as on the list."""
    suppression.put(account, "Ada@example.com", "BOUNCE")

    assert "BOUNCE" == suppression.find(account, "Ada@EXAMPLE.com").reason
    for call in (suppression.find, suppression.remove):
        with pytest.raises(
            errors.SuppressedDestinationDoesNotExist,
            match=r"^Email address ada@example\.com does not exist on your suppression list\.$",
        ):
            call(account, "ada@example.com")
    suppression.remove(account, " Ada@example.com")
    assert {} == dict(account.suppressed_destinations)


def test_find_ignores_case(account):
    """A send finds an address, ignoring case."""
    entry = suppression.add(account, "Ada@example.com", "BOUNCE")

    assert [entry, entry, None] == [
        suppression.match(account, address)
        for address in ("Ada@EXAMPLE.com", "ada@example.com", "bob@example.com")
    ]


def test_find_prefers_an_exact_match(account):
    """If entries differ only in case, a send finds the exact match."""
    for spelling, reason in (("Ada@example.com", "BOUNCE"), ("ada@example.com", "COMPLAINT")):
        suppression.add(account, spelling, reason)

    assert "BOUNCE" == suppression.match(account, "Ada@example.com").reason
    assert "COMPLAINT" == suppression.match(account, "ada@example.com").reason


def test_order(account):
    """The list is ordered by last update, so an address that is added again comes last."""
    for name in ("a", "b", "a"):
        suppression.add(account, f"{name}@example.com", "BOUNCE")

    assert ["b@example.com", "a@example.com"] == names(account)


def test_filters(account):
    """The list is filtered by reasons and by a time that includes both ends."""
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
