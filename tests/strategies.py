"""Hypothesis strategies for the parameters and results that a service model allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from hypothesis import strategies as st

_BITS = {"integer": 31, "long": 63}
_LINE_ENDS = re.compile("[\n\r\x85\u2028\u2029]")
_TEXT = st.characters(exclude_categories=["Cs"])
_XML_TEXT = st.characters(
    exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)


@dataclass(frozen=True)
class _Rules:
    """The requirements on a value beyond its type."""

    alphabet: st.SearchStrategy
    constrained: bool = True
    may_be_empty: bool = True
    """Whether a structure may be empty: form encoding cannot express an empty structure."""
    resolution: timedelta = timedelta(seconds=1)
    """The resolution of timestamps: older versions of botocore send whole seconds only."""


def params(operation):
    """Generate parameters that the operation's model allows, including its constraints."""
    return _members(operation.input, _Rules(_TEXT, may_be_empty=not _is_query(operation)))


def wild_params(operation):
    """Generate parameters of the right types that ignore constraints and may omit required members.

    Members in the path are always present and not empty: without them no request can be built.
    """
    rules = _Rules(_TEXT, constrained=False, may_be_empty=not _is_query(operation))
    return _members(operation.input, rules)


def results(operation):
    """Generate results that the operation's model allows."""
    return _members(operation.output, _Rules(_XML_TEXT, resolution=timedelta(milliseconds=1)))


def _is_query(operation):
    return operation.model.service_model.metadata["protocol"] == "query"


def _members(shape, rules):
    return st.just({}) if shape is None else _structure(shape, rules)


@cache
def _strategy(shape, rules):
    value = _STRATEGIES[shape.type_name](shape, rules)
    if shape.type_name == "structure" and not rules.may_be_empty:
        return value.filter(bool)
    return value


def _structure(shape, rules):
    if shape.metadata.get("union"):
        alternatives = [
            st.fixed_dictionaries({name: _strategy(m, rules)}) for name, m in shape.members.items()
        ]
        return st.one_of(alternatives)
    required_names = set(shape.required_members) if rules.constrained else set()
    required, optional = {}, {}
    for name, member in shape.members.items():
        group = required if _is_label(member) or name in required_names else optional
        group[name] = _strategy(member, rules).filter(_fits_in_url(member))
    return st.fixed_dictionaries(required, optional=optional)


def _is_label(member):
    return member.serialization.get("location") == "uri"


def _fits_in_url(member):
    """A label must not be empty, and a query string cannot express an empty list."""
    listed = "location" in member.serialization and member.type_name == "list"
    return bool if listed or _is_label(member) else lambda _value: True


def _sizes(shape, rules, *, most):
    if not rules.constrained:
        return 0, most
    low = shape.metadata.get("min", 0)
    return low, min(max(low, most), shape.metadata.get("max", most))


def _list(shape, rules):
    low, high = _sizes(shape, rules, most=3)
    return st.lists(_strategy(shape.member, rules), min_size=low, max_size=high)


def _map(shape, rules):
    low, high = _sizes(shape, rules, most=3)
    key, value = _strategy(shape.key, rules), _strategy(shape.value, rules)
    return st.dictionaries(key, value, min_size=low, max_size=high)


def _string(shape, rules):
    low, high = _sizes(shape, rules, most=20)
    if rules.constrained and "enum" in shape.metadata:
        return st.sampled_from(shape.metadata["enum"])
    if rules.constrained and "pattern" in shape.metadata:
        return _matching(shape.metadata["pattern"], low, shape.metadata.get("max", 2**20))
    return st.text(rules.alphabet, min_size=low, max_size=high)


def _matching(pattern, low, high):
    compiled = re.compile(pattern, re.ASCII)

    def is_allowed(text):
        is_single_line = compiled.fullmatch(text) and not _LINE_ENDS.search(text)
        return (
            is_single_line
            and text.isprintable()
            and low <= len(text.encode("utf-16-le")) // 2 <= high
        )

    return st.from_regex(compiled, fullmatch=True).filter(is_allowed)


def _integer(shape, rules):
    limit = 2 ** _BITS[shape.type_name]
    traits = shape.metadata if rules.constrained else {}
    return st.integers(traits.get("min", -limit), traits.get("max", limit - 1))


def _timestamp(_shape, rules):
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return st.integers(0, 2**32).map(lambda ticks: epoch + ticks * rules.resolution)


def _double(_shape, _rules):
    return st.floats(allow_nan=False, allow_infinity=False)


_STRATEGIES = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "float": _double,
    "double": _double,
    "boolean": lambda _shape, _rules: st.booleans(),
    "timestamp": _timestamp,
    "blob": lambda _shape, _rules: st.binary(max_size=20),
}
