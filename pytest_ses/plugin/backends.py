"""The backends of a test, without importing what a run without SES does not need.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.backend import SESBackend

OWN: pytest.StashKey[SESBackend] = pytest.StashKey()
"""The backend of the fixture `ses_backend`, until the report of the test's teardown."""


def active() -> Sequence[SESBackend]:
    """The active backends; none if nothing has imported the package."""
    module = sys.modules.get("pytest_ses.backend")
    return module.active if module else ()


def is_disturbed() -> bool:
    """Whether a failure that the run plans, not the test, has happened in the test that is running."""
    module = sys.modules.get("pytest_ses.faults.planned")
    return module is not None and any(failure.fired for failure in module.injected)


def innermost(item: pytest.Item) -> SESBackend | None:
    """Return the backend of a test or, if it has none of its own, the innermost active one."""
    return item.stash.get(OWN, None) or next(reversed(active()), None)
