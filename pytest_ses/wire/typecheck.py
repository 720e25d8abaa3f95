"""Is a Python value of the shape that the model gives it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from pytest_ses.phrasing import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from botocore.model import ListShape, MapShape, Shape, StructureShape


_T = TypeVar("_T")


class _Walk(NamedTuple):
    """How strictly a value is held against its shape."""

    subject: str
    of_result: bool


def check_params(operation: str, shape: StructureShape | None, params: Mapping[str, Any]) -> None:
    """Refuse parameters of another type than the model's; a missing one is no matter of type.

    Raises:
        TypeError: names the path, the value and the type.
    """
    _check_root(_Walk(operation, of_result=False), shape, params)


def written(
    operation: str,
    shape: StructureShape | None,
    result: Mapping[str, Any],
    *,
    write: Callable[[Mapping[str, Any]], _T],
) -> _T:
    """Give what `write` makes of a result, in which a member that is None is absent.

    Raises:
        TypeError: the result is not of the model's type: names the path, the value and the type,
            or the missing member.
    """
    try:
        return write(result)
    except (AttributeError, KeyError, TypeError, ValueError):
        _check_root(_Walk(f"the result of {operation}", of_result=True), shape, result)
        raise


def _check_root(walk: _Walk, shape: StructureShape | None, value: Mapping[str, Any]) -> None:
    if shape is not None:
        _structure(walk, shape, value, "")
    elif value:
        raise TypeError(f"{walk.subject} takes no members, got {', '.join(value)}")


def _structure(walk: _Walk, shape: StructureShape, value: Any, path: str) -> None:
    _expect(walk, isinstance(value, Mapping), value, path, "a dict")
    prefix = f"{path}." if path else ""
    for name, member in value.items():
        if name not in shape.members:
            raise TypeError(
                f"{walk.subject}: {prefix}{name} is unknown{_hint(name, shape.members)}"
            )
        if member is not None or not walk.of_result:
            _check(walk, shape.members[name], member, prefix + name)
    if walk.of_result:
        _complete(walk, shape, value, prefix)


def _complete(walk: _Walk, shape: StructureShape, value: Mapping[str, Any], prefix: str) -> None:
    for name in shape.required_members:
        if value.get(name) is None:
            raise TypeError(f"{walk.subject}: {prefix}{name} is missing, and the model requires it")


def _hint(name: object, known: Iterable[str]) -> str:
    names = list(known)
    meant = nearest(str(name), names)
    return f", did you mean {meant}?" if meant else f", known are {', '.join(names)}"


def _list(walk: _Walk, shape: ListShape, value: Any, path: str) -> None:
    _expect(walk, isinstance(value, (list, tuple)), value, path, "a list")
    for index, element in enumerate(value):
        _check(walk, shape.member, element, f"{path}[{index}]")


def _map(walk: _Walk, shape: MapShape, value: Any, path: str) -> None:
    _expect(walk, isinstance(value, Mapping), value, path, "a dict")
    for key, member in value.items():
        _expect(walk, isinstance(key, str), key, path, "a dict with keys that are str")
        _check(walk, shape.value, member, f"{path}[{key!r}]")


_CONTAINERS: Final[dict[str, Callable[[_Walk, Any, Any, str], None]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}


def _check(walk: _Walk, shape: Shape, value: Any, path: str) -> None:
    container = _CONTAINERS.get(shape.type_name)
    if container is not None:
        container(walk, shape, value, path)
    else:
        fits, expected = _SCALARS[shape.type_name]
        _expect(walk, fits(value), value, path, expected)


def _expect(walk: _Walk, fits: bool, value: Any, path: str, expected: str) -> None:
    if not fits:
        raise TypeError(f"{walk.subject}: {path} is {value!r}, expected {expected}")


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
