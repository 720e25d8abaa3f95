"""The environments of tox: what a contributor runs, the rest, and CI."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TOX = configparser.ConfigParser(interpolation=None)
TOX.read(ROOT / "tox.ini", encoding="utf-8")
DEFAULT = {"lint", "types", "docs", "py"}


def expanded(names):
    """The environments of a list such as `lint, py3{10,11}`."""
    environments = set()
    for name in re.split(r",\s*(?![^{]*})", names.strip()):
        before, *choices = re.split(r"{(.*)}", name)
        versions = choices[0].split(",") if choices else [""]
        environments |= {f"{before}{version}" for version in versions}
    return environments


def matrix():
    """The environments of `tox -m matrix`."""
    label, _, names = TOX["tox"]["labels"].strip().partition(" = ")
    assert "matrix" == label
    return expanded(names)


def test_default():
    """`python -m tox` runs what a change needs, with one version of Python."""
    assert expanded(TOX["tox"]["env_list"]) == DEFAULT


def test_matrix():
    """`python -m tox -m matrix` runs every other environment."""
    sections = {name.partition(":")[2] for name in TOX.sections() if name.startswith("testenv:")}
    environments = set().union(
        *(
            {"types", "types-stubs"} if name == "types{,-stubs}" else expanded(name)
            for name in sections
        )
    )
    assert environments - DEFAULT == matrix()


def test_ci():
    """CI runs every environment, and the tests with each version of Python."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    versions = jobs["tests"]["strategy"]["matrix"]["python"]
    pythons = {f"py{version.replace('.', '')}" for version in versions}
    assert {"py", *pythons, *jobs["checks"]["strategy"]["matrix"]["env"]} == DEFAULT | matrix()


def test_slow():
    """Only the environment `py` leaves out slow tests, and those of the browser have their own."""
    commands = {name: TOX[name].get("commands", "") for name in TOX.sections()}
    assert ["testenv:py"] == [name for name, text in commands.items() if "not slow" in text]
    assert "tests/mailbox/test_browser.py" in commands["testenv:browser"]
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert "tox run -e py -- --ignore tests/mailbox/test_browser.py\n" in workflow
