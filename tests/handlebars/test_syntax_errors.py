"""Syntax errors and their positions."""

import pytest

from pytest_ses.handlebars import TemplateSyntaxError, compile as compile_template


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("Hi {{name", "this tag is never closed", 1, 4),
        ("a\nb {{#if x}}\nc", "this block is never closed", 2, 3),
        ("a{{! x", "this comment is never closed by }}", 1, 2),
        ("a{{!-- x }}", "this comment is never closed by --}}", 1, 2),
        ("{{{{x}}}} {{/x}}", "this raw block is never closed by {{{{/", 1, 1),
        ("Hi {{name} x", "'}' does not belong in a tag here", 1, 10),
        ("{b:{{x}}}", "'}}}' does not belong in a tag here", 1, 7),
        ("{{{x}}", "'}}' does not belong in a tag here", 1, 5),
        ("{{{x}}}}", "'}}}' does not belong in a tag here", 1, 5),
        ("a\r\n{{ #if x }}{{/if}}", "'#' does not belong in a tag here", 2, 4),
        ("{{a%b}}", "'%' does not belong in a tag here", 1, 4),
        ("{{a\u00a0b}}", "'\\xa0' does not belong in a tag here", 1, 4),
        ("{{=<% %>=}}", "'<%' does not belong in a tag here", 1, 4),
        ("{{a .b}}", "'.' does not belong in a tag here", 1, 5),
        ("{{.x}}", "'.' does not belong in a tag here", 1, 3),
        ("{{12x}}", "'1' does not belong in a tag here", 1, 3),
        ("{{[]}}", "'[]}' does not belong in a tag here", 1, 3),
        ("{{~! x ~}}", "'!' does not belong in a tag here", 1, 4),
        ("{{#if x}}{{ /if}}", "'/' does not belong in a tag here", 1, 13),
        ("{{" + "9" * 301 + "}}", "'9' does not belong in a tag here", 1, 3),
        ("{{}}", "found the end of the tag where a path should be", 1, 1),
        ("{{12}}", "found 12 where a path should be", 1, 3),
        ('{{"s"}}', 'found "s" where a path should be', 1, 3),
        ("{{(x)}}", "found ( where a path should be", 1, 3),
        ("{{true}}", "'true' cannot be a name", 1, 3),
        ("{{#else}}{{/else}}", "'else' cannot be a name", 1, 4),
        ("{{x as |y|}}", "found as where the end of the tag should be", 1, 5),
        ("{{x=1}}", "found = where a path should be", 1, 4),
        ("{{x)}}", "found ) where the end of the tag should be", 1, 4),
        ("{{lookup k=1 o}}", "found o where the end of the tag should be", 1, 14),
        ("{{lookup o k=}}", "found the end of the tag where a path should be", 1, 1),
        ("{{lookup o true=1}}", "'true' cannot be a name", 1, 12),
        ("{{lookup else}}", "'else' cannot be a name", 1, 10),
        ("{{log =}}", "found = where a path should be", 1, 7),
        ("{{log (x}}", "found the end of the tag where ')' should be", 1, 1),
        ("{{log ()}}", "found ) where a path should be", 1, 8),
        ("{{#each as}}{{/each}}", "found the end of the tag where '|' should be", 1, 1),
        ("{{#each l as v}}{{/each}}", "found v where '|' should be", 1, 14),
        ("{{#each l as ||}}{{/each}}", "found | where a path should be", 1, 15),
        ("{{#each l as |v}}{{/each}}", "found the end of the tag where a path should be", 1, 1),
        ("{{#if x}}\n{{/each}}", "/each does not close if; expected /if", 2, 4),
        ("{{#if x}}{{/}}", "found the end of the tag where a path should be", 1, 10),
        ("{{#if x}}{{/if x}}", "found x where the end of the tag should be", 1, 16),
        ("{{#x}}{{/12}}", "found 12 where a path should be", 1, 10),
        ("{{{{x}}}} {{{{/y}}}}", "/y does not close x; expected /x", 1, 16),
        ("{{^x}}{{else}}{{/x}}", "this block can have no else", 1, 7),
        ("{{#> p}}{{^}}{{/p}}", "this block can have no else", 1, 9),
        ("x {{/if}}", "there is no open block for this tag", 1, 3),
        ("Hi {{else}} x", "there is no open block for this tag", 1, 4),
        ("{{> }}", "found the end of the tag where a path should be", 1, 1),
        ("{{> p 'lit'}}", "found 'lit' where a path should be", 1, 7),
        ("{{> p a b}}", "found b where the end of the tag should be", 1, 9),
        ("{{> 1}}", "found 1 where a path should be", 1, 5),
        ("a\n {{> nope}}", "the partial 'nope' is not defined by any {{#* inline}} here", 2, 2),
        (
            "{{#if x}}{{> nope}}{{/if}}",
            "the partial 'nope' is not defined by any {{#* inline}} here",
            1,
            10,
        ),
        ("{{#*inline p}}{{/inline}}", "found p where a string should be", 1, 12),
        ("{{#*inline}}{{/inline}}", "found the end of the tag where a string should be", 1, 1),
        ("{{#*inline 'p' 1}}{{/inline}}", "found 1 where the end of the tag should be", 1, 16),
        ("{{#*other 'p'}}{{/other}}", "found other where inline should be", 1, 5),
        (r"a \{{{x}}}", "only a whole {{…}} can be escaped by \\", 1, 3),
        (r"a \{{x", "only a whole {{…}} can be escaped by \\", 1, 3),
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
