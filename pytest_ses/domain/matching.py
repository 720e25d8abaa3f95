"""Does what somebody looks for fit what is there?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_ses.domain import addresses


class Term(NamedTuple):
    """One word of a match: what is expected, where to look, and how to compare."""

    word: str
    expected: Any
    actual: Callable[[Any], Any]
    matches: Callable[[Any, Any], bool]

    def fits(self, subject: Any) -> bool:
        """Whether the subject has what is expected."""
        return self.matches(self.expected, self.actual(subject))

    def difference(self, subject: Any) -> str:
        """What the subject has instead, as a line of a report."""
        return f"{self.word}: expected {shown(self.expected)}, was {self.actual(subject)!r}"


def equals(expected: Any, actual: Any) -> bool:
    """An equal value, a compiled pattern that is found in a text, or a predicate that says yes."""
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.search(actual) is not None
    return bool(expected(actual) if callable(expected) else expected == actual)


def has_address(expected: Any, actual: Sequence[str]) -> bool:
    """One of the bare addresses fits; or, where several are expected, they are the very ones."""
    if isinstance(expected, str):
        return _key(expected) in map(_key, actual)
    if isinstance(expected, (list, tuple, set, frozenset)):
        return {_key(one) for one in expected} == {_key(one) for one in actual}
    return any(equals(expected, one) for one in actual)


def has_items(expected: Any, actual: Mapping[str, str]) -> bool:
    """What is expected is part of the mapping, its values equal, found or agreed to."""
    if isinstance(expected, Mapping):
        return all(
            name in actual and equals(value, actual[name]) for name, value in expected.items()
        )
    return equals(expected, actual)


def shown(expected: Any) -> str:
    """What is expected, as a report shows it."""
    if callable(expected):
        name = str(getattr(expected, "__qualname__", expected))
        return name if name.startswith("<") else f"<{name}>"
    return repr(expected)


def phrase(terms: Sequence[Term]) -> str:
    """All that is expected, as a report shows it."""
    return ", ".join(f"{term.word}={shown(term.expected)}" for term in terms)


def ranked(subjects: Sequence[Any], terms: Sequence[Term]) -> list[Any]:
    """The subjects in the order of how many terms they fit, best first."""
    return sorted(subjects, key=lambda subject: -sum(term.fits(subject) for term in terms))


def _key(address: str) -> str:
    local, at, domain = addresses.bare(address).rpartition("@")
    return f"{local}{at}{domain.lower()}"
