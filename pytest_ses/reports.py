"""Texts about SES in pytest's reports."""

from __future__ import annotations

import textwrap
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pytest_ses import excerpts, hints
from pytest_ses.phrasing import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.calls import Call
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.markers import Plan
    from pytest_ses.webhooks import Delivery

# The title of the section with hints.
HINTS = "SES hints"
# The title of the section with calls.
CALLS = "SES calls"

# The maximum number of lines in a section.
_MAX_LINES = 20
_MAX_TRACEBACKS = 3
# The frames between a webhook and its endpoint are in files of this folder.
_WEBHOOKS = str(Path(__file__).with_name("webhooks"))


class _Entry(Protocol):
    def summary(self) -> str: ...


def sections(
    backend: SESBackend, *, seed: str, error: str, show: int | None
) -> Iterator[tuple[str, str]]:
    """Yield the title and text of each section in the report of a failed test.

    Planned failures that are all in the `error` of the test are not repeated. For `show`, see
    `messages`.
    """
    yield "SES outbox", messages(backend.outbox, show=show) or _nothing_sent(backend.calls)
    if any(call.error or call.fault for call in backend.calls):
        yield CALLS, _latest(backend.calls)
    if backend.undelivered:
        yield "SES undelivered events", _latest(backend.undelivered)
    rejected = [delivery for delivery in _deliveries(backend) if not delivery.ok]
    if rejected:
        yield "SES webhooks", "\n".join([_latest(rejected), *_tracebacks(rejected)])
    if backend.rules:
        is_random = any("probability" in failure.options for failure in backend.rules)
        unused = iter(backend.unused_faults())
        lines = [next(unused) if rule.unmet else rule.summary() for rule in backend.rules]
        text = "\n".join([*lines, *([seed] if is_random else [])])
        if any(line not in error for line in text.splitlines()):
            yield "SES planned failures", text
    if found := hints.of_test(backend):
        yield HINTS, listed(found)


def messages(sent: Sequence[Message], *, show: int | None) -> str:
    """Return a line for each of the last messages, and the texts and events of the very last ones.

    `show` is the number of messages with texts and events, or None for all.
    """
    count = len(sent) if show is None else min(show, len(sent))
    start = len(sent) - count
    texts = [_latest(sent[:start], max(_MAX_LINES - count, 0))]
    for message in sent[start:]:
        texts += [
            message.summary(),
            excerpts.excerpt(message.text, message.html),
            excerpts.events(message.events),
        ]
    return "\n".join(filter(None, texts))


def listed(texts: Sequence[str]) -> str:
    """Return texts as a list."""
    return "\n".join(f"* {text}" for text in texts)


def chaos(requests: Sequence[Call], *, line: str, others: Sequence[tuple[str, str]]) -> str:
    """Return a text about the requests that failed at random, and the command line that repeats it.

    They are not listed if the other sections of the report show all of them.
    """
    shown = "\n".join(text for title, text in others if title == CALLS)
    is_shown = all(request.summary() in shown for request in requests)
    where = f"; see {CALLS}" if is_shown else f":\n{_latest(requests)}"
    failed = f"{counted(requests, 'request')} failed at random{where}"
    return f"{failed}\nTo repeat this exactly: {line}"


def rendering_failures(backend: SESBackend) -> str | None:
    """Return a text about the messages that could not be rendered, or None."""
    failed = [message for message in backend.outbox if message.rendering_error]
    if not failed:
        return None
    lines = "\n".join(f"  {message.summary()}" for message in failed[:_MAX_LINES])
    return (
        f"SES accepted {counted(failed, 'templated message')} that could not be rendered and would "
        f"not be delivered:\n{lines}\n"
        "Add the missing template data. To ignore rendering failures, set ses_rendering_failures = "
        "ignore or, for one test, use "
        '@pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning").'
    )


def webhook_errors(backend: SESBackend) -> str | None:
    """Return a text about the exceptions that endpoints raised, with their tracebacks, or None."""
    failed = [delivery for delivery in _deliveries(backend) if _raised(delivery)]
    if not failed:
        return None
    lines = "\n".join(f"  {delivery.summary()}" for delivery in failed[:_MAX_LINES])
    tracebacks = "\n".join(_tracebacks(failed))
    return (
        f"The endpoint of a webhook raised an exception in {counted(failed, 'attempt')}:\n{lines}\n"
        f"{tracebacks}\n"
        "Fix the endpoint. To ignore its exceptions, set ses_webhook_errors = ignore or, for one test, "
        'use @pytest.mark.filterwarnings("ignore::pytest_ses.WebhookErrorWarning").'
    )


def unused_faults(backend: SESBackend, *, case: Plan | None) -> str | None:
    """Return a text about the planned failures that did not happen, or None.

    `case` is the plan of the marker `ses_each_error` for this run of the test, if there is one.
    """
    unused = backend.unused_faults()
    if not unused:
        return None
    lines = "\n".join(f"  {line}" for text in unused for line in text.splitlines())
    hint = ""
    if case and ":" not in case.args[0] and f"fail({case.args[0]!r}, {case.id!r}" in lines:
        hint = (
            "The marker ses_each_error plans the errors of both APIs. To plan those of one API, name "
            f'it: "sesv2:{case.args[0]}".\n'
        )
    return (
        f"These planned failures did not happen, or not often enough:\n{lines}\n{hint}"
        "Fix the plan or the code under test. If a failure need not happen, plan it with "
        "optional=True; to change the check for all tests, set ses_unused_faults to warn or ignore."
    )


def _nothing_sent(calls: Sequence[Call]) -> str:
    if not calls:
        return (
            "nothing was sent, and SES was not called; code in another process needs ses_endpoint"
        )
    return hints.nothing_sent(calls)


def _latest(entries: Sequence[_Entry], count: int = _MAX_LINES) -> str:
    """Return a line for each of the last entries."""
    hidden = max(len(entries) - count, 0)
    earlier = [f"… and {hidden} earlier"] if hidden else []
    return "\n".join([*earlier, *(entry.summary() for entry in entries[hidden:])])


def _deliveries(backend: SESBackend) -> list[Delivery]:
    return [
        delivery
        for webhook in backend.webhooks
        for delivery in (*webhook.handshake, *webhook.deliveries)
    ]


def _raised(delivery: Delivery) -> bool:
    """Whether the endpoint raised an exception."""
    return delivery.error is not None and delivery.attempt > 0


def _tracebacks(deliveries: Sequence[Delivery]) -> list[str]:
    """Return the tracebacks of the last exceptions that endpoints raised, each once."""
    errors = [delivery.error for delivery in deliveries if _raised(delivery)]
    texts = dict.fromkeys(_traceback(error) for error in errors if error is not None)
    return [textwrap.indent(text, "    ") for text in [*texts][-_MAX_TRACEBACKS:]]


def _traceback(error: BaseException) -> str:
    """Return the traceback of an exception from the endpoint on."""
    shown = traceback.TracebackException.from_exception(error)
    own = [n for n, frame in enumerate(shown.stack) if frame.filename.startswith(_WEBHOOKS)]
    del shown.stack[: max(own) + 1]
    return "".join(shown.format()).rstrip()
