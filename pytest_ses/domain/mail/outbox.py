"""The outbox, and the selection of messages from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, overload

from pytest_ses.domain import addresses, matching
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.matching import AddressMatch, ItemsMatch, Term, ValueMatch
from pytest_ses.phrasing import counted, with_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Unpack

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_SHOWN = 3


class MessageMatch(TypedDict, total=False):
    """The keyword arguments that select messages; see `Outbox`."""

    to: AddressMatch
    cc: AddressMatch
    bcc: AddressMatch
    recipient: AddressMatch
    sender: AddressMatch
    subject: ValueMatch | None
    template_name: ValueMatch | None
    configuration_set: ValueMatch | None
    tags: ItemsMatch


class Outbox(Sequence[Message]):
    """The messages that SES accepted, in sending order.

    `filter` and `one` accept the keyword arguments `to`, `cc`, `bcc`, `recipient` (any address of
    the envelope), `sender`, `subject`, `template_name`, `configuration_set` and `tags`. Each is a
    value, a compiled pattern (its `search` method is used) or a predicate. Addresses are compared
    without display names and ignoring the case of the domain. One address, pattern or predicate
    must match at least one address of the message; a list, tuple or set must contain exactly the
    addresses of the message, in any order; a string that is not an address is an error. `tags` matches a message that has at least these tags;
    its values can also be patterns or predicates.
    """

    def __init__(
        self, messages: list[Message], *, when_empty: Callable[[], str] = lambda: "nothing was sent"
    ) -> None:
        self._messages = messages
        self._when_empty = when_empty

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> Outbox: ...
    def __getitem__(self, index: int | slice) -> Message | Outbox:
        if isinstance(index, slice):
            return Outbox(self._messages[index], when_empty=lambda: "the slice is empty")
        try:
            return self._messages[index]
        except IndexError:
            if self._messages:
                sent = counted(self._messages, "message")
                msg = f"index {index} is out of range; the outbox has {sent}"
            else:
                msg = f"expected a message, but {self._when_empty()}"
            raise IndexError(msg) from None

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    def __repr__(self) -> str:
        return f"<Outbox of {counted(self._messages, 'message')}{_listing(self._messages)}>"

    @property
    def last(self) -> Message:
        """The message sent last.

        Raises:
            AssertionError: if the outbox is empty.
        """
        if not self._messages:
            raise AssertionError(f"expected a message, but {self._when_empty()}")
        return self._messages[-1]

    def filter(self, **match: Unpack[MessageMatch]) -> Outbox:
        """Return the matching messages, as an outbox to which later messages are not added."""
        terms = _terms(match)
        matching_messages = [
            message for message in self if all(term.matches(message) for term in terms)
        ]
        return Outbox(
            matching_messages,
            when_empty=lambda: f"no message has {matching.describe_terms(terms)}",
        )

    def one(self, **match: Unpack[MessageMatch]) -> Message:
        """Return the only message that matches.

        Raises:
            AssertionError: if no message or more than one matches; the error shows why.
        """
        matches, terms = self.filter(**match), _terms(match)
        if len(matches) != 1:
            raise AssertionError(_mismatch_report(self, matches, terms, self._when_empty()))
        return matches[0]


def _terms(match: Mapping[str, object]) -> list[Term]:
    for argument in match:
        if argument not in _CRITERIA:
            raise TypeError(with_nearest(f"unknown argument {argument!r}", argument, _CRITERIA))
        if _CRITERIA[argument][1] is matching.has_address:
            matching.check_addresses(argument, match[argument])
    return [Term(argument, expected, *_CRITERIA[argument]) for argument, expected in match.items()]


def _bare(texts: Iterable[str]) -> list[str]:
    return [addresses.bare(text) for text in texts]


_CRITERIA: Mapping[str, tuple[Callable[[Message], Any], Callable[[Any, Any], bool]]] = {
    "to": (lambda message: _bare(message.to), matching.has_address),
    "cc": (lambda message: _bare(message.cc), matching.has_address),
    "bcc": (lambda message: _bare(message.bcc), matching.has_address),
    "recipient": (lambda message: message.recipients, matching.has_address),
    "sender": (lambda message: [message.sender], matching.has_address),
    "subject": (lambda message: message.subject, matching.matches_value),
    "template_name": (lambda message: message.template_name, matching.matches_value),
    "configuration_set": (lambda message: message.configuration_set, matching.matches_value),
    "tags": (lambda message: message.tags, matching.has_items),
}


def _mismatch_report(
    outbox: Outbox, matches: Outbox, terms: Sequence[Term], when_empty: str
) -> str:
    expected = f"expected one message{' with ' if terms else ''}{matching.describe_terms(terms)}"
    if not outbox:
        return f"{expected}, but {when_empty}"
    sent = counted(outbox, "message")
    if matches:
        return f"{expected}, but {len(matches)} of {sent} match:{_listing(matches)}"
    closest = matching.closest_first(outbox, terms)[:_SHOWN]
    differences = "".join(_difference(message, terms) for message in closest)
    if len(outbox) == 1:
        return f"{expected}, but the only message does not match:{differences}"
    return f"{expected}, but none of the {sent} matches. The closest:{differences}{_more(outbox)}"


def _difference(message: Message, terms: Sequence[Term]) -> str:
    differences = [term.difference(message) for term in terms if not term.matches(message)]
    return "".join([f"\n  {message!r}", *(f"\n    {line}" for line in differences)])


def _listing(messages: Sequence[Message]) -> str:
    return "".join(f"\n  {message!r}" for message in messages[:_SHOWN]) + _more(messages)


def _more(messages: Sequence[Message]) -> str:
    return f"\n  … and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
