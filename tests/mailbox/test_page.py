"""The mailbox page as a file."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from mailboxes import RESILIENCE, entry, run, sends

from pytest_ses.mailbox import entries, page

HOSTILE = "</script><script>alert(1)</script><!--\u2028&amp;%%SCRIPT%%"


def data_of(text):
    """The data that a page contains."""
    return json.loads(
        re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)[1]
    )


def test_data():
    """The page contains the run as JSON."""
    shown = run(entry(sends()), resilience=RESILIENCE)
    assert json.loads(json.dumps(shown)) == data_of(page.render(shown))


def test_hostile_texts():
    """No text ends the script element, begins a comment, or is taken for a part of the page."""
    shown = run(
        entry(sends(HOSTILE, HOSTILE, HOSTILE), nodeid=HOSTILE, error=HOSTILE), title=HOSTILE
    )
    text = page.render(shown)
    assert json.loads(json.dumps(shown)) == data_of(text)
    assert 2 == text.count("<script")
    assert 0 == text.count("alert(1)</script>")


def test_policy():
    """The policy allows the script of the page alone, and no connection."""
    text = page.render(run())
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src 'none'" in policy
    assert "connect-src 'self'" in page.render(run(live=True))


def test_self_contained():
    """The page refers to no other file."""
    text = page.render(run())
    assert [] == re.findall(r'(?:src|href)="(?!data:,)[^"]*"', text.partition("<script>")[0])
    assert "url(" not in text.partition("</style>")[0]


def test_message_limit(monkeypatch):
    """Messages beyond the limit of the page are counted in the tests they belong to."""
    monkeypatch.setattr(entries.Budget.__init__, "__defaults__", (3,))
    two = entry(sends(), sends(), budget=entries.Budget(9))
    tests = data_of(page.render(run(two, two, two)))["tests"]
    assert [2, 1, 0] == [len(test["messages"]) for test in tests]
    assert [0, 1, 2] == [test["omitted"]["messages"] for test in tests]
