"""Printing, truth and merging of JSON values."""

import copy
import json
import math

import pytest
from hypothesis import given, strategies as st

from pytest_ses.handlebars import compile as compile_template, merge


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", "7"),
        ("-5", "-5"),
        (str(10**30), str(10**30)),
        ("1.0", "1.0"),
        ("0.0", "0.0"),
        ("-0.0", "-0.0"),
        ("1.5", "1.5"),
        ("123456.789", "123456.789"),
        ("9999999.0", "9999999.0"),
        ("1e7", "1.0E7"),
        ("12345678.9", "1.23456789E7"),
        ("0.001", "0.001"),
        ("0.0001", "1.0E-4"),
        ("-1e-5", "-1.0E-5"),
        ("3.0e10", "3.0E10"),
        ("1e21", "1.0E21"),
        ("1.5e300", "1.5E300"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("true", "true"),
        ("false", "false"),
        ('""', ""),
        ("[]", "[]"),
        ("{}", "{}"),
        ('[1, "x", true, null, 1.0]', "[1, x, true, null, 1.0]"),
        ('{"a": [1.0, {"b": null}], "c": {}}', "{a=[1.0, {b=null}], c={}}"),
    ],
)
def test_printed(value, expected):
    """A value is printed as in handlebars.java."""
    assert expected == compile_template("{{v}}").render({"v": json.loads(value)})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_is_exact(value):
    """A printed float parses to the same number and has digits on both sides of the point."""
    text = compile_template("{{v}}").render({"v": value})

    assert value == float(text)
    assert math.copysign(1, value) == math.copysign(1, float(text))
    assert all(part[-1:].isdigit() for part in text.partition("E")[0].split("."))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[(falsy, "F") for falsy in (None, False, 0, 0.0, -0.0, "", [])],
        *[(truthy, "T") for truthy in (True, -1, 0.1, "0", "false", " ", [0], {})],
    ],
)
def test_truth(value, expected):
    """null, false, 0, the empty string and the empty list are false; other values are true."""
    source = "{{#if v}}T{{else}}F{{/if}}{{#unless v}}F{{else}}T{{/unless}}"

    assert expected * 2 == compile_template(source).render({"v": value})


@pytest.mark.parametrize(
    ("defaults", "replacement", "expected"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, {"a": 1, "b": 3, "c": 4}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": {"b": {"x": 1}}}, {"a": {"b": {"y": 2}}}, {"a": {"b": {"x": 1, "y": 2}}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"x": 1}}, {"a": None}, {"a": None}),
        ({"a": "s"}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": {}}, {"a": {"x": 1}}),
    ],
)
def test_merge(defaults, replacement, expected):
    """Objects are merged key by key; other values are replaced."""
    assert expected == merge(defaults, replacement)


OBJECTS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
        lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    ),
)


@given(OBJECTS, OBJECTS)
def test_merge_modifies_nothing(defaults, replacement):
    """Neither argument is modified."""
    before = copy.deepcopy((defaults, replacement))
    merge(defaults, replacement)

    assert before == (defaults, replacement)


@given(OBJECTS)
def test_merge_identity(data):
    """Merging data with an empty object or with itself returns the same data."""
    assert data == merge(data, {}) == merge({}, data) == merge(data, data)


@given(OBJECTS, OBJECTS)
def test_merge_twice(defaults, replacement):
    """Merging the same replacement again changes nothing."""
    once = merge(defaults, replacement)

    assert once == merge(once, replacement)


def test_merge_deep():
    """Data can nest deeper than Python's stack."""
    deep = {}
    for _ in range(5_000):
        deep = {"a": deep}

    merged = merge(deep, deep)
    while "a" in merged:
        merged = merged["a"]
    assert merged == {}
