"""The option --ses-json."""

from __future__ import annotations

import json

import pytest
from projects import outcome, with_and_without_xdist

from pytest_ses.plugin import resilience

SENDING = """
import mailer, pytest

@pytest.mark.ses(verified=["example.com"])
def test_it(ses_backend): mailer.send()
"""


def results(path):
    return json.loads(path.read_text(encoding="utf-8"))


@with_and_without_xdist
def test_contents(project, args):
    """The file has the seed and the error coverage; what was not requested is empty."""
    result = outcome(project, SENDING, "--ses-json=results.json", "--ses-seed=5", *args, passed=1)
    written = results(project.path / "results.json")
    assert ["seed", "error_coverage", "sweep", "chaos"] == list(written)
    assert ("5", [], None) == (written["seed"], written["sweep"], written["chaos"])
    operation = written["error_coverage"]["operations"]["sesv2:SendEmail"]
    assert ["calls", "met", "missed"] == list(operation)
    result.stdout.fnmatch_lines([f"*- SES results: {project.path / 'results.json'} -*"])


@pytest.mark.slow
def test_no_results(pytester):
    """Without the options, a run has no results."""
    assert resilience.results(pytester.parseconfigure()) is None


def test_seed_of_the_run(project):
    """If no seed is set, the file has the one that the run has drawn."""
    outcome(project, SENDING, "--ses-json=results.json", "--ses-chaos=0", passed=1)
    written = results(project.path / "results.json")
    assert written["seed"].isdecimal()
    assert written["chaos"]["line"].endswith(f"--ses-seed={written['seed']}")


def test_ini(project):
    """The path can be set in the configuration file; its folder is created."""
    project.makeini("[pytest]\nses_json = out/ses/results.json\n")
    outcome(project, SENDING, passed=1)
    assert results(project.path / "out/ses/results.json")["error_coverage"]["percent"] == 0.0


@with_and_without_xdist
def test_stopped_run(project, args):
    """A run that stops at a failed test writes the file, too."""
    project.makepyfile(
        test_it=SENDING + "\ndef test_fail(): assert False\ndef test_other(): pass\n"
    )
    result = project.runpytest("-Wdefault", "-x", "--ses-json=results.json", *args)
    assert result.ret != pytest.ExitCode.OK
    assert (
        "sesv2:SendEmail" in results(project.path / "results.json")["error_coverage"]["operations"]
    )


def test_collection_only(project):
    """If tests are only collected, nothing is written."""
    project.makepyfile(test_it=SENDING)
    assert pytest.ExitCode.OK == project.runpytest("--co", "--ses-json=results.json").ret
    assert not (project.path / "results.json").exists()


def test_unwritable(project):
    """A path that cannot be written ends the run before any test."""
    project.makepyfile(test_it="def test_it(): open('has-run', 'w')\n")
    result = project.runpytest("--ses-json=.")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"*ses_json: cannot write {project.path}: *"])
    assert not (project.path / "has-run").exists()


def test_unwritable_at_the_end(project):
    """If the file cannot be written at the end, the run says so, and its status remains."""
    project.makepyfile(
        test_it="import os\ndef test_it():\n    os.rmdir('out')\n    open('out', 'w').close()\n"
    )
    result = project.runpytest("--ses-json=out/results.json")
    assert pytest.ExitCode.OK == result.ret
    path = project.path / "out" / "results.json"
    result.stdout.fnmatch_lines([f"*SES results: cannot write {path}: *"])


def test_same_path(project):
    """The report and the results cannot be written to the same file; the run ends before any test."""
    project.makepyfile(test_it="def test_it(): open('has-run', 'w')\n")
    result = project.runpytest("--ses-json=out/../ses", "--ses-report=ses")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*ses_json and ses_report have the same path, *; give each its*"])
    assert not (project.path / "has-run").exists()
