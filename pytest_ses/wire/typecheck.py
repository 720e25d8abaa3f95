"""Type checks of Python values by the shapes of a model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import ListShape, MapShape, Shape, StructureShape


_T = TypeVar("_T")


class _Subject(NamedTuple):
    """The value to check: its name in errors, and whether it is a result or parameters."""

    name: str
    is_result: bool

    @property
    def member_noun(self) -> str:
        return "member" if self.is_result else "parameter"


def check_params(operation: str, shape: StructureShape | None, params: Mapping[str, Any]) -> None:
    """Check the types of parameters; a required parameter may be missing.

    Raises:
        TypeError: if a parameter is unknown or has the wrong type.
    """
    _check_root(_Subject(operation, is_result=False), shape, params)


def write_result(
    operation: str,
    shape: StructureShape | None,
    result: Mapping[str, Any],
    *,
    write: Callable[[Mapping[str, Any]], _T],
) -> _T:
    """Return `write(result)`, without members that are None or that the model does not have.

    An older botocore lacks members that SES has added since; its clients ignore them as well.

    Raises:
        TypeError: if a member is required but missing, or has the wrong type.
    """
    try:
        return write(result)
    except (AttributeError, KeyError, TypeError, ValueError):
        known = {} if shape is None else _known(shape, result)
        _check_root(_Subject(f"the result of {operation}", is_result=True), shape, known)
        return write(known)


def _known(shape: Any, value: Any) -> Any:
    """Return a value without the members that the model does not have."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        members = shape.members
        return {
            name: _known(members[name], member) for name, member in value.items() if name in members
        }
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: _known(shape.value, member) for key, member in value.items()}
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [_known(shape.member, element) for element in value]
    return value


def _check_root(subject: _Subject, shape: StructureShape | None, value: Mapping[str, Any]) -> None:
    if shape is not None:
        _structure(subject, shape, value, "")
    elif value:
        raise TypeError(
            f"{subject.name}: unknown {subject.member_noun} {', '.join(map(repr, value))}"
        )


def _structure(subject: _Subject, shape: StructureShape, value: Any, path: str) -> None:
    _expect(subject, isinstance(value, Mapping), value, path, "a dict")
    prefix = f"{path}." if path else ""
    for name, member in value.items():
        if name not in shape.members:
            unknown = f"{subject.name}: unknown {subject.member_noun} '{prefix}{name}'"
            raise TypeError(with_nearest(unknown, str(name), shape.members))
        if member is not None or not subject.is_result:
            _check(subject, shape.members[name], member, prefix + name)
    if shape.is_tagged_union:
        members = [name for name, member in value.items() if member is not None]
        _expect(subject, len(members) == 1, value, path, "a dict with exactly one member")
    if subject.is_result:
        _check_required(subject, shape, value, prefix)


def _check_required(
    subject: _Subject, shape: StructureShape, value: Mapping[str, Any], prefix: str
) -> None:
    for name in shape.required_members:
        if value.get(name) is None:
            raise TypeError(f"{subject.name}: required member '{prefix}{name}' is missing")


def _list(subject: _Subject, shape: ListShape, value: Any, path: str) -> None:
    _expect(subject, isinstance(value, (list, tuple)), value, path, "a list")
    for index, element in enumerate(value):
        _check(subject, shape.member, element, f"{path}[{index}]")


def _map(subject: _Subject, shape: MapShape, value: Any, path: str) -> None:
    _expect(subject, isinstance(value, Mapping), value, path, "a dict")
    for key, member in value.items():
        _expect(subject, isinstance(key, str), key, path, "a str as the key of a dict")
        _check(subject, shape.value, member, f"{path}[{key!r}]")


_CONTAINERS: Final[dict[str, Callable[[_Subject, Any, Any, str], None]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}


def _check(subject: _Subject, shape: Shape, value: Any, path: str) -> None:
    container = _CONTAINERS.get(shape.type_name)
    if container is not None:
        container(subject, shape, value, path)
    else:
        matches, expected = _SCALARS[shape.type_name]
        _expect(subject, matches(value), value, path, expected)


def _expect(subject: _Subject, matches: bool, value: Any, path: str, expected: str) -> None:
    if not matches:
        invalid = f"{path}={value!r}" if path else repr(value)
        raise TypeError(f"{subject.name}: {invalid} is invalid; expected {expected}")


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or _is_integer(value)


def _is_aware(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


_INTEGER = (_is_integer, "an int")
_NUMBER = (_is_number, "a number")
_SCALARS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "string": (lambda value: isinstance(value, str), "a str"),
    "boolean": (lambda value: isinstance(value, bool), "a bool"),
    "integer": _INTEGER,
    "long": _INTEGER,
    "float": _NUMBER,
    "double": _NUMBER,
    "blob": (lambda value: isinstance(value, bytes), "bytes"),
    "timestamp": (_is_aware, "a datetime with a time zone"),
}
