"""How does API v1 keep receipt rule sets and their rules?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain import errors
from pytest_ses.domain.receiving import receipt_rules
from pytest_ses.domain.receiving.receipt_actions import (
    Action,
    AddHeaderAction,
    BounceAction,
    ConnectAction,
    LambdaAction,
    S3Action,
    SnsAction,
    StopAction,
    WorkmailAction,
)
from pytest_ses.domain.receiving.receipt_rules import ReceiptRule, RuleSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account

# The member of each action, and our name of each of its own members.
_ACTIONS: Mapping[str, tuple[type[Action], Mapping[str, str]]] = {
    "S3Action": (
        S3Action,
        {
            "TopicArn": "topic_arn",
            "BucketName": "bucket_name",
            "ObjectKeyPrefix": "object_key_prefix",
            "KmsKeyArn": "kms_key_arn",
            "IamRoleArn": "iam_role_arn",
        },
    ),
    "BounceAction": (
        BounceAction,
        {
            "TopicArn": "topic_arn",
            "SmtpReplyCode": "smtp_reply_code",
            "StatusCode": "status_code",
            "Message": "message",
            "Sender": "sender",
        },
    ),
    "WorkmailAction": (
        WorkmailAction,
        {"TopicArn": "topic_arn", "OrganizationArn": "organization_arn"},
    ),
    "LambdaAction": (
        LambdaAction,
        {
            "TopicArn": "topic_arn",
            "FunctionArn": "function_arn",
            "InvocationType": "invocation_type",
        },
    ),
    "StopAction": (StopAction, {"Scope": "scope", "TopicArn": "topic_arn"}),
    "AddHeaderAction": (
        AddHeaderAction,
        {"HeaderName": "header_name", "HeaderValue": "header_value"},
    ),
    "SNSAction": (SnsAction, {"TopicArn": "topic_arn", "Encoding": "encoding"}),
    "ConnectAction": (
        ConnectAction,
        {"InstanceARN": "instance_arn", "IAMRoleARN": "iam_role_arn"},
    ),
}
_MEMBERS = {kind: (member, names) for member, (kind, names) in _ACTIONS.items()}


def create_receipt_rule_set(account: Account, *, rule_set_name: str) -> None:
    """Make an empty rule set."""
    receipt_rules.create_set(account, rule_set_name)


def clone_receipt_rule_set(
    account: Account, *, rule_set_name: str, original_rule_set_name: str
) -> None:
    """Make a rule set with the rules of another."""
    receipt_rules.clone_set(account, rule_set_name, original_rule_set_name)


def delete_receipt_rule_set(account: Account, *, rule_set_name: str) -> None:
    """Drop a rule set that is not active; one that is not there counts as dropped."""
    receipt_rules.delete_set(account, rule_set_name)


def describe_receipt_rule_set(account: Account, *, rule_set_name: str) -> dict[str, Any]:
    """A rule set and its rules in order."""
    return _rule_set(receipt_rules.find_set(account, rule_set_name))


def describe_active_receipt_rule_set(account: Account) -> dict[str, Any]:
    """The rule set that mail goes by, and nothing if there is none."""
    active = receipt_rules.active_set(account)
    return _rule_set(active) if active else {}


def list_receipt_rule_sets(account: Account, *, next_token: str | None = None) -> dict[str, Any]:
    """Names and times of the rule sets, by name."""
    found, token = paging.V1_RECEIPT_RULE_SETS.page(
        account, account.receipt_rule_sets, None, next_token
    )
    return {"RuleSets": [_metadata(one) for one in found], **paging.next_token(token)}


def reorder_receipt_rule_set(
    account: Account, *, rule_set_name: str, rule_names: list[str]
) -> None:
    """Put the rules of a set into another order."""
    receipt_rules.reorder(account, rule_set_name, rule_names)


def set_active_receipt_rule_set(account: Account, *, rule_set_name: str | None = None) -> None:
    """Let mail go by a rule set; without a name no mail is received."""
    receipt_rules.activate(account, rule_set_name)


def create_receipt_rule(
    account: Account, *, rule_set_name: str, rule: dict[str, Any], after: str | None = None
) -> None:
    """Put a rule into a set, behind another one or at the beginning."""
    receipt_rules.create(account, rule_set_name, _read(rule), after=after)


def update_receipt_rule(account: Account, *, rule_set_name: str, rule: dict[str, Any]) -> None:
    """Replace all that a rule says."""
    receipt_rules.update(account, rule_set_name, _read(rule))


def delete_receipt_rule(account: Account, *, rule_set_name: str, rule_name: str) -> None:
    """Drop a rule; one that is not there counts as dropped."""
    receipt_rules.delete(account, rule_set_name, rule_name)


def describe_receipt_rule(
    account: Account, *, rule_set_name: str, rule_name: str
) -> dict[str, Any]:
    """All that a rule says."""
    return {"Rule": _rule(receipt_rules.find(account, rule_set_name, rule_name))}


def set_receipt_rule_position(
    account: Account, *, rule_set_name: str, rule_name: str, after: str | None = None
) -> None:
    """Put a rule behind another one, or at the beginning."""
    receipt_rules.move(account, rule_set_name, rule_name, after=after)


def _read(rule: Mapping[str, Any]) -> ReceiptRule:
    return ReceiptRule(
        name=rule["Name"],
        enabled=rule.get("Enabled") or False,
        tls_policy=rule.get("TlsPolicy") or "Optional",
        scan_enabled=rule.get("ScanEnabled") or False,
        recipients=tuple(rule.get("Recipients") or ()),
        # An action without a type is nothing on the wire.
        actions=tuple(_read_action(one) for one in rule.get("Actions") or () if one),
    )


def _read_action(action: Mapping[str, Any]) -> Action:
    if len(action) > 1:
        raise errors.InvalidParameterValue(
            "Exactly one action type must be specified for each ReceiptAction"
        )
    (member,) = action
    kind, names = _ACTIONS[member]
    return kind(**{names[name]: value for name, value in action[member].items()})


def _rule_set(found: RuleSet) -> dict[str, Any]:
    return {"Metadata": _metadata(found), "Rules": [_rule(rule) for rule in found.rules]}


def _metadata(found: RuleSet) -> dict[str, Any]:
    return {"Name": found.name, "CreatedTimestamp": found.created_at}


def _rule(rule: ReceiptRule) -> dict[str, Any]:
    return {
        "Name": rule.name,
        "Enabled": rule.enabled,
        "TlsPolicy": rule.tls_policy,
        **({"Recipients": list(rule.recipients)} if rule.recipients else {}),
        "Actions": [_action(action) for action in rule.actions],
        "ScanEnabled": rule.scan_enabled,
    }


def _action(action: Action) -> dict[str, Any]:
    member, names = _MEMBERS[type(action)]
    return {member: given(**{name: getattr(action, ours) for name, ours in names.items()})}
