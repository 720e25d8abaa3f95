"""Checks of parameters against the constraints of a model, with the texts of SES."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet

    from botocore.model import ListShape, MapShape, Shape, StructureShape

    Step = tuple[int, str]
    """The position among the members of the parent, and the name, which is empty for elements of lists."""
    Violation = tuple[tuple[Step, ...], str]
    """The path from the checked value to the invalid one, and the constraint that it violates."""
    Check = Callable[[Any], Sequence[Violation]]
    """Takes a value and returns its violations. Paths grow from the inside, so that a valid value, by
    far the most common one, needs none."""
    Constraint = tuple[Callable[[Any], object], str]
    """A test that a value must pass, and the text of the violation if it does not."""

_NOT_NULL = "Member must not be null"


def compile_violations(
    shape: StructureShape | None, unchecked: AbstractSet[str]
) -> Callable[[Mapping[str, Any]], str | None]:
    """Return the function that checks parameters; see `Operation.violations`."""
    check = None if shape is None else _structure(shape, "", unchecked)
    return _unconstrained if check is None else _reporter(check)


def _unconstrained(_params: Mapping[str, Any]) -> str | None:
    return None


def _reporter(check: Check) -> Callable[[Mapping[str, Any]], str | None]:
    def report(params: Mapping[str, Any]) -> str | None:
        violations = check(params)
        if not violations:
            return None
        # In the order of the model, not of the request.
        violations = sorted(violations, key=lambda violation: [step[0] for step in violation[0]])
        plural = "s" if len(violations) > 1 else ""
        texts = "; ".join(
            f"Value at '{'.'.join(map(_name, path))}' failed to satisfy constraint: {constraint}"
            for path, constraint in violations
        )
        return f"{len(violations)} validation error{plural} detected: {texts}"

    return report


def _name(step: Step) -> str:
    position, name = step
    return name or f"{position}.member"


def _within(step: Step, violations: Sequence[Violation]) -> list[Violation]:
    """Return the violations of a member as those of its parent."""
    return [((step, *path), text) for path, text in violations]


def _compile(shape: Shape, path: str, unchecked: AbstractSet[str]) -> Check | None:
    container = _CONTAINERS.get(shape.type_name)
    if container is not None:
        return container(shape, path, unchecked)
    return _check_value(_constraints(shape, path, unchecked))


def _structure(shape: StructureShape, path: str, unchecked: AbstractSet[str]) -> Check | None:
    checks: dict[str, tuple[Step, Check]] = {}
    required: list[tuple[str, Violation]] = []
    for position, (name, member) in enumerate(shape.members.items()):
        label = name[0].lower() + name[1:]
        member_path = f"{path}.{label}" if path else label
        if member_path not in unchecked and name in shape.required_members:
            required.append((name, (((position, label),), _NOT_NULL)))
        check_member = _compile(member, member_path, unchecked)
        if check_member is not None:
            checks[name] = ((position, label), check_member)
    if not checks:
        return _require(required)
    # Most structures in other structures have only one member with constraints.
    if len(checks) == 1 and not required:
        return _check_member(*checks.popitem())
    return _check_members(checks, required)


def _check_members(
    checks: Mapping[str, tuple[Step, Check]], required: Sequence[tuple[str, Violation]]
) -> Check:
    def check(value: Mapping[str, Any]) -> Sequence[Violation]:
        violations: list[Violation] = []
        for name, member in value.items():
            if name in checks and member is not None:
                step, check_member = checks[name]
                if found := check_member(member):
                    violations += _within(step, found)
        for name, violation in required:
            if value.get(name) is None:
                violations.append(violation)
        return violations

    return check


def _check_member(name: str, step_and_check: tuple[Step, Check]) -> Check:
    step, check_member = step_and_check

    def check(value: Mapping[str, Any]) -> Sequence[Violation]:
        member = value.get(name)
        found = () if member is None else check_member(member)
        return _within(step, found) if found else ()

    return check


def _require(required: Sequence[tuple[str, Violation]]) -> Check | None:
    def check(value: Mapping[str, Any]) -> Sequence[Violation]:
        return [violation for name, violation in required if value.get(name) is None]

    return check if required else None


def _list(shape: ListShape, path: str, unchecked: AbstractSet[str]) -> Check | None:
    check_list = _check_value(_constraints(shape, path, unchecked))
    if shape.member.type_name in _CONTAINERS:
        check_element = _compile(shape.member, f"{path}.member", unchecked)
        return _check_both(check_list, _check_list_elements(check_element))
    constraints = _constraints(shape.member, path, unchecked)
    return _check_both(check_list, _check_all("Member", constraints))


def _map(shape: MapShape, path: str, unchecked: AbstractSet[str]) -> Check | None:
    check_map = _check_value(_constraints(shape, path, unchecked))
    check_keys = _check_all("Map keys", _constraints(shape.key, path, unchecked))
    check_value = _compile(shape.value, f"{path}.value", unchecked)
    return _check_both(_check_both(check_map, check_keys), _check_map_values(check_value))


_CONTAINERS: dict[str, Callable[[Any, str, AbstractSet[str]], Check | None]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}


def _check_value(constraints: list[Constraint]) -> Check | None:
    if len(constraints) == 1:
        return _check_constraint(*constraints[0])

    def check(value: Any) -> Sequence[Violation]:
        return [((), text) for passes, text in constraints if not passes(value)]

    return check if constraints else None


def _check_constraint(passes: Callable[[Any], object], text: str) -> Check:
    violations = [((), text)]
    return lambda value: () if passes(value) else violations


def _check_all(subject: str, constraints: list[Constraint]) -> Check | None:
    texts = ", ".join(text for _, text in constraints)
    text = f"{subject} must satisfy constraint: [{texts}]"

    def check(values: Any) -> Sequence[Violation]:
        valid = all(passes(value) for passes, _ in constraints for value in values)
        return () if valid else [((), text)]

    return check if constraints else None


def _check_list_elements(check_element: Check | None) -> Check | None:
    if check_element is None:
        return None

    def check(value: list[Any]) -> Sequence[Violation]:
        violations: list[Violation] = []
        for index, element in enumerate(value, 1):
            if found := check_element(element):
                violations += _within((index, ""), found)
        return violations

    return check


def _check_map_values(check_value: Check | None) -> Check | None:
    if check_value is None:
        return None

    def check(value: Mapping[str, Any]) -> Sequence[Violation]:
        violations: list[Violation] = []
        for position, (key, member) in enumerate(value.items()):
            if found := check_value(member):
                violations += _within((position, f"{key}.value"), found)
        return violations

    return check


def _check_both(first: Check | None, second: Check | None) -> Check | None:
    if first is None or second is None:
        return first or second

    def check(value: Any) -> Sequence[Violation]:
        return [*first(value), *second(value)]

    return check


def _constraints(shape: Shape, path: str, unchecked: AbstractSet[str]) -> list[Constraint]:
    if path in unchecked:
        return []
    traits = shape.metadata
    constraints: list[Constraint] = []
    if "enum" in traits:
        text = f"Member must satisfy enum value set: [{', '.join(traits['enum'])}]"
        constraints.append((frozenset(traits["enum"]).__contains__, text))
    constraints += _bounds(shape)
    if "pattern" in traits:
        text = f"Member must satisfy regular expression pattern: {traits['pattern']}"
        constraints.append((_java_pattern(traits["pattern"]).fullmatch, text))
    return constraints


def _bounds(shape: Shape) -> list[Constraint]:
    measure, quantity = _MEASURES.get(shape.type_name, (len, "length"))
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    bounds: list[Constraint] = []
    if maximum is not None:
        text = f"Member must have {quantity} less than or equal to {maximum}"
        bounds.append((_at_most(maximum, measure), text))
    if minimum:
        text = f"Member must have {quantity} greater than or equal to {minimum}"
        bounds.append((lambda value: measure(value) >= minimum, text))
    return bounds


def _at_most(maximum: float, measure: Callable[[Any], float]) -> Callable[[Any], bool]:
    if measure is _utf16_units:
        # A character has at most two units.
        return lambda text: 2 * len(text) <= maximum or measure(text) <= maximum
    return lambda value: measure(value) <= maximum


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
    """Compile a pattern in which the dot and the character classes have their Java meaning."""
    translated = _CLASS_OR_DOT.sub(lambda m: _JAVA_DOT if m[1] else m[0], pattern)
    return re.compile(translated, re.ASCII)
