"""Which message did the test mean?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from pytest_ses.domain import addresses, matching
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.matching import Term
from pytest_ses.phrasing import counted, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHOWN = 3


class Outbox(Sequence[Message]):
    """The messages that SES accepted, in sending order.

    Match words are `to`, `cc`, `bcc`, `recipient` (anyone in the envelope), `sender`, `subject`,
    `template_name`, `configuration_set` and `tags`. Each is an equal value, a compiled pattern, which
    is searched for, or a predicate. Addresses are compared bare, their domain in any case: one
    address, pattern or predicate has to fit one of several, a list, tuple or set has to be all of
    them in any order. `tags` is a subset, its values again equal values, patterns or predicates.
    """

    def __init__(self, messages: list[Message], *, when_empty: str = "nothing was sent") -> None:
        self._messages = messages
        self._when_empty = when_empty

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> Outbox: ...
    def __getitem__(self, index: int | slice) -> Message | Outbox:
        if isinstance(index, slice):
            return Outbox(self._messages[index], when_empty="the slice is empty")
        return self._messages[index]

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    def __repr__(self) -> str:
        return f"<Outbox of {counted(self._messages, 'message')}{_listing(self._messages)}>"

    @property
    def last(self) -> Message:
        """The message sent last, or an `AssertionError`."""
        __tracebackhide__ = True
        if not self._messages:
            raise AssertionError(f"expected a message, but {self._when_empty}")
        return self._messages[-1]

    def filter(self, **match: Any) -> Outbox:
        """The messages that match, as an outbox that no longer grows."""
        terms = _terms(match)
        found = [message for message in self if all(term.fits(message) for term in terms)]
        return Outbox(found, when_empty=f"no message has {matching.phrase(terms)}")

    def one(self, **match: Any) -> Message:
        """The one message that matches; none or several are an `AssertionError` that shows why."""
        __tracebackhide__ = True
        found, terms = self.filter(**match), _terms(match)
        if len(found) != 1:
            raise AssertionError(_complaint(self, found, terms, self._when_empty))
        return found[0]


def _terms(match: Mapping[str, Any]) -> list[Term]:
    for word in match:
        if word not in _WORDS:
            raise TypeError(_unknown(word))
    return [Term(word, expected, *_WORDS[word]) for word, expected in match.items()]


def _unknown(word: str) -> str:
    meant = nearest(word, _WORDS)
    advice = f"; did you mean {meant!r}?" if meant else "."
    return f"a message cannot be matched by {word!r}{advice} The words are {', '.join(_WORDS)}."


def _bare(texts: Iterable[str]) -> list[str]:
    return [addresses.bare(text) for text in texts]


_WORDS: Mapping[str, tuple[Callable[[Message], Any], Callable[[Any, Any], bool]]] = {
    "to": (lambda message: _bare(message.to), matching.has_address),
    "cc": (lambda message: _bare(message.cc), matching.has_address),
    "bcc": (lambda message: _bare(message.bcc), matching.has_address),
    "recipient": (lambda message: message.recipients, matching.has_address),
    "sender": (lambda message: [message.sender], matching.has_address),
    "subject": (lambda message: message.subject, matching.equals),
    "template_name": (lambda message: message.template_name, matching.equals),
    "configuration_set": (lambda message: message.configuration_set, matching.equals),
    "tags": (lambda message: message.tags, matching.has_items),
}


def _complaint(outbox: Outbox, found: Outbox, terms: Sequence[Term], when_empty: str) -> str:
    wanted = f"expected one message{' with ' if terms else ''}{matching.phrase(terms)}"
    if not outbox:
        return f"{wanted}, but {when_empty}"
    if found:
        return f"{wanted}, but {len(found)} of {counted(outbox, 'message')} match:{_listing(found)}"
    nearest_ones = matching.ranked(outbox, terms)[:_SHOWN]
    shown = [_difference(message, terms) for message in nearest_ones]
    return f"{wanted}, but none of {counted(outbox, 'message')} matches. The nearest:{''.join(shown)}{_more(outbox)}"


def _difference(message: Message, terms: Sequence[Term]) -> str:
    differences = [term.difference(message) for term in terms if not term.fits(message)]
    return "".join([f"\n  {message!r}", *(f"\n    {line}" for line in differences)])


def _listing(messages: Sequence[Message]) -> str:
    return "".join(f"\n  {message!r}" for message in messages[:_SHOWN]) + _more(messages)


def _more(messages: Sequence[Message]) -> str:
    return f"\n  … and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
