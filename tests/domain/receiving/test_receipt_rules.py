"""Receipt rules and IP filters."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.receiving import (
    receipt_actions,
    receipt_filters,
    receipt_rules,
    setup_messages,
)
from pytest_ses.domain.receiving.receipt_actions import AddHeaderAction, S3Action
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
from pytest_ses.domain.receiving.receipt_rules import ReceiptRule


@pytest.fixture(name="rules")
def _rules(account):
    """Create the rule set `main`; return a function that returns its rules."""
    receipt_rules.create_set(account, "main")
    return lambda: account.receipt_rule_sets["main"].rules


def test_recipients_are_normalized(account, rules):
    """Recipients are stored in lower case, sorted and without duplicates."""
    receipt_rules.create(
        account, "main", ReceiptRule("r", recipients=("B.org", "a@B.org", "b.ORG"))
    )

    assert [ReceiptRule("r", recipients=("a@b.org", "b.org"))] == rules()


def test_clone_is_independent(account, rules):
    """Changing a clone does not change the original."""
    receipt_rules.create(account, "main", ReceiptRule("r"))
    receipt_rules.clone_set(account, "copy", "main")

    receipt_rules.update(account, "copy", ReceiptRule("r", enabled=True))

    assert [ReceiptRule("r")] == rules()


def test_active(account, rules):
    """No rule set is active until one is activated."""
    assert receipt_rules.active_set(account) is None

    receipt_rules.activate(account, "main")

    assert rules() is receipt_rules.active_set(account).rules


def test_error_details(account):
    """An error contains the name of the missing rule set."""
    with pytest.raises(errors.RuleSetDoesNotExist) as caught:
        receipt_rules.find(account, "main", "r")

    assert {"name": "main"} == caught.value.details


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [(None, "id"), ("", "id"), ("in", "in/id"), ("in/", "in/id"), ("a/b", "a/b/id")],
)
def test_object_key(prefix, expected):
    """The prefix is a folder, with or without a final slash."""
    assert expected == receipt_actions.object_key(S3Action("mail", prefix), "id")


def test_no_topic():
    """An action that adds a header has no topic."""
    assert receipt_actions.topic_of(AddHeaderAction("X", "y")) is None


@pytest.mark.parametrize(("encoding", "expected"), [("UTF-8", "caf\ufffd"), ("Base64", "Y2Fm6Q==")])
def test_content(encoding, expected):
    """Base64 preserves bytes that UTF-8 cannot represent."""
    assert expected == setup_messages.content(b"caf\xe9", encoding)


@pytest.mark.parametrize(
    ("filters", "ip", "expected"),
    [
        ([], "10.0.0.1", None),
        ([("a", "Block", "10.0.0.0/24")], "10.0.0.9", "a"),
        ([("a", "Block", "10.0.0.7/24")], "10.0.0.9", "a"),
        ([("a", "Block", "10.0.0.0/24")], "10.0.1.9", None),
        ([("a", "Block", "10.0.0.9")], "10.0.0.9", "a"),
        ([("a", "Block", "0.0.0.0/0")], "2001:db8::1", None),
        ([("a", "Block", "2001:db8::/32")], "2001:db8::1", "a"),
        ([("a", "Block", "10.0.0.0/8"), ("b", "Block", "10.0.0.0/24")], "10.0.0.9", "a"),
        ([("a", "Block", "0.0.0.0/0"), ("b", "Allow", "10.0.0.9")], "10.0.0.9", None),
        ([("a", "Allow", "10.0.0.9")], "10.0.0.8", None),
    ],
)
def test_blocking(account, filters, ip, expected):
    """A filter blocks a range unless another one allows the address."""
    for arguments in filters:
        receipt_filters.create(account, ReceiptFilter(*arguments))

    blocking = receipt_filters.blocking_filter(account.receipt_filters, ip_address(ip))

    assert expected == (blocking and blocking.name)
