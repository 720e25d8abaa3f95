"""Text, truth and members of JSON values.

The results are those of handlebars.java, which differ from JavaScript's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .errors import RenderLimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable

#: The maximum nesting of lists and objects in a value that is printed.
MAX_PRINT_DEPTH = 50

_LENGTHS = {"length", "size"}
#: No list needs a longer index, and Python limits the number of digits that `int` converts.
_MAX_INDEX_DIGITS = 18
#: Outside of this range, Java writes a float with an exponent.
_SMALLEST_PLAIN, _LARGEST_PLAIN = 1e-3, 1e7


def is_true(value: Any) -> bool:
    """Return False for None, false, 0, "" and [], and True for any other value, such as `{}`."""
    return bool(value) or isinstance(value, dict)


def member(value: Any, name: str) -> Any:
    """Return the value of `value.name`, or None if there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        return _list_member(value, name)
    return len(value) if name == "length" and isinstance(value, str) else None


def _list_member(value: list[Any], name: str) -> Any:
    if name in _LENGTHS:
        return len(value)
    if name.isdecimal() and len(name) <= _MAX_INDEX_DIGITS and int(name) < len(value):
        return value[int(name)]
    return None


def text_of(value: Any) -> str:
    """Return a value as a template prints it: `1.0`, `1.0E21`, `true`, `[1, x, null]`, `{b=1}`."""
    return _text_of(value, 0)


def _text_of(value: Any, depth: int) -> str:
    if isinstance(value, (list, dict)):
        return _collection_text(value, depth + 1)
    return _SCALARS.get(type(value), str)(value)


def _collection_text(value: list[Any] | dict[str, Any], depth: int) -> str:
    if depth > MAX_PRINT_DEPTH:
        raise RenderLimitExceeded(
            f"A value with more than {MAX_PRINT_DEPTH} nested lists and objects cannot be printed."
        )
    if isinstance(value, dict):
        pairs = [f"{key}={_text_of(item, depth)}" for key, item in value.items()]
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join([_text_of(item, depth) for item in value])}]"


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    if value == 0 or _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        return repr(value)
    candidates = (f"{value:.{digits}e}" for digits in range(1, 18))
    shortest = next(text for text in candidates if float(text) == value)
    mantissa, _, exponent = shortest.partition("e")
    return f"{mantissa}E{int(exponent)}"


_SCALARS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    float: _float_text,
    type(None): lambda _: "null",
}
