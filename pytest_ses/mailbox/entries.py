"""The entry of a test in the mailbox page, as JSON."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.domain import mime
from pytest_ses.mailbox import parts, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.calls import Call
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mime import Attachment
    from pytest_ses.faults.planned import PlannedFailure

MAX_MESSAGES = 10_000
"""How many messages a page contains; further ones are only counted."""

MAX_ATTACHMENT = 1_000_000
"""The largest attachment, in bytes, that a page contains."""

MAX_SOURCE = 256 * 1024
"""How many bytes of a message's source a page contains."""

_PRINTABLE_LINES = re.compile(rb"(?:[!-9;-~]+:[\t -~]*\r\n)+\r\n")
_MAX_PARAMETER = 500  # characters of a parameter of a call, such as the text of a message


class Budget:
    """How many messages may still be included; shared by all tests of a process."""

    def __init__(self, messages: int = MAX_MESSAGES) -> None:
        self.messages = messages

    def take(self, count: int) -> int:
        """Return how many of `count` messages may be included, and subtract them."""
        taken = min(count, self.messages)
        self.messages -= taken
        return taken


class Activity(NamedTuple):
    """What a test did with a backend.

    Attributes:
        messages: the messages it sent.
        calls: its calls.
        failures: the failures it planned.
        sleeps: the waits between its attempts, in seconds.
    """

    messages: Sequence[Message]
    calls: Sequence[Call]
    failures: Sequence[PlannedFailure] = ()
    sleeps: Sequence[float] = ()


def activity(backend: SESBackend) -> Activity:
    """Return everything that was done with a backend."""
    return Activity(
        list(backend.outbox), list(backend.calls), backend.rules, list(backend.clock.sleeps)
    )


def of_test(
    backends: Iterable[SESBackend | Activity],
    *,
    nodeid: str,
    outcome: str,
    duration: float = 0.0,
    error: str | None = None,
    budget: Budget | None = None,
) -> dict[str, Any]:
    """Return the entry of a test.

    Args:
        backends: the backends of the test, or what it did with them.
        nodeid: the node ID of the test.
        outcome: `passed`, `failed`, `error`, `skipped`, `xfailed`, `xpassed` or `running`.
        duration: how long it took, in seconds.
        error: the text of its failure.
        budget: how many messages may be included; by default, `MAX_MESSAGES`.
    """
    budget = budget or Budget()
    omitted = {"messages": 0, "attachments": 0}
    messages: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for source in backends:
        done = source if isinstance(source, Activity) else activity(source)
        included = done.messages[: budget.take(len(done.messages))]
        messages += [_message(message) for message in included]
        omitted["messages"] += len(done.messages) - len(included)
        calls += _calls(done)
        failures += [
            {**views.failure(failure, number), "unmet": failure.unmet}
            for number, failure in enumerate(done.failures, start=1)
        ]
    omitted["attachments"] = sum(
        file["data"] is None for message in messages for file in message["attachments"]
    )
    return {
        "nodeid": nodeid,
        "outcome": outcome,
        "duration": duration,
        "error": error,
        "messages": messages,
        "calls": calls,
        "failures": failures,
        "omitted": omitted,
    }


def _message(sent: Message) -> dict[str, Any]:
    raw, template = sent.raw, sent._template_parts
    return {
        **views.message_alone(sent),
        "attachments": [_attachment(file) for file in sent.attachments],
        "events": [
            {**views.event_of_message(event), "detail": event.detail} for event in sent.events
        ],
        "headers": _headers(raw),
        "raw": _text(raw[:MAX_SOURCE]),
        "size": len(raw),
        "parts": parts.tree(raw) if raw else None,
        "template": template and template._asdict(),
        "verified": _verified(sent) if sent.html else [],
    }


def _headers(raw: bytes) -> list[tuple[str, str]] | None:
    """Return the decoded headers, or None if the page can read them in the source.

    It can if each is one line without encoded words, as in most messages. With all headers twice, the
    page of most runs would be larger by a sixth.
    """
    lines = _PRINTABLE_LINES.match(raw, 0, MAX_SOURCE)
    if lines and b"=?" not in lines[0]:
        return None
    return [(name, mime.decode_header(value)) for name, value in mime.fields(raw)]


def _attachment(file: Attachment) -> dict[str, Any]:
    fits = len(file.content) <= MAX_ATTACHMENT
    return {
        **views.attachment(file),
        "content_id": file.content_id,
        "inline": file.inline,
        "data": base64.b64encode(file.content).decode("ascii") if fits else None,
    }


def _verified(sent: Message) -> list[str]:
    """Return the verified domains and addresses of the account that sent a message."""
    account: Any = sent._account
    return [identity.name for identity in account.identities.values() if identity.verified]


def _calls(done: Activity) -> list[dict[str, Any]]:
    """Return the calls, each with the time that the client waited before it."""
    waits = _waits(done.calls, done.sleeps)
    return [
        {
            **views.call(call, value=_shortened),
            "waited": waits.get(number),
        }
        for number, call in enumerate(done.calls)
    ]


def _waits(calls: Sequence[Call], sleeps: Sequence[float]) -> dict[int, float]:
    """Return the wait before each repeated attempt, by the number of the call.

    The clock only knows the lengths of the waits, in order. They are left out if the calls do not
    have the same number of repeated attempts, because a test can wait too.
    """
    if not sleeps:
        return {}
    repeated = [number for number, call in enumerate(calls) if call.attempt > 1]
    return dict(zip(repeated, sleeps, strict=True)) if len(repeated) == len(sleeps) else {}


def _shortened(value: Any) -> Any:
    """Return parameters or a response as JSON, without most of what messages contain."""
    if isinstance(value, str):
        rest = len(value) - _MAX_PARAMETER
        return value if rest <= 0 else f"{value[:_MAX_PARAMETER]}… ({rest} more characters)"
    if isinstance(value, dict):
        return {name: _shortened(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shortened(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return f"({len(value)} bytes)"
    return views.json_value(value)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
