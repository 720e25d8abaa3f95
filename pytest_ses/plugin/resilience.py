"""The results of error coverage, the sweep and chaos, and the file `--ses-json` with all of them.

Each of the three is a plugin of its own, which contributes its part of the results.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_ses.plugin import options, outputs

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS: pytest.StashKey[dict[str, Callable[[], Any]]] = pytest.StashKey()
# The parts of what was not requested.
_NOTHING: dict[str, Any] = {"error_coverage": None, "sweep": [], "chaos": None}


def contribute(config: pytest.Config, part: str, read: Callable[[], Any]) -> None:
    """Add a part to the results: `read` is called at the end of the run, and returns it for JSON."""
    config.stash.setdefault(_PARTS, {})[part] = read


def results(config: pytest.Config) -> dict[str, Any] | None:
    """Return the results of the run for JSON; None if no option requests any."""
    parts = config.stash.get(_PARTS, {})
    if not parts:
        return None
    return {
        "seed": options.value_of(config, "ses_seed"),
        **_NOTHING,
        **{part: read() for part, read in parts.items()},
    }


def register(config: pytest.Config) -> None:
    """Register the plugin that writes the file, in the process that the user started."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(JSONFile(config), "ses-json")


class JSONFile:
    """Writes the results at the end of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._path = outputs.path_of(config, "ses_json")
        self._result = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Check that the file can be written."""
        if not self._config.option.collectonly:
            outputs.check_writable(self._config, "ses_json")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        if self._config.option.collectonly:
            return
        text = json.dumps(results(self._config), indent=2)
        try:
            self._path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            self._result = f"SES results: cannot write {self._path}: {error.strerror}"
        else:
            self._result = f"SES results: {self._path}"

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report where the file is."""
        if self._result:
            terminalreporter.write_sep("-", self._result)
