"""The receipt rule sets of an account and their rules."""

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

# Texts, limits and the order of checks were recorded from SES by other projects.
MAX_RULE_SETS = 40
MAX_RULES = 200
# The quota that AWS documents. A page of the guide says 100, but others got the error for 501.
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_RECIPIENTS = 500
NAME_LENGTH = 64
REORDERED_NAME_LENGTH = 100

_PATTERN = "^[a-zA-Z0-9_.-]+$"
_CHARACTERS = re.compile(r"[a-zA-Z0-9_.-]+")
_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?")
_PATTERN_CONSTRAINT = f"Member must satisfy regular expression pattern: {_PATTERN}"
_LENGTH_CONSTRAINT = "Member must have length greater than or equal to 1"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN = re.compile(rf"\.?{_LABEL}(?:\.{_LABEL})*")


class ReceiptRule(NamedTuple):
    """A receipt rule.

    `recipients` are addresses, domains, and domains with a leading dot, which stand for their
    subdomains.
    """

    name: str
    enabled: bool = False
    tls_policy: str = "Optional"
    scan_enabled: bool = False
    recipients: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(slots=True)
class RuleSet:
    """A receipt rule set, with its rules in the order in which they are applied."""

    name: str
    created_at: datetime
    rules: list[ReceiptRule] = field(default_factory=list)

    def find(self, name: str) -> ReceiptRule:
        """Return the rule with the given name.

        Raises:
            RuleDoesNotExist: if the rule does not exist.
        """
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise errors.RuleDoesNotExist(name=name)

    def index_after(self, name: str | None) -> int:
        """Return the index after a rule, or 0 if `name` is None.

        Raises:
            RuleDoesNotExist: if the rule does not exist.
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
        limit=MAX_RULE_SETS,
        order="name",
    )


def create_set(account: ReceiptRuleState, name: str) -> None:
    """Create an empty rule set.

    Raises:
        ValidationFailed, InvalidParameterValue: if the name is invalid.
        RuleSetAlreadyExists: if the account has a rule set with that name.
        LimitExceeded: if the account has 40 rule sets.
    """
    _check_names({"ruleSetName": name})
    account.receipt_rule_sets.add(name, RuleSet(name, account.now()))


def clone_set(account: ReceiptRuleState, name: str, original: str) -> None:
    """Create a rule set with the rules of another one; the clone is not active.

    Raises:
        RuleSetDoesNotExist: if the original does not exist; for other errors, see `create_set`.
    """
    _check_characters({"originalRuleSetName": original, "ruleSetName": name})
    _check_form("ruleSetName", name)
    _check_form("ruleSetName", original)
    if name in account.receipt_rule_sets:
        raise errors.RuleSetAlreadyExists(name=name)
    rules = account.receipt_rule_sets.find(original).rules
    account.receipt_rule_sets.add(name, RuleSet(name, account.now(), list(rules)))


def find_set(account: ReceiptRuleState, name: str) -> RuleSet:
    """Return the rule set with the given name.

    Raises:
        ValidationFailed, InvalidParameterValue: if the name is invalid.
        RuleSetDoesNotExist: if the rule set does not exist.
    """
    _check_names({"ruleSetName": name})
    return account.receipt_rule_sets.find(name)


def delete_set(account: ReceiptRuleState, name: str) -> None:
    """Delete a rule set and its rules, if it exists.

    Raises:
        ValidationFailed, InvalidParameterValue: if the name is invalid.
        CannotDelete: if the rule set is active.
    """
    _check_names({"ruleSetName": name})
    if name == account.active_receipt_rule_set:
        raise errors.CannotDelete(name=name)
    account.receipt_rule_sets.discard(name)


def activate(account: ReceiptRuleState, name: str | None) -> None:
    """Activate a rule set; None deactivates the active one. Raises the errors of `find_set`."""
    account.active_receipt_rule_set = None if name is None else find_set(account, name).name


def active_set(account: ReceiptRuleState) -> RuleSet | None:
    """Return the active rule set, or None."""
    name = account.active_receipt_rule_set
    return account.receipt_rule_sets[name] if name else None


def reorder(account: ReceiptRuleState, set_name: str, names: Sequence[str]) -> None:
    """Put the rules of a set into the order of the given names.

    Raises:
        ValidationFailed: if a name is invalid.
        InvalidParameterValue: if a rule is listed twice or is missing.
        RuleSetDoesNotExist, RuleDoesNotExist: if the rule set or a rule does not exist.
    """
    _check_reordered(names)
    rule_set = find_set(account, set_name)
    for index, name in enumerate(names):
        if name in names[:index]:
            raise errors.InvalidParameterValue(f"Multiple positions found for rule: {name}")
    missing = [rule.name for rule in rule_set.rules if rule.name not in names]
    if missing:
        raise errors.InvalidParameterValue(f"Positions for rules not found: {', '.join(missing)}")
    rule_set.rules = [rule_set.find(name) for name in names]


def create(
    account: ReceiptRuleState, set_name: str, rule: ReceiptRule, *, after: str | None = None
) -> None:
    """Add a rule to a set, after another rule or at the beginning.

    Raises:
        ValidationFailed, InvalidParameterValue: if a name, a recipient or an action is invalid.
        RuleSetDoesNotExist, RuleDoesNotExist: if the rule set or the other rule does not exist.
        RuleAlreadyExists: if the set has a rule with that name.
        LimitExceeded: if there are too many rules, recipients or actions.
        InvalidSnsTopic, InvalidS3Configuration, InvalidLambdaFunction: see `receipt_actions.check`.
    """
    _check_characters({"ruleSetName": set_name, "after": after, "rule.name": rule.name})
    _check_form("ruleSetName", set_name)
    _check_form("ruleName", rule.name)
    rule_set = account.receipt_rule_sets.find(set_name)
    if any(rule.name == other.name for other in rule_set.rules):
        raise errors.RuleAlreadyExists(name=rule.name)
    if len(rule_set.rules) >= MAX_RULES:
        raise errors.LimitExceeded("Too many rules")
    index = rule_set.index_after(after)
    rule_set.rules.insert(index, _checked(account, rule))


def update(account: ReceiptRuleState, set_name: str, rule: ReceiptRule) -> None:
    """Replace the definition of a rule; it keeps its position. Raises the errors of `create`."""
    _check_characters({"ruleSetName": set_name, "rule.name": rule.name})
    _check_form("ruleSetName", set_name)
    _check_form("ruleName", rule.name)
    rule_set = account.receipt_rule_sets.find(set_name)
    index = rule_set.rules.index(rule_set.find(rule.name))
    rule_set.rules[index] = _checked(account, rule)


def find(account: ReceiptRuleState, set_name: str, name: str) -> ReceiptRule:
    """Return the rule with the given name.

    Raises:
        ValidationFailed, InvalidParameterValue: if a name is invalid.
        RuleSetDoesNotExist, RuleDoesNotExist: if the rule set or the rule does not exist.
    """
    _check_names({"ruleSetName": set_name, "ruleName": name})
    return account.receipt_rule_sets.find(set_name).find(name)


def delete(account: ReceiptRuleState, set_name: str, name: str) -> None:
    """Delete a rule of a set, if it exists.

    Raises:
        ValidationFailed, InvalidParameterValue: if a name is invalid.
        RuleSetDoesNotExist: if the rule set does not exist.
    """
    _check_names({"ruleSetName": set_name, "ruleName": name})
    rule_set = account.receipt_rule_sets.find(set_name)
    rule_set.rules = [rule for rule in rule_set.rules if rule.name != name]


def move(account: ReceiptRuleState, set_name: str, name: str, *, after: str | None = None) -> None:
    """Move a rule after another one or to the beginning; moving it after itself has no effect.

    Raises the errors of `find`.
    """
    _check_characters({"ruleSetName": set_name, "ruleName": name, "after": after})
    _check_form("ruleSetName", set_name)
    _check_form("ruleName", name)
    rule_set = account.receipt_rule_sets.find(set_name)
    rule = rule_set.find(name)
    rule_set.index_after(after)
    if name != after:
        rule_set.rules.remove(rule)
        rule_set.rules.insert(rule_set.index_after(after), rule)


def _checked(account: ReceiptRuleState, rule: ReceiptRule) -> ReceiptRule:
    """Return the rule as SES stores it: with sorted, unique recipients in lower case."""
    if len(rule.recipients) > MAX_RECIPIENTS:
        raise errors.LimitExceeded("Too many recipients")
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
    """Reject invalid names of rule sets and rules, given by their path in the request."""
    _check_characters(names)
    for path, name in names.items():
        _check_form(path, name)


def _check_characters(names: Mapping[str, str | None]) -> None:
    """Enforce constraints of SES's internal model that the public model lacks."""
    violations = [
        f"Value at '{path}' failed to satisfy constraint: {constraint}"
        for path, name in names.items()
        if name is not None
        for constraint in _violated_constraints(name)
    ]
    if violations:
        plural = "s" if len(violations) > 1 else ""
        text = f"{len(violations)} validation error{plural} detected: {'; '.join(violations)}"
        raise errors.ValidationFailed(text)


def _violated_constraints(name: str) -> list[str]:
    if not name:
        return [_LENGTH_CONSTRAINT, _PATTERN_CONSTRAINT]
    return [] if _CHARACTERS.fullmatch(name) else [_PATTERN_CONSTRAINT]


def _check_form(field: str, name: str) -> None:
    if len(name) > NAME_LENGTH or not _NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Not a valid {field}: {name}")


def _check_reordered(names: Sequence[str]) -> None:
    if all(_CHARACTERS.fullmatch(name) and len(name) <= REORDERED_NAME_LENGTH for name in names):
        return
    raise errors.ValidationFailed(
        "1 validation error detected: Value at 'ruleNames' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length less than or equal to "
        f"{REORDERED_NAME_LENGTH}, {_LENGTH_CONSTRAINT}, {_PATTERN_CONSTRAINT}]"
    )
