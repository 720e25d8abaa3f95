"""Message receiving: the actions of receipt rules, and the services they use."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import arns, formats
from pytest_ses.domain.receiving import arrivals, bounces, receipt_actions
from pytest_ses.domain.receiving.arrivals import ALL_PASS, BY_HEADERS
from pytest_ses.domain.receiving.receipt_actions import (
    TYPES,
    Action,
    AddHeaderAction,
    BounceAction,
    LambdaAction,
    S3Action,
    SnsAction,
    StopAction,
)
from pytest_ses.services import objects, publishers
from pytest_ses.services.clients import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from email.message import Message as ParsedMessage

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.receiving.arrivals import (
        ActionInput,
        Arrival,
        Envelope,
        Match,
        ScanVerdicts,
    )
    from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
    from pytest_ses.services.publishers import Services

    Lock = AbstractContextManager[Any]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

SUBJECT = "Amazon SES Email Receipt Notification"
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-sns.html
SNS_LIMIT = 150 * 1024
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
S3_LIMIT = 40 * 1024 * 1024


class TooLargeError(Exception):
    """A message is too large for an action; SES bounces it."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The result of one action of a receipt rule.

    Attributes:
        rule: the name of the rule.
        type: `S3`, `SNS`, `Lambda`, `Bounce`, `WorkMail`, `Stop`, `AddHeader` or `Connect`.
        recipients: the recipients that the rule applies to.
        action: the settings of the action.
        outcome: the location of the object, the disposition of the function, or the ID of the
            bounce message; `None` for other actions and where Lambda is not available.
        event: the event that the function was invoked with.
        told: the notification that was published to the topic; `None` without a topic, or if the
            action failed.
        error: the exception that made the action or its notification fail.
    """

    rule: str
    type: str
    recipients: tuple[str, ...]
    action: Action
    outcome: str | None = None
    event: Mapping[str, Any] | None = None
    told: Mapping[str, Any] | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """The result of receiving a message.

    Attributes:
        message_id: the ID that SES gave the message.
        recipients: the envelope recipients.
        unverified: the recipients for which SES does not accept messages, because their domains
            are not verified.
        blocked_by: the IP filter that blocked the message, if any.
        actions: the results of the actions, in order.
    """

    message_id: str
    recipients: tuple[str, ...]
    unverified: tuple[str, ...] = ()
    blocked_by: ReceiptFilter | None = None
    actions: tuple[ActionResult, ...] = ()


class _Flow(Enum):
    """What happens after an action."""

    CONTINUE = "CONTINUE"
    STOP_RULE = "STOP_RULE"
    STOP_RULE_SET = "STOP_RULE_SET"


class _Task(NamedTuple):
    """An action to run, and its input."""

    account: Account
    arrival: Arrival
    match: Match
    action: Any
    received: ActionInput
    services: Services
    lock: Lock


class _Result(NamedTuple):
    """The result of an action, and what happens after it."""

    outcome: str | None = None
    event: Mapping[str, Any] | None = None
    notification: Mapping[str, Any] | None = None
    error: Exception | None = None
    flow: _Flow = _Flow.CONTINUE


def receive(
    account: Account,
    message: bytes | str | ParsedMessage,
    envelope: Envelope = BY_HEADERS,
    verdicts: ScanVerdicts = ALL_PASS,
    *,
    services: Services,
    lock: Lock | None = None,
) -> ReceiveResult:
    """Receive a message and run the actions of the active rule set.

    `lock` is held while the account is read or changed, not while other services are called. If an
    action fails, its error is part of the result.

    Raises:
        TypeError: if the message is of the wrong type or the recipients are not a list of strings.
        ValueError: if the message has no recipient, or an address, the IP address or a verdict is
            invalid.
    """
    held = nullcontext() if lock is None else lock
    with held:
        arrival = arrivals.accept(account, _bytes(message), envelope, verdicts)
        blocked_by = arrivals.blocked_by(account, arrival)
        unverified = arrivals.unverified(account, arrival)
        matches = [] if blocked_by else arrivals.matches(account, arrival)
        if matches:
            arrivals.keep(account.arrivals, arrival)
    results = tuple(_run_actions(account, arrival, matches, services, held))
    return ReceiveResult(arrival.message_id, arrival.recipients, unverified, blocked_by, results)


def write_setup_notification(
    account: Account, bucket: str, key: str, message: bytes, services: Services
) -> None:
    """Write the setup notification to a bucket.

    Raises:
        Exception: any error of S3 or of its substitute.
    """
    _s3(account, services).put_object(Bucket=bucket, Key=key, Body=message)


def is_missing_bucket(account: Account, bucket: str, services: Services) -> bool:
    """Whether S3 is available and reports that the bucket does not exist."""
    return is_missing(lambda: _s3(account, services).head_bucket(Bucket=bucket))


def is_missing_function(arn: str, services: Services) -> bool:
    """Whether Lambda is available and reports that the function does not exist."""
    client = services.clients.client
    return is_missing(lambda: client("lambda", **arns.location(arn)).get_function(FunctionName=arn))


def _run_actions(
    account: Account, arrival: Arrival, matches: Sequence[Match], services: Services, lock: Lock
) -> Iterator[ActionResult]:
    added: list[tuple[str, str]] = []
    for match in matches:
        flow = _Flow.CONTINUE
        for action in match.rule.actions:
            received = arrivals.action_input(arrival, match, added)
            result = _run(_Task(account, arrival, match, action, received, services, lock))
            flow = result.flow
            yield ActionResult(
                rule=match.rule.name,
                type=TYPES[type(action)],
                recipients=match.recipients,
                action=action,
                outcome=result.outcome,
                event=result.event,
                told=result.notification,
                error=result.error,
            )
            if isinstance(action, AddHeaderAction):
                added.append((action.header_name, action.header_value))
            if flow is not _Flow.CONTINUE:
                break
        if flow is _Flow.STOP_RULE_SET:
            return


def _run(task: _Task) -> _Result:
    """Run an action and, if it succeeds, publish a notification to its topic."""
    try:
        result = _ACTIONS.get(type(task.action), _skip)(task)
    except Exception as error:  # noqa: BLE001  (a substitute for AWS may raise anything)
        return _Result(error=error)
    topic = receipt_actions.topic_of(task.action)
    if topic is None or result.error is not None:
        return result
    notification = arrivals.notification(task.arrival, task.match, task.action, task.received)
    try:
        publishers.notify(topic, task.services, formats.compact_json(notification), SUBJECT)
    except Exception as error:  # noqa: BLE001  (the same)
        return result._replace(notification=notification, error=error)
    return result._replace(notification=notification)


def _put(task: _Task) -> _Result:
    _check_size(task, S3_LIMIT)
    bucket = task.action.bucket_name
    key = receipt_actions.object_key(task.action, task.arrival.message_id)
    _s3(task.account, task.services).put_object(Bucket=bucket, Key=key, Body=task.received.raw)
    return _Result(f"s3://{bucket}/{key}")


def _publish(task: _Task) -> _Result:
    """Check the size only; `_run` publishes the notification of every action."""
    _check_size(task, SNS_LIMIT)
    return _Result()


def _invoke(task: _Task) -> _Result:
    """Invoke a function if Lambda is available; a synchronous result decides what happens next."""
    event = arrivals.lambda_event(task.arrival, task.match, task.action, task.received)
    location = arns.location(task.action.function_arn)
    if not task.services.clients.is_available("lambda", **location):
        return _Result(event=event)
    kind = task.action.invocation_type or "Event"
    try:
        response = task.services.clients.client("lambda", **location).invoke(
            FunctionName=task.action.function_arn,
            InvocationType=kind,
            Payload=formats.compact_json(event).encode(),
        )
        flow = _disposition(response) if kind == "RequestResponse" else _Flow.CONTINUE
    except Exception as error:  # noqa: BLE001  (a substitute for AWS may raise anything)
        return _Result(event=event, error=error)
    return _Result(flow.value, event, flow=flow)


def _disposition(response: Mapping[str, Any]) -> _Flow:
    payload = response["Payload"].read().decode("utf-8", "replace")
    if response.get("FunctionError"):
        raise RuntimeError(f"the function failed: {payload}")
    try:
        decision = json.loads(payload)
    except ValueError:
        return _Flow.CONTINUE
    disposition = decision.get("disposition") if isinstance(decision, dict) else None
    return _Flow.__members__.get(str(disposition).upper(), _Flow.CONTINUE)


def _bounce(task: _Task) -> _Result:
    with task.lock:
        message = bounces.send_for_action(
            task.account, task.arrival, task.match.recipients, task.action
        )
    return _Result(message.message_id)


def _stop(_task: _Task) -> _Result:
    return _Result(flow=_Flow.STOP_RULE_SET)


def _skip(_task: _Task) -> _Result:
    """Do nothing: WorkMail and Connect have no fake, and headers are added by `_run_actions`."""
    return _Result()


_ACTIONS: Mapping[type[Action], Callable[[_Task], _Result]] = {
    S3Action: _put,
    SnsAction: _publish,
    LambdaAction: _invoke,
    BounceAction: _bounce,
    StopAction: _stop,
}


def _check_size(task: _Task, limit: int) -> None:
    size = len(task.received.raw)
    if size > limit:
        kind = TYPES[type(task.action)]
        raise TooLargeError(
            f"the message has {size} bytes; the {kind} action accepts at most {limit}"
        )


def _bytes(message: bytes | str | ParsedMessage) -> bytes:
    if isinstance(message, bytes):
        return message
    if isinstance(message, str):
        return message.encode()
    if hasattr(message, "as_bytes"):
        return message.as_bytes()
    raise TypeError(f"mime={message!r} is invalid; expected bytes, a string or an EmailMessage")


def _s3(account: Account, services: Services) -> Any:
    return objects.s3(account, services.clients)
