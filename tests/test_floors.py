"""The lowest supported versions of the dependencies."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def version(text):
    """A version as numbers, without trailing zeros."""
    return re.sub(r"(\.0)+$", "", text)


def test_lowest():
    """The environment `lowest` has the lowest version of each dependency."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)[1]
    floors = re.findall(r'"([\w-]+)>=([\d.]+)"', dependencies)
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", encoding="utf-8")
    pins = dict(re.findall(r"([\w-]+)==([\d.]+)", tox["testenv:lowest"]["deps"]))
    assert 6 == len(floors)
    assert {name: version(floor) for name, floor in floors} == {
        name: version(pins[name]) for name, _ in floors
    }
