"""The template data of each destination in a bulk send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def merge(defaults: Mapping[str, Any], replacement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a destination in a bulk send, as a new dict.

    Keys of `replacement` take precedence. Objects that are in both are merged recursively; any other
    value, including a list, is replaced as a whole. Source: recordings of SES, aws-ses-v2-local #102
    and #103. The arguments are not modified.
    """
    if dict not in map(type, replacement.values()):
        return {**defaults, **replacement}
    merged = dict(defaults)
    # No recursion, because data may be nested deeper than Python's stack allows.
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
