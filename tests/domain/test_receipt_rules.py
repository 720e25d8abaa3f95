"""Receipt rules and filters without a wire."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pytest_ses.domain import errors, receipt_actions, receipt_filters, receipt_rules, setup_mails
from pytest_ses.domain.receipt_actions import S3, AddHeader
from pytest_ses.domain.receipt_filters import ReceiptFilter
from pytest_ses.domain.receipt_rules import ReceiptRule


@pytest.fixture(name="rules")
def _rules(account):
    """The rules of the set `main`, which is there."""
    receipt_rules.create_set(account, "main")
    return lambda: account.receipt_rule_sets["main"].rules


def test_kept_as_ses_keeps_it(account, rules):
    """Recipients are kept in lower case, each once, in the order of letters."""
    receipt_rules.create(
        account, "main", ReceiptRule("r", recipients=("B.org", "a@B.org", "b.ORG"))
    )

    assert [ReceiptRule("r", recipients=("a@b.org", "b.org"))] == rules()


def test_clone_is_apart(account, rules):
    """What happens to a clone does not happen to the original."""
    receipt_rules.create(account, "main", ReceiptRule("r"))
    receipt_rules.clone_set(account, "copy", "main")

    receipt_rules.update(account, "copy", ReceiptRule("r", enabled=True))

    assert [ReceiptRule("r")] == rules()


def test_active(account, rules):
    """No rule set is active at first."""
    assert receipt_rules.active_set(account) is None

    receipt_rules.activate(account, "main")

    assert rules() is receipt_rules.active_set(account).rules


def test_names_in_errors(account):
    """An error knows what it is about."""
    with pytest.raises(errors.RuleSetDoesNotExist) as caught:
        receipt_rules.find(account, "main", "r")

    assert {"name": "main"} == caught.value.details


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [(None, "id"), ("", "id"), ("in", "in/id"), ("in/", "in/id"), ("a/b", "a/b/id")],
)
def test_object_key(prefix, expected):
    """A prefix is a folder, with its slash or without."""
    assert expected == receipt_actions.object_key(S3("mail", prefix), "id")


def test_no_topic():
    """A header is told to nobody."""
    assert receipt_actions.topic_of(AddHeader("X", "y")) is None


@pytest.mark.parametrize(("encoding", "expected"), [("UTF-8", "caf\ufffd"), ("Base64", "Y2Fm6Q==")])
def test_content(encoding, expected):
    """Base64 keeps what UTF-8 loses."""
    assert expected == setup_mails.content(b"caf\xe9", encoding)


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
    """A filter blocks a range, unless another one lets the address in."""
    for one in filters:
        receipt_filters.create(account, ReceiptFilter(*one))

    found = receipt_filters.blocking(account, ip_address(ip))

    assert expected == (found and found.name)
