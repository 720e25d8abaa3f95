"""What is said of a test that has SES in its hands? Texts for pytest's reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_ses.phrasing import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.markers import Plan

# What a newcomer may do about a refusal, by a part of its text.
_HINTS = {
    "Email address is not verified": (
        '(pytest-ses: make senders known with ses_backend.verify("example.com") or '
        '@pytest.mark.ses(verified=["example.com"]); "*" accepts every sender)'
    ),
}

# Lines that a section shows at the most.
_MOST_LINES = 20


class _Entry(Protocol):
    def summary(self) -> str: ...


def sections(backend: SESBackend, *, seed: str) -> Iterator[tuple[str, str]]:
    """The sections of a failed test: what was sent, refused, not delivered and planned."""
    yield "SES outbox", _latest(backend.outbox) or "nothing was sent"
    refused = [call.error for call in backend.calls if call.error]
    if refused or any(call.fault for call in backend.calls):
        hints = [hint for text, hint in _HINTS.items() if any(text in str(e) for e in refused)]
        yield "SES calls", "\n".join([_latest(backend.calls), *hints])
    if backend.undelivered:
        yield "SES undelivered events", _latest(backend.undelivered)
    refused_posts = [
        delivery
        for webhook in backend.webhooks
        for delivery in (*webhook.handshake, *webhook.deliveries)
        if not delivery.ok
    ]
    if refused_posts:
        yield "SES webhooks", _latest(refused_posts)
    if backend.rules:
        drawn = any("probability" in rule.words for rule in backend.rules)
        lines = [rule.summary() for rule in backend.rules]
        yield "SES planned failures", "\n".join([*lines, *([seed] if drawn else [])])


def rendering_failures(backend: SESBackend) -> str | None:
    """What to say of mails that could not be rendered, None if there are none."""
    failed = [message for message in backend.outbox if message.rendering_error]
    if not failed:
        return None
    lines = "\n".join(f"  {message.summary()}" for message in failed[:_MOST_LINES])
    return (
        f"SES accepted {counted(failed, 'templated mail')} that could not be rendered, and would "
        f"deliver nothing:\n{lines}\n"
        "Give the missing attributes; or set ses_rendering_failures = ignore, or for one test "
        '@pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning").'
    )


def unused_faults(backend: SESBackend, *, case: Plan | None) -> str | None:
    """What to say of planned failures that did not happen, None if there are none.

    `case` is the error that this run of the test is for, if it is for one.
    """
    unused = backend.unused_faults()
    if not unused:
        return None
    lines = "\n".join(f"  {line}" for text in unused for line in text.splitlines())
    of_one_api = ""
    if case and ":" not in case.args[0] and f"fail({case.args[0]!r}, {case.id!r}" in lines:
        of_one_api = (
            "The marker ses_each_error takes the errors of both APIs; name one: "
            f'"sesv2:{case.args[0]}".\n'
        )
    return (
        f"What was planned to fail did not, or not as often:\n{lines}\n{of_one_api}"
        "Mend the plan or the code; or, if both are right, plan it with optional=True, or set "
        "ses_unused_faults = warn or ignore for all tests."
    )


def _latest(entries: Sequence[_Entry]) -> str:
    """A line for each of the last entries."""
    hidden = len(entries) - _MOST_LINES
    head = [f"… and {hidden} before these"] if hidden > 0 else []
    return "\n".join([*head, *(entry.summary() for entry in entries[-_MOST_LINES:])])
