"""Processes that are forked from the process of a test."""

from __future__ import annotations

import os
import sys
import warnings

from pytest_ses.warnings import ForkedProcessWarning

_TEXT = (
    "process {pid} was forked from the process of the test, so its SES requests are handled by a copy "
    "of the backend, and the test does not see its messages and calls. Run the code in the process of "
    "the test, for example in a ThreadPoolExecutor or with multiprocessing.dummy."
)


class BackendProcess:
    """The process that a backend belongs to."""

    def __init__(self) -> None:
        self._pid = os.getpid()

    def check(self) -> None:
        """Warn about the first request of each process that was forked from this one."""
        pid = os.getpid()
        if pid != self._pid:
            self._pid = pid
            _warn(_TEXT.format(pid=pid))


def _warn(text: str) -> None:
    """Issue a warning and print it, because pytest does not collect the warnings of a fork."""
    with warnings.catch_warnings(record=True) as issued:
        warnings.warn(text, ForkedProcessWarning, stacklevel=2)
    for warning in issued:
        line = warnings.formatwarning(text, warning.category, warning.filename, warning.lineno)
        print(line, end="", file=sys.stderr, flush=True)  # noqa: T201  (as a warning is printed)
