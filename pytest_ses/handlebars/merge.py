"""Which data does a destination of a bulk mail get?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def merge(defaults: Mapping[str, Any], replacement: Mapping[str, Any]) -> dict[str, Any]:
    """The data of one destination of a bulk mail, as a new dict.

    Keys of `replacement` win; where both have an object the objects are merged in the same way,
    everything else (lists too) is replaced as a whole. Source: recordings of the real service,
    aws-ses-v2-local #102 and #103. Neither argument is modified.
    """
    merged = dict(defaults)
    # A list of work instead of recursion: data may nest deeper than Python's stack.
    pending = [(merged, replacement)]
    while pending:
        target, changes = pending.pop()
        for key, value in changes.items():
            if isinstance(value, dict) and isinstance(target.get(key), dict):
                target[key] = dict(target[key])
                pending.append((target[key], value))
            else:
                target[key] = value
    return merged
