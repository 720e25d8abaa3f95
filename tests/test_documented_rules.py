"""The table of the rules that AWS's documentation states, against the installed models."""

from __future__ import annotations

import ast
import warnings
from functools import cache
from pathlib import Path

import botocore
import documented_rules
import pytest
from documented_rules import BOTOCORE, REASONS, VERDICTS, Rule

ROOT = Path(__file__).parents[1]
DIFFERENCES = " ".join((ROOT / "docs/differences.md").read_text(encoding="utf-8").split())


@pytest.fixture(name="rules", scope="module")
def _rules():
    return {rule.key: rule for rule in documented_rules.rules()}


@pytest.fixture(name="table", scope="module")
def _table():
    return documented_rules.table()


def check_complete(rules, table, version):
    """Fail or, if the table was made for another version of botocore, warn about differences."""
    new = [f"{','.join(key)}: {rule.sentence}" for key, rule in rules.items() if key not in table]
    gone = [",".join(key) for key in table if key not in rules]
    if version == BOTOCORE:
        assert [] == new + gone
    for rows, text in [(new, "has new rules without a verdict"), (gone, "no longer has the rules")]:
        if rows:
            warnings.warn(f"botocore {version} {text}:\n" + "\n".join(rows), stacklevel=2)


@cache
def node_ids(path):
    """The node IDs of the tests in a file, without running pytest."""
    if not (ROOT / path).is_file():
        return set()
    return set(_node_ids(path, ast.parse((ROOT / path).read_text(encoding="utf-8"))))


def _node_ids(prefix, node):
    for child in node.body:
        if isinstance(child, ast.FunctionDef) and child.name.startswith("test"):
            yield f"{prefix}::{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from _node_ids(f"{prefix}::{child.name}", child)


def by(table, kind):
    return {verdict.by for verdict in table.values() if verdict.kind == kind}


@pytest.mark.filterwarnings("default:botocore")
def test_complete(rules, table):
    """Each documented rule has a verdict, and each verdict belongs to a documented rule."""
    check_complete(rules, table, botocore.__version__)


def test_another_botocore():
    """With another botocore, rules that are new or gone are only reported."""
    rule = Rule("ses", "SendEmail", "A message must be polite.")
    with pytest.warns(UserWarning, match="botocore 1.999.0") as caught:
        check_complete({rule.key: rule}, {("ses", "SendEmail", "0123abcd"): None}, "1.999.0")
    new, gone = (str(warning.message) for warning in caught)
    assert new.endswith(f"has new rules without a verdict:\n{','.join(rule.key)}: {rule.sentence}")
    assert gone.endswith("no longer has the rules:\nses,SendEmail,0123abcd")


def test_verdicts(table):
    """Each verdict has one of the three kinds."""
    assert set(VERDICTS) >= {verdict.kind for verdict in table.values()}


def test_tests(table):
    """Each test that the table names exists."""
    names = {name for names in by(table, "test") for name in names.split()}
    assert [] == sorted(name for name in names if name not in node_ids(name.partition("::")[0]))


def test_differences(table):
    """Each difference that the table names is on the page of known differences."""
    assert [] == sorted(phrase for phrase in by(table, "difference") if phrase not in DIFFERENCES)


def test_reasons(table):
    """A rule that no test can check has one of a few reasons."""
    assert set(REASONS) >= by(table, "none")
