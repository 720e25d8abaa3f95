"""The check for phrases to avoid."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "docs/phrases.py"

MARKDOWN = """\
# Mail

Simulate an open, as
ever. A list that is no longer used; `as ever` is code.

```python
told = "as ever"
send()  # a text that is no JSON
```
"""

PYTHON = '''\
"""Simulate a bounce.

Nothing is escaped, in HTML neither.
"""

TEXT = "A domain that is no subdomain."  # as in life


def only(every):
    """Match the how manieth call."""
    return """A text of SES: told of nothing."""
'''


@pytest.fixture(scope="module")
def phrases():
    """The script."""
    spec = importlib.util.spec_from_file_location("phrases", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def found(phrases, tmp_path):
    """A function that returns the lines and phrases found in a file with a text."""

    def find(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return [(line, phrase) for line, phrase, _ in phrases.findings(tmp_path / name)]

    return find


def test_markdown(found):
    """Text and comments in code blocks are read, code is not; a phrase may span two lines."""
    assert [(3, "as ever"), (8, "that is no JSON")] == found("page.md", MARKDOWN)


def test_python(found):
    """Docstrings and comments are read, other strings are not."""
    assert [(3, "neither"), (6, "in life"), (10, "the how manieth")] == found("code.py", PYTHON)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ('"""What is sent? And when?"""', '"""What is sent? And when?'),
        ('"""Let a message bounce."""', '"""Let'),
        ("# Each recipient has an event of his own.", "his own"),
        ("# Let somebody open it.", "Let somebody"),
        ("# A topic that is none.", "that is none"),
        ("# The recipients: whom it was for.", "whom it was for"),
    ],
)
def test_phrase(found, text, phrase):
    """A phrase is found, ignoring case, and reported in full."""
    assert [(1, phrase)] == found("code.py", text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        '"""Simulate an open, and return its event."""',
        "# An argument that is None is neither sent nor checked.",
        "# A server that is no longer there; a mail server; a MAIL FROM domain; an endpoint of your own.",
    ],
)
def test_clean(found, text):
    """Plain English has no findings."""
    assert [] == found("code.py", text + "\n")


def test_exit_status(phrases, monkeypatch, tmp_path):
    """The script exits with the findings as its message, or with success."""
    monkeypatch.setattr(phrases, "ROOT", tmp_path)
    page = tmp_path / "docs/howto/page.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Mail\n\nSent as ever.\n", encoding="utf-8")
    with pytest.raises(SystemExit) as failed:
        phrases.main()
    assert "docs/howto/page.md:3: 'as ever': write 'as usual', or 'unchanged'" == failed.value.code
    page.write_text("# Mail\n\nSent as usual.\n", encoding="utf-8")
    with pytest.raises(SystemExit) as passed:
        phrases.main()
    assert passed.value.code is None
