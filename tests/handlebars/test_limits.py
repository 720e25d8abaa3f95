"""Limits of time, memory and stack for any template."""

import sys

import pytest

from pytest_ses.handlebars import (
    RenderLimitExceeded,
    TemplateError,
    TemplateSyntaxError,
    compile as compile_template,
)


def nested(value, levels):
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "source",
    [
        "{{#*inline 'p'}}{{> p}}{{/inline}}{{> p}}",
        "{{#*inline 'p'}}{{#each l}}{{#if this}}{{> p}}{{/if}}{{/each}}{{/inline}}{{> p}}",
        "{{#*inline 'p'}}{{#> p}}{{/p}}{{/inline}}{{> p}}",
        "{{#*inline 'p'}}{{> (lookup . 'name')}}{{/inline}}{{> p}}",
    ],
)
def test_endless_recursion(source):
    """Endless recursion of partials is stopped."""
    with pytest.raises(RenderLimitExceeded, match="more than 120 levels deep"):
        compile_template(source).render({"l": [1], "name": "p"})


@pytest.mark.parametrize(
    "source",
    [
        "{{#each l}}{{#each ../l}}{{#each ../../l}}{{/each}}{{/each}}{{/each}}",
        "{{#each l}}{{#each ../l}}{{#each ../../l}}x{{/each}}{{/each}}{{/each}}",
        "{{#each l}}{{#each ../l}}{{#if @index}}{{> p}}{{/if}}{{/each}}{{/each}}{{#*inline 'p'}}{{/inline}}",
        "{{#each l}}{{big}}{{/each}}",
        "{{#each l}}{{#if big" + ".x" * 20_000 + "}}{{/if}}{{/each}}",
    ],
)
def test_too_large(source):
    """Large loops and many partials exhaust the budget, whether they print or not."""
    data = {"l": [1] * 2_000, "e": "", "big": "x" * 200_000}

    with pytest.raises(RenderLimitExceeded, match="exceeds the limit of 10,000,000 characters"):
        compile_template(source).render(data)


@pytest.mark.parametrize(
    "source",
    [
        "{{#if x}}" * 51 + "{{/if}}" * 51,
        "{{#if x}}" * 20_000,
        "{{^x}}" * 20_000,
        "{{#> p}}" * 20_000,
        "{{#*inline 'p'}}" * 20_000,
    ],
)
def test_deep_blocks(source):
    """Blocks nested more than 50 deep are a syntax error."""
    with pytest.raises(TemplateSyntaxError, match="blocks are nested more than 50 levels deep"):
        compile_template(source)


def test_deep_subexpressions():
    """Subexpressions nested more than 50 deep are a syntax error."""
    with pytest.raises(
        TemplateSyntaxError, match="subexpressions are nested more than 50 levels deep"
    ):
        compile_template("{{log " + "(log " * 51 + ")" * 51 + "}}")


def test_deep_value():
    """A value nested more than 50 deep cannot be printed, but its members can be read."""
    data = {"v": nested("x", 60)}

    with pytest.raises(RenderLimitExceeded, match="more than 50 nested lists"):
        compile_template("{{v}}").render(data)
    assert compile_template("{{v" + ".0" * 60 + "}}").render(data) == "x"


def test_everything_deep_at_once():
    """All limits together fit into half of Python's stack."""
    levels = 48
    source = (
        "{{#*inline 'p'}}"
        + "{{#if deep}}{{else if x}}" * levels
        + "{{> q}}{{#if v}}"
        + "{{lookup . "
        + "(lookup . " * 49
        + "'v'"
        + ")" * 49
        + "}}"
        + "{{/if}}"
        + "{{/if}}" * levels
        + "{{/inline}}"
        "{{#*inline 'q'}}{{#if n}}{{> r}}{{/if}}{{/inline}}"
        "{{#*inline 'r'}}{{> s}}{{/inline}}{{#*inline 's'}}{{/inline}}{{> p}}"
    )
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(stack_depth() + 500)
    try:
        text = compile_template(source).render({"x": 1, "n": 1, "v": nested("x", 45)})
    finally:
        sys.setrecursionlimit(limit)
    assert text.count("]") == 45


def stack_depth():
    frame, depth = sys._getframe(), 0
    while frame:
        frame, depth = frame.f_back, depth + 1
    return depth


def test_long_else_chain():
    """A chain of 2,000 `else if` needs no more stack than a single one."""
    chain = "".join(f"{{{{else if v{number}}}}}{number}" for number in range(2_000))

    assert compile_template("{{#if x}}" + chain + "{{/if}}").render({"v1999": 1}) == "1999"


def test_a_tree_of_30_levels():
    """A partial can call itself through data that is 30 levels deep."""
    tree = {"v": "leaf"}
    for _ in range(30):
        tree = {"v": "node", "c": [tree]}
    source = "{{#*inline 'p'}}{{v}} {{#each this.c}}{{> p}}{{/each}}{{/inline}}{{> p}}"

    assert compile_template(source).render(tree) == "node " * 30 + "leaf "


def test_limits_are_template_errors():
    """All errors of the language have one base class."""
    assert issubclass(RenderLimitExceeded, TemplateError)
    assert issubclass(TemplateSyntaxError, TemplateError)
