"""Texts about SES in pytest's reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_ses.phrasing import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.markers import Plan

# How to fix an error that newcomers often see, by a part of its text.
_HINTS = {
    "Email address is not verified": (
        '(pytest-ses: verify the address with ses_backend.verify("example.com") or '
        '@pytest.mark.ses(verified=["example.com"]); "*" accepts every sender)'
    ),
}

# The maximum number of lines in a section.
_MAX_LINES = 20


class _Entry(Protocol):
    def summary(self) -> str: ...


def sections(backend: SESBackend, *, seed: str) -> Iterator[tuple[str, str]]:
    """Yield the title and text of each section in the report of a failed test."""
    yield "SES outbox", _latest(backend.outbox) or "nothing was sent"
    errors = [call.error for call in backend.calls if call.error]
    if errors or any(call.fault for call in backend.calls):
        hints = [hint for text, hint in _HINTS.items() if any(text in str(e) for e in errors)]
        yield "SES calls", "\n".join([_latest(backend.calls), *hints])
    if backend.undelivered:
        yield "SES undelivered events", _latest(backend.undelivered)
    rejected = [
        delivery
        for webhook in backend.webhooks
        for delivery in (*webhook.handshake, *webhook.deliveries)
        if not delivery.ok
    ]
    if rejected:
        yield "SES webhooks", _latest(rejected)
    if backend.rules:
        is_random = any("probability" in failure.options for failure in backend.rules)
        lines = [failure.summary() for failure in backend.rules]
        yield "SES planned failures", "\n".join([*lines, *([seed] if is_random else [])])


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


def _latest(entries: Sequence[_Entry]) -> str:
    """Return a line for each of the last entries."""
    hidden = len(entries) - _MAX_LINES
    earlier = [f"… and {hidden} earlier"] if hidden > 0 else []
    return "\n".join([*earlier, *(entry.summary() for entry in entries[-_MAX_LINES:])])
