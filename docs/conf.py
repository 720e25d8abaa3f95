"""Sphinx configuration of the manual: Markdown pages, Furo theme, warnings are errors."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest_ses

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "pytest-ses"
author = "The pytest-ses authors"
project_copyright = "2026, the pytest-ses authors"
release = version = pytest_ses.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "pytest-ses"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_use_ivar = True

nitpicky = True
# No inventories of other projects are fetched, so that the manual builds without a network. Names of the
# standard library and names that are not public therefore cannot be linked.
nitpick_ignore_regex = [
    ("py:.*", r"(collections|typing|datetime|types)\..*"),
    ("py:.*", r"(.*\.)?(Action|EmailMessage|Fault|Headers|NetworkFault|ReceiptFilter)"),
    ("py:.*", r"(.*\.)?(AppliedFailure|FailureOptions|MessageMatch|datetime)"),
    ("py:.*", r"(.*\.)?(Bounce(Sub)?Type|BulkStatus|(Delay|Event|Feedback)Type|Resource)"),
    ("py:.*", r"(.*\.)?(ScanVerdict|SignatureVersion|SuppressionReason)"),
    ("py:.*", r"(.*\.)?(NotificationType|PathLike|SimulatorOutcome)"),
]

_COLON = "\N{RATIO}"
_BACKTICKS = re.compile(r"(?<![`:])`([^`]+)`(?!`)")


def setup(app: Sphinx) -> None:
    """Link types in signatures, keep colons in property docstrings, and mark code."""
    app.connect("missing-reference", _to_public_name)
    # Napoleon, whose priority is 500, would parse `The envelope: everyone` as a type and a description.
    app.connect("autodoc-process-docstring", partial(_replace, ":", _COLON), priority=400)
    app.connect("autodoc-process-docstring", partial(_replace, _COLON, ":"), priority=600)
    app.connect("autodoc-process-docstring", _mark_code, priority=700)


def _replace(old: str, new: str, _app: Sphinx, what: str, *more: Any) -> None:
    lines = more[-1]
    if what == "property" and lines:
        lines[0] = lines[0].replace(old, new)


def _mark_code(*args: Any) -> None:
    """Mark text between single backticks in docstrings as code, including backslashes."""
    lines = args[-1]
    lines[:] = _BACKTICKS.sub(r"``\1``", "\n".join(lines)).split("\n")


def _to_public_name(
    app: Sphinx, env: BuildEnvironment, node: Element, content: Element
) -> Element | None:
    name = node.get("reftarget", "").rpartition(".")[2]
    if node.get("refdomain") != "py" or name not in pytest_ses.__all__:
        return None
    python: Any = env.get_domain("py")
    target, source = f"pytest_ses.{name}", node.get("refdoc", "")
    return python.resolve_xref(env, source, app.builder, "class", target, node, content)
