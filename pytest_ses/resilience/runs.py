"""The calls and messages of one run of a test, on all backends."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_ses import api, backend as backends, dispatcher
from pytest_ses.backend import Position
from pytest_ses.faults.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_ses.backend import SESBackend
    from pytest_ses.calls import Call
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.origins import Origin


@dataclass
class RecordedCall:
    """A call with all of its attempts.

    Attributes:
        target: the API and the operation.
        is_of_test: whether it is the test's own, and not one of the code under test.
        has_response: whether SES processed one of the attempts.
        was_rejected: whether the last attempt ended with an error.
        is_planned: whether a planned failure of the test applied to an attempt.
    """

    target: Target
    is_of_test: bool
    has_response: bool = False
    was_rejected: bool = False
    is_planned: bool = False

    @property
    def is_left_out(self) -> bool:
        """Whether the code under test made it, but it is not to fail because it had a failure anyway.

        The test expects this failure, so another one would only show that it expects no other.
        """
        return not self.is_of_test and (self.was_rejected or self.is_planned)


class RunRecorder:
    """Records one run of a test after another.

    Attributes:
        calls: the calls of the run, in the order of their first attempts.
        sent: how often each recipient was sent each message, as recipient, subject and content.
    """

    def __init__(self) -> None:
        self.calls: list[RecordedCall] = []
        self.sent: Counter[tuple[object, ...]] = Counter()
        self._by_invocation: dict[object, RecordedCall] = {}
        self._starts: dict[SESBackend, Position] = {}
        self._is_recording = False

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Observe the calls and backends of this process."""
        dispatcher.observers.append(self._observe)
        backends.observers.append(self)
        try:
            yield
        finally:
            dispatcher.observers.remove(self._observe)
            backends.observers.remove(self)

    def start(self) -> None:
        """Begin with a run."""
        self.calls, self.sent, self._by_invocation = [], Counter(), {}
        self._resume()

    def stop(self) -> None:
        """End the run."""
        self._count_messages()
        self._starts = {}
        self._is_recording = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out what happens in a `with` statement of the run."""
        self._count_messages()
        self._is_recording = False
        try:
            yield
        finally:
            self._resume()

    def entered(self, backend: SESBackend) -> None:
        """Record a backend from now on; see `pytest_ses.backend.Observer`."""
        if self._is_recording:
            self._starts[backend] = Position()

    def resets(self, backend: SESBackend) -> None:
        """Count the messages that a reset would delete; see `pytest_ses.backend.Observer`."""
        if backend in self._starts:
            self._count(backend)
            self._starts[backend] = Position()

    def _resume(self) -> None:
        self._starts = {backend: backend._position() for backend in backends.active}
        self._is_recording = True

    def _observe(self, call: Call, origin: Origin) -> None:
        if not self._is_recording or call.operation not in api.model(call.service).operations:
            return
        recorded = self._by_invocation.get(origin.invocation)
        if recorded is None:
            recorded = RecordedCall(Target(call.service, call.operation), origin.is_of_test)
            self.calls.append(recorded)
            if origin.invocation is not None:
                self._by_invocation[origin.invocation] = recorded
        recorded.has_response |= call.response is not None
        recorded.was_rejected = call.error is not None
        recorded.is_planned |= call.fault is not None

    def _count_messages(self) -> None:
        for backend in self._starts:
            self._count(backend)
        self._starts = {}

    def _count(self, backend: SESBackend) -> None:
        messages, _, _ = backend._since(self._starts[backend])
        for message in messages:
            # One that cannot be rendered is never delivered.
            if not message.rendering_error:
                content = _content(message)
                self.sent.update((recipient, *content) for recipient in message.recipients)


def sent_twice(sent: Counter[tuple[object, ...]], ordinary: Counter[tuple[object, ...]]) -> bool:
    """Whether a recipient has a message more than once, and more often than in the ordinary run."""
    return any(count > max(1, ordinary[message]) for message, count in sent.items())


def _content(message: Message) -> tuple[object, ...]:
    attachments = tuple(
        (attachment.filename, attachment.content) for attachment in message.attachments
    )
    return message.subject, message.text, message.html, attachments
