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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    return "".join(pieces(run))


def pieces(run: Mapping[str, Any]) -> Iterator[str]:
    """Yield the page of a run, as `render` returns it, in pieces; that of a long run is large."""
    assets = _assets()
    values: dict[str, Iterable[str]] = {
        "POLICY": [policy(live=bool(run["live"]))],
        "TITLE": [html.escape(str(run["title"]))],
        "STYLE": [assets.style],
        "DATA": _data(run),
        "SCRIPT": [assets.script],
    }
    # Every second text is the name of a value; the values themselves are not searched for names.
    for number, text in enumerate(assets.page.split("%%")):
        yield from values[text] if number % 2 else [text]


def _data(run: Mapping[str, Any]) -> Iterator[str]:
    """Yield the data of a run as JSON for a script element."""
    about = {name: value for name, value in run.items() if name != "tests"}
    yield f'{_dumps(about)[:-1]},"tests":['
    for number, test in enumerate(_within_limit(run["tests"])):
        yield f",{_dumps(test)}" if number else _dumps(test)
    yield "]}"


def _dumps(value: Mapping[str, Any] | str) -> str:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    # It could start a comment or the end tag of the script element. The other characters of HTML need no
    # escape, which would make messages with HTML a fifth larger.
    return text.replace("<", "\\u003c")


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
