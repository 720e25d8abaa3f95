"""How does a test run the tests of a project?"""

from __future__ import annotations


def outcome(project, test, *args, **expected):
    """Run a test file and hold its outcomes."""
    project.makepyfile(test_it=test)
    # The runs are in this process, whose own filter makes an error of every warning.
    result = project.runpytest("-Wdefault", *args)
    result.assert_outcomes(**expected)
    return result
