"""Conformance with handlebars.java, measured on a corpus of templates and on probes."""

import json
from pathlib import Path

import pytest

from pytest_ses.handlebars import (
    MissingAttribute,
    RenderLimitExceeded,
    TemplateSyntaxError,
    compile as compile_template,
)

FOLDER = Path(__file__).parent
CORPUS = json.loads((FOLDER / "ses_template_corpus.json").read_text(encoding="utf-8"))
PROBES = json.loads((FOLDER / "handlebars_java_vs_js_probes.json").read_text(encoding="utf-8"))
# Measured on handlebars.java 4.3.1: trimming, the scopes of partials, and null items of a loop.
JAVA_PROBES = json.loads((FOLDER / "handlebars_java_probes.json").read_text(encoding="utf-8"))

BARE_SECTION = "a bare section over a missing attribute is falsy, as SES users report"
JAVA_HELPER = "helpers that read files, bundles or layouts of a Java program; SES documents none"
JAVA_OBJECTS = "the engine iterates over the getters of Java classes"

#: The results that differ from those of the engine, with the reason.
DIFFERENCES = {
    "mustache section missing": ({"out": ""}, BARE_SECTION),
    "mustache inverted missing": ({"out": "x"}, BARE_SECTION),
    "raw block": ({"out": ""}, BARE_SECTION),
    "section with else": ({"out": "F"}, BARE_SECTION),
    "section null": ({"out": "F"}, BARE_SECTION),
    "block helper": ({"missing": "block"}, JAVA_HELPER),
    "precompile helper": ({"missing": "precompile"}, JAVA_HELPER),
    "embedded": ({"missing": "embedded"}, JAVA_HELPER),
    "i18n": ({"missing": "i18n"}, JAVA_HELPER),
    "each string": ({"out": "[]"}, JAVA_OBJECTS),
    "each number": ({"out": "[]"}, JAVA_OBJECTS),
    "delims": ({"error": "compile"}, "SES documents no delimiters other than braces"),
    "partial missing": ({"error": "compile"}, "SES rejects an unknown partial at creation"),
    "partial recursion": (
        {"error": "render"},
        "where the engine's stack overflows, we exceed a limit",
    ),
}


def outcome(source, data):
    try:
        template = compile_template(source)
    except TemplateSyntaxError:
        return {"error": "compile"}
    try:
        return {"out": template.render(data)}
    except MissingAttribute as error:
        return {"missing": error.name}
    except RenderLimitExceeded:
        return {"error": "render"}


def expectation(java):
    return {"error": java["stage"]} if "error" in java else java


def parts():
    for template in CORPUS:
        for part, java in template["java"].items():
            yield pytest.param(
                template[part], template["data"], java, id=f"{template['id']}-{part}"
            )


@pytest.mark.parametrize(("source", "data", "java"), list(parts()))
def test_corpus(source, data, java):
    """Every part of the corpus renders or fails as in handlebars.java."""
    is_partial = "partial" in java.get("error", "")

    assert ({"error": "compile"} if is_partial else expectation(java)) == outcome(source, data)


@pytest.mark.parametrize("probe", [pytest.param(probe, id=probe["id"]) for probe in PROBES])
def test_probe(probe):
    """Every probe renders or fails as in handlebars.java, except for the listed differences."""
    java = expectation(probe["java_strict_noescape"])
    expected, _reason = DIFFERENCES.get(probe["id"], (java, ""))

    assert expected == outcome(probe["template"], probe["input"])


@pytest.mark.parametrize(
    ("source", "data", "java"),
    [(probe["template"], probe["input"], probe["java"]) for probe in JAVA_PROBES],
)
def test_java_probe(source, data, java):
    """`~`, partials and null items have the same effects as in handlebars.java."""
    assert java == outcome(source, data)


def test_differences():
    """The list of differences contains only probes, and only those whose results differ."""
    java = {probe["id"]: probe["java_strict_noescape"] for probe in PROBES}

    assert [name for name, (ours, _) in DIFFERENCES.items() if ours == java[name]] == []
