"""Matching of messages and calls against expected values, and the texts of mismatch reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_ses.domain import addresses

# What the functions below accept as the expected value.
AddressMatch = str | re.Pattern[str] | Callable[[str], Any] | Collection[str]
ValueMatch = str | re.Pattern[str] | Callable[[Any], Any]
ItemsMatch = Mapping[str, ValueMatch] | Callable[[Mapping[str, str]], Any]


# Looser than SES's own check; without a local part or a domain, it cannot be an address.
_ADDRESS = re.compile(r".+@[^@]+", re.DOTALL)


class Term(NamedTuple):
    """One criterion of a match.

    Attributes:
        argument: the name of the keyword argument.
        expected: the expected value.
        read_actual: returns the actual value of a subject.
        compare: returns whether the expected and the actual value match.
    """

    argument: str
    expected: Any
    read_actual: Callable[[Any], Any]
    compare: Callable[[Any, Any], bool]

    def matches(self, subject: Any) -> bool:
        """Whether the subject matches."""
        return self.compare(self.expected, self.read_actual(subject))

    def difference(self, subject: Any) -> str:
        """Return a line of a report that shows the expected and the actual value."""
        actual = self.read_actual(subject)
        return f"{self.argument}: expected {describe(self.expected)}, was {actual!r}"


def matches_value(expected: Any, actual: Any) -> bool:
    """Whether a value equals the expected one, or matches the expected pattern or predicate.

    A compiled pattern matches anywhere in the value, as with its `search` method.
    """
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.search(actual) is not None
    return bool(expected(actual) if callable(expected) else expected == actual)


def has_address(expected: Any, actual: Sequence[str]) -> bool:
    """Whether bare addresses match, ignoring the case of domains.

    One expected address, pattern or predicate must match at least one actual address. A list, tuple
    or set must contain exactly the actual addresses, in any order.
    """
    if isinstance(expected, str):
        return _key(expected) in map(_key, actual)
    if isinstance(expected, Collection):
        return {_key(address) for address in expected} == {_key(address) for address in actual}
    return any(matches_value(expected, address) for address in actual)


def check_addresses(argument: str, expected: Any) -> None:
    """Check that the strings of an expected value are addresses, as others can never match.

    Raises:
        ValueError: if one is not.
    """
    is_list = isinstance(expected, Collection) and not isinstance(expected, str)
    for text in expected if is_list else [expected]:
        if isinstance(text, str) and not _ADDRESS.fullmatch(addresses.bare(text)):
            raise ValueError(
                f"{argument}={expected!r} is invalid: {text!r} is not an address; to match a part of "
                f"an address, pass re.compile({re.escape(text)!r})"
            )


def has_items(expected: Any, actual: Mapping[str, str]) -> bool:
    """Whether a mapping contains the expected items; their values can be patterns or predicates."""
    if isinstance(expected, Mapping):
        return all(
            name in actual and matches_value(value, actual[name])
            for name, value in expected.items()
        )
    return matches_value(expected, actual)


def describe(expected: Any) -> str:
    """Return an expected value in the form used in reports."""
    if callable(expected):
        name = str(getattr(expected, "__qualname__", expected))
        return name if name.startswith("<") else f"<{name}>"
    return repr(expected)


def describe_terms(terms: Sequence[Term]) -> str:
    """Return all criteria in the form used in reports."""
    return ", ".join(f"{term.argument}={describe(term.expected)}" for term in terms)


def closest_first(subjects: Sequence[Any], terms: Sequence[Term]) -> list[Any]:
    """Sort the subjects by the number of matching terms, highest first."""
    return sorted(subjects, key=lambda subject: -sum(term.matches(subject) for term in terms))


def _key(address: str) -> str:
    local, at, domain = addresses.bare(address).rpartition("@")
    return f"{local}{at}{domain.lower()}"
