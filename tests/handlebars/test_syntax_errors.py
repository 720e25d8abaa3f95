"""Syntax errors and their positions."""

import pytest

from pytest_ses.handlebars import TemplateSyntaxError, compile as compile_template


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("Hi {{name", "this tag is never closed", 1, 4),
        ("a\nb {{#if x}}\nc", "this block is never closed", 2, 3),
        ("a{{! x", "this comment is never closed; expected }}", 1, 2),
        ("a{{!-- x }}", "this comment is never closed; expected --}}", 1, 2),
        ("{{{{x}}}} {{/x}}", "this raw block is never closed; expected {{{{/", 1, 1),
        ("Hi {{name} x", "unexpected '}' in a tag", 1, 10),
        ("{b:{{x}}}", "unexpected '}}}' in a tag", 1, 7),
        ("{{{x}}", "unexpected '}}' in a tag", 1, 5),
        ("{{{x}}}}", "unexpected '}}}' in a tag", 1, 5),
        ("a\r\n{{ #if x }}{{/if}}", "unexpected '#' in a tag", 2, 4),
        ("{{a%b}}", "unexpected '%' in a tag", 1, 4),
        ("{{a\u00a0b}}", "unexpected '\\xa0' in a tag", 1, 4),
        ("{{=<% %>=}}", "unexpected '<%' in a tag", 1, 4),
        ("{{a .b}}", "unexpected '.' in a tag", 1, 5),
        ("{{.x}}", "unexpected '.' in a tag", 1, 3),
        ("{{12x}}", "unexpected '1' in a tag", 1, 3),
        ("{{[]}}", "unexpected '[]}' in a tag", 1, 3),
        ("{{~! x ~}}", "unexpected '!' in a tag", 1, 4),
        ("{{#if x}}{{ /if}}", "unexpected '/' in a tag", 1, 13),
        ("{{" + "9" * 301 + "}}", "unexpected '9' in a tag", 1, 3),
        ("{{}}", "expected a path, found the end of the tag", 1, 1),
        ("{{12}}", "expected a path, found '12'", 1, 3),
        ('{{"s"}}', "expected a path, found '\"s\"'", 1, 3),
        ("{{(x)}}", "expected a path, found '('", 1, 3),
        ("{{true}}", "'true' is reserved and cannot be used as a name", 1, 3),
        ("{{#else}}{{/else}}", "'else' is reserved and cannot be used as a name", 1, 4),
        ("{{x as |y|}}", "expected the end of the tag, found 'as'", 1, 5),
        ("{{x=1}}", "expected a path, found '='", 1, 4),
        ("{{x)}}", "expected the end of the tag, found ')'", 1, 4),
        ("{{lookup k=1 o}}", "expected the end of the tag, found 'o'", 1, 14),
        ("{{lookup o k=}}", "expected a path, found the end of the tag", 1, 1),
        ("{{lookup o true=1}}", "'true' is reserved and cannot be used as a name", 1, 12),
        ("{{lookup else}}", "'else' is reserved and cannot be used as a name", 1, 10),
        ("{{log =}}", "expected a path, found '='", 1, 7),
        ("{{log (x}}", "expected ')', found the end of the tag", 1, 1),
        ("{{log ()}}", "expected a path, found ')'", 1, 8),
        ("{{#each as}}{{/each}}", "expected '|', found the end of the tag", 1, 1),
        ("{{#each l as v}}{{/each}}", "expected '|', found 'v'", 1, 14),
        ("{{#each l as ||}}{{/each}}", "expected a path, found '|'", 1, 15),
        ("{{#each l as |v}}{{/each}}", "expected a path, found the end of the tag", 1, 1),
        ("{{#if x}}\n{{/each}}", "expected /if, found /each", 2, 4),
        ("{{#if x}}{{/}}", "expected a path, found the end of the tag", 1, 10),
        ("{{#if x}}{{/if x}}", "expected the end of the tag, found 'x'", 1, 16),
        ("{{#x}}{{/12}}", "expected a path, found '12'", 1, 10),
        ("{{{{x}}}} {{{{/y}}}}", "expected /x, found /y", 1, 16),
        ("{{^x}}{{else}}{{/x}}", "this block cannot have an else", 1, 7),
        ("{{#> p}}{{^}}{{/p}}", "this block cannot have an else", 1, 9),
        ("{{#if x}}{{~^}}{{/if}}", "an else written as '^' cannot have a ~", 1, 10),
        ("{{#if x}}{{~^~}}{{/if}}", "an else written as '^' cannot have a ~", 1, 10),
        ("x {{/if}}", "this tag does not belong to an open block", 1, 3),
        ("Hi {{else}} x", "this tag does not belong to an open block", 1, 4),
        ("{{> }}", "expected a path, found the end of the tag", 1, 1),
        ("{{> p 'lit'}}", "expected a path, found \"'lit'\"", 1, 7),
        ("{{> p a b}}", "expected the end of the tag, found 'b'", 1, 9),
        ("{{> 1}}", "expected a path, found '1'", 1, 5),
        ("a\n {{> nope}}", "unknown partial 'nope'; define it with {{#*inline 'nope'}}", 2, 2),
        (
            "{{#if x}}{{> nope}}{{/if}}",
            "unknown partial 'nope'; define it with {{#*inline 'nope'}}",
            1,
            10,
        ),
        ("{{#*inline p}}{{/inline}}", "expected a string, found 'p'", 1, 12),
        ("{{#*inline}}{{/inline}}", "expected a string, found the end of the tag", 1, 1),
        ("{{#*inline 'p' 1}}{{/inline}}", "expected the end of the tag, found '1'", 1, 16),
        (
            "{{#*other 'p'}}{{/other}}",
            "unknown decorator 'other'; only 'inline' is supported",
            1,
            5,
        ),
        (r"a \{{{x}}}", "a backslash can only escape a complete {{…}}", 1, 3),
        (r"a \{{x", "a backslash can only escape a complete {{…}}", 1, 3),
    ],
)
def test_syntax_error(source, message, line, column):
    """An error has a message and a position; lines and columns count from 1."""
    with pytest.raises(TemplateSyntaxError) as caught:
        compile_template(source)

    error = caught.value
    assert (message, line, column) == (error.message, error.line, error.column)
    assert f"{message} (line {line}, column {column})" == str(error)


def test_error_is_not_cached():
    """An invalid source is rejected every time."""
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError):
            compile_template("{{")
