"""Which message did the test mean?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from pytest_ses.domain import addresses
from pytest_ses.domain.messages import Message
from pytest_ses.wording import counted, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHOWN = 3


class _Term(NamedTuple):
    """One word of a match: what is expected, where to look, and how to compare."""

    word: str
    expected: Any
    actual: Callable[[Message], Any]
    matches: Callable[[Any, Any], bool]


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
        found = [message for message in self if all(_fits(term, message) for term in terms)]
        return Outbox(found, when_empty=f"no message has {_phrase(terms)}")

    def one(self, **match: Any) -> Message:
        """The one message that matches; none or several are an `AssertionError` that shows why."""
        __tracebackhide__ = True
        found, terms = self.filter(**match), _terms(match)
        if len(found) != 1:
            raise AssertionError(_complaint(self, found, terms, self._when_empty))
        return found[0]


def _fits(term: _Term, message: Message) -> bool:
    return term.matches(term.expected, term.actual(message))


def _terms(match: Mapping[str, Any]) -> list[_Term]:
    for word in match:
        if word not in _WORDS:
            raise TypeError(_unknown(word))
    return [_Term(word, expected, *_WORDS[word]) for word, expected in match.items()]


def _unknown(word: str) -> str:
    meant = nearest(word, _WORDS)
    advice = f"; did you mean {meant!r}?" if meant else "."
    return f"a message cannot be matched by {word!r}{advice} The words are {', '.join(_WORDS)}."


def _is(expected: Any, actual: Any) -> bool:
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.search(actual) is not None
    return bool(expected(actual) if callable(expected) else expected == actual)


def _is_address(expected: Any, actual: Sequence[str]) -> bool:
    """`actual` is bare; one address has to fit, or several have to be the very ones."""
    if isinstance(expected, str):
        return _key(expected) in map(_key, actual)
    if isinstance(expected, (list, tuple, set, frozenset)):
        return {_key(one) for one in expected} == {_key(one) for one in actual}
    return any(_is(expected, one) for one in actual)


def _is_subset(expected: Any, actual: Mapping[str, str]) -> bool:
    if isinstance(expected, Mapping):
        return all(name in actual and _is(value, actual[name]) for name, value in expected.items())
    return _is(expected, actual)


def _key(address: str) -> str:
    local, at, domain = addresses.bare(address).rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _bare(texts: Iterable[str]) -> list[str]:
    return [addresses.bare(text) for text in texts]


_WORDS: Mapping[str, tuple[Callable[[Message], Any], Callable[[Any, Any], bool]]] = {
    "to": (lambda message: _bare(message.to), _is_address),
    "cc": (lambda message: _bare(message.cc), _is_address),
    "bcc": (lambda message: _bare(message.bcc), _is_address),
    "recipient": (lambda message: message.recipients, _is_address),
    "sender": (lambda message: [message.sender], _is_address),
    "subject": (lambda message: message.subject, _is),
    "template_name": (lambda message: message.template_name, _is),
    "configuration_set": (lambda message: message.configuration_set, _is),
    "tags": (lambda message: message.tags, _is_subset),
}


def _complaint(outbox: Outbox, found: Outbox, terms: Sequence[_Term], when_empty: str) -> str:
    wanted = f"expected one message{' with ' if terms else ''}{_phrase(terms)}"
    if not outbox:
        return f"{wanted}, but {when_empty}"
    if found:
        return f"{wanted}, but {len(found)} of {counted(outbox, 'message')} match:{_listing(found)}"
    ranked = sorted(outbox, key=lambda message: -sum(_fits(term, message) for term in terms))
    shown = [_difference(message, terms) for message in ranked[:_SHOWN]]
    return f"{wanted}, but none of {counted(outbox, 'message')} matches. The nearest:{''.join(shown)}{_more(outbox)}"


def _difference(message: Message, terms: Sequence[_Term]) -> str:
    lines = [f"\n  {message!r}"]
    for term in terms:
        if not _fits(term, message):
            actual = term.actual(message)
            lines.append(f"\n    {term.word}: expected {_shown(term.expected)}, was {actual!r}")
    return "".join(lines)


def _phrase(terms: Sequence[_Term]) -> str:
    return ", ".join(f"{term.word}={_shown(term.expected)}" for term in terms)


def _shown(expected: Any) -> str:
    if callable(expected):
        return f"<{getattr(expected, '__qualname__', expected)}>"
    return repr(expected)


def _listing(messages: Sequence[Message]) -> str:
    return "".join(f"\n  {message!r}" for message in messages[:_SHOWN]) + _more(messages)


def _more(messages: Sequence[Message]) -> str:
    return f"\n  … and {len(messages) - _SHOWN} more" if len(messages) > _SHOWN else ""
