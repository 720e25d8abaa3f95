"""The operations of API v1 on receipt rule sets and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
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

# The class of each action and the attributes for its members, by the member of the request.
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
_MEMBERS = {
    action_class: (member, attributes) for member, (action_class, attributes) in _ACTIONS.items()
}


def create_receipt_rule_set(account: Account, *, rule_set_name: str) -> None:
    """Create an empty rule set."""
    receipt_rules.create_set(account, rule_set_name)


def clone_receipt_rule_set(
    account: Account, *, rule_set_name: str, original_rule_set_name: str
) -> None:
    """Create a rule set with the rules of another one."""
    receipt_rules.clone_set(account, rule_set_name, original_rule_set_name)


def delete_receipt_rule_set(account: Account, *, rule_set_name: str) -> None:
    """Delete a rule set, if it exists; it must not be active."""
    receipt_rules.delete_set(account, rule_set_name)


def describe_receipt_rule_set(account: Account, *, rule_set_name: str) -> dict[str, Any]:
    """Return a rule set, with its rules in order."""
    return _describe_rule_set(receipt_rules.find_set(account, rule_set_name))


def describe_active_receipt_rule_set(account: Account) -> dict[str, Any]:
    """Return the active rule set; the response is empty if no rule set is active."""
    active = receipt_rules.active_set(account)
    return _describe_rule_set(active) if active else {}


def list_receipt_rule_sets(account: Account, *, next_token: str | None = None) -> dict[str, Any]:
    """List the rule sets and their creation times, sorted by name."""
    page, token = paging.V1_RECEIPT_RULE_SETS.page(
        account, account.receipt_rule_sets, None, next_token
    )
    return {"RuleSets": [_metadata(rule_set) for rule_set in page], **paging.next_token(token)}


def reorder_receipt_rule_set(
    account: Account, *, rule_set_name: str, rule_names: list[str]
) -> None:
    """Reorder the rules of a rule set."""
    receipt_rules.reorder(account, rule_set_name, rule_names)


def set_active_receipt_rule_set(account: Account, *, rule_set_name: str | None = None) -> None:
    """Activate a rule set; without a name, deactivate the active one."""
    receipt_rules.activate(account, rule_set_name)


def create_receipt_rule(
    account: Account, *, rule_set_name: str, rule: dict[str, Any], after: str | None = None
) -> None:
    """Add a rule to a rule set, after another rule or at the beginning."""
    receipt_rules.create(account, rule_set_name, _parse_rule(rule), after=after)


def update_receipt_rule(account: Account, *, rule_set_name: str, rule: dict[str, Any]) -> None:
    """Replace the definition of a rule."""
    receipt_rules.update(account, rule_set_name, _parse_rule(rule))


def delete_receipt_rule(account: Account, *, rule_set_name: str, rule_name: str) -> None:
    """Delete a rule, if it exists."""
    receipt_rules.delete(account, rule_set_name, rule_name)


def describe_receipt_rule(
    account: Account, *, rule_set_name: str, rule_name: str
) -> dict[str, Any]:
    """Return the definition of a rule."""
    return {"Rule": _describe_rule(receipt_rules.find(account, rule_set_name, rule_name))}


def set_receipt_rule_position(
    account: Account, *, rule_set_name: str, rule_name: str, after: str | None = None
) -> None:
    """Move a rule to the position after another rule, or to the beginning."""
    receipt_rules.move(account, rule_set_name, rule_name, after=after)


def _parse_rule(rule: Mapping[str, Any]) -> ReceiptRule:
    return ReceiptRule(
        name=rule["Name"],
        enabled=rule.get("Enabled") or False,
        tls_policy=rule.get("TlsPolicy") or "Optional",
        scan_enabled=rule.get("ScanEnabled") or False,
        recipients=tuple(rule.get("Recipients") or ()),
        # The query protocol cannot express an action without a type, so such actions are ignored.
        actions=tuple(_parse_action(action) for action in rule.get("Actions") or () if action),
    )


def _parse_action(action: Mapping[str, Any]) -> Action:
    if len(action) > 1:
        raise errors.InvalidParameterValue(
            "Exactly one action type must be specified for each ReceiptAction"
        )
    (member,) = action
    action_class, attributes = _ACTIONS[member]
    return action_class(**{attributes[name]: value for name, value in action[member].items()})


def _describe_rule_set(rule_set: RuleSet) -> dict[str, Any]:
    return {
        "Metadata": _metadata(rule_set),
        "Rules": [_describe_rule(rule) for rule in rule_set.rules],
    }


def _metadata(rule_set: RuleSet) -> dict[str, Any]:
    return {"Name": rule_set.name, "CreatedTimestamp": rule_set.created_at}


def _describe_rule(rule: ReceiptRule) -> dict[str, Any]:
    return {
        "Name": rule.name,
        "Enabled": rule.enabled,
        "TlsPolicy": rule.tls_policy,
        **({"Recipients": list(rule.recipients)} if rule.recipients else {}),
        "Actions": [_describe_action(action) for action in rule.actions],
        "ScanEnabled": rule.scan_enabled,
    }


def _describe_action(action: Action) -> dict[str, Any]:
    member, attributes = _MEMBERS[type(action)]
    return {
        member: without_none(
            **{name: getattr(action, attribute) for name, attribute in attributes.items()}
        )
    }
