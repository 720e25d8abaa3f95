"""How is mail received? By the rules of the account, whose actions services out to other services."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import arns, formats
from pytest_ses.domain.receiving import arrivals, bounces, receipt_actions
from pytest_ses.domain.receiving.arrivals import SOURCE_IP, ScanVerdicts
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
from pytest_ses.services.clients import says_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from email.message import Message as ParsedMail

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.receiving.arrivals import Arrival, Match
    from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
    from pytest_ses.services.publishers import Services

    Lock = AbstractContextManager[Any]

SUBJECT = "Amazon SES Email Receipt Notification"
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-sns.html
SNS_LIMIT = 150 * 1024
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
S3_LIMIT = 40 * 1024 * 1024


class TooLargeError(Exception):
    """A mail that is too large for an action; SES lets it bounce."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """An action that was taken.

    Attributes:
        rule: the name of the rule.
        type: `S3`, `SNS`, `Lambda`, `Bounce`, `WorkMail`, `Stop`, `AddHeader` or `Connect`.
        recipients: those whom the rule is about.
        action: the settings of the action.
        outcome: what came of it: where the object lies, the disposition of the function, the id of
            the bounce mail. A function that nobody answered for has none.
        event: what the function was invoked with.
        told: what the topic was told; None without a topic, or where the action failed.
        error: what went wrong.
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
    """What became of a mail that came in.

    Attributes:
        message_id: the id that SES gave it.
        recipients: whom it was for.
        unverified: those of them for whom SES takes no mail, as their domains are not verified.
        blocked_by: the IP filter that kept it out.
        actions: what was done, in order.
    """

    message_id: str
    recipients: tuple[str, ...]
    unverified: tuple[str, ...] = ()
    blocked_by: ReceiptFilter | None = None
    actions: tuple[ActionResult, ...] = ()


class _Flow(Enum):
    """What an action lets happen next."""

    CONTINUE = "CONTINUE"
    STOP_RULE = "STOP_RULE"
    STOP_RULE_SET = "STOP_RULE_SET"


class _Job(NamedTuple):
    """An action to take."""

    account: Account
    arrival: Arrival
    match: Match
    action: Any
    raw: bytes
    services: Services
    lock: Lock


class _Result(NamedTuple):
    """What came of an action."""

    outcome: str | None = None
    event: Mapping[str, Any] | None = None
    told: Mapping[str, Any] | None = None
    error: Exception | None = None
    flow: _Flow = _Flow.CONTINUE


def receive(
    account: Account,
    mime: bytes | str | ParsedMail,
    *,
    recipients: Sequence[str] | None = None,
    sender: str | None = None,
    source_ip: str = SOURCE_IP,
    spam: str = "PASS",
    virus: str = "PASS",
    spf: str = "PASS",
    dkim: str = "PASS",
    dmarc: str = "PASS",
    services: Services,
    lock: Lock | None = None,
) -> ReceiveResult:
    """Let a mail come in, and do what the rules of the active rule set say.

    `lock` is held while the account is asked or changed, and not while other services are called.
    An action that fails is in the result, with its error.

    Raises:
        ValueError: nobody is to get the mail, or a verdict or the IP address is none.
    """
    held = nullcontext() if lock is None else lock
    with held:
        arrival = arrivals.accept(
            account,
            _bytes(mime),
            recipients=recipients,
            sender=sender,
            source_ip=source_ip,
            verdicts=ScanVerdicts(spam, virus, spf, dkim, dmarc),
        )
        blocked_by = arrivals.blocked_by(account, arrival)
        unverified = arrivals.unverified(account, arrival)
        matches = [] if blocked_by else arrivals.matches(account, arrival)
        if matches:
            arrivals.keep(account.arrivals, arrival)
    done = tuple(_performed(account, arrival, matches, services, held))
    return ReceiveResult(arrival.message_id, arrival.recipients, unverified, blocked_by, done)


def validate_bucket(
    account: Account, bucket: str, key: str, mail: bytes, services: Services
) -> None:
    """Put the mail of the set-up into a bucket.

    Raises:
        Exception: whatever goes wrong there.
    """
    _s3(account, services).put_object(Bucket=bucket, Key=key, Body=mail)


def is_missing_bucket(account: Account, bucket: str, services: Services) -> bool:
    """Whether something answers for S3 and says that there is no such bucket."""
    return says_missing(lambda: _s3(account, services).head_bucket(Bucket=bucket))


def is_missing_function(arn: str, services: Services) -> bool:
    """Whether something answers for Lambda and says that there is no such function."""
    client = services.clients.client
    return says_missing(lambda: client("lambda", **arns.place(arn)).get_function(FunctionName=arn))


def _performed(
    account: Account, arrival: Arrival, matches: Sequence[Match], services: Services, lock: Lock
) -> Iterator[ActionResult]:
    added: list[tuple[str, str]] = []
    for match in matches:
        flow = _Flow.CONTINUE
        for action in match.rule.actions:
            raw = arrivals.accepted(arrival, match, added)
            result = _taken(_Job(account, arrival, match, action, raw, services, lock))
            flow = result.flow
            yield ActionResult(
                rule=match.rule.name,
                type=TYPES[type(action)],
                recipients=match.recipients,
                action=action,
                outcome=result.outcome,
                event=result.event,
                told=result.told,
                error=result.error,
            )
            if isinstance(action, AddHeaderAction):
                added.append((action.header_name, action.header_value))
            if flow is not _Flow.CONTINUE:
                break
        if flow is _Flow.STOP_RULE_SET:
            return


def _taken(job: _Job) -> _Result:
    """Take an action, and tell its topic of it once that has worked."""
    try:
        result = _ACTIONS.get(type(job.action), _recorded)(job)
    except Exception as error:  # noqa: BLE001  (whatever stands in for AWS)
        return _Result(error=error)
    topic = receipt_actions.topic_of(job.action)
    if topic is None or result.error is not None:
        return result
    told = arrivals.notification(job.arrival, job.match, job.action, job.raw)
    try:
        publishers.notify(topic, job.services, formats.compact_json(told), SUBJECT)
    except Exception as error:  # noqa: BLE001  (the same)
        return result._replace(told=told, error=error)
    return result._replace(told=told)


def _put(job: _Job) -> _Result:
    _check_size(job, S3_LIMIT)
    bucket = job.action.bucket_name
    key = receipt_actions.object_key(job.action, job.arrival.message_id)
    _s3(job.account, job.services).put_object(Bucket=bucket, Key=key, Body=job.raw)
    return _Result(f"s3://{bucket}/{key}")


def _publish(job: _Job) -> _Result:
    """That the topic is told is all there is to do."""
    _check_size(job, SNS_LIMIT)
    return _Result()


def _invoke(job: _Job) -> _Result:
    """Invoke a function, if something answers for it; what it is asked for a decision decides."""
    event = arrivals.lambda_event(job.arrival, job.match, job.action, job.raw)
    place = arns.place(job.action.function_arn)
    if not job.services.clients.answered("lambda", **place):
        return _Result(event=event)
    kind = job.action.invocation_type or "Event"
    try:
        answer = job.services.clients.client("lambda", **place).invoke(
            FunctionName=job.action.function_arn,
            InvocationType=kind,
            Payload=formats.compact_json(event).encode(),
        )
        flow = _disposition(answer) if kind == "RequestResponse" else _Flow.CONTINUE
    except Exception as error:  # noqa: BLE001  (whatever stands in for AWS, or the function)
        return _Result(event=event, error=error)
    return _Result(flow.value, event, flow=flow)


def _disposition(answer: Mapping[str, Any]) -> _Flow:
    payload = answer["Payload"].read().decode("utf-8", "replace")
    if answer.get("FunctionError"):
        raise RuntimeError(f"the function failed: {payload}")
    try:
        said = json.loads(payload)
    except ValueError:
        return _Flow.CONTINUE
    word = said.get("disposition") if isinstance(said, dict) else None
    return _Flow.__members__.get(str(word).upper(), _Flow.CONTINUE)


def _bounce(job: _Job) -> _Result:
    with job.lock:
        message = bounces.answer(job.account, job.arrival, job.match.recipients, job.action)
    return _Result(message.message_id)


def _stop(_job: _Job) -> _Result:
    return _Result(flow=_Flow.STOP_RULE_SET)


def _recorded(_job: _Job) -> _Result:
    """Nothing to do outside: there is no fake of WorkMail or Connect, and a header is kept."""
    return _Result()


_ACTIONS: Mapping[type[Action], Callable[[_Job], _Result]] = {
    S3Action: _put,
    SnsAction: _publish,
    LambdaAction: _invoke,
    BounceAction: _bounce,
    StopAction: _stop,
}


def _check_size(job: _Job, limit: int) -> None:
    size = len(job.raw)
    if size > limit:
        kind = TYPES[type(job.action)]
        raise TooLargeError(f"the mail has {size} bytes; the {kind} action takes {limit} at most")


def _bytes(mime: bytes | str | ParsedMail) -> bytes:
    if isinstance(mime, bytes):
        return mime
    return mime.encode() if isinstance(mime, str) else mime.as_bytes()


def _s3(account: Account, services: Services) -> Any:
    return objects.s3(account, services.clients)
