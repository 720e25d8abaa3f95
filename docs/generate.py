"""Generator of the page `operations.md`, from docstrings and service models.

    python docs/generate.py            # write the page
    python docs/generate.py --check    # report where the page is out of date, without writing it

The page lists the operations of the installed botocore. Another version may have more or fewer, so the
check compares those that both have; every operation that pytest-ses supports needs a row.
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
ENFORCED, COMPUTED, STORED, UNSUPPORTED = "enforced", "computed", "stored", "unsupported"

_COMPUTED = re.compile(r"\bComputed from [^.]*\.")
_STORED_ONLY = re.compile(r"\bStored only[^.]*\.")
_HEADING = re.compile(r"^## API v\d: `(\w+)`", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]+?) \| ([^|]*?) \| ([^|]*?) \|$", re.MULTILINE)
_HEAD = """\
# Operations

<!-- Written by `python docs/generate.py`; do not edit. -->

This page lists every operation of both APIs in botocore {version}, with its level of support:

enforced
: The operation has the same effect as in SES, and other operations respect it: for example, a verified
  identity can send, and a paused configuration set cannot.

computed
: The result is computed from the messages that the account sent and from their events.

stored
: The settings are validated, stored and returned, and have no other effect.

unsupported
: The call raises {{py:class}}`pytest_ses.UnsupportedOperationError`. No response is made up.

The errors are those that the model of the operation declares. Any operation can also return the errors
for invalid parameters, invalid keys and throttling. The SMTP interface has one operation, `SendSmtpEmail`,
with the errors of v1's `SendRawEmail`; see [SMTP](howto/smtp.md#failures).

| API | enforced | computed | stored | unsupported |
|---|---|---|---|---|
{summary}
"""


class Row(NamedTuple):
    """The row of one operation."""

    level: str
    does: str
    errors: str


def rows() -> dict[str, dict[str, Row]]:
    """Return the rows of the page for the installed botocore, by service and operation."""
    return {service: _rows(service) for service in TITLES}


def _rows(service: str) -> dict[str, Row]:
    models = Loader().load_service_model(service, "service-2")["operations"]
    functions = api.operations(service)
    return {
        name: _row(functions.get(api.python_name(name)), _errors(service, name))
        for name in sorted(models)
    }


def _errors(service: str, name: str) -> str:
    declared = api.model(service).operation(name).errors
    return ", ".join(f"`{code}`" for code in sorted(declared)) or "–"


def _row(function: object, errors: str) -> Row:
    if function is None:
        return Row(UNSUPPORTED, "–", errors)
    text = inspect.getdoc(function) or ""
    summary = text.partition("\n")[0]
    for level, pattern in ((STORED, _STORED_ONLY), (COMPUTED, _COMPUTED)):
        if note := pattern.search(text):
            return Row(level, f"{summary} {' '.join(note[0].split())}", errors)
    return Row(ENFORCED, summary, errors)


def page(operations: dict[str, dict[str, Row]]) -> str:
    """Return the page in Markdown."""
    head = _HEAD.format(
        version=botocore.__version__,
        summary="\n".join(_summary(service, operations[service]) for service in operations),
    )
    return "\n".join([head, *(_table(service, operations[service]) for service in operations)])


def _summary(service: str, operations: dict[str, Row]) -> str:
    levels = [row.level for row in operations.values()]
    counts = " | ".join(
        str(levels.count(level)) for level in (ENFORCED, COMPUTED, STORED, UNSUPPORTED)
    )
    return f"| {TITLES[service]} | {counts} |"


def _table(service: str, operations: dict[str, Row]) -> str:
    lines = [f"| `{name}` | {' | '.join(row)} |" for name, row in operations.items()]
    titles = "| operation | level | what it does | errors |"
    head = [f"## {TITLES[service]}", "", titles, "|---|---|---|---|"]
    return "\n".join([*head, *lines, ""])


def read(text: str) -> dict[str, dict[str, Row]]:
    """Return the rows of a page."""
    _, *parts = _HEADING.split(text)
    return {
        service: {name: Row(*cells) for name, *cells in _ROW.findall(table)}
        for service, table in zip(parts[::2], parts[1::2], strict=True)
    }


def differences(text: str) -> list[str]:
    """Return one line for each row that is out of date."""
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
    if written is None and row.level == UNSUPPORTED:
        return None
    on_page = "has no row" if written is None else f"is {' / '.join(written[:2])!r} on the page"
    return f"{service}:{name} {on_page} and {' / '.join(row[:2])!r} in the code"


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="only report where the page is out of date"
    )
    if not parser.parse_args().check:
        PAGE.write_text(page(rows()), encoding="utf-8")
        return
    outdated = differences(PAGE.read_text(encoding="utf-8"))
    if outdated:
        lines = "\n  ".join(outdated)
        sys.exit(f"{PAGE.name} is out of date; run `python docs/generate.py`:\n  {lines}")


if __name__ == "__main__":
    main()
