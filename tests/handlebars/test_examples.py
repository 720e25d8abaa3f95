"""Example data for templates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_ses import handlebars

CORPUS = json.loads(Path(__file__).with_name("ses_template_corpus.json").read_text("utf-8"))


def example_data(*sources):
    """The example data of templates, with the name of each attribute in capitals as its value."""
    return handlebars.example_data(sources, str.upper)


class TestData:
    @pytest.mark.parametrize(
        ("source", "data"),
        [
            ("no attributes", {}),
            ("{{name}}", {"name": "NAME"}),
            ("{{order.number}} {{order.date}}", {"order": {"number": "NUMBER", "date": "DATE"}}),
            ("{{#if a}}{{b}}{{else}}{{c}}{{/if}}", {"a": "A", "b": "B"}),
            ("{{#unless a}}{{b}}{{else}}{{c}}{{/unless}}", {"a": "A", "c": "C"}),
            ("{{^a}}{{b}}{{/a}}", {"a": "A"}),
            ("{{#each tags}}{{this}}{{/each}}", {"tags": ["TAGS", "TAGS"]}),
            ("{{#each tags as |tag|}}{{tag}}{{/each}}", {"tags": ["TAGS", "TAGS"]}),
            ("{{#each items}}{{@index}}{{a}}{{/each}}", {"items": [{"a": "A"}, {"a": "A"}]}),
            ("{{#each items}}{{../a}}{{/each}}", {"items": ["ITEMS", "ITEMS"], "a": "A"}),
            ("{{#each items}}{{@root.a}}{{/each}}", {"items": ["ITEMS", "ITEMS"], "a": "A"}),
            ("{{#each rows}}{{#each this}}{{a}}{{/each}}{{/each}}", {"rows": [[{"a": "A"}]] * 2}),
            (
                "{{#each items}}{{#if items}}{{/if}}{{/each}}{{items}}",
                {"items": [{"items": "ITEMS"}] * 2},
            ),
            ("{{#with user}}{{name}}{{/with}}", {"user": {"name": "NAME"}}),
            ("{{#user}}{{name}}{{/user}}", {"user": {"name": "NAME"}}),
            ('{{#*inline "p"}}{{a}}{{/inline}}{{> p}}', {"a": "A"}),
            ("{{lookup user 'name'}}", {"user": {"name": "NAME"}}),
        ],
    )
    def test_data(self, source, data):
        """The data has each attribute that the template reads, where the template looks for it."""
        assert data == example_data(source)

    @pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry["id"])
    def test_corpus(self, entry):
        """Every template of the corpus that its own data fits has example data."""
        parts = [entry[name] for name in ("SubjectPart", "HtmlPart", "TextPart") if entry.get(name)]
        fits = all("out" in result for result in entry["java"].values())
        assert not fits or isinstance(example_data(*parts), dict)

    def test_several_templates(self):
        """All templates can be rendered with the same data."""
        data = example_data("{{user}}", "{{user.name}}", "{{#each list}}{{a}}{{/each}}")
        assert {"user": {"name": "NAME"}, "list": [{"a": "A"}, {"a": "A"}]} == data

    def test_deeply_nested_lists(self):
        """The data of nested lists grows linearly with their depth."""
        depth = 40
        data = example_data("{{#each x}}" * depth + "{{a}}" + "{{/each}}" * depth)
        assert 10 * depth > str(data).count("x")


class TestErrors:
    @pytest.mark.parametrize(
        ("source", "error", "text"),
        [
            ("{{#if a}}", handlebars.TemplateSyntaxError, "never closed"),
            ("{{upper name}}", handlebars.MissingAttribute, "Attribute 'upper' is not present"),
            (
                '{{#*inline "p"}}{{> p}}{{/inline}}{{> p}}',
                handlebars.RenderLimitExceeded,
                "nested more than",
            ),
        ],
    )
    def test_no_data(self, source, error, text):
        """A template that cannot be rendered with any data raises the error of its rendering."""
        with pytest.raises(error, match=text):
            example_data(source)

    def test_contradiction(self):
        """An attribute that would have to be a list and an object at once is reported as missing."""
        with pytest.raises(handlebars.MissingAttribute, match=r"items\.name"):
            example_data("{{#each items}}{{this}}{{/each}}{{items.name}}")
