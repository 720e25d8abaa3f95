"""The resource types beside AWS's resource schemas, which cfn-lint contains."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from pytest_ses.cloudformation import PREFIX, RESOURCES
from pytest_ses.cloudformation.properties import ListOf, Struct

SCHEMAS = files("cfnlint") / "data" / "schemas"
MAIL_MANAGER = PREFIX + "MailManager"


def _schemas():
    """AWS's schemas by type; none if cfn-lint is too old to have them in this form."""
    providers = SCHEMAS / "providers" / "us-east-1.json"
    if not providers.is_file():
        return {}
    names = json.loads(providers.read_text())
    return {
        name: json.loads((SCHEMAS / "resources" / f"{digest}.json").read_text())
        for name, digest in names.items()
        if name.startswith(PREFIX)
    }


ALL = _schemas()
if not ALL:
    pytest.skip("this cfn-lint has no schemas by region", allow_module_level=True)
each_type = pytest.mark.parametrize("name", sorted(RESOURCES))


def _paths(schema, name):
    return [path.removeprefix("/properties/") for path in schema.get(name, [])]


def _described(node, schema):
    """A type of AWS's schema in the notation of the package."""
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    if "properties" in node:
        hidden = _paths(schema, "readOnlyProperties") if node is schema else []
        members = {
            name: _described(member, schema)
            for name, member in node["properties"].items()
            if name not in hidden
        }
        required = set(node.get("required", []))
        return Struct(
            {name: each for name, each in members.items() if name in required},
            {name: each for name, each in members.items() if name not in required},
        )
    if node["type"] == "array":
        return ListOf(_described(node["items"], schema))
    return {"string": str, "boolean": bool, "number": int, "integer": int}[node["type"]]


def test_every_type_is_known():
    """All resource types of SES are supported, except those of Mail Manager."""
    assert {name for name in ALL if not name.startswith(MAIL_MANAGER)} == set(RESOURCES)


@each_type
def test_properties(name):
    """The names, types and required ones of all properties, at every level, are those of the schema."""
    assert _described(ALL[name], ALL[name]) == RESOURCES[name].properties


@each_type
def test_attributes(name):
    """`Fn::GetAtt` returns the read-only properties of the schema."""
    assert set(_paths(ALL[name], "readOnlyProperties")) == set(RESOURCES[name].attributes)


@each_type
def test_replacement(name):
    """A resource is replaced if a create-only property of the schema changes."""
    kind = RESOURCES[name]
    in_schema = set(_paths(ALL[name], "createOnlyProperties"))
    # A name that the schema allows to change only in some cases is one that identifies the resource.
    in_schema.update(set(_paths(ALL[name], "conditionalCreateOnlyProperties")) - {"ScalingMode"})
    parts = {
        path for path in in_schema for whole in kind.create_only if path.startswith(f"{whole}/")
    }
    own = {path for path in (kind.name, *kind.create_only) if path}
    assert in_schema - parts == own - parts


@each_type
def test_tags(name):
    """A resource type has tags if it has them in the schema."""
    assert ("Tags" in ALL[name]["properties"]) == (RESOURCES[name].arn is not None)
