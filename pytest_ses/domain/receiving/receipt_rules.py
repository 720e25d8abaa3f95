"""Which receipt rule sets has an account, and which rules are in them, in which order?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities.identities import IdentityState
from pytest_ses.domain.receiving import receipt_actions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pytest_ses.domain.receiving.receipt_actions import Action

# Texts, limits and the order of checks were probed on the real service, by others.
RECEIPT_RULE_SETS = 40
MAX_RULES = 200
NAME_LENGTH = 64
REORDERED_NAME_LENGTH = 100

_PATTERN = "^[a-zA-Z0-9_.-]+$"
_CHARACTERS = re.compile(r"[a-zA-Z0-9_.-]+")
_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?")
_CHARACTERS_WORDS = f"Member must satisfy regular expression pattern: {_PATTERN}"
_NOT_EMPTY_WORDS = "Member must have length greater than or equal to 1"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN = re.compile(rf"\.?{_LABEL}(?:\.{_LABEL})*")


class ReceiptRule(NamedTuple):
    """A receipt rule; `recipients` are addresses, domains, and domains after a dot."""

    name: str
    enabled: bool = False
    tls_policy: str = "Optional"
    scan_enabled: bool = False
    recipients: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(slots=True)
class RuleSet:
    """A receipt rule set, with its rules in order."""

    name: str
    created_at: datetime
    rules: list[ReceiptRule] = field(default_factory=list)

    def find(self, name: str) -> ReceiptRule:
        """The rule of that name.

        Raises:
            RuleDoesNotExist: as its name says.
        """
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise errors.RuleDoesNotExist(name=name)

    def place_after(self, name: str | None) -> int:
        """The place behind a rule; without one the first.

        Raises:
            RuleDoesNotExist: as its name says.
        """
        return 0 if name is None else self.rules.index(self.find(name)) + 1


class ReceiptRuleState(IdentityState, Protocol):
    """The receipt rule sets of an account."""

    receipt_rule_sets: Collection[RuleSet]
    active_receipt_rule_set: str | None


def store() -> Collection[RuleSet]:
    """Return an empty store of receipt rule sets."""
    return Collection(
        "receipt rule sets",
        missing=errors.RuleSetDoesNotExist,
        duplicate=errors.RuleSetAlreadyExists,
        limit=RECEIPT_RULE_SETS,
        order="name",
    )


def create_set(account: ReceiptRuleState, name: str) -> None:
    """Make an empty rule set.

    Raises:
        ValidationFailed, InvalidParameterValue: for a bad name.
        RuleSetAlreadyExists, LimitExceeded: as their names say.
    """
    _check_names({"ruleSetName": name})
    account.receipt_rule_sets.add(name, RuleSet(name, account.now()))


def clone_set(account: ReceiptRuleState, name: str, original: str) -> None:
    """Make a rule set with the rules of another; it is as active as any new one, which is not.

    Raises:
        RuleSetDoesNotExist: there is no original; otherwise see `create_set`.
    """
    _check_characters({"originalRuleSetName": original, "ruleSetName": name})
    _check_ends("ruleSetName", name)
    _check_ends("ruleSetName", original)
    if name in account.receipt_rule_sets:
        raise errors.RuleSetAlreadyExists(name=name)
    rules = account.receipt_rule_sets.find(original).rules
    account.receipt_rule_sets.add(name, RuleSet(name, account.now(), list(rules)))


def find_set(account: ReceiptRuleState, name: str) -> RuleSet:
    """The rule set of that name.

    Raises:
        ValidationFailed, InvalidParameterValue: for a name that none can have.
        RuleSetDoesNotExist: as its name says.
    """
    _check_names({"ruleSetName": name})
    return account.receipt_rule_sets.find(name)


def delete_set(account: ReceiptRuleState, name: str) -> None:
    """Drop a rule set and its rules; one that is not there counts as dropped.

    Raises:
        ValidationFailed, InvalidParameterValue: for a name that none can have.
        CannotDelete: it is the active one.
    """
    _check_names({"ruleSetName": name})
    if name == account.active_receipt_rule_set:
        raise errors.CannotDelete(name=name)
    account.receipt_rule_sets.discard(name)


def activate(account: ReceiptRuleState, name: str | None) -> None:
    """Let mail go by a rule set; by none, and no mail is received. Refused like `find_set`."""
    account.active_receipt_rule_set = None if name is None else find_set(account, name).name


def active_set(account: ReceiptRuleState) -> RuleSet | None:
    """The rule set that mail goes by."""
    name = account.active_receipt_rule_set
    return account.receipt_rule_sets[name] if name else None


def reorder(account: ReceiptRuleState, set_name: str, names: Sequence[str]) -> None:
    """Put the rules of a set into an order, which names each of them.

    Raises:
        ValidationFailed: for names that no rule can have.
        InvalidParameterValue: for a rule that is named twice, or not at all.
        RuleSetDoesNotExist, RuleDoesNotExist: as their names say.
    """
    _check_reordered(names)
    found = find_set(account, set_name)
    for place, name in enumerate(names):
        if name in names[:place]:
            raise errors.InvalidParameterValue(f"Multiple positions found for rule: {name}")
    missing = [rule.name for rule in found.rules if rule.name not in names]
    if missing:
        raise errors.InvalidParameterValue(f"Positions for rules not found: {', '.join(missing)}")
    found.rules = [found.find(name) for name in names]


def create(
    account: ReceiptRuleState, set_name: str, rule: ReceiptRule, *, after: str | None = None
) -> None:
    """Put a new rule into a set, behind another one or at the beginning.

    Raises:
        ValidationFailed, InvalidParameterValue: for a bad name, recipient or action.
        RuleSetDoesNotExist, RuleAlreadyExists, RuleDoesNotExist: as their names say.
        LimitExceeded: for too many rules or actions.
        InvalidSnsTopic, InvalidS3Configuration, InvalidLambdaFunction: see `receipt_actions.check`.
    """
    _check_characters({"ruleSetName": set_name, "after": after, "rule.name": rule.name})
    _check_ends("ruleSetName", set_name)
    _check_ends("ruleName", rule.name)
    found = account.receipt_rule_sets.find(set_name)
    if any(rule.name == other.name for other in found.rules):
        raise errors.RuleAlreadyExists(name=rule.name)
    if len(found.rules) >= MAX_RULES:
        raise errors.LimitExceeded("Too many rules")
    place = found.place_after(after)
    found.rules.insert(place, _checked(account, rule))


def update(account: ReceiptRuleState, set_name: str, rule: ReceiptRule) -> None:
    """Replace all that a rule says; it keeps its place. Refused like `create`."""
    _check_characters({"ruleSetName": set_name, "rule.name": rule.name})
    _check_ends("ruleSetName", set_name)
    _check_ends("ruleName", rule.name)
    found = account.receipt_rule_sets.find(set_name)
    place = found.rules.index(found.find(rule.name))
    found.rules[place] = _checked(account, rule)


def find(account: ReceiptRuleState, set_name: str, name: str) -> ReceiptRule:
    """The rule of that name.

    Raises:
        ValidationFailed, InvalidParameterValue: for names that none can have.
        RuleSetDoesNotExist, RuleDoesNotExist: as their names say.
    """
    _check_names({"ruleSetName": set_name, "ruleName": name})
    return account.receipt_rule_sets.find(set_name).find(name)


def delete(account: ReceiptRuleState, set_name: str, name: str) -> None:
    """Drop a rule of a set; one that is not there counts as dropped.

    Raises:
        ValidationFailed, InvalidParameterValue: for names that none can have.
        RuleSetDoesNotExist: as its name says.
    """
    _check_names({"ruleSetName": set_name, "ruleName": name})
    found = account.receipt_rule_sets.find(set_name)
    found.rules = [rule for rule in found.rules if rule.name != name]


def move(account: ReceiptRuleState, set_name: str, name: str, *, after: str | None = None) -> None:
    """Put a rule behind another one, or at the beginning; behind itself it stays.

    Refused like `find`.
    """
    _check_characters({"ruleSetName": set_name, "ruleName": name, "after": after})
    _check_ends("ruleSetName", set_name)
    _check_ends("ruleName", name)
    found = account.receipt_rule_sets.find(set_name)
    rule = found.find(name)
    found.place_after(after)
    if name != after:
        found.rules.remove(rule)
        found.rules.insert(found.place_after(after), rule)


def _checked(account: ReceiptRuleState, rule: ReceiptRule) -> ReceiptRule:
    """The rule as SES keeps it: recipients in lower case, each once, in the order of letters."""
    for recipient in rule.recipients:
        if not _is_recipient(recipient.lower()):
            raise errors.InvalidParameterValue(f"Invalid recipient: {recipient}")
    receipt_actions.check(account, rule.actions)
    recipients = sorted({recipient.lower() for recipient in rule.recipients})
    return rule._replace(recipients=tuple(recipients))


def _is_recipient(text: str) -> bool:
    if "@" not in text:
        return _DOMAIN.fullmatch(text) is not None
    try:
        address = addresses.parse(text)
    except errors.InvalidParameterValue:
        return False
    return address.bare == text and _DOMAIN.fullmatch(address.domain) is not None


def _check_names(names: Mapping[str, str]) -> None:
    """Refuse names that no rule set or rule has, by their place in the request."""
    _check_characters(names)
    for place, name in names.items():
        _check_ends(place, name)


def _check_characters(names: Mapping[str, str | None]) -> None:
    """SES's own model has constraints that the public one lacks; here by place in the request."""
    broken = [
        f"Value at '{place}' failed to satisfy constraint: {words}"
        for place, name in names.items()
        if name is not None
        for words in _broken(name)
    ]
    if broken:
        plural = "s" if len(broken) > 1 else ""
        text = f"{len(broken)} validation error{plural} detected: {'; '.join(broken)}"
        raise errors.ValidationFailed(text)


def _broken(name: str) -> list[str]:
    if not name:
        return [_NOT_EMPTY_WORDS, _CHARACTERS_WORDS]
    return [] if _CHARACTERS.fullmatch(name) else [_CHARACTERS_WORDS]


def _check_ends(place: str, name: str) -> None:
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Not a valid {place}: {name}")


def _check_reordered(names: Sequence[str]) -> None:
    if all(_CHARACTERS.fullmatch(name) and len(name) <= REORDERED_NAME_LENGTH for name in names):
        return
    raise errors.ValidationFailed(
        "1 validation error detected: Value at 'ruleNames' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length less than or equal to "
        f"{REORDERED_NAME_LENGTH}, {_NOT_EMPTY_WORDS}, {_CHARACTERS_WORDS}]"
    )
