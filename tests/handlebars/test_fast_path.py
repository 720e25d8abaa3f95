"""The fast path for plain templates."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pytest_ses import handlebars

VALUES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.just("x" * 1001))


@given(st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}))
def test_same_result(data):
    """A plain template renders the same on the fast path as within a block."""
    source = "100% {{a}} %s {{b}}"

    def outcome(template):
        try:
            return handlebars.compile(template).render(data)
        except handlebars.MissingAttribute as error:
            return error.name

    assert outcome("{{#if true}}" + source + "{{/if}}") == outcome(source)


@pytest.mark.parametrize(
    ("source", "data", "expected"),
    [
        ("100%", {}, "100%"),
        ("{{with}}", {"with": "x"}, ""),
        ("{{a}}" * 1001, {"a": "x"}, "x" * 1001),
        ("y" * 1_000_001 + "{{a}}", {"a": "x"}, "y" * 1_000_001 + "x"),
    ],
    ids=["no variable", "helper name", "many variables", "long text"],
)
def test_edges(source, data, expected):
    """Templates at the limits of the fast path render like all others."""
    assert expected == handlebars.compile(source).render(data)
