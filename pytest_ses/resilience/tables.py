"""Tables for the terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_ses.phrasing import counted
from pytest_ses.resilience.coverage import percent
from pytest_ses.resilience.outcomes import OUTCOMES, SURVIVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_ses.resilience.coverage import ErrorCoverage

_COLUMNS = ("calls", "met", "missed", "percent")
_NUMBERS = "  {:>5}  {:>3}  {:>6}  {:>7}"
# The names of missed failures are beside the numbers if there is this much room, else below them.
_ROOM_FOR_NAMES = 40
# What the rows of a sweep have in common that are shown as one.
_SAME = ("outcome", "kind", "operation", "where", "exception")
_INDENT = " " * 13
# Of an exception.
_MAX_LINES = 3


def of_error_coverage(coverage: ErrorCoverage, *, width: int) -> Iterator[str]:
    """Yield the lines of a table of at most `width` columns, except for very long names."""
    operations = coverage.operations()
    if not operations:
        yield "The code under test did not call SES."
        return
    name_width = max(map(len, operations))
    yield _row("operation", _COLUMNS, name_width)
    for name, operation in operations.items():
        met, missed = len(operation.met), len(operation.missed)
        row = _row(name, (operation.calls, met, missed, _percent(met, missed)), name_width)
        yield from _with_names(row, ", ".join(operation.missed), width)
    calls, met, missed = coverage.totals()
    yield _row("total", (calls, met, missed, _percent(met, missed)), name_width)


def of_sweep(rows: Sequence[Mapping[str, Any]], *, width: int | None = None) -> Iterator[str]:
    """Yield the lines of a table of re-runs.

    With a width, long exceptions are cut, of re-runs that failed in the same way only the first one is
    shown, and those that survived are only counted.
    """
    for row, *others in [[row] for row in rows] if width is None else _alike(rows):
        call = f"call {row['call']}, {row['operation']}"
        yield f"{row['outcome']:<11}  {row['kind']:<13}  {row['test']}, {call}"
        yield from _exception(row["exception"] or "", width)
        if row["where"]:
            yield f"{_INDENT}at {row['where']}"
        yield _INDENT + (row["marker"] or f"without ses_backend, so add to it: {row['method']}")
        if others:
            yield f"{_INDENT}and {counted(others, 'more re-run')} like this; -v lists all"
    counts = Counter(row["outcome"] for row in rows)
    yield ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)


def _alike(rows: Sequence[Mapping[str, Any]]) -> Iterable[Sequence[Mapping[str, Any]]]:
    """Return the re-runs that did not survive, together with those that failed in the same way."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["outcome"] != SURVIVED:
            groups.setdefault(tuple(row[name] for name in _SAME), []).append(row)
    return groups.values()


def _exception(text: str, width: int | None) -> list[str]:
    if width is None:
        return [_INDENT + text] if text else []
    return textwrap.wrap(
        text,
        width,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        max_lines=_MAX_LINES,
        placeholder=" …",
    )


def _row(name: str, values: tuple[object, ...], name_width: int) -> str:
    return f"{name:<{name_width}}" + _NUMBERS.format(*values)


def _percent(met: int, missed: int) -> str:
    return f"{percent(met, missed)}%"


def _with_names(row: str, names: str, width: int) -> list[str]:
    """Return the lines of a row with the names of the missed failures."""
    is_beside = width - len(row) >= _ROOM_FOR_NAMES
    indent = " " * (len(row) + 2 if is_beside else 4)
    lines = textwrap.wrap(
        names, width - 1, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    )
    if is_beside and lines:
        return [row + lines[0][len(row) :], *lines[1:]]
    return [row, *lines]
