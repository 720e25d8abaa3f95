"""The report of the sweep: progress, the table, and the way of the results from pytest-xdist's workers.

The results arrive by files, since the workers have no other public way to report anything before they end.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_ses.phrasing import counted
from pytest_ses.plugin import options
from pytest_ses.resilience import kinds, outcomes, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    Result = dict[str, Any]

_FOLDER = "ses_sweep_folder"
_STOPPED = "stopped"
_SECONDS_BETWEEN_LOOKS = 0.2
_LETTERS = {"survived": ".", "double_send": "D", "failed": "F", "escaped": "E"}
_NO_OUTCOME = "-"
_NOTHING = "nothing to run again: in no test that passed did the code under test make a call that could fail"


def to_file(workerinput: dict[str, Any]) -> Callable[[Result], None]:
    """Return a function that hands a result of this worker to the controller."""
    folder = Path(workerinput[_FOLDER])
    if not folder.is_dir():
        msg = "ses_sweep works only with workers on the same machine; leave out --ses-sweep"
        raise pytest.UsageError(msg)
    path = folder / f"{workerinput['workerid']}.jsonl"

    def report(result: Result) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")

    return report


def is_stopped(session: pytest.Session) -> bool:
    """Whether the controller of pytest-xdist stops the run."""
    workerinput = getattr(session.config, "workerinput", None)
    return workerinput is not None and Path(workerinput[_FOLDER], _STOPPED).exists()


class SweepReport:
    """Collects the results of all processes, shows the progress, and writes the table."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_strict = options.value_of(config, "ses_sweep_strict")
        self._rows: list[Result] = []
        self._notes: list[str] = []
        self._has_run_tests = False
        self._left_out = 0
        self._count = 0
        self._done = 0
        self._column = 0
        self._failed = 0
        self._was_stopped = self._was_interrupted = False
        # Results of workers; none without pytest-xdist.
        self._folder: Path | None = None
        self._read: dict[Path, int] = {}

    def rows(self) -> list[Result]:
        """Return the rows of all re-runs, the worst first."""
        kind_order, outcome_order = list(kinds.KINDS), outcomes.OUTCOMES

        def rank(row: Result) -> tuple[Any, ...]:
            outcome, kind = outcome_order.index(row["outcome"]), kind_order.index(row["kind"])
            return outcome, row["test"], row["call"], kind

        return sorted(self._rows, key=rank)

    def receive(self, result: Result, worker: str = "") -> None:
        """Add a result of a process."""
        if "started" in result:
            self._left_out += result["left_out"]
            self._count += result["started"]
            reruns = counted(range(result["started"]), "re-run")
            tests = counted(range(result["tests"]), "test")
            if result["started"]:
                self._write_line(f"ses sweep: {worker and worker + ': '}{reruns} of {tests}")
        elif "row" in result:
            self._done += result["count"]
            row = result["row"]
            self._rows += [row] if row else []
            self._write_progress(_LETTERS[row["outcome"]] if row else _NO_OUTCOME)
        elif "note" in result:
            self._notes.append(result["note"])
        else:
            self._was_stopped |= "stopped" in result
            self._was_interrupted |= "interrupted" in result

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of pytest-xdist where to leave its results."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="pytest-ses-"))
            self._config.add_cleanup(lambda: shutil.rmtree(str(self._folder), ignore_errors=True))
        node.workerinput[_FOLDER] = str(self._folder)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtestloop(self) -> Generator[None, Any, None]:
        """Collect the results of the workers while they run."""
        if self._folder is None:
            yield
            return
        with self._collecting():
            outcome = yield
        if outcome.excinfo:
            self._was_interrupted |= bool(self._count)
            self._was_stopped |= not self._count

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notify the workers if the run stops, so that they start no sweep."""
        self._has_run_tests |= report.when == "call"
        maxfail = self._config.option.maxfail
        if self._folder and maxfail and report.failed and not hasattr(report, "wasxfail"):
            self._failed += 1
            if self._failed >= maxfail:
                (self._folder / _STOPPED).touch()

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail the run if the sweep is strict."""
        if self._was_interrupted:
            session.exitstatus = pytest.ExitCode.INTERRUPTED
        elif exitstatus == pytest.ExitCode.OK and self._is_strict and self._worse():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the table."""
        if not (self._has_run_tests or self._was_stopped):
            return
        terminalreporter.write_sep("=", "SES sweep")
        if self._was_stopped:
            terminalreporter.write_line("not run, because the ordinary run was stopped")
        elif not (self._count or self._left_out or self._notes):
            terminalreporter.write_line(_NOTHING)
        else:
            self._write_table(terminalreporter)

    def _write_table(self, terminalreporter: pytest.TerminalReporter) -> None:
        is_verbose = self._config.option.verbose > 0
        width = None if is_verbose else self._config.get_terminal_writer().fullwidth
        for line in tables.of_sweep(self.rows(), width=width):
            terminalreporter.write_line(line)
        if self._left_out:
            calls = counted(range(self._left_out), "call")
            terminalreporter.write_line(
                f"{calls} left out: rejected or hit by a planned failure in the ordinary run"
            )
        for note in self._notes:
            terminalreporter.write_line(note)
        if self._was_interrupted or self._done < self._count:
            reason = "interrupted" if self._was_interrupted else "a worker crashed"
            text = f"{reason}: only {self._done} of {self._count} re-runs have ended"
            terminalreporter.write_line(text, red=True)
        if self._is_strict and (worse := self._worse()):
            text = (
                f"FAILED SES sweep: {counted(worse, 're-run')} did not survive (ses_sweep_strict)"
            )
            terminalreporter.write_line(text, red=True)

    def _worse(self) -> list[Result]:
        return [row for row in self._rows if row["outcome"] != outcomes.SURVIVED]

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        ended = threading.Event()

        def collect() -> None:
            while not ended.wait(_SECONDS_BETWEEN_LOOKS):
                self._collect()

        thread = threading.Thread(target=collect, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._collect()

    def _collect(self) -> None:
        """Receive the results that the workers have written since the last time."""
        for path in sorted(Path(str(self._folder)).glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                # The last line may not be complete yet.
                complete, newline, _ = file.read().rpartition(b"\n")
            for line in complete.splitlines():
                self.receive(json.loads(line), path.stem)
            self._read[path] = self._read.get(path, 0) + len(complete + newline)

    def _write_line(self, text: str) -> None:
        if terminal := self._config.pluginmanager.get_plugin("terminalreporter"):
            is_in_line = self._config.get_terminal_writer().width_of_current_line > 0
            terminal.write("\n" * is_in_line)
            terminal.write_line(text)
            self._column = 0

    def _write_progress(self, letter: str) -> None:
        """Write a letter for a re-run, and the share of re-runs that have ended behind a full line."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            return
        terminal.write(letter, flush=True)
        self._column += 1
        has_ended = self._done == self._count
        if has_ended or self._column == self._config.get_terminal_writer().fullwidth - 8:
            terminal.write(f" [{100 * self._done // self._count:3}%]\n")
            self._column = 0
