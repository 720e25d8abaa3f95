"""Error coverage: which failures of SES's operations the tests have met.

In each process that runs tests, `CallRecording` adds the calls of a test to its reports, as JSON; so they
survive the transport of pytest-xdist, and an interruption. The process that was started by the user
adds them up.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_ses import dispatcher
from pytest_ses.plugin import options, resilience
from pytest_ses.resilience import tables
from pytest_ses.resilience.coverage import ErrorCoverage, percent

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_ses.calls import Call
    from pytest_ses.origins import Origin

_RECORDED = "ses_error_coverage"
"""The attribute of a report with the calls since the report before it."""
_FAIL_UNDER = "ses_error_coverage_fail_under"
_TITLE = "SES error coverage"


def register(config: pytest.Config) -> None:
    """Register the plugins of a run that measures error coverage."""
    fail_under = _percentage(options.value_of(config, _FAIL_UNDER))
    config.pluginmanager.register(CallRecording(config), "ses-error-recording")
    if not hasattr(config, "workerinput"):
        report = CoverageReport(config, fail_under)
        config.pluginmanager.register(report, "ses-error-coverage")
        resilience.contribute(config, "error_coverage", report.as_json)


def _percentage(text: str) -> float | None:
    try:
        number = float(text) if text else 0.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004  (percent)
        msg = f"{_FAIL_UNDER}={text!r} is invalid; expected a number from 0 to 100, in percent"
        raise pytest.UsageError(msg)
    return number if text else None


class CallRecording:
    """Adds the calls of the code under test to the reports of tests."""

    def __init__(self, config: pytest.Config) -> None:
        self._recorder = ErrorCoverage()
        self._is_running = False
        dispatcher.observers.append(self._observe)
        config.add_cleanup(lambda: dispatcher.observers.remove(self._observe))

    # What another plugin runs outside of this protocol, such as the sweep, does not count.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, None, None]:
        """Record the calls while a test runs."""
        self._is_running = True
        yield
        self._is_running = False

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, None]:
        """Add the calls since the last report to this one."""
        report = (yield).get_result()
        if self._recorder:
            recorded, self._recorder = self._recorder, ErrorCoverage()
            setattr(report, _RECORDED, json.dumps(recorded.as_json()))

    def _observe(self, call: Call, origin: Origin) -> None:
        if self._is_running:
            self._recorder.record(call, origin)


class CoverageReport:
    """Adds up the calls of the run, and reports the coverage."""

    def __init__(self, config: pytest.Config, fail_under: float | None) -> None:
        self._fail_under = fail_under
        self._coverage = ErrorCoverage()
        is_requested = options.value_of(config, "ses_error_coverage")
        self._has_table = is_requested or fail_under is not None
        self._missed_bound = ""

    def as_json(self) -> dict[str, Any]:
        """Return the coverage for `--ses-json`."""
        _, met, missed = self._coverage.totals()
        return {"percent": percent(met, missed), "operations": self._coverage.as_json()}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the calls of a test."""
        if recorded := getattr(report, _RECORDED, None):
            self._coverage.merge(json.loads(recorded))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail the run if the coverage is below the bound."""
        has_ended = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        _, met, missed = self._coverage.totals()
        bound = self._fail_under or 0.0
        if has_ended and missed and 100 * met < bound * (met + missed):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self._missed_bound = (
                f"FAILED {_TITLE}: {percent(met, missed)}% is less than {bound:g}%, which "
                f"{_FAIL_UNDER} requires"
            )

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Write the table."""
        if not self._has_table or config.option.collectonly:
            return
        width = config.get_terminal_writer().fullwidth
        terminalreporter.write_sep("=", _TITLE)
        for line in tables.of_error_coverage(self._coverage, width=width):
            terminalreporter.write_line(line)
        if self._missed_bound:
            terminalreporter.write_line(self._missed_bound, red=True)
