"""The mailbox page: one HTML file with its data, style and script."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.mailbox import entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ASSETS = Path(__file__).with_name("assets")
_SCRIPTS = (
    "dom",
    "safe_html",
    "facts",
    "addresses",
    "message",
    "events",
    "tests",
    "filters",
    "resilience",
    "live",
    "page",
)
# In a script element, `<` could start a comment or the end tag. The others need no escape, which would
# make messages with HTML a fifth larger.
_ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<"}


class _Assets(NamedTuple):
    page: str
    style: str
    script: str
    script_hash: str


def render(run: Mapping[str, Any]) -> str:
    """Return the page of a run.

    Args:
        run: `title`, `created` (a time in ISO format), `seed`, `live` (whether the page is served by
            the endpoint), `tests` (entries, see `entries.of_test`; one that is already JSON is
            included as it is) and `resilience` (what `--ses-json` writes, or None).
    """
    assets = _assets()
    values = {
        "POLICY": policy(live=bool(run["live"])),
        "TITLE": html.escape(str(run["title"])),
        "STYLE": assets.style,
        "DATA": _json(run),
        "SCRIPT": assets.script,
    }
    pieces = assets.page.split("%%")
    # Every second piece is the name of a value; the values themselves are not searched for names.
    pieces[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(pieces)


def _json(run: Mapping[str, Any]) -> str:
    """Return the data of a run as JSON for a script element."""
    about = {name: value for name, value in run.items() if name != "tests"}
    tests = ",".join(map(_dumps, _within_limit(run["tests"])))
    text = f'{_dumps(about)[:-1]},"tests":[{tests}]}}'
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _dumps(value: Mapping[str, Any] | str) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def policy(*, live: bool) -> str:
    """Return the Content Security Policy of the page, which also applies to the HTML of messages."""
    connections = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; script-src '{_assets().script_hash}'; style-src 'unsafe-inline'; "
        f"img-src data:; connect-src {connections}; base-uri 'none'; form-action 'none'"
    )


def _within_limit(tests: Sequence[Mapping[str, Any] | str]) -> list[Mapping[str, Any] | str]:
    """Return the tests with at most the maximum number of messages; further ones are counted."""
    budget = entries.Budget()
    return [
        test if isinstance(test, str) else _shortened(test, budget.take(len(test["messages"])))
        for test in tests
    ]


def _shortened(test: Mapping[str, Any], count: int) -> Mapping[str, Any]:
    messages, omitted = test["messages"], test["omitted"]
    if count == len(messages):
        return test
    more = {"messages": omitted["messages"] + len(messages) - count}
    return {**test, "messages": messages[:count], "omitted": {**omitted, **more}}


@lru_cache(maxsize=1)
def _assets() -> _Assets:
    script = "\n".join(["", '"use strict";', *(_asset(f"{name}.js") for name in _SCRIPTS)])
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _Assets(_asset("page.html"), _asset("page.css"), script, f"sha256-{digest}")


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")
