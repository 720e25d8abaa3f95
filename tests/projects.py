"""A helper that runs the tests of a generated project."""

from __future__ import annotations

import pytest

with_and_without_xdist = pytest.mark.parametrize(
    "args",
    [
        pytest.param((), id="one process"),
        pytest.param(("-n2",), id="xdist", marks=pytest.mark.slow),
    ],
)


def outcome(project, test, *args, **expected):
    """Run a test file and assert its outcomes."""
    project.makepyfile(test_it=test)
    # The run shares this process, whose own warning filter turns every warning into an error.
    result = project.runpytest("-Wdefault", *args)
    result.assert_outcomes(**expected)
    return result


def misuse(project, marker, text, *args):
    """Assert that a wrong marker is an error of its test, and that other tests still run."""
    result = outcome(
        project,
        f"import pytest\n@pytest.mark.{marker}\ndef test_wrong(ses_backend): pass\n"
        "def test_right(ses_backend): pass\n",
        *args,
        passed=1,
        errors=1,
    )
    name = marker.partition("(")[0]
    result.stdout.fnmatch_lines([f"test_it.py::test_wrong: the marker {name}*"])
    assert text in result.stdout.str()
