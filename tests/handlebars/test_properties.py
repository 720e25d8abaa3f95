"""Property tests of compiling and rendering."""

import pytest
from hypothesis import given, settings, strategies as st

from pytest_ses.handlebars import (
    MissingAttribute,
    RenderLimitExceeded,
    TemplateSyntaxError,
    compile as compile_template,
)

NAMES = st.sampled_from(
    ["a", "b", "a.b", "this", "../a", "@index", "@root", "l.0", "[a b]", "nope"]
)
ARGUMENTS = NAMES | st.sampled_from(["1", "1.5", "'s'", "true", "(lookup a 'b')", "k=a"])
HEADS = st.sampled_from(["if", "each", "with", "unless", "a", "lookup", "log", "nope"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abl"), inner),
    max_leaves=10,
)
DATA = st.dictionaries(st.sampled_from(["a", "b", "l", "a b"]), JSON)


def block(parts):
    sigil, head, argument, body, else_body = parts
    end = "" if sigil == "^" or not else_body else "{{else}}" + else_body
    return f"{{{{{sigil}{head} {argument}}}}}{body}{end}{{{{/{head}}}}}"


LEAVES = st.one_of(
    st.text(alphabet="ab \n\\}~", max_size=4),
    st.builds("{{{{{}}}}}".format, NAMES),
    st.builds("{{{{lookup {} {}}}}}".format, ARGUMENTS, ARGUMENTS),
    st.builds("{{{{> p {}}}}}".format, NAMES),
    st.sampled_from(["{{> @partial-block}}", "{{> (lookup . 'a')}}", "{{! c }}", r"\{{x}}"]),
)
TEMPLATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(st.sampled_from("#^"), HEADS, ARGUMENTS, inner, inner).map(block),
        st.builds("{{{{#*inline 'p'}}}}{}{{{{/inline}}}}".format, inner),
        st.builds("{{{{#> p {}}}}}{}{{{{/p}}}}".format, NAMES, inner),
        st.builds("{{{{#each l as |a b|}}}}{}{{{{/each}}}}".format, inner),
    ),
    max_leaves=12,
)
FRAGMENTS = [
    *["{{", "}}", "{{{", "}}}", "{{{{", "}}}}", "{{#", "{{/", "{{^", "{{>", "{{#>", "{{#*", "{{&"],
    *[
        "{{!",
        "{{!--",
        "--}}",
        "{{~",
        "~}}",
        "~",
        "\\",
        "\\{{",
        "{{/if}}",
        "{{/each}}",
        "{{/inline}}",
    ],
    *["if", "each", "inline", "else", "as", "|", "(", ")", "=", "'", '"', "'p'", "[", "]", "[a b]"],
    *[
        "a",
        "a.b",
        "../",
        "..",
        ".",
        "./",
        "this",
        "@",
        "@root",
        "1",
        "-1",
        "1.",
        "true",
        " ",
        "\n",
        "é",
    ],
]
GARBAGE = st.lists(st.sampled_from(FRAGMENTS), max_size=20).map("".join)


def outcome(source, data):
    try:
        return compile_template(source).render(data)
    except (TemplateSyntaxError, MissingAttribute, RenderLimitExceeded) as error:
        return str(error)


@given(st.text().filter(lambda text: "{{" not in text))
def test_text(text):
    """A text without tags renders unchanged."""
    assert text == compile_template(text).render({})


@given(GARBAGE, DATA)
@settings(max_examples=300)
def test_garbage(source, data):
    """Any sequence of tag fragments compiles or is a syntax error, and renders or fails cleanly."""
    assert isinstance(outcome(source, data), str)


@given(TEMPLATES, DATA)
@settings(max_examples=300)
def test_templates(source, data):
    """Any template of complete tags renders, misses an attribute or exceeds a limit."""
    assert isinstance(outcome(source, data), str)


@given(GARBAGE)
def test_error_position(source):
    """The line and the column of an error lie within the source."""
    try:
        compile_template(source)
    except TemplateSyntaxError as error:
        position = (error.line, error.column)
    else:
        position = (1, 1)

    lines = source.split("\n")
    assert position[1] <= len(lines[position[0] - 1]) + 1


@pytest.mark.parametrize("value", ["{{x}}", "{{#if", "\\{{x}}"])
def test_tags_in_data(value):
    """Tags in the data are not rendered."""
    assert value == compile_template("{{v}}").render({"v": value})
