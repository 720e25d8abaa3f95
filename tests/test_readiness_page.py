"""The page about a mailer that is ready for production: its outputs are those of real runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs/howto/is-my-mailer-ready.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps():
    """The files of the project at each step, and the output that the page shows."""
    files = {}
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "text":
            yield dict(files), text
        else:
            name = text.partition("\n")[0].removeprefix("# ")
            files[name] = files.get(name, "") + text


def line_pattern(line):
    """A pattern of a line; the end of an exception differs between versions of pytest."""
    rest = rf".*(?:\n{' ' * 13}(?!at ).*)*"
    return re.escape(line[:44]) + rest if line.endswith("…") else re.escape(line)


@pytest.mark.parametrize(
    ("files", "output"), list(steps()), ids=["naive", "table", "retries", "sound"]
)
@pytest.mark.slow
def test_output(pytester, monkeypatch, files, output):
    """The lines that the page shows follow each other in the output of the sweep."""
    monkeypatch.setenv("COLUMNS", "80")
    # The default differs between versions of botocore.
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    for name, text in files.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "--ses-sweep")
    result.assert_outcomes(passed=2)
    pattern = "\n".join(map(line_pattern, output.splitlines()))
    assert re.search(pattern, result.stdout.str())
