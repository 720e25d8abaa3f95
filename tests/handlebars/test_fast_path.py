"""The fast path for plain templates."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pytest_ses import handlebars

# Characters with a meaning in Python's string literals or in f-strings.
TEXTS = st.text("'\"\\{}%\n\r\u2028\ud800N", max_size=6)
VALUES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.just("x" * 1001))


@given(TEXTS, TEXTS, st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}))
def test_same_result(before, after, data):
    """A plain template renders the same on the fast path as by its statements."""
    source = f"{before} {{{{a}}}} {after} {{{{b}}}}"

    def outcome(render):
        try:
            return render(data)
        except handlebars.MissingAttribute as error:
            return error.name

    try:
        template = handlebars.compile(source)
    except handlebars.TemplateSyntaxError:
        return
    assert outcome(template.render) == outcome(lambda data: handlebars.renderer(source)(data)[0])


def test_fast_path_is_taken(monkeypatch):
    """A plain template with strings is not rendered by its statements."""
    render = handlebars.renderer("Hi {{name}}", None, "{{name}}: {{plan}} of {{name}}")
    monkeypatch.setattr(handlebars.Template, "render", None)
    assert ("Hi Ada", None, "Ada: Pro of Ada") == render({"name": "Ada", "plan": "Pro", "x": 1})


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
    assert [expected, None] == list(handlebars.renderer(source, None)(data))
