"""The time that the package's regular expressions take on hostile strings."""

import re

import pytest
import regular_expressions
from regular_expressions import Expression, hostile_strings, seconds

COMPILED_IN_FUNCTIONS = {
    "pytest_ses.faults.missing": "patterns of operation names",
    "pytest_ses.hints": "patterns of error texts, matched only when a test fails",
    "pytest_ses.wire.partitions": "patterns of botocore's partitions, matched with region names",
    "pytest_ses.wire.routes": "one pattern for the path of each operation",
    "pytest_ses.wire.validation": "patterns of botocore's models",
}
NOT_FROM_A_USER = {
    "pytest_ses.wire.routes": "the paths of botocore's models",
    "pytest_ses.wire.validation": "the patterns of botocore's models",
}
BALANCED = {"pytest_ses.handlebars.expressions._SEGMENT": "the lexer has matched all brackets"}
PASSED_TO_A_FUNCTION = {
    "pytest_ses.handlebars.lexer._CLOSING": "match",
    "pytest_ses.handlebars.lexer._CLOSING_RAW": "match",
    "pytest_ses.handlebars.lexer._CLOSING_TRIPLE": "match",
}
EXPRESSIONS = [
    expression
    for expression in regular_expressions.expressions(PASSED_TO_A_FUNCTION)
    if expression.place.rpartition(".")[0] not in NOT_FROM_A_USER
    if expression.place not in BALANCED
]

# Exponential time shows in a few characters, quadratic time in many: `<[^>]*,` takes 5 ms for
# 3,000 characters and more than a second for 50,000, where a linear search takes 3 ms at most. Each
# size has the time in seconds up to which a match is not suspicious, and the one that is too long.
SIZES = [
    (22, 0, 0.01),
    (34, 0, 0.01),
    (3_000, 0.001, 0.1),
    (12_000, 0.004, 0.1),
    (50_000, 0.1, 0.1),
]


def is_slow(expression, method, start, unit):
    """Whether the time for a repeated string, which almost matches, grows more than linearly."""
    for size, unsuspicious, too_long in SIZES:
        taken = seconds(expression, method, start + unit * (size // len(unit)) + "\0")
        if taken <= unsuspicious or taken > too_long:
            return taken > too_long
    return False


def slow_inputs(expression):
    """Yield the methods and the repeated strings that take more than linear time."""
    for method in sorted(expression.methods):
        for start, unit in hostile_strings(expression.pattern):
            if is_slow(expression, method, start, unit):
                yield method, unit


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda expression: expression.place)
def test_linear(expression):
    """The time of a match is proportional to the length of any string."""
    assert next(slow_inputs(expression), None) is None


@pytest.mark.parametrize(
    ("pattern", "method", "unit"),
    [
        ("<[^>]*,", "search", "<"),
        (r"(.*?)\s*(<[^<>]*>)\s*", "fullmatch", " "),
        (r"\[([^\]]+)\]", "finditer", "["),
        ("(?:a|aa)+b", "match", "a"),
        ("(?:a+)+b", "search", "a"),
        ("(?:a|a)*b", "match", "a"),
        (r"x *y? *$", "match", " "),
    ],
)
def test_catches(pattern, method, unit):
    """Quadratic and exponential time is found; the first expression was once in this package."""
    expression = Expression("", re.compile(pattern), frozenset({method}))
    assert (method, unit) in slow_inputs(expression)


def test_every_expression():
    """A pattern that is compiled in a function, and is thus not tested here, has a reason for it."""
    assert set(COMPILED_IN_FUNCTIONS) == regular_expressions.compiled_in_functions()
