"""Fixtures shared by all tests."""

from __future__ import annotations

import os

# pytester unloads the modules that a run in this process imported first, and a second import of
# cryptography creates classes that its compiled part does not know.
import cryptography.hazmat.primitives.asymmetric.padding
import cryptography.x509  # noqa: F401
import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# An example imports and compiles what those after it find ready, and machines differ: a limit on the
# time of an example would fail at random. tox runs the same examples each time.
_SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("new-examples", **_SLOW)
settings.register_profile("same-examples", **_SLOW, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "new-examples"))


@pytest.fixture
def account():
    """An account outside the sandbox, used without HTTP or boto3."""
    from pytest_ses.clock import Clock
    from pytest_ses.domain.account import Account

    return Account("123456789012", "us-east-1", clock=Clock())
