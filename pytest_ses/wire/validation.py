"""Which constraints of the model do parameters break, and in which words?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set as AbstractSet

    from botocore.model import ListShape, MapShape, Shape, StructureShape

    Check = Callable[[Any, str, list[str]], None]
    """Takes a value, the path it stands at, and the violations so far."""
    Test = tuple[Callable[[Any], object], str]
    """What a value must pass, and the words for one that does not."""

_NOT_NULL = "Member must not be null"


def compile_violations(
    operation: str, shape: StructureShape | None, unchecked: AbstractSet[str]
) -> Callable[[Mapping[str, Any]], str | None]:
    """Give the function that tells what parameters break; see `Operation.violations`.

    Raises:
        ValueError: `unchecked` has a path that the operation's input has not.
    """
    skip = _Skip(unchecked)
    check = None if shape is None else _structure(shape, "", skip)
    unknown = sorted(unchecked - skip.seen)
    if unknown:
        raise ValueError(f"{operation} has no member at {', '.join(unknown)}")
    return _unconstrained if check is None else _reporter(check)


@dataclass(frozen=True, slots=True)
class _Skip:
    """The paths that are not checked, and every path that was asked about."""

    paths: AbstractSet[str]
    seen: set[str] = field(default_factory=set)

    def __contains__(self, path: str) -> bool:
        self.seen.add(path)
        return path in self.paths


def _unconstrained(_params: Mapping[str, Any]) -> str | None:
    return None


def _reporter(check: Check) -> Callable[[Mapping[str, Any]], str | None]:
    def violations(params: Mapping[str, Any]) -> str | None:
        found: list[str] = []
        check(params, "", found)
        if not found:
            return None
        plural = "s" if len(found) > 1 else ""
        return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"

    return violations


def _violation(path: str, constraint: str) -> str:
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"


def _compile(shape: Shape, path: str, skip: _Skip) -> Check | None:
    container = _CONTAINERS.get(shape.type_name)
    return _alone(_tests(shape, path, skip)) if container is None else container(shape, path, skip)


def _structure(shape: StructureShape, path: str, skip: _Skip) -> Check | None:
    rows = []
    for name, member in shape.members.items():
        label = name[0].lower() + name[1:]
        place = f"{path}.{label}" if path else label
        required = place not in skip and name in shape.required_members
        inner = _compile(member, place, skip)
        if required or inner is not None:
            rows.append((name, label, required, inner))

    def check(value: Mapping[str, Any], path: str, found: list[str]) -> None:
        prefix = f"{path}." if path else ""
        for name, label, required, inner in rows:
            member = value.get(name)
            if member is not None:
                if inner is not None:
                    inner(member, prefix + label, found)
            elif required:
                found.append(_violation(prefix + label, _NOT_NULL))

    return check if rows else None


def _list(shape: ListShape, path: str, skip: _Skip) -> Check | None:
    own = _alone(_tests(shape, path, skip))
    if shape.member.type_name in _CONTAINERS:
        return _both(own, _elements(_compile(shape.member, f"{path}.member", skip)))
    return _both(own, _every("Member", _tests(shape.member, path, skip)))


def _map(shape: MapShape, path: str, skip: _Skip) -> Check | None:
    own = _alone(_tests(shape, path, skip))
    keys = _every("Map keys", _tests(shape.key, path, skip))
    return _both(_both(own, keys), _values(_compile(shape.value, f"{path}.value", skip)))


_CONTAINERS: dict[str, Callable[[Any, str, _Skip], Check | None]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}


def _alone(tests: list[Test]) -> Check | None:
    def check(value: Any, path: str, found: list[str]) -> None:
        for passes, text in tests:
            if not passes(value):
                found.append(_violation(path, text))

    return check if tests else None


def _every(subject: str, tests: list[Test]) -> Check | None:
    texts = ", ".join(text for _, text in tests)
    text = f"{subject} must satisfy constraint: [{texts}]"

    def check(values: Any, path: str, found: list[str]) -> None:
        if not all(passes(value) for passes, _ in tests for value in values):
            found.append(_violation(path, text))

    return check if tests else None


def _elements(inner: Check | None) -> Check | None:
    if inner is None:
        return None

    def check(value: list[Any], path: str, found: list[str]) -> None:
        for index, element in enumerate(value, 1):
            inner(element, f"{path}.{index}.member", found)

    return check


def _values(inner: Check | None) -> Check | None:
    if inner is None:
        return None

    def check(value: Mapping[str, Any], path: str, found: list[str]) -> None:
        for key, member in value.items():
            inner(member, f"{path}.{key}.value", found)

    return check


def _both(first: Check | None, second: Check | None) -> Check | None:
    if first is None or second is None:
        return first or second

    def check(value: Any, path: str, found: list[str]) -> None:
        first(value, path, found)
        second(value, path, found)

    return check


def _tests(shape: Shape, path: str, skip: _Skip) -> list[Test]:
    if path in skip:
        return []
    traits = shape.metadata
    tests: list[Test] = []
    if "enum" in traits:
        values = ", ".join(traits["enum"])
        tests.append(
            (
                frozenset(traits["enum"]).__contains__,
                f"Member must satisfy enum value set: [{values}]",
            )
        )
    tests += _bounds(shape)
    if "pattern" in traits:
        text = f"Member must satisfy regular expression pattern: {traits['pattern']}"
        tests.append((_java_pattern(traits["pattern"]).fullmatch, text))
    return tests


def _bounds(shape: Shape) -> list[Test]:
    measure, word = _MEASURES.get(shape.type_name, (len, "length"))
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    tests: list[Test] = []
    if high is not None:
        text = f"Member must have {word} less than or equal to {high}"
        tests.append((lambda value: measure(value) <= high, text))
    if low:
        text = f"Member must have {word} greater than or equal to {low}"
        tests.append((lambda value: measure(value) >= low, text))
    return tests


def _utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


_MEASURES: dict[str, tuple[Callable[[Any], float], str]] = {
    "string": (_utf16_units, "length"),
    "integer": (int, "value"),
    "long": (int, "value"),
    "float": (float, "value"),
    "double": (float, "value"),
}

_CLASS_OR_DOT = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\.)", re.DOTALL)
_JAVA_DOT = r"[^\n\r\u0085\u2028\u2029]"


def _java_pattern(pattern: str) -> re.Pattern[str]:
    """Translate what Python's syntax takes otherwise than the service's: classes and the dot."""
    translated = _CLASS_OR_DOT.sub(lambda m: _JAVA_DOT if m[1] else m[0], pattern)
    return re.compile(translated, re.ASCII)
