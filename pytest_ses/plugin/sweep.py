"""The sweep `--ses-sweep`: tests that passed are run again, with one failure of one call each.

In each process that runs tests, `Sweep` records the calls of the tests and runs them again after the
last one. It hands every result to a function as a dictionary for JSON. The process that was started by
the user collects the results in `sweep_report.SweepReport`.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

# What pytest-rerunfailures and others use as well; the public hook would log the reports.
from _pytest.runner import runtestprotocol

from pytest_ses.faults import planned
from pytest_ses.phrasing import counted
from pytest_ses.plugin import marks, options, resilience
from pytest_ses.plugin.sweep_report import SweepReport, is_stopped, to_file
from pytest_ses.resilience import kinds, outcomes, single_faults
from pytest_ses.resilience.outcomes import CodeOfTest
from pytest_ses.resilience.runs import RunRecorder, sent_twice

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Collection, Generator, Iterator, Sequence
    from types import CodeType

    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.resilience.outcomes import Failure
    from pytest_ses.resilience.single_faults import SingleFault

    Result = dict[str, Any]

# Plugins that would act on a run of a test without waiting for its reports.
_OTHER_PLUGINS = ("pdbinvoke", "pdbtrace", "allure_listener")


def register(config: pytest.Config) -> None:
    """Register the plugins of a run with a sweep."""
    if options.value_of(config, "ses_chaos"):
        msg = (
            "ses_sweep and ses_chaos cannot be combined: a sweep makes one call fail at a time; run "
            "pytest once with each"
        )
        raise pytest.UsageError(msg)
    _check_paths(config)
    if hasattr(config, "workerinput"):
        report = to_file(config.workerinput)
    else:
        reporter = SweepReport(config)
        config.pluginmanager.register(reporter, "ses-sweep-report")
        resilience.contribute(config, "sweep", reporter.rows)
        report = reporter.receive
    config.pluginmanager.register(Sweep(config, report), "ses-sweep")


def _check_paths(config: pytest.Config) -> None:
    """Reject kinds that follow `--ses-sweep` without `=`, which pytest takes for paths."""
    for arg in config.args:
        if not (config.invocation_params.dir / arg).exists() and _are_kinds(arg):
            msg = f"file or directory not found: {arg}; did you mean --ses-sweep={arg}?"
            raise pytest.UsageError(msg)


def _are_kinds(text: str) -> bool:
    try:
        return bool(kinds.named(text))
    except ValueError:
        return False


def _kinds(config: pytest.Config) -> Sequence[str]:
    text = options.value_of(config, "ses_sweep")
    try:
        return kinds.named("" if text == options.ALL else text)
    except ValueError as error:
        msg = f"ses_sweep={text!r} is invalid: {error}"
        raise pytest.UsageError(msg) from None


def _limit(config: pytest.Config) -> int | None:
    text = options.value_of(config, "ses_sweep_limit")
    if text and not (text.isascii() and text.isdigit() and int(text)):
        msg = f"ses_sweep_limit={text!r} is invalid; expected a number of re-runs, at least 1"
        raise pytest.UsageError(msg)
    return int(text) if text else None


class Planned(NamedTuple):
    """A test that is to be run again.

    Attributes:
        item: the test.
        faults: those of its re-runs, one each.
        sent: what its ordinary run sent.
        left_out: how many of its calls are not to fail, because they had a failure in the ordinary run.
    """

    item: pytest.Item
    faults: Sequence[SingleFault]
    sent: Counter[tuple[object, ...]]
    left_out: int


class Run:
    """A run of a test: whether it has passed, and its errors."""

    def __init__(self, item: pytest.Item) -> None:
        self.item = item
        self.errors: list[BaseException] = []
        self.has_passed = True

    def add(self, report: pytest.TestReport, call: pytest.CallInfo[None]) -> None:
        """Add the report of a phase."""
        self.has_passed &= report.passed and not hasattr(report, "wasxfail")
        if report.failed:
            error = call.excinfo.value if call.excinfo else AssertionError(report.longreprtext)
            self.errors.append(error)

    def failure(self, functions: Collection[CodeType | None]) -> Failure:
        """Return how the run failed first, given the functions of tests and fixtures."""
        return outcomes.of_error(
            self.errors[0],
            assertions=(AssertionError, pytest.fail.Exception),
            code=CodeOfTest(str(self.item.path), functions),
            root=str(self.item.config.rootpath),
        )


class Sweep:
    """Records the calls of tests that pass, and runs these tests again."""

    def __init__(self, config: pytest.Config, report: Callable[[Result], None]) -> None:
        self._kinds = _kinds(config)
        self._limit = _limit(config)
        self._report = report
        self._recorder = RunRecorder()
        self._run: Run | None = None
        self._planned: dict[str, Planned] = {}
        self._with_subtests: set[str] = set()
        # Code of tests and fixtures, by which the code under test is recognized.
        self._functions: set[CodeType | None] = set()
        self._is_sweeping = False
        installed = ExitStack()
        installed.enter_context(self._recorder.installed())
        config.add_cleanup(installed.close)

    # The outermost wrapper, so that the ordinary run has ended for the terminal as well.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, Any, None]:
        """Sweep after the ordinary run, unless it was stopped."""
        outcome = yield
        # With --setup-only, tests are not run.
        runs_tests = not (
            session.config.option.collectonly or session.config.getoption("setuponly", False)
        )
        if not runs_tests or session.config.pluginmanager.has_plugin("dsession"):
            return
        if outcome.excinfo or session.shouldfail or session.shouldstop or is_stopped(session):
            self._report({"stopped": True})
        else:
            self._sweep(session)

    # A public hook, so that what other plugins do around a test is done around a re-run as well.
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run a test again, without logging its reports."""
        if not self._is_sweeping:
            return None
        # Its warnings would be repeated, so they are not recorded.
        with warnings.catch_warnings(record=True):
            # The fixtures of the session remain.
            nextitem: Any = item.session
            runtestprotocol(item, log=False, nextitem=nextitem)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin to record a test; plugins may run it several times."""
        if not self._is_sweeping:
            self._run = Run(item)
            self._planned.pop(item.nodeid, None)
            self._add_function(getattr(item, "function", None))
        self._recorder.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, None, None]:
        """Leave out the calls of fixtures of wider scopes, which are not those of one test."""
        self._add_function(fixturedef.func)
        if fixturedef.scope == "function":
            yield
            return
        with self._recorder.paused(), _injected(None):
            yield

    # The outermost wrapper, because others change the outcome.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, None]:
        """Record the outcome of a run, and plan the re-runs of a test that has passed."""
        report = (yield).get_result()
        run = self._run
        if run is None or run.item is not item:  # another plugin ended it before its set-up
            return
        run.add(report, call)
        if report.when == "teardown":
            self._recorder.stop()
            if run.has_passed and not self._is_sweeping:
                self._plan(item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice tests with subtests, which are logged while they run."""
        if type(report) is not pytest.TestReport:
            self._with_subtests.add(report.nodeid)

    def _add_function(self, function: object) -> None:
        self._functions.add(getattr(function, "__code__", None))

    def _plan(self, item: pytest.Item) -> None:
        if item.get_closest_marker("ses_no_sweep"):
            return
        calls = self._recorder.calls
        faults = list(single_faults.of_calls(calls, self._kinds))
        left_out = sum(call.is_left_out for call in calls)
        if faults or left_out:
            self._planned[item.nodeid] = Planned(item, faults, self._recorder.sent, left_out)

    def _sweep(self, session: pytest.Session) -> None:
        repeatable = [test for test in self._planned.values() if self._can_repeat(test)]
        tests = [self._limited(test) for test in repeatable if test.faults]
        count = sum(len(test.faults) for test in tests)
        left_out = sum(test.left_out for test in repeatable)
        self._report({"started": count, "tests": len(tests), "left_out": left_out})
        self._is_sweeping = True
        try:
            with _without_plugins(session.config):
                for test in tests:
                    self._sweep_test(test)
        except (KeyboardInterrupt, pytest.exit.Exception):
            self._report({"interrupted": True})
        finally:
            self._is_sweeping = False

    def _can_repeat(self, test: Planned) -> bool:
        """Return whether a test can be run again as it was, and report it if not."""
        reason = None
        if getattr(getattr(test.item, "obj", None), "is_hypothesis_test", False):
            reason = "Hypothesis runs it with other values each time"
        elif test.item.nodeid in self._with_subtests:
            reason = (
                "pytest reports its subtests while it runs, so re-runs would change the results"
            )
        if reason:
            self._note(test, f"not run again: {reason}")
        return reason is None

    def _limited(self, test: Planned) -> Planned:
        """Return a test with the re-runs that are within the limit, and report the others."""
        kept = single_faults.worst(test.faults, self._limit)
        left_out = range(len(kept), len(test.faults))
        if left_out:
            self._note(
                test, f"{counted(left_out, 're-run')} left out by ses_sweep_limit={self._limit}"
            )
        return test._replace(faults=kept)

    def _sweep_test(self, test: Planned) -> None:
        unmade = []
        for number, fault in enumerate(test.faults):
            failure = fault.planned()
            run = self._rerun(test.item, failure)
            row = self._row(test, fault, run) if failure.fired else None
            # A test that fails without a failure as well says nothing about the code under test.
            is_first = number == 0
            if is_first and not run.has_passed and (error := self._error_without_failure(test)):
                self._report({"row": None, "count": len(test.faults)})
                self._note(
                    test, f"not repeatable: run again without a failure, it ends with {error}"
                )
                return
            if row is None:
                unmade.append(fault)
            self._report({"row": row, "count": 1})
        if unmade:
            self._note(
                test,
                f"{counted(unmade, 're-run')} without an outcome: the call that was to fail was not "
                f"made, or the test was skipped ({_plan_of(test.item, unmade[0])})",
            )

    def _error_without_failure(self, test: Planned) -> str | None:
        run = self._rerun(test.item, None)
        if run.has_passed:
            return None
        return run.failure(self._functions).exception if run.errors else "a skip"

    def _rerun(self, item: pytest.Item, failure: PlannedFailure | None) -> Run:
        self._run = run = Run(item)
        with _injected(failure):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=item)
        return run

    def _row(self, test: Planned, fault: SingleFault, run: Run) -> Result | None:
        """Return the row of a re-run in which the failure happened; None if the test was skipped."""
        failure = None
        if run.has_passed:
            is_double = sent_twice(self._recorder.sent, test.sent)
            outcome = outcomes.DOUBLE_SEND if is_double else outcomes.SURVIVED
        elif run.errors:
            failure = run.failure(self._functions)
            outcome = failure.outcome
        else:
            return None
        text = _plan_of(test.item, fault)
        has_marker = marks.uses_backend(test.item)
        return {
            "test": test.item.nodeid,
            "call": fault.call,
            "operation": fault.operation,
            "kind": fault.kind,
            "outcome": outcome,
            "exception": failure and failure.exception,
            "where": failure and failure.where,
            "marker": text if has_marker else None,
            **({} if has_marker else {"method": text}),
        }

    def _note(self, test: Planned, text: str) -> None:
        self._report({"note": f"{test.item.nodeid}: {text}"})


def _plan_of(item: pytest.Item, fault: SingleFault) -> str:
    """Return how to plan a fault in a test; its markers are for the fixture `ses_backend`."""
    return fault.marker() if marks.uses_backend(item) else fault.method()


@contextmanager
def _injected(failure: PlannedFailure | None) -> Iterator[None]:
    """Plan this failure, and no other that the run plans, for the calls of every backend."""
    before = list(planned.injected)
    planned.injected[:] = [] if failure is None else [failure]
    try:
        yield
    finally:
        planned.injected[:] = before


@contextmanager
def _without_plugins(config: pytest.Config) -> Iterator[None]:
    """Unregister the plugins that would act on re-runs, and switch off the output of fixtures."""
    manager = config.pluginmanager
    plugins = {name: manager.get_plugin(name) for name in _OTHER_PLUGINS}
    registered = {name: plugin for name, plugin in plugins.items() if plugin is not None}
    for plugin in registered.values():
        manager.unregister(plugin)
    shows_fixtures = config.getoption("setupshow", False)
    config.option.setupshow = False
    try:
        yield
    finally:
        config.option.setupshow = shows_fixtures
        for name, plugin in registered.items():
            manager.register(plugin, name)
