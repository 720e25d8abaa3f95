"""Properties as templates have them: what is rejected, and what is converted."""

from __future__ import annotations

import pytest

from pytest_ses.cloudformation import InvalidPropertiesError
from pytest_ses.cloudformation.properties import ListOf, Struct, parse

OPTIONS = Struct(optional={"Enabled": bool, "Seconds": int})
RULE = Struct(
    required={"Name": str},
    optional={"Options": OPTIONS, "Recipients": ListOf(str), "Enabled": bool},
)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "#: required key [Name] not found"),
        ({"Name": "a", "Nmae": "b"}, "#: extraneous key [Nmae] is not permitted"),
        ({"Name": {"a": "b"}}, "#/Name: expected type: String, found: JSONObject"),
        ({"Name": None}, "#/Name: expected type: String, found: NoneType"),
        ({"Name": "a", "Options": "b"}, "#/Options: expected type: JSONObject, found: String"),
        ({"Name": "a", "Options": {"x": 1}}, "#/Options: extraneous key [x] is not permitted"),
        ({"Name": "a", "Recipients": "b"}, "#/Recipients: expected type: JSONArray, found: String"),
        (
            {"Name": "a", "Recipients": [["b"]]},
            "#/Recipients/0: expected type: String, found: JSONArray",
        ),
        ({"Name": "a", "Enabled": "maybe"}, "#/Enabled: expected type: Boolean, found: String"),
        (
            {"Name": "a", "Options": {"Seconds": "soon"}},
            "#/Options/Seconds: expected type: Number, found: String",
        ),
        ([], "#: expected type: JSONObject, found: JSONArray"),
    ],
)
def test_properties_must_match_the_schema(properties, message):
    """An unknown, missing or wrong property is an error that names its path."""
    with pytest.raises(InvalidPropertiesError) as caught:
        parse(RULE, properties)
    assert message == str(caught.value)


def test_scalars_have_the_type_of_the_property():
    """Parameters of stacks are strings, and numbers in YAML are names; both are converted."""
    properties = {
        "Name": 2024,
        "Enabled": "True",
        "Options": {"Enabled": False, "Seconds": "300"},
        "Recipients": [True, None, "a@example.com"],
    }
    expected = {
        "Name": "2024",
        "Enabled": True,
        "Options": {"Enabled": False, "Seconds": 300},
        "Recipients": ["true", "a@example.com"],
    }
    assert expected == parse(RULE, properties)
