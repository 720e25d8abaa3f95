"""The validation and conversion of properties.

CloudFormation checks the names and types of properties against the schema of the resource type before it
calls SES. It converts scalars: a parameter of a stack is a string even if the property is a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with named members: those that are required, and the others."""

    required: Mapping[str, Type] = field(default_factory=dict)
    optional: Mapping[str, Type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one type."""

    member: Type


# The type of a property: `str`, `bool`, `int`, a structure or a list.
Type = type | Struct | ListOf
Properties = dict[str, Any]


class InvalidPropertiesError(Exception):
    """The properties of a resource do not match the schema of its type."""


def parse(struct: Struct, value: object, path: str = "#") -> Properties:
    """Return the properties of a resource, with scalars of the right type.

    The texts of the errors are those that users report from CloudFormation, as in
    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1514.

    Raises:
        InvalidPropertiesError: if a property is unknown, missing or of the wrong type.
    """
    if not isinstance(value, dict):
        raise _wrong_type(path, "JSONObject", value)
    known = {**struct.required, **struct.optional}
    for name in value:
        if name not in known:
            raise InvalidPropertiesError(f"{path}: extraneous key [{name}] is not permitted")
    for name in struct.required:
        if name not in value:
            raise InvalidPropertiesError(f"{path}: required key [{name}] not found")
    return {name: _parse(known[name], member, f"{path}/{name}") for name, member in value.items()}


def _parse(expected: Type, value: object, path: str) -> Any:
    if isinstance(expected, Struct):
        return parse(expected, value, path)
    if isinstance(expected, ListOf):
        if not isinstance(value, list):
            raise _wrong_type(path, "JSONArray", value)
        # `AWS::NoValue` removes a member.
        members = [member for member in value if member is not None]
        return [_parse(expected.member, each, f"{path}/{i}") for i, each in enumerate(members)]
    return _SCALARS[expected](value, path)


def _text(value: object, path: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise _wrong_type(path, "String", value)


def _boolean(value: object, path: str) -> bool:
    text = str(value).lower()
    if text not in _BOOLEANS:
        raise _wrong_type(path, "Boolean", value)
    return _BOOLEANS[text]


def _number(value: object, path: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise _wrong_type(path, "Number", value) from None


_SCALARS: Mapping[Any, Callable[[object, str], object]] = {
    str: _text,
    bool: _boolean,
    int: _number,
}
_TYPE_NAMES = {
    str: "String",
    bool: "Boolean",
    int: "Integer",
    dict: "JSONObject",
    list: "JSONArray",
}


def _wrong_type(path: str, expected: str, value: object) -> InvalidPropertiesError:
    found = _TYPE_NAMES.get(type(value), type(value).__name__)
    return InvalidPropertiesError(f"{path}: expected type: {expected}, found: {found}")
