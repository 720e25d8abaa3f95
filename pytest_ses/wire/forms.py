"""Reading of parameters from the keys and values of a form."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pytest_ses.wire import scalars
from pytest_ses.wire.scalars import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from botocore.model import ListShape, MapShape, Shape, StructureShape

    Reader = Callable[[Any], Any]
    """Reads a node of the tree, which is a string or a dict of nodes; raises ValueError."""
    Fields = dict[str, tuple[str, Reader]]
    """The name in the model and the reader of each member, by its name in the form."""

_T = TypeVar("_T")
_INDEX = re.compile("[1-9][0-9]{0,8}")
# Those of most lists, whose elements are in order.
_INDEXES = tuple(map(str, range(1, 101)))


def tree(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of a form as a tree; each dot in a key starts a new level.

    Raises:
        ValueError: if a key has a value and is also the prefix of another key.
    """
    root: dict[str, Any] = {}
    for key, value in pairs:
        parents = key.split(".")
        leaf = parents.pop()
        node = root
        for part in parents:
            child = node.get(part)
            if child is None:
                child = node[part] = {}
            elif type(child) is str:
                raise UnreadableError
            node = child
        if type(node.get(leaf)) is dict:
            raise UnreadableError
        node[leaf] = value
    return root


def fill(fields: Fields, node: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Read the members of a node into `params`, by their names in the model; return `params`.

    Raises:
        ValueError: if the node is not a dict, or a string is not a valid value for its member.
    """
    if params is None:
        params = {}
    if type(node) is not dict:
        raise UnreadableError
    for key, child in node.items():
        if key in fields:
            name, read = fields[key]
            if read is _string and type(child) is str:
                params[name] = child  # as most members are; a call would take longer
            else:
                params[name] = read(child)
    return params


def compile_fields(shape: StructureShape | None) -> Fields:
    """Return the name and the reader of each member, by its name in the form."""
    members = {} if shape is None else shape.members
    return {_key(name, member): (name, _compile(member)) for name, member in members.items()}


def _key(name: str, shape: Any) -> str:
    """Return a member's name in the form; a flattened list has the name of its elements."""
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        return _tag(shape.member, _tag(shape, name))
    return _tag(shape, name)


def _compile(shape: Shape) -> Reader:
    container = _CONTAINERS.get(shape.type_name)
    return _SCALARS[shape.type_name] if container is None else container(shape)


def _structure(shape: StructureShape) -> Reader:
    return partial(fill, compile_fields(shape))


def _list(shape: ListShape) -> Reader:
    read_element = _compile(shape.member)
    tag = None if shape.serialization.get("flattened") else _tag(shape.member, "member")

    def read(node: Any) -> list[Any]:
        return list(map(read_element, _children(node, tag)))

    return read


def _map(shape: MapShape) -> Reader:
    key_tag, value_tag = _tag(shape.key, "key"), _tag(shape.value, "value")
    read_key, read_value = _compile(shape.key), _compile(shape.value)
    tag = None if shape.serialization.get("flattened") else "entry"

    def read(node: Any) -> dict[str, Any]:
        entries = [_require(dict, child) for child in _children(node, tag)]
        return {read_key(entry.get(key_tag)): read_value(entry.get(value_tag)) for entry in entries}

    return read


_CONTAINERS: Final[dict[str, Callable[[Any], Reader]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}


def _tag(shape: Shape, default: str) -> str:
    return str(shape.serialization.get("name", default))


def _require(node_type: type[_T], node: Any) -> _T:
    if not isinstance(node, node_type):
        raise UnreadableError
    return node


def _children(node: Any, tag: str | None) -> list[Any]:
    """Return the numbered nodes of a list in order; an empty list is sent as an empty string."""
    if node != "" and tag is not None:
        node = _require(dict, node).get(tag, "")
    if node == "":
        return []
    numbered = _require(dict, node)
    if tuple(numbered) == _INDEXES[: len(numbered)]:
        return list(numbered.values())
    if not all(map(_INDEX.fullmatch, numbered)):
        raise UnreadableError
    return [numbered[index] for index in sorted(numbered, key=int)]


def _string(node: Any) -> str:
    return _require(str, node)


def _boolean(node: Any) -> bool:
    value = scalars.BOOLEANS.get(_require(str, node).lower())
    if value is None:
        raise UnreadableError
    return value


def _number(read: Callable[[str], float]) -> Reader:
    def read_number(node: Any) -> float:
        if node == "":
            raise UnreadableError("missing value for decimal type")
        return read(_require(str, node))

    return read_number


_SCALARS: Final[dict[str, Reader]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _number(partial(scalars.read_integer, type_name="integer")),
    "long": _number(partial(scalars.read_integer, type_name="long")),
    "float": _number(scalars.read_double),
    "double": _number(scalars.read_double),
    "timestamp": lambda node: scalars.read_iso_8601(_require(str, node)),
    "blob": lambda node: scalars.read_base64(_require(str, node)),
}
