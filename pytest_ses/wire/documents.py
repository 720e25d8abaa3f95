"""Reading and writing of JSON documents by the shapes of a model."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

from pytest_ses.wire import scalars
from pytest_ses.wire.scalars import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from botocore.model import ListShape, MapShape, Shape, StructureShape

    Reader = Callable[[Any], Any]
    Writer = Callable[[Any], str]
    """Writes a value as JSON; raises an error if it has another shape."""
    Fields = dict[str, tuple[str, Reader]]
    """The name in the model and the reader of each member, by its name in the document."""

_UNEXPECTED_CONTAINERS: Final[dict[type, str]] = {
    list: "Start of list found where not expected",
    dict: "Start of structure or map found where not expected.",
}
_TOKENS: Final[dict[type, str]] = {
    str: "STRING_VALUE",
    int: "NUMBER_VALUE",
    float: "NUMBER_VALUE",
}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "y", "t", "1"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0"), False),
}


def loads(body: bytes) -> Any:
    """Parse a body; a lone surrogate becomes a question mark.

    Raises:
        ValueError: if the body is not JSON or is nested too deeply.
    """
    try:
        text = body.decode("utf-8")
        document = _decode(text)
        if "\\u" in text and _SURROGATE.search(text):
            cleaned = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
            document = _decode(cleaned.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    return document


def _reject_constant(_constant: str) -> NoReturn:
    raise UnreadableError


_decode = json.JSONDecoder(parse_constant=_reject_constant).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode
# What the encoder calls for a string.
_quote = json.encoder.encode_basestring


def dumps(document: Any) -> bytes:
    """Encode a document; a lone surrogate becomes a question mark."""
    return to_bytes(_encode(document))


def to_bytes(text: str) -> bytes:
    """Encode the text of a document; a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace")


def fill(fields: Fields, document: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Read the members of a document into `params`, by their names in the model; return `params`.

    Raises:
        ValueError: if the document or a member has the wrong type.
    """
    if params is None:
        params = {}
    if type(document) is not dict:
        _require_object(document)
    for key, value in document.items():
        if key in fields:
            name, read = fields[key]
            if type(value) is str and read is _read_string:
                params[name] = value  # as most members are; a call would take longer
            elif value is not None or read is _read_boolean:
                params[name] = read(value)
    return params


def compile_fields(members: Mapping[str, Shape]) -> Fields:
    """Return the name and the reader of each member, by its name in the document."""
    return {_key(name, shape): (name, _reader(shape)) for name, shape in members.items()}


def write_empty(value: Any) -> str:
    """Write the result of an operation without output."""
    if value:
        raise TypeError(f"{value!r} is not empty")
    return "{}"


def compile_structure(shape: StructureShape) -> Writer:
    """Return the function that writes a structure; it omits members that are None."""
    writers = {
        name: (f"{_encode(_key(name, member))}:", _writer(member))
        for name, member in shape.members.items()
    }
    required = shape.required_members

    def write(value: Any) -> str:
        for name in required:
            if value[name] is None:
                raise KeyError(name)
        members = []
        for name, member in value.items():
            key, write_member = writers[name]
            if type(member) is str and write_member is _write_string:
                members.append(key + _quote(member))
            elif member is not None:
                members.append(key + write_member(member))
        return f"{{{','.join(members)}}}"

    return write


def _key(name: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", name))


def _reader(shape: Shape) -> Reader:
    container = _CONTAINER_READERS.get(shape.type_name)
    return _SCALAR_READERS[shape.type_name] if container is None else container(shape)


def _writer(shape: Shape) -> Writer:
    container = _CONTAINER_WRITERS.get(shape.type_name)
    return _SCALAR_WRITERS[shape.type_name] if container is None else container(shape)


def _unexpected(value: Any, message: str) -> UnreadableError:
    return UnreadableError(_UNEXPECTED_CONTAINERS.get(type(value), message))


def _unconvertible(value: Any, target: str) -> UnreadableError:
    token = _TOKENS.get(type(value)) or f"{value}_VALUE".upper()
    return _unexpected(value, f"{token} can not be converted to {target}")


def _require_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unexpected(value, "Expected null")
    return value


def _is_text(shape: Any) -> bool:
    """Whether a document contains only texts for a shape, under the names of the model."""
    if shape.type_name == "structure":
        return all(
            _key(name, member) == name and _is_text(member)
            for name, member in shape.members.items()
        )
    return _is_text(shape.member) if shape.type_name == "list" else shape.type_name == "string"


def _read_structure(shape: StructureShape) -> Reader:
    fields = compile_fields(shape.members)
    read = _read_text(fields) if _is_text(shape) else partial(fill, fields)

    def read_union(value: Any) -> dict[str, Any]:
        params = read(value)
        if len(params) != 1:
            # As in Smithy's protocol tests (RestJsonMalformedUnion…), which have no text.
            raise UnreadableError
        return params

    return read_union if shape.is_tagged_union else read


def _read_text(fields: Fields) -> Reader:
    """Return the reader of a structure that returns the structure itself if a copy would be the same."""
    readers = {key: read for key, (_, read) in fields.items()}

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return fill(fields, value)
        for key, member in value.items():
            read_member = readers.get(key)
            if type(member) is str and read_member is _read_string:
                continue
            if read_member is None or member is None or read_member(member) is not member:
                return fill(fields, value)
        return value

    return read


def _read_list(shape: ListShape) -> Reader:
    read_element = _reader(shape.member)

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _unexpected(value, "Expected list or null")
        return [read_element(element) for element in value if element is not None]

    def read_text(value: Any) -> list[Any]:
        """Return a list of texts itself if a copy would be the same."""
        if type(value) is not list:
            return read(value)
        for element in value:
            if type(element) is str and read_element is _read_string:
                continue
            if element is None or read_element(element) is not element:
                return read(value)
        return value

    return read_text if _is_text(shape) else read


def _read_map(shape: MapShape) -> Reader:
    read_value = _reader(shape.value)
    return lambda value: {
        key: read_value(member)
        for key, member in _require_object(value).items()
        if member is not None
    }


_CONTAINER_READERS: Final[dict[str, Callable[[Any], Reader]]] = {
    "structure": _read_structure,
    "list": _read_list,
    "map": _read_map,
}


def _read_string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _unconvertible(value, "a String")


def _read_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value is None:
        raise UnreadableError
    if not isinstance(value, str):
        raise _unconvertible(value, "a Boolean")
    boolean = _BOOLEANS.get(value.lower())
    if boolean is None:
        raise _unconvertible(value, "an Boolean")
    return boolean


def _require_number(value: Any, target: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise _unconvertible(value, target)


def _read_integer(value: Any, *, type_name: str, target: str) -> int:
    number = _require_number(value, target)
    if number % 1:
        raise UnreadableError
    return scalars.checked_integer(int(number), type_name=type_name)


def _read_double(value: Any) -> float:
    return scalars.read_double(repr(_require_number(value, "a Double")))


def _read_timestamp(value: Any) -> datetime:
    return scalars.read_epoch(_require_number(value, "a Timestamp"))


def _read_blob(value: Any) -> bytes:
    if isinstance(value, str):
        return scalars.read_base64(value)
    raise _unconvertible(value, "a Blob")


_SCALAR_READERS: Final[dict[str, Reader]] = {
    "string": _read_string,
    "boolean": _read_boolean,
    "integer": partial(_read_integer, type_name="integer", target="an Integer"),
    "long": partial(_read_integer, type_name="long", target="a Long"),
    "float": _read_double,
    "double": _read_double,
    "timestamp": _read_timestamp,
    "blob": _read_blob,
}


def _write_list(shape: ListShape) -> Writer:
    write_element = _writer(shape.member)

    def write(value: Any) -> str:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is not a list")
        return f"[{','.join(map(write_element, value))}]"

    return write


def _write_map(shape: MapShape) -> Writer:
    write_value = _writer(shape.value)

    def write(value: Any) -> str:
        members = [f"{_encode(key)}:{write_value(member)}" for key, member in value.items()]
        return f"{{{','.join(members)}}}"

    return write


_CONTAINER_WRITERS: Final[dict[str, Callable[[Any], Writer]]] = {
    "structure": compile_structure,
    "list": _write_list,
    "map": _write_map,
}


def _write_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return _quote(value)


def _write_scalar(*types: type) -> Writer:
    def write(value: Any) -> str:
        if not isinstance(value, types):
            raise TypeError(f"{value!r} is not an instance of {types}")
        return _encode(value)

    return write


_SCALAR_WRITERS: Final[dict[str, Writer]] = {
    "string": _write_string,
    "boolean": _write_scalar(bool),
    "integer": _write_scalar(int),
    "long": _write_scalar(int),
    "float": _write_scalar(int, float),
    "double": _write_scalar(int, float),
    "timestamp": lambda value: _encode(scalars.write_epoch(value)),
    "blob": lambda value: _encode(scalars.write_base64(value)),
}
