"""Locations of the members of a REST request: path, query string, headers and body."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_ses.wire import documents, scalars
from pytest_ses.wire.scalars import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import Shape, StructureShape

    TextReader = Callable[[list[str]], Any]
    """Reads a member from all strings that were sent under its name; raises ValueError."""
    TextFields = dict[str, tuple[str, TextReader]]
    """The name in the model and the reader of each member, by its name in the request."""


class Bindings(NamedTuple):
    """The members of an operation's input, by their location in the request."""

    uri: TextFields
    querystring: TextFields
    header: TextFields
    body: documents.Fields


def compile_bindings(shape: StructureShape | None) -> Bindings:
    """Return the location of each member of an operation's input."""
    members = {} if shape is None else shape.members
    body = {name: member for name, member in members.items() if _location(member) is None}
    uri, querystring, header = (
        {
            member.serialization["name"]: (name, _compile(member))
            for name, member in members.items()
            if _location(member) == location
        }
        for location in ("uri", "querystring", "header")
    )
    lowercase_header = {name.lower(): field for name, field in header.items()}
    return Bindings(uri, querystring, lowercase_header, documents.compile_fields(body))


def _location(member: Shape) -> str | None:
    location = member.serialization.get("location")
    return None if location is None else str(location)


def fill(params: dict[str, Any], fields: TextFields, texts: dict[str, list[str]]) -> None:
    """Read the members in `texts` into `params`, by their names in the model.

    Raises:
        ValueError: if a string is not a valid value for its member.
    """
    for key, values in texts.items():
        field = fields.get(key)
        if field is not None:
            name, read = field
            params[name] = read(values)


def _compile(shape: Any) -> TextReader:
    if shape.type_name == "list":
        read_member = _SCALARS[shape.member.type_name]
        return lambda texts: [read_member(text) for text in texts]
    read = _SCALARS[shape.type_name]
    return lambda texts: read(texts[-1])


def _integer(text: str, *, type_name: str) -> int:
    try:
        return scalars.read_integer(text, type_name=type_name)
    except ValueError as error:
        raise UnreadableError(f"'{text}' can not be converted to {type_name.title()}") from error


def _boolean(text: str) -> bool:
    value = scalars.BOOLEANS.get(text.lower())
    if value is None:
        raise UnreadableError(f"'{text}' can not be converted to Boolean")
    return value


_SCALARS: Final[dict[str, Callable[[str], Any]]] = {
    "string": str,
    "boolean": _boolean,
    "integer": partial(_integer, type_name="integer"),
    "long": partial(_integer, type_name="long"),
    "timestamp": scalars.read_iso_8601,
}
