"""The layout of the package: import cycles, levels, contracts, and the size of the account."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_ses
from pytest_ses.domain.account import Account

ROOT = Path(__file__).parent.parent
PACKAGE = Path(pytest_ses.__file__).parent
OUTER = ("transports", "services")


def module_name(path):
    """The dotted name of a module of the package."""
    parts = ("pytest_ses", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imported_names(name, path):
    """The dotted names that a module imports, including those for type checking only."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join([*above, node.module] if node.module else above)
            base = start if node.level else str(node.module)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in MODULES else base


def import_graph():
    """The modules that each module of the package imports, without the top-level package."""
    return {
        name: {target for target in imported_names(name, path) if target in MODULES} - {name}
        for name, path in MODULES.items()
        if name != "pytest_ses"
    }


def cycles(graph):
    """The groups of nodes that import each other in a cycle."""
    reachable = {node: reached_from(graph, node) for node in graph}
    groups = {
        frozenset(other for other in reachable[node] if node in reachable[other]) | {node}
        for node in graph
    }
    return [sorted(group) for group in groups if len(group) > 1]


def reached_from(graph, start):
    """The nodes that can be reached from a node."""
    reached, waiting = set(), [start]
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def levels(graph):
    """The level of each node of an acyclic graph: one above the highest level that it imports."""

    def level(node):
        return 1 + max((level(target) for target in graph[node]), default=0)

    return {node: level(node) for node in graph}


def children(graph, package):
    """The import graph of the direct children of a package, each with all of its contents."""

    def child(name):
        return name.removeprefix(f"{package}.").partition(".")[0]

    inside = {name: targets for name, targets in graph.items() if name.startswith(f"{package}.")}
    together = {child(name): set() for name in inside}
    for name, targets in inside.items():
        together[child(name)] |= {child(target) for target in targets if target in inside}
    return {name: targets - {name} for name, targets in together.items()}


def test_no_cycle_of_more_than_three_files():
    """An import cycle has at most three files, including imports for type checking only."""
    assert [] == [cycle for cycle in cycles(import_graph()) if len(cycle) > 3]


def test_no_import_goes_up_in_the_domain():
    """The sub-packages and modules of the domain do not import each other in a cycle."""
    assert [] == cycles(children(import_graph(), "pytest_ses.domain"))


def test_the_domain_has_at_most_eight_levels():
    """The domain has at most eight levels, and only the account is on the highest one."""
    level_of = levels(children(import_graph(), "pytest_ses.domain"))
    highest = max(level_of.values())
    assert 8 >= highest
    assert ["account"] == [name for name, level in level_of.items() if level == highest]


def test_the_account_only_composes():
    """The constructor of the account has fewer than 40 lines."""
    (account,) = (
        node
        for node in ast.walk(ast.parse(MODULES[Account.__module__].read_bytes()))
        if isinstance(node, ast.ClassDef) and node.name == "Account"
    )
    (init,) = (
        node
        for node in account.body
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    )
    assert 40 > init.end_lineno - init.lineno + 1


def test_class_names_are_unique():
    """No two modules define a class of the same name."""
    places = {}
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name)
    assert {} == {name: modules for name, modules in places.items() if len(modules) > 1}


def lint_imports(folder):
    """Run the import contracts on a copy of the package; return the exit status and the report."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    completed = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return completed.returncode, completed.stdout + completed.stderr


@pytest.fixture(name="copied")
def _copied(tmp_path):
    """A copy of the package and its contracts."""
    shutil.copytree(PACKAGE, tmp_path / "pytest_ses", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_contracts_are_kept(copied):
    """The import contracts hold."""
    status, report = lint_imports(copied)
    assert 0 == status, report


def test_contracts_cover_every_module(copied):
    """`import boto3` in any module outside transports and services breaks a contract."""
    planted = {
        name for name in MODULES if name.removeprefix("pytest_ses.").partition(".")[0] not in OUTER
    }
    for name in planted:
        path = copied / MODULES[name].relative_to(PACKAGE.parent)
        path.write_text(path.read_text(encoding="utf-8") + "\nimport boto3\n", encoding="utf-8")

    status, report = lint_imports(copied)

    assert 1 == status
    assert planted <= set(re.findall(r"(pytest_ses[\w.]*) -> boto3", report))
