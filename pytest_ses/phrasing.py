"""Suggestions and counts in the package's own messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Sized

_SHOWN = 14


def nearest(name: str, valid_names: Iterable[str], *, cutoff: float = 0.5) -> str | None:
    """Return the valid name that was probably meant, ignoring case; None if none is close.

    Close names have a similarity of at least `cutoff`, from 0 to 1.
    """
    import difflib  # noqa: PLC0415  (needed only for errors, but the plugin is loaded in every run)

    by_lower_case = {valid_name.lower(): valid_name for valid_name in valid_names}
    matches = difflib.get_close_matches(name.lower(), by_lower_case, n=1, cutoff=cutoff)
    return by_lower_case[matches[0]] if matches else None


def with_nearest(
    message: str, name: str, valid_names: Iterable[str], *, cutoff: float = 0.5
) -> str:
    """Return a message with the closest valid name, or with the valid names if none is close."""
    names = list(valid_names)
    if not names:
        return message
    meant = nearest(name, names, cutoff=cutoff)
    fix = f"did you mean {meant!r}?" if meant else f"expected {one_of(names)}"
    return f"{message}; {fix}"


def one_of(names: Sequence[str]) -> str:
    """Return valid names as text: "a", or "one of a, b"; of many names, only the first."""
    more = f", … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{'one of ' if len(names) > 1 else ''}{', '.join(names[:_SHOWN])}{more}"


def counted(items: Sized, noun: str) -> str:
    """Return the number of items with a noun: "1 message", "2 messages"."""
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
