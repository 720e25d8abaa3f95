"""Example data for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .compiler import compile_body
from .context import Context
from .output import Rendering
from .parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: The number of items in a list, so that separators between them are rendered.
_ITEMS = 2


def example_data(sources: Iterable[str], value_of: Callable[[str], Any]) -> dict[str, Any]:
    """Return data with which all of the templates can be rendered, and conditions are true.

    `value_of` returns the value of an attribute, given its name. Templates that no data fits, such
    as one that calls an unknown helper, raise the error of their rendering.

    Raises:
        TemplateError: if a template is invalid or could not be rendered.
    """
    root = _Recorder()
    steps = [compile_body(parse(source)) for source in sources]
    for step in steps:
        step(Context(root), Rendering())
    data = {name: _example(name, member, value_of) for name, member in root.members.items()}
    for step in steps:
        step(Context(data), Rendering())
    return data


class _Recorder(dict[str, Any]):
    """A value with every possible member; it records the members that a template reads.

    It is a dict, because templates look up members and loop only in dicts and lists.
    """

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, _Recorder] = {}
        self.item: _Recorder | None = None

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        # Only a loop asks for the length.
        self.item = self.item or _Recorder()
        return _ITEMS

    def get(self, name: str, _default: Any = None) -> _Recorder:
        return self.members.setdefault(name, _Recorder())

    def items(self) -> Any:
        return ({} if self.item is None else {"0": self.item}).items()


def _example(
    name: str, recorder: _Recorder, value_of: Callable[[str], Any], items: int = _ITEMS
) -> Any:
    if recorder.item is not None:
        # Lists in lists have one item each, because the size would double with each level.
        return [_example(name, recorder.item, value_of, items=1) for _ in range(items)]
    members = recorder.members.items()
    if not members:
        return value_of(name)
    return {member: _example(member, value, value_of, items) for member, value in members}
