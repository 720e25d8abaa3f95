"""The report `--ses-report`: the mailbox page of a run.

In each process that runs tests, `Recording` adds the entry of a test to its last report. The process that
the user started collects the entries and writes the page; a worker of pytest-xdist sends them with its
reports, as JSON.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from pytest_ses import backend as backends
from pytest_ses.mailbox import page
from pytest_ses.mailbox.recording import Entry, Recorder
from pytest_ses.phrasing import counted
from pytest_ses.plugin import marks, options, outputs, resilience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_ses.domain.mail.messages import Message

_ENTRY = "ses_entry"
"""The attribute of the last report of a test, with its entry; on earlier reports, it is None."""
# The outcome of a test is the first of these that one of its phases has.
_OUTCOMES = ("failed", "error", "xpassed", "xfailed", "skipped", "passed")
_NAME = "SES mailbox"
_MAX_ATTACHED = 20
_BATCH = 50


def register(config: pytest.Config) -> None:
    """Register the plugins of a run with a report."""
    recording = Recording(config)
    is_worker = hasattr(config, "workerinput")
    report = WorkerReport(recording) if is_worker else MailboxReport(config, recording)
    config.pluginmanager.register(recording, "ses-recording")
    config.pluginmanager.register(report, "ses-report")


class Recording:
    """Adds the entries of tests to their reports."""

    def __init__(self, config: pytest.Config) -> None:
        self._recorder = Recorder()
        self._running: pytest.Item | None = None
        self._reports: list[pytest.TestReport] = []
        backends.observers.append(self._recorder)
        config.add_cleanup(lambda: backends.observers.remove(self._recorder))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin with a test, before any of its fixtures."""
        self._running = item
        self._reports = []
        self._recorder.start()

    def add_entry(self, report: Any) -> None:
        """Add the entry of a test to its last report."""
        item = self._running
        # Another process ran the test, or another plugin ended it before its set-up.
        if item is None or item.nodeid != report.nodeid:
            return
        self._reports.append(report)
        if not self._uses_ses(item):
            return
        entry = None
        if report.when == "teardown":
            entry = self._entry(item, partial(_about, self._reports))
            self._running = None
        setattr(report, _ENTRY, entry)

    @property
    def running(self) -> str:
        """The node ID of the test whose last report is not logged yet, if there is one."""
        return self._running.nodeid if self._running else ""

    def interrupted(self) -> Entry | None:
        """Return the entry of the running test, which was interrupted, if it has one."""
        item = self._running
        if item is None or not self._uses_ses(item):
            return None
        about = {"outcome": "error", "error": "The run was interrupted."}
        return self._entry(item, lambda: about)

    def _uses_ses(self, item: pytest.Item) -> bool:
        """Whether the running test has anything to do with SES."""
        return self._recorder.has_backend or marks.uses_backend(item)

    def _entry(self, item: pytest.Item, about_test: Callable[[], dict[str, Any]]) -> Entry:
        entry = self._recorder.entry(item.nodeid, about_test)
        if item.config.pluginmanager.has_plugin("allure_listener"):
            _attach(self._recorder.messages)
        return entry


class WorkerReport:
    """Sends the entries of a worker with its reports."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    # Runs before xdist sends the report.
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Add the entry to the last report of a test."""
        self._recording.add_entry(report)
        if entry := getattr(report, _ENTRY, None):
            setattr(report, _ENTRY, entry.json())


class MailboxReport:
    """Collects the entries of a run and writes the page."""

    def __init__(self, config: pytest.Config, recording: Recording) -> None:
        self._config = config
        self._recording = recording
        self._path = outputs.path_of(config, "ses_report")
        self._html: str | None = config.getoption("htmlpath", None)
        # The ID of the worker is part of the key, because each worker may run all tests.
        self._entries: dict[tuple[str, str], str] = {}
        self._pending: dict[tuple[str, str], Entry] = {}
        self._has_run = False
        self._result = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Check that the file can be written."""
        if not session.config.option.collectonly:
            outputs.check_writable(self._config, "ses_report")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Remember that tests are run, not only listed."""
        self._has_run = not session.config.option.collectonly

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Collect the entry of a test; of one that was run again, the last one."""
        self._recording.add_entry(report)
        if self._html and hasattr(report, _ENTRY):
            self._add_link(report, self._html)
        entry = report.__dict__.pop(_ENTRY, None)
        if report.when == "???":  # the worker has crashed
            about_test = {"outcome": "failed", "error": report.longreprtext}
            entry = Entry(report.nodeid, lambda: about_test).json()
        if entry:
            node = getattr(report, "node", None)
            self._collect((report.nodeid, node.gateway.id if node else ""), entry)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        if not self._has_run:
            return
        self._make_pending()
        key = self._recording.running, ""
        # A test that is run again after its entry was collected has not been interrupted.
        interrupted = None if key in self._entries else self._recording.interrupted()
        if interrupted:
            self._entries[key] = interrupted.json()
        # Each worker includes the maximum number of messages; the page counts those of all.
        tests = [
            json.loads(entry) if worker else entry for (_, worker), entry in self._entries.items()
        ]
        try:
            with self._path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
                file.writelines(self._pieces(tests))
        except OSError as error:
            self._result = f"{_NAME}: cannot write {self._path}: {error.strerror}"
        else:
            self._result = f"{_NAME} of {counted(tests, 'test')}: {self._path}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report where the page is."""
        if self._result:
            terminalreporter.write_sep("-", self._result)

    def _collect(self, key: tuple[str, str], entry: Entry | str) -> None:
        """Collect an entry; the JSON of several is made together, which takes less time."""
        if isinstance(entry, str):
            self._entries[key] = entry
            return
        self._pending[key] = entry
        if len(self._pending) == _BATCH:
            self._make_pending()

    def _make_pending(self) -> None:
        """Make the JSON of the entries that have none."""
        for key, entry in self._pending.items():
            self._entries[key] = entry.json()
        self._pending.clear()

    def _pieces(self, tests: Sequence[Mapping[str, Any] | str]) -> Iterator[str]:
        return page.pieces(
            {
                "title": f"{_NAME} of {self._config.rootpath.name}",
                "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "seed": options.value_of(self._config, "ses_seed"),
                "live": False,
                "tests": tests,
                "resilience": resilience.results(self._config),
            }
        )

    def _add_link(self, report: Any, html: str) -> None:
        """Add a link to the row that a test has in the report of pytest-html."""
        if report.when == "call" or (report.when == "setup" and not report.passed):
            link = {"name": _NAME, "format_type": "url", "content": self._link(report, html)}
            unused = {"mime_type": None, "extension": None}
            report.extras = [*getattr(report, "extras", []), {**link, **unused}]

    def _link(self, report: pytest.TestReport, html: str) -> str:
        """Return the URL of a test in the page, as a link from pytest-html's report."""
        folder = Path(os.path.expandvars(html)).expanduser().absolute().parent
        try:
            url = quote(Path(os.path.relpath(self._path, folder)).as_posix())
        except ValueError:  # another drive of Windows
            url = self._path.as_uri()
        return f"{url}#{quote(report.nodeid)}"


def _about(reports: list[pytest.TestReport]) -> dict[str, Any]:
    """Return the outcome, the duration and the errors of a test."""
    outcomes = {_outcome(report) for report in reports}
    errors = [report.longreprtext for report in reports if report.failed]
    return {
        "outcome": next((outcome for outcome in _OUTCOMES if outcome in outcomes), "passed"),
        "duration": sum(report.duration for report in reports),
        "error": "\n\n".join(errors) or None,
    }


def _outcome(report: pytest.TestReport) -> str:
    """Return the outcome of a phase of a test."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return report.outcome


def _attach(messages: Sequence[Message]) -> None:
    """Attach the messages of the running test to Allure's report."""
    import allure

    from pytest_ses import reports

    if messages:
        text = reports.messages(messages, show=_MAX_ATTACHED)
        allure.attach(text, name=_NAME, attachment_type="text/plain", extension="txt")
    for message in messages[-_MAX_ATTACHED:]:
        allure.attach(
            message.raw, name=message.summary(), attachment_type="message/rfc822", extension="eml"
        )
