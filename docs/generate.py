"""Which operations does pytest-ses answer? Writes the page `operations.md` from code and models.

    python docs/generate.py            # write the page
    python docs/generate.py --check    # say where the page is not true, and write nothing

The page lists the operations of the botocore that is installed. Another botocore may have more or
fewer, so a check compares those that both know; an operation that pytest-ses answers needs a row.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from pathlib import Path
from typing import NamedTuple

import botocore
from botocore.loaders import Loader

from pytest_ses import api

PAGE = Path(__file__).with_name("operations.md")
TITLES = {"ses": "API v1: `ses`", "sesv2": "API v2: `sesv2`"}
ENFORCED, COMPUTED, STORED, NOT_YET = "enforced", "computed", "stored", "not there yet"

_COMPUTED = re.compile(r"\bComputed from [^.]*\.")
_STORED_ONLY = re.compile(r"\bStored only[^.]*\.")
_HEADING = re.compile(r"^## API v\d: `(\w+)`", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]+?) \| ([^|]*?) \| ([^|]*?) \|$", re.MULTILINE)
_HEAD = """\
# Operations

<!-- Written by `python docs/generate.py`; do not edit. -->

Every operation of both APIs in botocore {version}, and what becomes of a call:

enforced
: It does here what it does in SES, and other operations heed it: what is verified may send, what is
  paused does not.

computed
: It answers from what the account really sent and what happened to it.

stored
: What it sets is checked, kept and read back, and changes nothing else.

not there yet
: The call raises {{py:class}}`pytest_ses.UnsupportedOperationError`, a Python error, and no answer is made up.

The errors are those that the operation's own model declares; any operation may answer with those of
bad parameters, keys and throttling, too.

| API | enforced | computed | stored | not there yet |
|---|---|---|---|---|
{summary}
"""


class Row(NamedTuple):
    """What the page says of one operation."""

    level: str
    does: str
    errors: str


def rows() -> dict[str, dict[str, Row]]:
    """The rows of the page for the installed botocore: by service, by operation."""
    return {service: _rows(service) for service in TITLES}


def _rows(service: str) -> dict[str, Row]:
    known = Loader().load_service_model(service, "service-2")["operations"]
    functions = api.operations(service)
    return {
        name: _row(functions.get(api.python_name(name)), _errors(service, name))
        for name in sorted(known)
    }


def _errors(service: str, name: str) -> str:
    declared = api.model(service).operation(name).errors
    return ", ".join(f"`{code}`" for code in sorted(declared)) or "–"


def _row(function: object, errors: str) -> Row:
    if function is None:
        return Row(NOT_YET, "–", errors)
    text = inspect.getdoc(function) or ""
    summary = text.partition("\n")[0]
    for level, pattern in ((STORED, _STORED_ONLY), (COMPUTED, _COMPUTED)):
        if found := pattern.search(text):
            return Row(level, f"{summary} {' '.join(found[0].split())}", errors)
    return Row(ENFORCED, summary, errors)


def page(found: dict[str, dict[str, Row]]) -> str:
    """The page, in Markdown."""
    head = _HEAD.format(
        version=botocore.__version__,
        summary="\n".join(_summary(service, found[service]) for service in found),
    )
    return "\n".join([head, *(_table(service, found[service]) for service in found)])


def _summary(service: str, operations: dict[str, Row]) -> str:
    levels = [row.level for row in operations.values()]
    counts = " | ".join(str(levels.count(level)) for level in (ENFORCED, COMPUTED, STORED, NOT_YET))
    return f"| {TITLES[service]} | {counts} |"


def _table(service: str, operations: dict[str, Row]) -> str:
    lines = [f"| `{name}` | {' | '.join(row)} |" for name, row in operations.items()]
    titles = "| operation | level | what it does | errors |"
    head = [f"## {TITLES[service]}", "", titles, "|---|---|---|---|"]
    return "\n".join([*head, *lines, ""])


def read(text: str) -> dict[str, dict[str, Row]]:
    """The rows that a page has."""
    _, *parts = _HEADING.split(text)
    return {
        service: {name: Row(*cells) for name, *cells in _ROW.findall(table)}
        for service, table in zip(parts[::2], parts[1::2], strict=True)
    }


def differences(text: str) -> list[str]:
    """Where the page is not true, one line each."""
    written = read(text)
    return [
        difference
        for service, operations in rows().items()
        for name, row in operations.items()
        if (difference := _difference(service, name, row, written.get(service, {}).get(name)))
    ]


def _difference(service: str, name: str, row: Row, written: Row | None) -> str | None:
    # Another botocore may declare other errors.
    if written and written[:2] == row[:2]:
        return None
    if written is None and row.level == NOT_YET:
        return None
    stands = "has no row" if written is None else f"is {' / '.join(written[:2])!r} on the page"
    return f"{service}:{name} {stands} and {' / '.join(row[:2])!r} in the code"


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say where the page is not true")
    if not parser.parse_args().check:
        PAGE.write_text(page(rows()), encoding="utf-8")
        return
    found = differences(PAGE.read_text(encoding="utf-8"))
    if found:
        lines = "\n  ".join(found)
        sys.exit(f"{PAGE.name} is not true; renew it with `python docs/generate.py`:\n  {lines}")


if __name__ == "__main__":
    main()
