"""Chaos: each request of each test fails with a probability.

`ChaosInjection` is registered in each process that runs tests, `ChaosReport` in the one that the user
started.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from pytest_ses import dispatcher, reports
from pytest_ses.faults import planned
from pytest_ses.phrasing import counted
from pytest_ses.plugin import options, resilience
from pytest_ses.resilience import chaos

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_ses.calls import Call
    from pytest_ses.origins import Origin
    from pytest_ses.resilience.chaos import Chaos, Injection

_TITLE = "SES chaos"
_FAILED = "ses_chaos"
"""The attribute of a report with the number of requests that failed at random since the one before."""


def register(config: pytest.Config) -> None:
    """Register the plugins of a run with chaos."""
    try:
        parsed = chaos.parse(options.value_of(config, "ses_chaos"))
    except ValueError as error:
        msg = f"ses_chaos: {error}"
        raise pytest.UsageError(msg) from None
    config.pluginmanager.register(ChaosInjection(config, parsed), "ses-chaos")
    if not hasattr(config, "workerinput"):
        report = ChaosReport(config, parsed)
        config.pluginmanager.register(report, "ses-chaos-report")
        resilience.contribute(config, "chaos", report.as_json)


class ChaosInjection:
    """Makes the requests of tests fail, and adds to the reports which ones failed."""

    def __init__(self, config: pytest.Config, parsed: Chaos) -> None:
        self._config = config
        self._chaos = parsed
        self._injection: Injection | None = None
        self._failed: list[Call] = []
        self._reported = 0
        # The fixtures of wider scopes that are being set up or torn down.
        self._wider: set[Any] = set()
        dispatcher.observers.append(self._observe)
        config.add_cleanup(lambda: dispatcher.observers.remove(self._observe))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, None, None]:
        """Inject failures while a test runs, unless its marker prevents it."""
        self._failed.clear()
        self._reported = 0
        if item.get_closest_marker("ses_no_chaos"):
            yield
            return
        seed = f"{options.value_of(self._config, 'ses_seed')}/{item.nodeid}/chaos"
        self._injection = chaos.Injection(self._chaos, seed=seed)
        planned.injected.extend(self._injection.failures)
        yield
        for failure in self._injection.failures:
            planned.injected.remove(failure)
        self._injection = None

    # The calls of wider fixtures are made in the test that happens to be the first or the last one of
    # its process. The draws of a test must not depend on that.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, None, None]:
        """Leave the calls of fixtures of wider scopes alone."""
        if fixturedef.scope == "function":
            yield
            return
        self._begin_wider(fixturedef)
        yield
        self._end_wider(fixturedef)
        # Finalizers run in reverse order, so this one precedes those of the fixture itself.
        fixturedef.addfinalizer(lambda: self._begin_wider(fixturedef))

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        """Continue after the end of a fixture of a wider scope."""
        self._end_wider(fixturedef)

    def _begin_wider(self, fixturedef: Any) -> None:
        self._wider.add(fixturedef)
        self._suspend()

    def _end_wider(self, fixturedef: Any) -> None:
        self._wider.discard(fixturedef)
        self._suspend()

    def _suspend(self) -> None:
        if self._injection:
            self._injection.is_suspended = bool(self._wider)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Add to the report of a failed test which requests failed, and how to repeat it."""
        report = (yield).get_result()
        new, self._reported = len(self._failed) - self._reported, len(self._failed)
        if new:
            setattr(report, _FAILED, new)
        if report.failed and self._failed:
            line = f"pytest {shlex.quote(item.nodeid)} {_arguments(self._config)}"
            text = reports.chaos(self._failed, line=line, others=report.sections)
            report.sections.append((_TITLE, text))

    def _observe(self, call: Call, _origin: Origin) -> None:
        if self._injection and planned.is_injected(call):
            self._failed.append(call)


class ChaosReport:
    """Reports the seed, and how many requests failed."""

    def __init__(self, config: pytest.Config, parsed: Chaos) -> None:
        self._config = config
        self._chaos = parsed
        self._failures = 0

    def as_json(self) -> dict[str, Any]:
        """Return the chaos of the run for `--ses-json`."""
        return {
            "rate": self._chaos.rate,
            "kinds": self._chaos.kinds,
            "line": f"pytest {_arguments(self._config)}",
            "failures": self._failures,
        }

    def pytest_report_header(self) -> str:
        """Report how to repeat the run."""
        return f"ses: requests fail at random: {_arguments(self._config)}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the failures."""
        self._failures += getattr(report, _FAILED, 0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report how many requests failed."""
        if not self._config.option.collectonly:
            failed = counted(range(self._failures), "request")
            terminalreporter.write_sep(
                "-", f"{_TITLE}: {failed} failed; {_arguments(self._config)}"
            )


def _arguments(config: pytest.Config) -> str:
    """Return the arguments that repeat the failures."""
    rate, seed = (options.value_of(config, name) for name in ("ses_chaos", "ses_seed"))
    return shlex.join([f"--ses-chaos={rate}", f"--ses-seed={seed}"])
