"""Does every template give what handlebars.java gives?"""

import json
from pathlib import Path

import pytest

from pytest_ses.handlebars import (
    MissingAttribute,
    RenderLimitExceeded,
    TemplateSyntaxError,
    compile as compile_template,
)

HERE = Path(__file__).parent
CORPUS = json.loads((HERE / "ses_template_corpus.json").read_text(encoding="utf-8"))
PROBES = json.loads((HERE / "handlebars_java_vs_js_probes.json").read_text(encoding="utf-8"))

A_BARE_SECTION = "a bare section over a missing attribute is falsy, as users report of SES"
A_JAVA_HELPER = "helpers that read files, bundles or layouts of a Java program; SES names none"
JAVA_OBJECTS = "the engine loops over the getters of Java's own classes"

#: What we do where we do not follow the engine, and why.
DIFFERENCES = {
    "mustache section missing": ({"out": ""}, A_BARE_SECTION),
    "mustache inverted missing": ({"out": "x"}, A_BARE_SECTION),
    "raw block": ({"out": ""}, A_BARE_SECTION),
    "section with else": ({"out": "F"}, A_BARE_SECTION),
    "section null": ({"out": "F"}, A_BARE_SECTION),
    "block helper": ({"missing": "block"}, A_JAVA_HELPER),
    "precompile helper": ({"missing": "precompile"}, A_JAVA_HELPER),
    "embedded": ({"missing": "embedded"}, A_JAVA_HELPER),
    "i18n": ({"missing": "i18n"}, A_JAVA_HELPER),
    "each string": ({"out": "[]"}, JAVA_OBJECTS),
    "each number": ({"out": "[]"}, JAVA_OBJECTS),
    "delims": ({"error": "compile"}, "other delimiters than braces are in no guide of SES"),
    "partial missing": ({"error": "compile"}, "SES refuses an unknown partial at creation"),
    "partial recursion": ({"error": "render"}, "the engine's stack overflow is a limit here"),
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
    """Every part of the corpus renders, or fails, as in handlebars.java."""
    is_partial = "partial" in java.get("error", "")

    assert ({"error": "compile"} if is_partial else expectation(java)) == outcome(source, data)


@pytest.mark.parametrize("probe", [pytest.param(probe, id=probe["id"]) for probe in PROBES])
def test_probe(probe):
    """Every probe renders, or fails, as in handlebars.java, but for the listed differences."""
    java = expectation(probe["java_strict_noescape"])
    expected, _reason = DIFFERENCES.get(probe["id"], (java, ""))

    assert expected == outcome(probe["template"], probe["input"])


def test_differences_are_differences():
    """The list of differences names probes only, and only those that do differ."""
    java = {probe["id"]: probe["java_strict_noescape"] for probe in PROBES}

    assert [name for name, (ours, _) in DIFFERENCES.items() if ours == java[name]] == []
