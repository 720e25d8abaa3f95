"""Every regular expression of the package, and hostile strings for each."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import string
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest_ses

_ROOT = Path(pytest_ses.__file__).parent
_METHODS = ("search", "match", "fullmatch", "finditer")
_SAME_AS = {"findall": "finditer", "sub": "finditer", "subn": "finditer", "split": "finditer"}
_CHARACTERS = " a1\n"


@dataclass(frozen=True)
class Expression:
    """A regular expression and the methods that the package calls on it."""

    place: str
    pattern: re.Pattern
    methods: frozenset[str]

    def match(self, method, text):
        data = (
            text.encode("latin-1", "replace") if isinstance(self.pattern.pattern, bytes) else text
        )
        matches = getattr(self.pattern, method)(data)
        if method == "finditer":
            for _ in matches:
                pass


@cache
def trees():
    """The syntax trees of the package's modules by name."""
    return {
        ".".join(path.relative_to(_ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): (
            ast.parse(path.read_text(encoding="utf-8"))
        )
        for path in sorted(_ROOT.rglob("*.py"))
    }


def expressions(passed=MappingProxyType({})):
    """The expressions in the variables of modules, and those written in a call such as `re.sub`.

    `passed` has the methods called on variables that are passed to a function; the default is any.
    """
    methods = _methods(trees().values())
    by_pattern = {}
    for name, tree in trees().items():
        if compiled_calls(tree) or inline_calls(tree):
            for found in (*_in_variables(name, methods, passed), *_in_calls(name, tree)):
                key = found.pattern.pattern, found.pattern.flags, found.methods
                by_pattern.setdefault(key, found)
    return list(by_pattern.values())


def compiled_calls(tree):
    """The calls of `re.compile`."""
    return [node for node in _nodes(tree) if _function_of_re(node) == "compile"]


def inline_calls(tree):
    """The calls of other functions of `re` that take a pattern."""
    return [node for node in _nodes(tree) if _function_of_re(node) in {*_METHODS, *_SAME_AS}]


def compiled_in_functions():
    """The modules with functions that compile patterns, which are not known before."""
    return {
        name
        for name, tree in trees().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        if compiled_calls(function)
        or any(not isinstance(call.args[0], ast.Constant) for call in inline_calls(function))
    }


def hostile_strings(pattern):
    """Pairs of a start and a string to repeat after it.

    The strings are the characters of a pattern, pairs of them, and its literal pieces.
    """
    source = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    source = source.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")
    pieces = dict.fromkeys(re.findall(r"[A-Za-z:/<>=&#-]{1,12}", source))
    letters = dict.fromkeys(
        character if character not in string.ascii_letters else "a" for character in source
    )
    characters = list(dict.fromkeys([*_CHARACTERS, *letters]))
    pairs = list(itertools.permutations(characters, 2))
    return [
        *(("", unit) for unit in (*characters, *map("".join, pairs), *pieces)),
        *pairs,
        *itertools.product(pieces, characters),
    ]


def seconds(expression, method, text):
    """The CPU time of a match."""
    start = time.process_time()
    expression.match(method, text)
    return time.process_time() - start


@cache
def _nodes(tree):
    return tuple(ast.walk(tree))


def _function_of_re(node):
    """The function of `re` that a node calls, or None."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    ):
        return node.func.attr
    return None


def _methods(trees):
    """The methods that are called on each variable of the package, or on a value in it."""
    methods = {}
    for node in itertools.chain.from_iterable(map(_nodes, trees)):
        if isinstance(node, ast.Attribute):
            value = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            name = getattr(value, "id", None) or getattr(value, "attr", None)
            methods.setdefault(name, set()).add(_SAME_AS.get(node.attr, node.attr))
    return {
        name: frozenset(attributes.intersection(_METHODS)) for name, attributes in methods.items()
    }


def _in_variables(module_name, methods, passed):
    for name, value in vars(importlib.import_module(module_name)).items():
        place = f"{module_name}.{name}"
        called = frozenset({passed[place]} if place in passed else methods.get(name) or _METHODS)
        for pattern in _patterns(value):
            yield Expression(place, pattern, called)


def _patterns(value):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from _patterns(list(value.values()))
    elif isinstance(value, Iterable) and isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _patterns(item)


def _in_calls(module_name, tree):
    for call in inline_calls(tree):
        if isinstance(call.args[0], ast.Constant):
            method = call.func.attr
            yield Expression(
                f"{module_name}:{call.lineno}",
                re.compile(call.args[0].value),
                frozenset({_SAME_AS.get(method, method)}),
            )
