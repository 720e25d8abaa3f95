"""Runs of pytest in processes of their own, whose processor time is compared."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

# Other plugins would only add noise.
_OTHER_PLUGINS = (
    *("allure_pytest", "cacheprovider", "faker", "html", "hypothesispytest", "metadata"),
    *("rerunfailures", "time_machine", "xdist"),
)
# The plugin that makes a run wait for its turn before each block of tests.
_TURNS = """
import os
from itertools import count

BLOCK = 20
turn, done = map(int, os.environ["TURNS"].split(","))
number = count()

def pytest_runtest_setup():
    if next(number) % BLOCK == 0:
        os.write(done, b".")
        os.read(turn, 1)
"""
# Runs pytest in copies of a process that has imported it, and writes the seconds that each run took.
_COPIES = """
import gc, json, os, sys
import pytest

def run(arguments):
    copy = os.fork()
    if not copy:
        os._exit(pytest.main(arguments))
    _, status, used = os.wait4(copy, 0)
    assert not status
    return used.ru_utime + used.ru_stime

commands, rounds, path = json.loads(sys.argv[1])
pytest.main(commands[1])  # imports what pytest imports on demand
gc.collect()
gc.freeze()
seconds = [[], []]
for turn in range(rounds):
    for number in (1, 0, 0, 1) if turn % 2 else (0, 1, 1, 0):
        seconds[number].append(run(commands[number]))
with open(path, "w") as file:
    json.dump(seconds, file)
"""


def added_at_start(test, options, without, *, rounds):
    """The processor time that options add to a short run of a test file, in ms.

    The start of Python and the import of pytest are left out: they take ten times as long as the rest, and
    vary by more than a plugin adds.
    """
    with _commands(test, options, without) as (commands, arguments):
        path = Path(arguments["cwd"], "seconds.json")
        start = commands[0].index("pytest") + 1
        each = [command[start:] for command in commands]
        command = [sys.executable, "-c", _COPIES, json.dumps([each, rounds, str(path)])]
        subprocess.run(command, check=True, capture_output=True, **arguments)
        with_options, without_them = map(statistics.median, json.loads(path.read_text()))
    return (with_options - without_them) * 1e3


def added_milliseconds(test, options, without, *, rounds):
    """The processor time that options add to a run of a test file, in ms.

    Runs with and without them take turns. Slow moments of the machine only make runs longer, so the lower
    quartiles are compared.
    """
    seconds = ([], [])
    with _commands(test, options, without) as (commands, arguments):
        # The bytecode of the plugin is cached, as for every user after the first run.
        subprocess.run(commands[0], check=True, capture_output=True, **arguments)
        for turn in range(rounds):
            for number in (1, 0, 0, 1) if turn % 2 else (0, 1, 1, 0):
                start = _processor_time()
                subprocess.run(commands[number], check=True, capture_output=True, **arguments)
                seconds[number].append(_processor_time() - start)
    quartiles = [statistics.quantiles(each, n=4)[0] for each in seconds]
    return (quartiles[0] - quartiles[1]) * 1e3


def added_share(test, options, without, *, rounds):
    """The processor time that options add to a long run of a test file, as a share of it.

    Both runs of a round take turns after every few tests, so slow moments of the machine affect both alike.
    """
    ratios = []
    with _commands(test, options, without) as (commands, arguments):
        Path(arguments["cwd"], "conftest.py").write_text(_TURNS)
        for _ in range(rounds):
            runs = [_RunInTurns(command, arguments) for command in commands]
            going_on = list(runs)
            while going_on:
                going_on = [run for run in reversed(going_on) if run.goes_on()]
            seconds = [run.finish() for run in runs]
            ratios.append(seconds[0] / seconds[1])
    return statistics.median(ratios) - 1


@contextmanager
def _commands(test, *options):
    """A command for each list of options, which runs a test file, and the arguments of its process."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text(test)
        base = [sys.executable, "-m", "pytest", "-q", folder]
        base += [argument for name in _OTHER_PLUGINS for argument in ("-p", f"no:{name}")]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        yield [[*base, *each] for each in options], {"cwd": folder, "env": environment}


class _RunInTurns:
    """A run of tests that waits for its turn before every few tests."""

    def __init__(self, command, arguments):
        its_turn, self._turn = os.pipe()
        self._done, done = os.pipe()
        arguments = {**arguments, "env": {**arguments["env"], "TURNS": f"{its_turn},{done}"}}
        self._process = subprocess.Popen(
            command, **arguments, pass_fds=(its_turn, done), stdout=subprocess.DEVNULL
        )
        os.close(its_turn)
        os.close(done)
        self._wait()

    def goes_on(self):
        """Run its next tests; return whether it has more of them."""
        os.write(self._turn, b".")
        return self._wait()

    def finish(self):
        """Return the processor time of the whole run, in seconds."""
        start = _processor_time()
        if self._process.wait():
            raise subprocess.CalledProcessError(self._process.returncode, self._process.args)
        os.close(self._turn)
        os.close(self._done)
        return _processor_time() - start

    def _wait(self):
        """Wait for the end of its turn; return whether the run has more tests."""
        return os.read(self._done, 1) != b""


def _processor_time():
    """CPU seconds used by finished child processes; steadier than elapsed time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
