"""Compiled templates: caching, plain templates and rendering."""

from types import MappingProxyType

import pytest

from pytest_ses.handlebars import MissingAttribute, compile as compile_template


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text } {",
        "Hi {{name}} {{ first-name }}{{$a:b}}",
        "a{{! {{#if}} }}b",
        "{{{x}}}{{&x}}{{~x~}}",
    ],
)
def test_is_plain(source):
    """A template of text, comments and plain variables can be used inline in SES."""
    assert compile_template(source).is_plain is True


@pytest.mark.parametrize(
    "source",
    [
        "{{first_name}}",
        "{{a.b}}",
        "{{a.}}",
        "{{[a]}}",
        "{{this}}",
        "{{.}}",
        "{{../a}}",
        "{{@root}}",
        "{{lookup a 'b'}}",
        "{{upper a}}",
        "{{x k=1}}",
        "{{#if a}}{{/if}}",
        "{{^a}}{{/a}}",
        "{{#*inline 'p'}}{{/inline}}",
        "{{#> p}}{{/p}}",
        "{{> @partial-block}}",
        "{{{{a}}}}{{{{/a}}}}",
    ],
)
def test_is_not_plain(source):
    """Paths, helpers, blocks, partials and names with an underscore need a stored template."""
    assert compile_template(source).is_plain is False


def test_compiled_once():
    """Compiling the same source again returns the same object."""
    assert compile_template("cached {{x}}") is compile_template("cached {{x}}")


def test_renders_any_mapping():
    """The data can be any mapping and is not modified."""
    data = MappingProxyType({"x": 1})

    assert compile_template("{{x}}").render(data) == "1"


def test_missing_attribute_text():
    """The error has SES's text, with the path as written."""
    with pytest.raises(MissingAttribute) as caught:
        compile_template("{{ user.city }}").render({"user": {}})

    assert caught.value.name == "user.city"
    assert str(caught.value) == "Attribute 'user.city' is not present in the rendering data."
