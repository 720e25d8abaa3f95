"""How ready the two mailers are: their suites, swept with every kind of failure of every call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

NAIVE = {
    ("test_confirm", "throttle"): "survived",
    ("test_confirm", "server_error"): "survived",
    ("test_confirm", "timeout"): "survived",
    ("test_confirm", "disconnect"): "survived",
    # botocore sends the message again, because it does not know that SES has accepted it.
    ("test_confirm", "response_lost"): "double_send",
    # The customer has ordered, and sees an error.
    ("test_confirm", "outage"): "escaped",
    ("test_announce", "throttle"): "survived",
    ("test_announce", "server_error"): "survived",
    ("test_announce", "timeout"): "survived",
    ("test_announce", "disconnect"): "survived",
    ("test_announce", "response_lost"): "double_send",
    # A reader never receives the newsletter, because nobody reads the statuses.
    ("test_announce", "bulk_status"): "failed",
    ("test_announce", "outage"): "escaped",
}


def swept(suite, tmp_path):
    """The outcome of each re-run of a suite, by test and kind of failure."""
    folder, results = Path(__file__).parent, tmp_path / "results.json"
    options = ["-q", "--ses-sweep", f"--ses-json={results}", "-p", "no:cacheprovider"]
    subprocess.run([sys.executable, "-m", "pytest", *options, suite], cwd=folder, check=True)
    return {
        (row["test"].partition("::")[2], row["kind"]): row["outcome"]
        for row in json.loads(results.read_text())["sweep"]
    }


def test_naive_mailer(tmp_path):
    """The tests of the naive mailer pass, but five failures are not survived."""
    assert swept("test_naive_mailer.py", tmp_path) == NAIVE


def test_sound_mailer(tmp_path):
    """The sound mailer survives every failure."""
    outcomes = swept("test_sound_mailer.py", tmp_path)
    # The call of the third test is left out, because the test plans a failure of its own.
    assert len(outcomes) == 2 * 7
    assert set(outcomes.values()) == {"survived"}
