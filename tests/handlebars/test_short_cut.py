"""Does the short cut for plain templates give what the statements would?"""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pytest_ses import handlebars

VALUES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.just("x" * 1001))


@given(st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}))
def test_same_as_the_statements(data):
    """A plain template gives the same with a comment in it as with a block around it."""
    source = "100% {{a}} %s {{b}}"

    def outcome(template):
        try:
            return handlebars.compile(template).render(data)
        except handlebars.MissingAttribute as error:
            return error.name

    assert outcome("{{#if true}}" + source + "{{/if}}") == outcome(source)


@pytest.mark.parametrize(
    ("source", "data", "text"),
    [
        ("100%", {}, "100%"),
        ("{{with}}", {"with": "x"}, ""),
        ("{{a}}" * 1001, {"a": "x"}, "x" * 1001),
        ("y" * 1_000_001 + "{{a}}", {"a": "x"}, "y" * 1_000_001 + "x"),
    ],
    ids=["no variable", "name of a helper", "many variables", "long text"],
)
def test_edges(source, data, text):
    """Templates at the edge of the short cut are rendered like all others."""
    assert text == handlebars.compile(source).render(data)
