"""Tables for the terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_ses.resilience.coverage import percent
from pytest_ses.resilience.outcomes import OUTCOMES, SURVIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_ses.resilience.coverage import ErrorCoverage

_COLUMNS = ("calls", "met", "missed", "percent")
_NUMBERS = "  {:>5}  {:>3}  {:>6}  {:>7}"
# The names of missed failures are beside the numbers if there is this much room, else below them.
_ROOM_FOR_NAMES = 40


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

    With a width, exceptions are cut, and re-runs that survived are only counted.
    """
    for row in rows:
        if row["outcome"] == SURVIVED and width is not None:
            continue
        call = f"call {row['call']}, {row['operation']}"
        yield f"{row['outcome']:<11}  {row['kind']:<13}  {row['test']}, {call}"
        indent = " " * 13
        if row["exception"]:
            yield _cut(indent + row["exception"], width)
        if row["where"]:
            yield f"{indent}at {row['where']}"
        yield f"{indent}{row['marker']}"
    counts = Counter(row["outcome"] for row in rows)
    yield ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 1]}…"


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
