"""Writing of values as XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_ses.wire import scalars

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import ListShape, MapShape, Shape, StructureShape

    Writer = Callable[[Any], str]
    """Writes a value as the content of an element; raises an error if it has another shape."""

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Escape the content of an element; characters that XML cannot contain become U+FFFD."""
    return _SPECIAL.sub(lambda match: _ESCAPES.get(match[0], "\ufffd"), text)


def element(tag: str, content: str) -> str:
    """Return an element whose content is already escaped."""
    return f"<{tag}>{content}</{tag}>"


def document(tag: str, namespace: str, content: str) -> bytes:
    """Return a document whose root element has a namespace."""
    return f'<{tag} xmlns="{namespace}">{content}</{tag}>'.encode()


def write_empty(value: Any) -> str:
    """Write the result of an operation without output."""
    if value:
        raise TypeError(f"{value!r} is not empty")
    return ""


def compile_structure(shape: StructureShape) -> Writer:
    """Return the function that writes a structure; it omits members that are None."""
    writers = {name: _member(name, member) for name, member in shape.members.items()}
    required = shape.required_members

    def write(value: Any) -> str:
        for name in required:
            if value[name] is None:
                raise KeyError(name)
        return "".join(
            [writers[name](member) for name, member in value.items() if member is not None]
        )

    return write


def _member(name: str, shape: Shape) -> Writer:
    tag = _tag(shape, name)
    if shape.serialization.get("flattened"):
        return _CONTAINERS[shape.type_name](shape, tag)
    return _tagged(tag, _compile(shape))


def _compile(shape: Shape) -> Writer:
    if shape.type_name in _CONTAINERS:
        return _CONTAINERS[shape.type_name](shape, _DEFAULT_TAGS.get(shape.type_name, ""))
    return _SCALARS[shape.type_name]


def _tag(shape: Shape, default: str) -> str:
    return str(shape.serialization.get("name", default))


def _tagged(tag: str, write: Writer) -> Writer:
    start_tag, end_tag = f"<{tag}>", f"</{tag}>"
    return lambda value: f"{start_tag}{write(value)}{end_tag}"


def _list(shape: ListShape, tag: str) -> Writer:
    write_element = _tagged(_tag(shape.member, tag), _compile(shape.member))

    def write(value: Any) -> str:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is not a list")
        return "".join(map(write_element, value))

    return write


def _map(shape: MapShape, tag: str) -> Writer:
    write_key = _tagged(_tag(shape.key, "key"), _compile(shape.key))
    write_value = _tagged(_tag(shape.value, "value"), _compile(shape.value))
    write_entry = _tagged(tag, lambda entry: write_key(entry[0]) + write_value(entry[1]))
    return lambda value: "".join(map(write_entry, value.items()))


_DEFAULT_TAGS: Final = {"list": "member", "map": "entry"}
_CONTAINERS: Final[dict[str, Callable[[Any, str], Writer]]] = {
    "structure": lambda shape, _tag: compile_structure(shape),
    "list": _list,
    "map": _map,
}


def _integer(value: Any) -> str:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not an integer")
    return str(int(value))


def _double(value: Any) -> str:
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return repr(float(value))


_SCALARS: Final[dict[str, Writer]] = {
    "string": escape,
    "boolean": {True: "true", False: "false"}.__getitem__,
    "integer": _integer,
    "long": _integer,
    "float": _double,
    "double": _double,
    "timestamp": scalars.write_iso_8601,
    "blob": scalars.write_base64,
}
