"""A helper that runs the tests of a generated project."""

from __future__ import annotations


def outcome(project, test, *args, **expected):
    """Run a test file and assert its outcomes."""
    project.makepyfile(test_it=test)
    # The run shares this process, whose own warning filter turns every warning into an error.
    result = project.runpytest("-Wdefault", *args)
    result.assert_outcomes(**expected)
    return result
